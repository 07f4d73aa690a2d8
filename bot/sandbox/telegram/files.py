"""Files of a call: uploads, file_ids used again, and getFile."""

import filetype

from bot.sandbox.nouns import FileKind, NewFile, StoredFile
from bot.sandbox.telegram.backend import Backend
from bot.sandbox.telegram.params import Params, Upload
from bot.sandbox.telegram.rules import DOWNLOAD_BYTES, PHOTO_BYTES, UPLOAD_BYTES, Refusal, bad
from bot.sandbox.telegram.shape import Json

ATTACH = "attach://"
SPOKEN = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/m4a", "audio/x-m4a")


def sent_file(backend: Backend, params: Params, kind: FileKind, value: str) -> StoredFile:
    """Give the file that `value` means: an attach:// name, or the file_id of a kept file."""
    if value.startswith(ATTACH):
        upload = params.uploads.get(value.removeprefix(ATTACH))
        if upload is None:
            raise bad(f'there is no file "{value.removeprefix(ATTACH)}" in the request')
        return _uploaded(backend, upload, kind, params)
    if not value:
        raise bad(f"there is no {kind} in the request")
    kept = backend.world.file(value)
    if kept is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if kept.kind is not kind:
        raise bad(f"can't use file of type {kept.kind.title()} as {kind.title()}")
    return kept


def named_file(backend: Backend, params: Params, kind: FileKind) -> StoredFile:
    """Give the file of the parameter that is called as its kind."""
    upload = params.uploads.get(kind.value)
    if upload is not None:
        return _uploaded(backend, upload, kind, params)
    return sent_file(backend, params, kind, params.text(kind.value))


def get_file(backend: Backend, params: Params) -> Json:
    """Answer getFile; what is over 20 MB cannot be downloaded."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    file = backend.world.file(file_id)
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if file.size > DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.digest[:16],
        "file_size": file.size,
        "file_path": backend.path(file),
    }


def _uploaded(backend: Backend, upload: Upload, kind: FileKind, params: Params) -> StoredFile:
    """Keep an upload; a voice that is no sound becomes a document, as it does in Telegram."""
    size = len(upload.content)
    if size > UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    if not size:
        raise bad("file must be non-empty")
    guessed = filetype.guess_mime(upload.content) or ""
    if kind is FileKind.PHOTO:
        if size > PHOTO_BYTES:
            raise bad("file is too big")
        if not guessed.startswith("image/"):
            raise bad("IMAGE_PROCESS_FAILED")
    if kind is FileKind.VOICE and guessed not in SPOKEN:
        kind = FileKind.DOCUMENT
    mime = upload.mime
    if kind in {FileKind.PHOTO, FileKind.VOICE} and guessed:
        mime = guessed
    return backend.store(
        NewFile(
            kind,
            upload.name,
            mime,
            upload.content,
            duration=params.number("duration", 1, 0, 24 * 3600),
        )
    )
