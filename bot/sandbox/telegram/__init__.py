"""The Telegram Bot API as the sandbox plays it, strict where the real one is."""

from bot.sandbox.telegram.http import routes
from bot.sandbox.telegram.rules import TelegramRules
from bot.sandbox.telegram.side import TelegramSide

__all__ = ["TelegramRules", "TelegramSide", "routes"]
