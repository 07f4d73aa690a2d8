"""Makes what messengers send safe to store, and names of files safe to send on."""

import json
import mimetypes
import re

from handlers.messages import FileKind

NAME_CHARS = 100
TITLE_CHARS = 255
_SUFFIXES = {"audio/ogg": ".ogg", "audio/mpeg": ".mp3", "image/jpeg": ".jpg"}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


def clean(text: str) -> str:
    """Drop what no database stores: a NUL (PostgreSQL) and a half of a surrogate pair (UTF-8)."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "")


def title(name: str) -> str:
    """Give a file's name as it was given, but for what no sentence and no database could carry.

    A name of more than 255 characters is cut, and keeps its suffix.
    """
    kept = clean(name)
    if len(kept) <= TITLE_CHARS:
        return kept
    _, dot, suffix = kept.rpartition(".")
    end = f".{suffix}" if dot and len(suffix) < NAME_CHARS else ""
    return kept[: TITLE_CHARS - len(end)] + end


def as_json(value: object) -> str:
    """Write `value` as readable JSON that can always be encoded as UTF-8."""
    told = json.dumps(value, ensure_ascii=False)
    try:
        told.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return told


def file_name(name: str, kind: FileKind, content_type: str) -> str:
    """Give a name that fits any upload: no quotes, slashes or line ends, and never empty.

    A name without a suffix gets the one of its content type: messengers guess by the suffix.
    """
    safe = _UNSAFE.sub("_", clean(name)).strip(" ._")
    stem, dot, suffix = safe.rpartition(".")
    if dot and suffix:
        return f"{stem[: NAME_CHARS - len(suffix) - 1]}.{suffix}"[-NAME_CHARS:]
    guessed = _SUFFIXES.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
    return f"{safe[: NAME_CHARS - len(guessed)] or kind.value}{guessed}"
