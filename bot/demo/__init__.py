"""The demonstration: a sandbox, the sample school and the bot, run as they would be for real."""

from bot.demo.play import play

__all__ = ["play"]
