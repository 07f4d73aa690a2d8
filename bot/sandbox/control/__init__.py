"""The control API under /control: what tests, the demo and the page do in the sandbox's world."""

from bot.sandbox.control.http import routes

__all__ = ["routes"]
