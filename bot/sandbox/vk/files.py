"""Uploads and downloads: an address is asked for, the bytes go there, what came is saved."""

import hashlib
import json
import mimetypes
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.nouns import FileKind, NewFile, StoredFile
from bot.sandbox.vk.attachments import attachment_json, extension
from bot.sandbox.vk.query import Query
from bot.sandbox.vk.rules import Refusal, invalid
from bot.sandbox.vk.state import Ticket, VkState

DOC_KINDS: Mapping[str, FileKind] = {
    "": FileKind.DOCUMENT,
    "doc": FileKind.DOCUMENT,
    "audio_message": FileKind.VOICE,
}
NAMES = {FileKind.DOCUMENT: "doc", FileKind.VOICE: "audio_message", FileKind.PHOTO: "photo"}
FIELDS = {FileKind.DOCUMENT: "file", FileKind.VOICE: "file", FileKind.PHOTO: "photo"}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
OGG_PAGE = b"OggS"
OGG_GRANULE = slice(6, 14)
OPUS_RATE = 48_000
FORBIDDEN = frozenset({"mp3", "exe", "bat", "cmd", "com", "msi", "scr", "apk", "jar", "sh"})
UPLOAD_SERVER = 607_000


def docs_server(state: VkState, query: Query) -> dict[str, str]:
    """Give an address for a document or a voice message to a peer that may be written to."""
    kind = DOC_KINDS.get(query.text("type"))
    if kind is None:
        raise invalid("type should be doc or audio_message")
    state.chat(query.bot, query.need_number("peer_id"))
    return {"upload_url": _ticket(state, query, kind)}


def photos_server(state: VkState, query: Query) -> dict[str, Any]:
    """Give an address for a picture."""
    if query.number("peer_id"):
        state.chat(query.bot, query.number("peer_id"))
    url = _ticket(state, query, FileKind.PHOTO)
    return {"upload_url": url, "album_id": -64, "group_id": query.bot.id, "user_id": 0}


def save_doc(state: VkState, query: Query) -> dict[str, Any]:
    """Make an attachment of what docs.getMessagesUploadServer's address took."""
    file = _uploaded(state, query.need("file"), {FileKind.DOCUMENT, FileKind.VOICE})
    if file is None:
        raise invalid("file is invalid")
    return _saved(state, query, file, query.text("title"))


def save_photo(state: VkState, query: Query) -> list[dict[str, Any]]:
    """Make an attachment of what photos.getMessagesUploadServer's address took."""
    try:
        names = json.loads(query.need("photo"))
        token = names[0]["photo"] if names else ""
    except (ValueError, LookupError, TypeError):
        raise invalid("photo is invalid") from None
    file = _uploaded(state, str(token), {FileKind.PHOTO})
    if file is None:
        raise invalid("photos_list is invalid")
    if query.text("hash") != _hash(str(token)):
        raise Refusal(121)
    photo: dict[str, Any] = _saved(state, query, file, "")["photo"]
    return [photo]


async def receive(request: web.Request, state: VkState) -> NewFile | None:
    """Take the file out of a multipart body; None where it is missing or too large."""
    ticket = state.tickets.get(request.match_info["id"])
    if ticket is None or not request.content_type.startswith("multipart/"):
        return None
    most = state.rules.photo_bytes
    if ticket.kind is not FileKind.PHOTO:
        most = state.rules.doc_bytes
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == FIELDS[ticket.kind]:
            content = await _content(part, most)
            name = part.filename or ""
            mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
            if content is None:
                return None
            return NewFile(
                ticket.kind, name, mime, content, duration=_duration(ticket.kind, content)
            )
    return None


def keep(state: VkState, ticket_id: str, new: NewFile | None) -> dict[str, Any]:
    """Answer an upload as VK's upload servers do; a picture that is none becomes an empty list."""
    ticket = state.tickets.get(ticket_id)
    if ticket is None:
        return {"error": "bad_url", "error_descr": "upload address is unknown"}
    if ticket.kind is FileKind.PHOTO:
        token = _stored(state, new) if new is not None and _is_picture(new) else ""
        photo = json.dumps([{"photo": token}] if token else [])
        return {"server": UPLOAD_SERVER, "photo": photo, "hash": _hash(token)}
    if new is None or not new.content:
        return {"error": "no_file", "error_descr": "file is missing, empty or too large"}
    if ticket.kind is FileKind.VOICE and not new.content.startswith(OGG_PAGE):
        return {"error": "bad_format", "error_descr": "a voice message is OGG Opus"}
    if ticket.kind is FileKind.DOCUMENT and extension(new.name) in FORBIDDEN:
        return {"error": "bad_format", "error_descr": "files of this type are not taken"}
    return {"file": _stored(state, new)}


def told(new: NewFile | None) -> dict[str, Any]:
    """Tell a file for the log of calls."""
    if new is None or new.content is None:
        return {}
    digest = hashlib.sha256(new.content).hexdigest()
    return {"file": new.name, "size": len(new.content), "sha256": digest}


def _ticket(state: VkState, query: Query, kind: FileKind) -> str:
    ticket_id = secrets.token_hex(16)
    state.tickets[ticket_id] = Ticket(query.bot, kind)
    return f"/vk/upload/{NAMES[kind]}/{ticket_id}"


def _stored(state: VkState, new: NewFile) -> str:
    token = secrets.token_hex(24)
    state.uploads[token] = state.world.store(new)
    return token


def _uploaded(state: VkState, token: str, kinds: set[FileKind]) -> StoredFile | None:
    file = state.uploads.get(token)
    return file if file is not None and file.kind in kinds else None


def _saved(state: VkState, query: Query, file: StoredFile, title: str) -> dict[str, Any]:
    if title:
        ext = extension(file.name)
        name = title if not ext or extension(title) == ext else f"{title}.{ext}"
        titled = NewFile(file.kind, name, file.mime, file.content, duration=file.duration)
        file = state.world.store(titled)
    attachment = state.attachments.add(-query.bot.id, file, state.world.now())
    return attachment_json(attachment)


def _hash(token: str) -> str:
    return hashlib.sha256(f"photo {token}".encode()).hexdigest()[:18]


def _is_picture(new: NewFile) -> bool:
    return new.content is not None and new.content.startswith(PICTURES)


def _duration(kind: FileKind, content: bytes) -> int:
    """Read the length of an Opus recording in whole seconds off its last page."""
    last = content.rfind(OGG_PAGE)
    if kind is not FileKind.VOICE or last < 0:
        return 1
    granule = int.from_bytes(content[last:][OGG_GRANULE], "little", signed=True)
    return max(1, round(granule / OPUS_RATE))


async def _content(part: BodyPartReader, most: int) -> bytes | None:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            return None
    return bytes(content)
