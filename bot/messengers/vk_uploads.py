"""Brings our files to VK: an address is asked for, the bytes go there, what came is saved."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.messengers.text import file_name
from handlers.messages import FileKind
from scheduler.messenger import LocalFile, Rejected

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]
Post = Callable[[str, str, io.BytesIO], Awaitable[Any]]

_log = structlog.get_logger(__name__)


class NamedBytes(io.BytesIO):
    """A file's bytes with the name under which the HTTP client sends them."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


async def attach(call: Call, post: Post, peer: str, file: LocalFile) -> str:
    """Upload a file for a peer and give its attachment name; raises the courier's failures.

    A picture or sound that is refused as such goes as a document, which VK takes of any kind
    but music and programs.
    """
    name = file_name(file.name, file.kind, file.content_type)
    try:
        content = await asyncio.to_thread(file.path.read_bytes)
    except OSError as error:
        raise Rejected(f"a stored file cannot be read: {error.strerror}") from None
    try:
        if file.kind is FileKind.PHOTO:
            return await _photo(call, post, peer, NamedBytes(content, name))
        if file.kind in {FileKind.VOICE, FileKind.AUDIO}:
            return await _doc(call, post, peer, NamedBytes(content, name), "audio_message")
    except Rejected as error:
        _log.info("vk.another_form", reason=str(error))
    return await _doc(call, post, peer, NamedBytes(content, name), "doc")


async def _photo(call: Call, post: Post, peer: str, content: NamedBytes) -> str:
    server = await call("photos.getMessagesUploadServer", {"peer_id": peer})
    sent = await post(server["upload_url"], "photo", content)
    if sent.get("photo") in {None, "", "[]"}:
        raise Rejected("upload: the picture was not taken")
    taken = {name: sent[name] for name in ("photo", "server", "hash") if name in sent}
    saved = await call("photos.saveMessagesPhoto", taken)
    return _name("photo", saved[0])


async def _doc(call: Call, post: Post, peer: str, content: NamedBytes, kind: str) -> str:
    asked = {"type": kind, "peer_id": peer}
    server = await call("docs.getMessagesUploadServer", asked)
    sent = await post(server["upload_url"], "file", content)
    if not sent.get("file"):
        raise Rejected(f"upload: the file was not taken: {sent.get('error', '')}")
    saved = await call("docs.save", {"file": sent["file"], "title": content.name})
    saved_as = saved["type"]
    return _name(saved_as, saved[saved_as])


def _name(kind: str, saved: dict[str, Any]) -> str:
    name = f"{kind}{saved['owner_id']}_{saved['id']}"
    return f"{name}_{saved['access_key']}" if saved.get("access_key") else name
