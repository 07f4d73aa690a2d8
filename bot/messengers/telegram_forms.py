"""The forms in which a message goes to Telegram, in aiogram's words: a leaf of its only door."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache
from typing import Any

from bot.messengers import wire
from bot.messengers.telegram_library import Bot, methods, types
from bot.messengers.text import file_name
from handlers.messages import FileKind, Menu, Reply, Rows
from scheduler.messenger import LocalFile, Rejected

PHOTO_BYTES = 10 * 1024 * 1024
REMEMBERED_KEYBOARDS = 256
_SPOKEN = frozenset({"", "audio/ogg", "audio/opus", "audio/mpeg", "audio/mp4", "audio/x-m4a"})
NO_PREVIEW = types.LinkPreviewOptions(is_disabled=True)


async def forms(
    chat: str, message: Reply, files: Sequence[LocalFile]
) -> Sequence[methods.TelegramMethod[Any]]:
    """Give the ways to send a message, the best first; the last always comes without a doubt."""
    if not files:
        return [
            methods.SendMessage(
                chat_id=chat,
                text=message.text,
                reply_markup=_markup(message),
                link_preview_options=NO_PREVIEW,
            )
        ]
    try:
        sizes = [(await asyncio.to_thread(file.path.stat)).st_size for file in files]
    except OSError as error:
        raise Rejected(f"a stored file cannot be read: {error.strerror}") from None
    pictures = all(
        file.kind is FileKind.PHOTO and size <= PHOTO_BYTES
        for file, size in zip(files, sizes, strict=True)
    )
    if len(files) > 1:
        return _albums(chat, message.text, files, pictures=pictures)
    return _single(chat, message, files[0], picture=pictures)


def _albums(
    chat: str, text: str, files: Sequence[LocalFile], *, pictures: bool
) -> Sequence[methods.TelegramMethod[Any]]:
    captions = [text or None] + [None] * (len(files) - 1)
    photos, documents = types.InputMediaPhoto, types.InputMediaDocument
    return [
        methods.SendMediaGroup(
            chat_id=chat,
            media=[
                form(media=_Upload(file), caption=caption)
                for file, caption in zip(files, captions, strict=True)
            ],
        )
        for form in ((photos, documents) if pictures else (documents,))
    ]


def _single(
    chat: str, message: Reply, file: LocalFile, *, picture: bool
) -> Sequence[methods.TelegramMethod[Any]]:
    upload = _Upload(file)
    common: dict[str, Any] = {
        "chat_id": chat,
        "caption": message.text or None,
        "reply_markup": _markup(message),
    }
    document = methods.SendDocument(document=upload, **common)
    match file.kind:
        case FileKind.PHOTO if picture:
            return [methods.SendPhoto(photo=upload, **common), document]
        case FileKind.VOICE if file.content_type in _SPOKEN:
            # A person may have forbidden voice messages; then it goes as a file.
            return [methods.SendVoice(voice=upload, **common), document]
        case FileKind.VOICE | FileKind.AUDIO:
            return [methods.SendAudio(audio=upload, **common), document]
        case FileKind.VIDEO:
            return [methods.SendVideo(video=upload, **common), document]
        case _:
            return [document]


class _Upload(types.InputFile):
    """A stored file, open only while it is read: an upload that breaks off leaves nothing open."""

    def __init__(self, file: LocalFile) -> None:
        super().__init__(file_name(file.name, file.kind, file.content_type), wire.CHUNK)
        self._path = file.path

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        del bot
        content = await asyncio.to_thread(self._path.read_bytes)
        for start in range(0, len(content), self.chunk_size):
            yield content[start : start + self.chunk_size]


def _markup(message: Reply) -> types.InlineKeyboardMarkup | types.ReplyKeyboardMarkup | None:
    if message.buttons or not message.menu:
        return buttons(message)
    return _menu(message.menu)


def buttons(message: Reply) -> types.InlineKeyboardMarkup | None:
    """Lay a message's buttons out; None where it has none."""
    return _inline(message.buttons) if message.buttons else None


@lru_cache(maxsize=REMEMBERED_KEYBOARDS)
def _menu(menu: Menu) -> types.ReplyKeyboardMarkup:
    keys = [[types.KeyboardButton(text=label) for label in row] for row in menu]
    return types.ReplyKeyboardMarkup(keyboard=keys, resize_keyboard=True, is_persistent=True)


@lru_cache(maxsize=REMEMBERED_KEYBOARDS)
def _inline(rows: Rows) -> types.InlineKeyboardMarkup:
    keys = [
        [
            types.InlineKeyboardButton(
                text=button.label, callback_data=button.action or None, url=button.url or None
            )
            for button in row
        ]
        for row in rows
    ]
    return types.InlineKeyboardMarkup(inline_keyboard=keys)


def worded(method: methods.TelegramMethod[Any]) -> bytes:
    """Word a method that carries no file as JSON, with the parameters that were given.

    What aiogram fills in by itself (the `remove_keyboard` of a ReplyKeyboardRemove) is left out.
    aiogram's own wording is a form, whose Cyrillic letters take six bytes each and half the time
    of a send.
    """
    return method.model_dump_json(exclude_unset=True, exclude_none=True).encode()
