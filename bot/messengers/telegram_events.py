"""Understands Telegram's updates one by one, from their JSON alone.

Each stands for itself: what cannot be understood is told as such and never stops the others
(aiogram fails a whole batch for one such update).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.messengers.text import as_json, clean, title
from handlers.messages import Address, FileKind, Happening, Incoming, RemoteFile
from scheduler.messenger import Update

Json = Mapping[str, Any]

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update that are asked for."""

_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<payload>.*))?", re.DOTALL)
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
_FILES = {
    "document": FileKind.DOCUMENT,
    "voice": FileKind.VOICE,
    "audio": FileKind.AUDIO,
    "video": FileKind.VIDEO,
    "video_note": FileKind.VIDEO,
}
_FROM_A_PERSON = frozenset(
    {
        "animation",
        "checklist",
        "contact",
        "dice",
        "game",
        "gift",
        "giveaway",
        "live_photo",
        "location",
        "paid_media",
        "poll",
        "rich_message",
        "story",
        "users_shared",
        "venue",
        "web_app_data",
    }
)
"""Messages without text and files that somebody wrote all the same, and waits for an answer."""


def understand(raw: object, now: datetime) -> Update:
    """Read an update; `now` is when it came, for a press, which carries no date."""
    told = as_json(raw)
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        digest = sha256(told.encode()).hexdigest()[:32]
        return Update(ref=f"unreadable:{digest}", raw=told, error="an update without update_id")
    ref = str(raw["update_id"])
    press = ""
    try:
        if "callback_query" in raw:
            press = str(raw["callback_query"]["id"])
        return Update(ref=ref, raw=told, event=_event(raw, now), press=press)
    except _UNREADABLE as error:
        return Update(ref=ref, raw=told, press=press, error=f"{type(error).__name__}: {error}")


def highest(batch: Sequence[object]) -> int:
    """Give the highest id of a batch, -1 if it has none: confirming it confirms all."""
    ids = [raw.get("update_id") for raw in batch if isinstance(raw, dict)]
    return max((number for number in ids if isinstance(number, int)), default=-1)


def _event(update: Json, now: datetime) -> Incoming | None:
    if "message" in update:
        return _message(update["message"], is_edit=False)
    if "edited_message" in update:
        return _message(update["edited_message"], is_edit=True)
    if "callback_query" in update:
        return _press(update["callback_query"], now)
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    return None


def _message(message: Json, *, is_edit: bool) -> Incoming | None:
    chat, sender = message["chat"], message.get("from") or message.get("sender_chat")
    if sender is None or sender.get("is_bot"):
        return None
    remote = tuple(_files(message))
    text = _text(message)
    if not text and not remote and (is_edit or _FROM_A_PERSON.isdisjoint(message)):
        return None
    action = ""
    if not is_edit and (start := _START.fullmatch(text)):
        action, text = f"start:{(start['payload'] or '').strip()}", ""
    return Incoming(
        address=_address(chat, sender),
        sent_at=_instant(message["edit_date"] if is_edit else message["date"]),
        text=text,
        action=action,
        message_ref=str(_number(message, "message_id")),
        album=str(message.get("media_group_id", "")),
        is_private=chat["type"] == "private",
        is_edit=is_edit,
        remote=remote,
    )


def _press(query: Json, now: datetime) -> Incoming | None:
    message = query.get("message")
    if message is None or "data" not in query:
        return None
    chat = message["chat"]
    return Incoming(
        address=_address(chat, query["from"]),
        sent_at=now,
        happening=Happening.PRESS,
        action=clean(query["data"]),
        message_ref=str(_number(message, "message_id")),
        is_private=chat["type"] == "private",
    )


def _membership(change: Json) -> Incoming | None:
    """Read that a person blocked the bot or allowed it again; in groups that says nothing."""
    status = change["new_chat_member"]["status"]
    happening = {"kicked": Happening.BLOCKED, "member": Happening.ALLOWED}.get(status)
    if happening is None or change["chat"]["type"] != "private":
        return None
    return Incoming(
        address=_address(change["chat"], change["from"]),
        sent_at=_instant(change["date"]),
        happening=happening,
    )


def _address(chat: Json, sender: Json) -> Address:
    return Address("telegram", str(_number(chat, "id")), str(_number(sender, "id")))


def _text(message: Json) -> str:
    text = message.get("text")
    if text is not None:
        return clean(_with_links(text, message.get("entities") or ()))
    return clean(_with_links(message.get("caption", ""), message.get("caption_entities") or ()))


def _with_links(text: str, entities: Sequence[Json]) -> str:
    """Write the address of a hidden link behind its words, or it would be lost.

    Offsets count UTF-16 code units.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    hidden = [entity for entity in entities if entity["type"] == "text_link"]
    for entity in sorted(hidden, key=lambda one: int(one["offset"]), reverse=True):
        end = 2 * (entity["offset"] + entity["length"])
        link = f" ({entity['url']})".encode("utf-16-le")
        units = units[:end] + link + units[end:]
    return units.decode("utf-16-le", "replace")


def _files(message: Json) -> list[RemoteFile]:
    if photo := message.get("photo"):
        largest = max(photo, key=lambda size: size["width"] * size["height"])
        ref, size = largest["file_id"], largest.get("file_size", 0)
        return [RemoteFile(FileKind.PHOTO, ref, size=size, content_type="image/jpeg")]
    if "sticker" in message:
        return [RemoteFile(FileKind.STICKER, "")]
    return [_file(kind, message[field]) for field, kind in _FILES.items() if field in message]


def _file(kind: FileKind, file: Json) -> RemoteFile:
    content_type = file.get("mime_type", "")
    if kind is FileKind.VOICE:
        content_type = content_type or "audio/ogg"
    return RemoteFile(
        kind=kind,
        ref=str(file["file_id"]),
        name=title(file.get("file_name", "")),
        size=int(file.get("file_size", 0)),
        content_type=clean(content_type),
    )


def _instant(seconds: object) -> datetime:
    if not isinstance(seconds, int):
        raise TypeError("a date that is not a number")
    return datetime.fromtimestamp(seconds, UTC)


def _number(holder: Json, name: str) -> int:
    number = holder[name]
    if not isinstance(number, int):
        raise TypeError(f"{name} is not a number")
    return number
