"""The control API under /control: what tests, the demo and the page do in the sandbox's world."""

from bot.sandbox.control.desk import Desk
from bot.sandbox.control.feed import Feeds
from bot.sandbox.control.http import routes

__all__ = ["Desk", "Feeds", "routes"]
