"""The VK API for communities as the sandbox plays it, strict where the real one is."""

from bot.sandbox.vk.http import routes
from bot.sandbox.vk.rules import VkRules
from bot.sandbox.vk.side import VkSide

__all__ = ["VkRules", "VkSide", "routes"]
