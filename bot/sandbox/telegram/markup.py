"""Reads reply_markup: the keyboard of a message or the one in place of the letters."""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.nouns import Button, Keyboard
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import CALLBACK_DATA_BYTES, bad

STYLES = frozenset({"", "primary", "success", "danger"})
MOST_BUTTONS = 100


@dataclass(frozen=True, slots=True)
class Markup:
    """What reply_markup asks for; all empty where it was left out."""

    inline: Keyboard | None = None
    keyboard: Keyboard | None = None
    remove: bool = False
    other: bool = False


def read_markup(params: Params) -> Markup:
    """Read and check `reply_markup`, or refuse."""
    text = params.text("reply_markup")
    if not text:
        return Markup()
    try:
        markup = json.loads(text)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    keyboard = _rows(markup, "keyboard", 'field "keyboard" must be an Array of Arrays')
    inline = _rows(
        markup,
        "inline_keyboard",
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    )
    if keyboard:
        return Markup(
            keyboard=Keyboard(
                tuple(tuple(_reply_button(button) for button in row) for row in keyboard),
                one_time=markup.get("one_time_keyboard") is True,
                placeholder=str(markup.get("input_field_placeholder") or ""),
            )
        )
    if inline:
        return Markup(inline=_inline_keyboard(inline))
    return Markup(
        remove=markup.get("remove_keyboard") is True, other=markup.get("force_reply") is True
    )


def inline_json(keyboard: Keyboard) -> dict[str, Any]:
    """Word an inline keyboard as the Bot API does."""
    return {"inline_keyboard": [[_button_json(b) for b in row] for row in keyboard.rows]}


def _button_json(button: Button) -> dict[str, Any]:
    body: dict[str, Any] = {"text": button.label}
    if button.url is not None:
        body["url"] = button.url
    if button.data is not None:
        body["callback_data"] = button.data
    if button.style:
        body["style"] = button.style
    return body


def _rows(markup: dict[str, Any], name: str, complaint: str) -> list[list[Any]]:
    rows = markup.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad(complaint)
    return [row for row in rows if row]


def _inline_keyboard(rows: list[list[Any]]) -> Keyboard:
    keyboard = Keyboard(tuple(tuple(_inline_button(button) for button in row) for row in rows))
    if sum(1 for _ in keyboard.buttons()) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return keyboard


def _inline_button(button: object) -> Button:
    trouble = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(f"{trouble}InlineKeyboardButton must be an Object")
    label = _label(button, trouble)
    style = button.get("style") or ""
    if style not in STYLES:
        raise bad(f"{trouble}invalid button style specified")
    url = _optional_text(button, "url", trouble)
    if url:
        return Button(label, kind="url", style=style, url=url)
    data = _optional_text(button, "callback_data", trouble)
    if not data:
        raise bad(f"{trouble}Text buttons are unallowed in the inline keyboard")
    if len(data.encode()) > CALLBACK_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return Button(label, data, style=style)


def _reply_button(button: object) -> Button:
    trouble = "can't parse keyboard button: "
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad(f"{trouble}KeyboardButton must be a String or an Object")
    return Button(_label(button, trouble), kind="text", style=button.get("style") or "")


def _label(button: dict[str, Any], trouble: str) -> str:
    if "text" not in button:
        raise bad(f'{trouble}can\'t find field "text"')
    label = _optional_text(button, "text", trouble)
    if not label.strip():
        raise bad("text buttons must not be empty")
    return label


def _optional_text(button: dict[str, Any], name: str, trouble: str) -> str:
    value = button.get(name)
    if value is None:
        return ""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise bad(f'{trouble}field "{name}" must be of type String')
    return str(value)
