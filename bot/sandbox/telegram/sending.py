"""The methods that send: texts, files, albums, and the sign that the bot is typing."""

import json
import secrets
from typing import Any

from bot.sandbox.nouns import BotAccount, Chat, Draft, FileKind, Message
from bot.sandbox.telegram.backend import Backend
from bot.sandbox.telegram.entities import Formatted, read_text
from bot.sandbox.telegram.files import named_file, sent_file
from bot.sandbox.telegram.markup import Markup, read_markup
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import ALBUM, CAPTION_LIMIT, TEXT_LIMIT, bad
from bot.sandbox.telegram.shape import Json

TYPING_SECONDS = 5.0
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
ALONE = frozenset({FileKind.DOCUMENT, FileKind.AUDIO})
"""Kinds that share an album only with their own kind."""


def send_message(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer sendMessage."""
    chat = backend.writable(bot, params)
    text = read_text(params, "text", "entities")
    if not text.text:
        raise bad("message text is empty")
    if len(text.text) > TEXT_LIMIT:
        raise bad("message is too long")
    return _sent(backend, chat, params, text)


def send_photo(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer sendPhoto."""
    return _send_file(backend, bot, params, FileKind.PHOTO)


def send_document(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer sendDocument."""
    return _send_file(backend, bot, params, FileKind.DOCUMENT)


def send_voice(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer sendVoice."""
    return _send_file(backend, bot, params, FileKind.VOICE)


def send_audio(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer sendAudio."""
    return _send_file(backend, bot, params, FileKind.AUDIO)


def send_video(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer sendVideo."""
    return _send_file(backend, bot, params, FileKind.VIDEO)


def send_media_group(backend: Backend, bot: BotAccount, params: Params) -> list[Json]:
    """Answer sendMediaGroup: two to ten pieces, which become messages of one album."""
    chat = backend.writable(bot, params)
    pieces = _album(params)
    replied = _reply_to(chat, params)
    kinds = {kind for kind, _ in pieces}
    if len(kinds) > 1 and kinds & ALONE:
        raise bad("can't use the media of the specified type in the album")
    drafts = [_piece(backend, params, kind, piece) for kind, piece in pieces]
    backend.pace.take(chat, len(drafts))
    album = str(secrets.randbits(62))
    sent: list[Json] = []
    for draft in drafts:
        whole = Draft(draft.text, draft.entities, files=draft.files, album=album, reply_to=replied)
        sent.append(backend.told(chat, backend.world.add_message(chat, "out", bot.id, whole)))
    return sent


def send_chat_action(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer sendChatAction."""
    chat = backend.writable(bot, params)
    if params.text("action").lower() not in ACTIONS:
        raise bad("wrong parameter action in request")
    backend.world.show_typing(chat, TYPING_SECONDS)
    return True


def caption_of(params: Params) -> Formatted:
    """Read a caption, or refuse one that is too long."""
    caption = read_text(params, "caption", "caption_entities")
    if len(caption.text) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    return caption


def _send_file(backend: Backend, bot: BotAccount, params: Params, kind: FileKind) -> Json:
    chat = backend.writable(bot, params)
    caption = caption_of(params)
    read_markup(params)
    file = named_file(backend, params, kind)
    return _sent(backend, chat, params, caption, (file,))


def _sent(
    backend: Backend, chat: Chat, params: Params, text: Formatted, files: tuple[Any, ...] = ()
) -> Json:
    markup = read_markup(params)
    replied = _reply_to(chat, params)
    backend.pace.take(chat)
    draft = Draft(text.text, text.entities, markup.inline, files, reply_to=replied)
    message = backend.world.add_message(chat, "out", chat.bot.id, draft)
    _show_keyboard(backend, chat, markup)
    return backend.told(chat, message)


def _show_keyboard(backend: Backend, chat: Chat, markup: Markup) -> None:
    if markup.keyboard is not None or markup.remove:
        backend.world.amend(chat, keyboard=markup.keyboard)


def _reply_to(chat: Chat, params: Params) -> int | None:
    given = params.text("reply_parameters")
    wanted: Any = params.text("reply_to_message_id") or None
    lenient = params.flag("allow_sending_without_reply")
    if given:
        try:
            reply = json.loads(given)
        except ValueError:
            raise bad("can't parse reply parameters JSON object") from None
        if not isinstance(reply, dict):
            raise bad("object expected as reply parameters")
        wanted = reply.get("message_id")
        lenient = reply.get("allow_sending_without_reply") is True
    if wanted is None:
        return None
    found: Message | None = chat.message(int(wanted)) if str(wanted).isdecimal() else None
    if found is None and not lenient:
        raise bad("message to be replied not found")
    return None if found is None else found.id


def _album(params: Params) -> list[tuple[FileKind, dict[str, Any]]]:
    text = params.text("media")
    if not text:
        raise bad("there are no messages to send")
    try:
        media = json.loads(text)
    except ValueError:
        raise bad("can't parse media JSON object") from None
    if not isinstance(media, list) or not all(isinstance(piece, dict) for piece in media):
        raise bad("expected an Array of InputMedia")
    if not media:
        raise bad("there are no messages to send")
    if len(media) not in ALBUM:
        raise bad("wrong number of messages in the album: an album holds 2-10")
    kinds = {"photo", "document", "audio", "video"}
    for piece in media:
        if piece.get("type") not in kinds:
            raise bad(f'type "{piece.get("type")}" can\'t be used in sendMediaGroup')
    return [(FileKind(piece["type"]), piece) for piece in media]


def _piece(backend: Backend, params: Params, kind: FileKind, piece: dict[str, Any]) -> Draft:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in piece.items()
        if value is not None
    }
    caption = caption_of(Params(texts))
    file = sent_file(backend, params, kind, str(piece.get("media") or ""))
    return Draft(caption.text, caption.entities, files=(file,))
