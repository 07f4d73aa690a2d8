"""The attachments that VK knows: their names `doc-1_2_key`, and how a message tells of them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from bot.sandbox.nouns import FileKind, StoredFile

NAME = re.compile(r"(?P<kind>[a-z_]+?)(?P<owner>-?\d+)_(?P<id>\d+)(?:_(?P<key>\w+))?")
FIRST_ID = 457_239_017
KINDS: Mapping[FileKind, str] = {
    FileKind.PHOTO: "photo",
    FileKind.DOCUMENT: "doc",
    FileKind.VOICE: "audio_message",
    FileKind.AUDIO: "audio",
    FileKind.STICKER: "sticker",
    FileKind.VIDEO: "video",
}
DOC_TYPES: Mapping[str, int] = (
    dict.fromkeys(("txt", "doc", "docx", "pdf", "rtf", "odt", "xls", "xlsx", "ppt", "pptx"), 1)
    | dict.fromkeys(("zip", "rar", "7z", "gz", "tar"), 2)
    | {"gif": 3}
    | dict.fromkeys(("jpg", "jpeg", "png", "bmp", "webp", "heic"), 4)
    | dict.fromkeys(("ogg", "wav", "flac", "m4a", "aac"), 5)
    | dict.fromkeys(("mp4", "avi", "mkv", "mov", "webm"), 6)
    | dict.fromkeys(("epub", "fb2", "djvu", "mobi"), 7)
)
OTHER_DOC_TYPE = 8
SIZES = (("s", 75), ("m", 130), ("x", 604), ("y", 807), ("z", 1080), ("w", 2560))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that VK keeps for its owner: a person, or a community where negative."""

    kind: str
    owner_id: int
    id: int
    key: str
    file: StoredFile
    at: datetime


class Attachments:
    """All attachments of a sandbox, found by name or by file."""

    def __init__(self) -> None:
        self._ids = count(FIRST_ID)
        self._by_name: dict[tuple[int, int], Attachment] = {}
        self._by_file: dict[str, Attachment] = {}

    def add(self, owner_id: int, file: StoredFile, at: datetime) -> Attachment:
        """Make an attachment of a stored file."""
        attachment = Attachment(
            KINDS[file.kind], owner_id, next(self._ids), secrets.token_hex(9), file, at
        )
        self._by_name[owner_id, attachment.id] = attachment
        self._by_file[file.id] = attachment
        return attachment

    def of(self, file: StoredFile) -> Attachment:
        """Give the attachment of a file that is in a message."""
        return self._by_file[file.id]

    def find(self, name: str, asking: int) -> Attachment | None:
        """Find by `<type><owner>_<id>[_<key>]`; what belongs to others needs its key.

        A voice message answers to `doc`, too.
        """
        read = NAME.fullmatch(name)
        if read is None:
            return None
        found = self._by_name.get((int(read["owner"]), int(read["id"])))
        if found is None:
            return None
        named = read["kind"] == found.kind or (read["kind"], found.kind) == ("doc", "audio_message")
        allowed = read["key"] == found.key or (found.owner_id == asking and read["key"] is None)
        return found if named and allowed else None


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """Word an attachment as in `message.attachments`; addresses begin with a slash."""
    return {"type": attachment.kind, attachment.kind: SHAPES[attachment.kind](attachment)}


def address(file: StoredFile, name: str) -> str:
    """Give where a file can be downloaded, without the server's name."""
    return f"/vk/files/{file.id}/{name}"


def extension(name: str) -> str:
    """Give the extension of a file name, small and without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _named(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "owner_id": attachment.owner_id,
        "access_key": attachment.key,
        "date": int(attachment.at.timestamp()),
    }


def _photo(attachment: Attachment) -> dict[str, Any]:
    file = attachment.file
    url = address(file, "photo.jpg")
    sizes = []
    for letter, longest in SIZES:
        scale = min(1.0, longest / max(file.width, file.height, 1))
        sides = {"width": round(file.width * scale), "height": round(file.height * scale)}
        sizes.append({"type": letter, "url": f"{url}?size={letter}", **sides})
        if scale == 1:
            break
    orig = {"type": "base", "url": url, "width": file.width, "height": file.height}
    return _named(attachment) | {
        "album_id": -15 if attachment.owner_id > 0 else -64,
        "has_tags": False,
        "text": "",
        "sizes": sizes,
        "orig_photo": orig,
    }


def _doc(attachment: Attachment) -> dict[str, Any]:
    file = attachment.file
    ext = extension(file.name)
    return _named(attachment) | {
        "title": file.name or "file",
        "size": file.size,
        "ext": ext,
        "type": DOC_TYPES.get(ext, OTHER_DOC_TYPE),
        "url": address(file, "doc"),
    }


def _audio_message(attachment: Attachment) -> dict[str, Any]:
    file = attachment.file
    return {
        "id": attachment.id,
        "owner_id": attachment.owner_id,
        "access_key": attachment.key,
        "duration": file.duration,
        "waveform": [0, 8, 21, 31, 21, 8, 0],
        "link_ogg": address(file, "audio.ogg"),
        "link_mp3": address(file, "audio.mp3"),
    }


def _audio(attachment: Attachment) -> dict[str, Any]:
    """Word a song; a bot is told no address from which to load it."""
    file = attachment.file
    return _named(attachment) | {
        "artist": "",
        "title": file.name,
        "duration": file.duration,
        "url": "",
    }


def _video(attachment: Attachment) -> dict[str, Any]:
    """Word a video; a bot is told no address from which to load it."""
    file = attachment.file
    return _named(attachment) | {
        "title": file.name or "Video",
        "duration": file.duration,
        "width": file.width,
        "height": file.height,
        "type": "video",
    }


def _sticker(attachment: Attachment) -> dict[str, Any]:
    url = address(attachment.file, "sticker.png")
    return {
        "inner_type": "base_sticker_new",
        "sticker_id": attachment.id,
        "product_id": 1,
        "images": [{"url": url, "width": side, "height": side} for side in (64, 128, 256, 512)],
        "is_allowed": True,
    }


SHAPES = {
    "photo": _photo,
    "doc": _doc,
    "audio_message": _audio_message,
    "audio": _audio,
    "video": _video,
    "sticker": _sticker,
}
