"""Words a keyboard as VK takes it: JSON in a parameter of a message."""

import json
from typing import Any

from handlers.messages import Button, Menu, Reply, Rows


def keyboard(message: Reply) -> str | None:
    """Give the keyboard of a new message, None where it changes nothing.

    A message has one keyboard: its buttons leave no room for a menu.
    """
    if message.buttons:
        return buttons(message.buttons)
    return _menu(message.menu) if message.menu else None


def buttons(laid: Rows) -> str:
    """Give the buttons under a message; in an edit, none take the old ones away."""
    return _told({"inline": True, "buttons": [[_button(one) for one in row] for row in laid]})


def _menu(menu: Menu) -> str:
    keys = [[{"action": {"type": "text", "label": label}} for label in row] for row in menu]
    return _told({"one_time": False, "inline": False, "buttons": keys})


def _button(button: Button) -> dict[str, Any]:
    if button.url:
        return {"action": {"type": "open_link", "label": button.label, "link": button.url}}
    payload = _told({"a": button.action})
    return {"action": {"type": "callback", "label": button.label, "payload": payload}}


def _told(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
