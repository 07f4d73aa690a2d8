"""Words people, chats, messages and files as the Bot API's JSON."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.nouns import BotAccount, Chat, FileKind, Message, StoredFile, User
from bot.sandbox.telegram.markup import inline_json

Json = dict[str, Any]

THUMBNAILS = (90, 320)
"""Longer sides, in pixels, of the smaller sizes that a photo comes with."""


def user_json(user: User) -> Json:
    """Word a person."""
    body: Json = {
        "id": user.id,
        "is_bot": False,
        "first_name": user.first_name,
        "language_code": "ru",
    }
    if user.last_name:
        body["last_name"] = user.last_name
    if user.username:
        body["username"] = user.username
    return body


def bot_json(bot: BotAccount) -> Json:
    """Word a bot."""
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def chat_json(chat: Chat, user: User | None) -> Json:
    """Word a chat; a private one has its person's names."""
    if chat.is_group:
        return {"id": chat.id, "type": "group", "title": chat.title}
    body: Json = {"id": chat.id, "type": "private"}
    if user is not None:
        told = user_json(user)
        names = ("first_name", "last_name", "username")
        body.update({name: told[name] for name in names if name in told})
    return body


def thumbnail_id(file: StoredFile, side: int) -> str:
    """Name a smaller size of a photo; it is a file of its own."""
    return f"{file.id}-{side}"


def file_json(file: StoredFile) -> tuple[str, Any]:
    """Word a file: the field of the message that it stands in, and what stands there."""
    return file.kind.value, SHAPES[file.kind](file)


def message_json(message: Message, chat: Json, sender: Json, replied: Json | None = None) -> Json:
    """Word a message; a text with files is their caption."""
    body: Json = {
        "message_id": message.id,
        "from": sender,
        "chat": chat,
        "date": int(message.at.timestamp()),
    }
    if message.edited_at is not None:
        body["edit_date"] = int(message.edited_at.timestamp())
    if message.album is not None:
        body["media_group_id"] = message.album
    for file in message.files:
        field, told = file_json(file)
        body[field] = told
    prefix = "caption" if message.files else "text"
    if message.text:
        body[prefix] = message.text
        if message.entities:
            body["caption_entities" if message.files else "entities"] = list(message.entities)
    if message.buttons is not None:
        body["reply_markup"] = inline_json(message.buttons)
    if replied is not None:
        body["reply_to_message"] = replied
    return body


def _basic(file: StoredFile) -> Json:
    return {"file_id": file.id, "file_unique_id": file.digest[:16], "file_size": file.size}


def _photo(file: StoredFile) -> list[Json]:
    longest = max(file.width, file.height)
    sizes: list[Json] = [
        {
            "file_id": thumbnail_id(file, side),
            "file_unique_id": f"{file.digest[:12]}-{side}",
            "file_size": side * 20,
            "width": max(1, file.width * side // longest),
            "height": max(1, file.height * side // longest),
        }
        for side in THUMBNAILS
        if side < longest
    ]
    return [*sizes, _basic(file) | {"width": file.width, "height": file.height}]


def _document(file: StoredFile) -> Json:
    return _basic(file) | {
        "file_name": file.name or "file",
        "mime_type": file.mime or "application/octet-stream",
    }


def _voice(file: StoredFile) -> Json:
    return _basic(file) | {"duration": file.duration, "mime_type": file.mime or "audio/ogg"}


def _audio(file: StoredFile) -> Json:
    return _document(file) | {"duration": file.duration, "mime_type": file.mime or "audio/mpeg"}


def _video(file: StoredFile) -> Json:
    return _audio(file) | {
        "width": file.width,
        "height": file.height,
        "mime_type": file.mime or "video/mp4",
    }


def _sticker(file: StoredFile) -> Json:
    return _basic(file) | {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }


SHAPES: dict[FileKind, Callable[[StoredFile], Any]] = {
    FileKind.PHOTO: _photo,
    FileKind.DOCUMENT: _document,
    FileKind.VOICE: _voice,
    FileKind.AUDIO: _audio,
    FileKind.VIDEO: _video,
    FileKind.STICKER: _sticker,
}
