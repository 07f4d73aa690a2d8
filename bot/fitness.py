"""Which files are asked for, and which of those that came a teacher could open."""

from handlers.messages import FileKind, FileState, RemoteFile
from storage.files import Blob

UNREADABLE = {"application/octet-stream", "application/x-executable", "application/x-msdownload"}
READABLE = ("image/", "audio/", "video/", "text/", "application/")


def unasked(remote: RemoteFile, limit: int) -> FileState | None:
    """Say what becomes of a file that is not even asked for (over `limit` bytes), or None."""
    if remote.kind is FileKind.STICKER or not remote.ref:
        return FileState.UNSUPPORTED
    return FileState.TOO_BIG if remote.size > limit else None


def judged(blob: Blob) -> FileState:
    """Say whether a teacher could open the file at all."""
    readable = blob.content_type.startswith(READABLE) and blob.content_type not in UNREADABLE
    return FileState.STORED if readable and blob.size else FileState.UNSUPPORTED
