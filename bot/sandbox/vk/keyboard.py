"""Reads a keyboard as messages.send takes it, or refuses it with error 911."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.nouns import Button, Keyboard
from bot.sandbox.vk.rules import Refusal, invalid

LABEL_CHARACTERS = 40
PAYLOAD_CHARACTERS = 255
ROW_BUTTONS = 5
COLORS = frozenset({"primary", "secondary", "negative", "positive"})
COLORED = frozenset({"text", "callback"})
WHOLE_ROW = frozenset({"location", "vkpay", "open_app"})

FIELDS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"label", "payload"}),
    "callback": frozenset({"label", "payload"}),
    "open_link": frozenset({"label", "link", "payload"}),
    "location": frozenset({"payload"}),
    "vkpay": frozenset({"hash", "payload"}),
    "open_app": frozenset({"app_id", "owner_id", "label", "hash", "payload"}),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "text": ("label",),
    "callback": ("label",),
    "open_link": ("label", "link"),
    "location": (),
    "vkpay": ("hash",),
    "open_app": ("app_id", "label"),
}


@dataclass(frozen=True, slots=True)
class ReadKeyboard:
    """A keyboard that was accepted: as people see it, and as VK repeats it in a message."""

    inline: bool
    keyboard: Keyboard
    body: dict[str, Any]

    @property
    def empty(self) -> bool:
        """Say whether it has no buttons, which takes a keyboard away."""
        return not self.keyboard.rows


def read_keyboard(text: str) -> ReadKeyboard | None:
    """Read and check the parameter `keyboard`; None where it was left out."""
    if not text:
        return None
    try:
        body = json.loads(text)
    except ValueError:
        raise invalid("keyboard contains incorrect JSON") from None
    if not isinstance(body, dict):
        raise _bad("keyboard should be an object")
    inline = _switch(body, "inline")
    one_time = _switch(body, "one_time")
    if inline and one_time:
        raise _bad("inline keyboard can't be one_time")
    rows = _rows(body, most_rows=6 if inline else 10, most_buttons=10 if inline else 40)
    keyboard = Keyboard(
        tuple(
            tuple(_button(button, f"button [{y}][{x}]") for x, button in enumerate(row))
            for y, row in enumerate(rows)
        ),
        one_time=one_time,
    )
    for y, row in enumerate(keyboard.rows):
        if len(row) > 1 and any(button.kind in WHOLE_ROW for button in row):
            raise _bad(f"row {y} contains too much columns")
    told = {"one_time": one_time, "inline": inline, "buttons": _told(rows, keyboard)}
    return ReadKeyboard(inline, keyboard, told)


def _told(rows: list[list[Any]], keyboard: Keyboard) -> list[list[Any]]:
    """Repeat the buttons with their payloads as texts."""
    return [
        [
            raw | {"action": raw["action"] | ({"payload": button.data} if button.data else {})}
            for raw, button in zip(raws, buttons, strict=True)
        ]
        for raws, buttons in zip(rows, keyboard.rows, strict=True)
    ]


def _bad(reason: str) -> Refusal:
    return Refusal(911, reason)


def _switch(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise _bad(f"{name} should be boolean")
    return value


def _rows(body: Mapping[str, Any], most_rows: int, most_buttons: int) -> list[list[Any]]:
    rows = body.get("buttons")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise _bad("buttons should be an array of arrays")
    if len(rows) > most_rows:
        raise _bad("keyboard contains too much rows")
    for y, row in enumerate(rows):
        if not row:
            raise _bad(f"row {y} is empty")
        if len(row) > ROW_BUTTONS:
            raise _bad(f"row {y} contains too much columns")
    if sum(len(row) for row in rows) > most_buttons:
        raise _bad("keyboard contains too much buttons")
    return rows


def _button(button: object, where: str) -> Button:
    if not isinstance(button, dict) or not isinstance(button.get("action"), dict):
        raise _bad(f"{where} should contain an action")
    action = button["action"]
    kind = action.get("type")
    if kind not in FIELDS:
        raise _bad(f"{where} has an unknown action type")
    if set(action) - FIELDS[kind] - {"type"} or set(button) - {"action", "color"}:
        raise _bad("action contains unknown fields")
    for name in NEEDED[kind]:
        if not action.get(name):
            raise _bad(f"{where} {name} should be at least 1 letters length")
    label = str(action.get("label", ""))
    if len(label) > LABEL_CHARACTERS:
        raise _bad(f"{where} label is too long")
    color = button.get("color", "secondary")
    if kind in COLORED and color not in COLORS:
        raise _bad(f"{where} color is unknown")
    style = str(color) if kind in COLORED else ""
    return Button(label, _payload(action, where), kind, style, action.get("link"))


def _payload(action: Mapping[str, Any], where: str) -> str | None:
    """Give the payload as the JSON text in which it comes back; VK takes text or object."""
    if "payload" not in action:
        return None
    payload = action["payload"]
    if isinstance(payload, str):
        try:
            json.loads(payload or "null")
        except ValueError:
            raise _bad(f"{where} payload should be valid JSON") from None
    elif isinstance(payload, dict | list):
        payload = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    else:
        raise _bad(f"{where} payload should be valid JSON")
    if len(payload) > PAYLOAD_CHARACTERS:
        raise _bad(f"{where} payload is too long")
    return payload or None
