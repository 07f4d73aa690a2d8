"""Understands VK's community events one by one, from their JSON alone.

Each stands for itself: what cannot be understood is told as such and never stops the others.
A message has the same `ref` whether it came as an event or from the history after a gap.
"""

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.messengers.text import as_json, clean, title
from handlers.messages import Address, FileKind, Happening, Incoming, RemoteFile
from scheduler.messenger import Update

Json = Mapping[str, Any]

EVENTS = ("message_new", "message_edit", "message_event", "message_allow", "message_deny")
"""The kinds of event that the community must be set to send."""

FIRST_CHAT = 2_000_000_000
"""Peers from here on are group chats."""

_FORWARDS_DEEP = 4
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def understand(raw: object, now: datetime) -> Update:
    """Read an event; `now` is when it came, for those that carry no date."""
    told = as_json(raw)
    digest = sha256(told.encode()).hexdigest()[:32]
    if not isinstance(raw, dict) or not isinstance(raw.get("object"), dict):
        return Update(ref=f"unreadable:{digest}", raw=told, error="an event without an object")
    ref = f"event:{raw.get('event_id') or digest}"
    press = ""
    try:
        if raw.get("type") == "message_new":
            ref = _message_ref(raw.get("group_id"), _message_of(raw["object"])) or ref
        elif raw.get("type") == "message_event":
            press = _press_handle(raw["object"])
        return Update(ref=ref, raw=told, event=_event(raw, now), press=press)
    except _UNREADABLE as error:
        return Update(ref=ref, raw=told, press=press, error=f"{type(error).__name__}: {error}")


def message_of(raw: object) -> Json:
    """Give the message that an event carries, {} where it carries none."""
    held = raw.get("object") if isinstance(raw, dict) else None
    message = _message_of(held) if isinstance(held, dict) else None
    return message if isinstance(message, dict) else {}


def from_history(message: Json, group_id: int) -> dict[str, Any]:
    """Make the event of a message that was found in the history."""
    return {"type": "message_new", "group_id": group_id, "object": {"message": dict(message)}}


def press_parts(press: str) -> tuple[str, str, str]:
    """Take the handle of a press apart: event, user and peer."""
    event_id, user_id, peer_id = press.rsplit(":", 2)
    return event_id, user_id, peer_id


def _event(raw: Json, now: datetime) -> Incoming | None:
    held = raw["object"]
    match raw.get("type"):
        case "message_new":
            return _message(_message_of(held), is_edit=False)
        case "message_edit":
            return _message(_message_of(held), is_edit=True)
        case "message_event":
            return _press(held, now)
        case "message_deny":
            return _permission(held, Happening.BLOCKED, now)
        case "message_allow":
            return _permission(held, Happening.ALLOWED, now)
        case _:
            return None


def _message_of(held: Json) -> Json:
    """Find the message: since 5.103 a new one is wrapped, an edited one never is."""
    message: Json = held.get("message", held)
    return message


def _message_ref(group: object, message: Json) -> str:
    """Name a message by the community as well: in another one a person's numbers begin anew."""
    number = message.get("conversation_message_id")
    return f"msg:{group}:{_number(message, 'peer_id')}:{number}" if number else ""


def _message(message: Json, *, is_edit: bool) -> Incoming | None:
    sender = _number(message, "from_id")
    if sender <= 0 or message.get("out") == 1 or "action" in message:
        return None
    text = clean(_text(message))
    remote = tuple(_files(message))
    action = ""
    if not is_edit:
        action, text = _start(message, text)
    if is_edit and not text and not remote:
        return None
    changed = message.get("update_time") if is_edit else None
    return Incoming(
        address=Address("vk", str(_number(message, "peer_id")), str(sender)),
        sent_at=datetime.fromtimestamp(changed or _number(message, "date"), UTC),
        text=text,
        action=action,
        message_ref=str(message.get("conversation_message_id", "")),
        is_private=_number(message, "peer_id") < FIRST_CHAT,
        is_edit=is_edit,
        remote=remote,
    )


def _start(message: Json, text: str) -> tuple[str, str]:
    """Tell a deep link or the button that begins a chat from what was typed.

    The first message after a link carries its payload in `ref`, whatever it says itself.
    """
    ref = clean(str(message.get("ref") or ""))
    payload = _payload(message.get("payload"))
    pressed = isinstance(payload, dict) and payload.get("command") == "start"
    if not ref and not pressed:
        return "", text
    return f"start:{ref}", "" if pressed else text


