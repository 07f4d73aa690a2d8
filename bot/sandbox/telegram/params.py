"""Decodes the parameters of a call, however they came: query, form, multipart or JSON."""

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.telegram.rules import Refusal, bad

TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters as the Bot API sees them: texts, structures as JSON texts, and files."""

    texts: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    @classmethod
    async def read(cls, request: web.Request) -> "Params":
        """Decode a request; a body over the upload limit is refused with 413."""
        texts = dict(request.query)
        uploads: dict[str, Upload] = {}
        try:
            if request.content_type == "application/json":
                texts.update(_from_json(await request.read()))
            elif request.method == "POST":
                for name, value in (await request.post()).items():
                    if isinstance(value, web.FileField):
                        uploads[name] = _upload(value)
                    else:
                        texts[name] = value if isinstance(value, str) else value.decode()
        except web.HTTPRequestEntityTooLarge as error:
            raise Refusal(413, "Request Entity Too Large") from error
        return cls(texts, uploads)

    def text(self, name: str) -> str:
        """Give a text, empty where there is none."""
        return self.texts.get(name, "")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """Give a number brought between `low` and `high`, as lenient as the Bot API is."""
        try:
            value = int(self.texts[name])
        except (KeyError, ValueError):
            value = default
        return max(low, min(high, value))

    def required_number(self, name: str) -> int:
        """Give a number that has to be there."""
        text = self.text(name).strip()
        if not text:
            raise bad(f"{name} is empty")
        try:
            return int(text)
        except ValueError:
            raise bad(f"{name} is not a valid Integer") from None

    def flag(self, name: str) -> bool:
        """Give a yes or no."""
        return self.text(name).lower() in TRUE

    def told(self) -> dict[str, Any]:
        """Give the parameters for the log: JSON texts decoded, files by name, size and hash."""
        told: dict[str, Any] = {name: _decoded(text) for name, text in self.texts.items()}
        for name, upload in self.uploads.items():
            digest = hashlib.sha256(upload.content).hexdigest()
            told[name] = {"file": upload.name, "size": len(upload.content), "sha256": digest}
        return told


def _from_json(body: bytes) -> dict[str, str]:
    if not body:
        return {}
    try:
        values = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad("object expected")
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
        if value is not None
    }


def _upload(part: web.FileField) -> Upload:
    mime = part.content_type
    if not mime or mime == "application/octet-stream":
        mime = mimetypes.guess_type(part.filename)[0] or "application/octet-stream"
    return Upload(part.filename, mime, part.file.read())


def _decoded(text: str) -> object:
    if text[:1] not in {"{", "["}:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