def _payload(payload: object) -> object:
    """Read a payload, which is JSON in a string or, from some methods, JSON itself."""
    if not isinstance(payload, str):
        return payload
    try:
        return json.loads(payload)
    except ValueError:
        return None


def _press(held: Json, now: datetime) -> Incoming:
    payload = _payload(held.get("payload"))
    if not isinstance(payload, dict) or not isinstance(payload.get("a"), str):
        raise TypeError("a press without an action")
    peer = _number(held, "peer_id")
    return Incoming(
        address=Address("vk", str(peer), str(_number(held, "user_id"))),
        sent_at=now,
        happening=Happening.PRESS,
        action=clean(payload["a"]),
        message_ref=str(held.get("conversation_message_id", "")),
        is_private=peer < FIRST_CHAT,
    )


def _press_handle(held: Json) -> str:
    return f"{held['event_id']}:{_number(held, 'user_id')}:{_number(held, 'peer_id')}"


def _permission(held: Json, happening: Happening, now: datetime) -> Incoming:
    user = str(_number(held, "user_id"))
    return Incoming(address=Address("vk", user, user), sent_at=now, happening=happening)


def _text(message: Json, depth: int = 0) -> str:
    """Give what was written; a message that only forwards others says what they say."""
    lines = [message.get("text") or ""]
    if not lines[0] and depth < _FORWARDS_DEEP:
        lines = [_text(one, depth + 1) for one in message.get("fwd_messages") or ()]
    for attachment in message.get("attachments") or ():
        link = attachment["link"]["url"] if attachment.get("type") == "link" else ""
        if link and not any(link in line for line in lines):
            lines.append(link)
    return "\n".join(line for line in lines if line)


def _files(message: Json, depth: int = 0) -> Iterator[RemoteFile]:
    for attachment in message.get("attachments") or ():
        reader = _READERS.get(attachment.get("type"))
        if reader is not None:
            yield reader(attachment[attachment["type"]])
    if depth < _FORWARDS_DEEP:
        for one in message.get("fwd_messages") or ():
            yield from _files(one, depth + 1)


def _photo(photo: Json) -> RemoteFile:
    sizes = [*photo.get("sizes", ())]
    if "orig_photo" in photo:
        sizes.append(photo["orig_photo"])
    largest = max(sizes, key=lambda size: size.get("width", 0) * size.get("height", 0))
    return RemoteFile(FileKind.PHOTO, str(largest["url"]), content_type="image/jpeg")


def _document(doc: Json) -> RemoteFile:
    name, suffix = clean(str(doc.get("title", ""))), f".{doc.get('ext', '')}"
    if len(suffix) > 1 and not name.lower().endswith(suffix.lower()):
        name += suffix
    name = title(name)
    content_type = mimetypes.guess_type(name)[0] or ""
    return RemoteFile(
        FileKind.DOCUMENT, str(doc["url"]), name, int(doc.get("size", 0)), content_type
    )


def _voice(voice: Json) -> RemoteFile:
    """Take the Ogg/Opus form, which Telegram plays as a voice message, too."""
    if link := voice.get("link_ogg"):
        return RemoteFile(FileKind.VOICE, str(link), content_type="audio/ogg")
    return RemoteFile(FileKind.VOICE, str(voice["link_mp3"]), content_type="audio/mpeg")


def _audio(audio: Json) -> RemoteFile:
    name = title(f"{audio.get('artist', '')} - {audio.get('title', '')}.mp3".lstrip(" -"))
    return RemoteFile(FileKind.AUDIO, str(audio.get("url", "")), name, content_type="audio/mpeg")


def _video(video: Json) -> RemoteFile:
    """Name a video, which VK hands out to its own players only."""
    return RemoteFile(FileKind.VIDEO, "", title(str(video.get("title", ""))))


def _sticker(_: Json) -> RemoteFile:
    return RemoteFile(FileKind.STICKER, "")


_READERS: dict[str, Callable[[Json], RemoteFile]] = {
    "photo": _photo,
    "doc": _document,
    "audio_message": _voice,
    "audio": _audio,
    "video": _video,
    "sticker": _sticker,
    "graffiti": _sticker,
}


def _number(holder: Json, name: str) -> int:
    number = holder[name]
    if not isinstance(number, int):
        raise TypeError(f"{name} is not a number")
    return number
