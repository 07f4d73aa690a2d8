"""Files on disk, named by what is in them; the database knows their hash, size and type."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import filetype
import sqlalchemy as sa

from storage.database import Tx, insert_new
from storage.tables.messages import inbox, inbox_files
from storage.tables.work import files

HEAD_BYTES = 8192
INCOMING = ".incoming-"


class FileTooBig(Exception):
    """The stream did not end within the limit."""


class DiskFailed(Exception):
    """The disk did not take the file: it is full, read-only or broken. Whoever sent it is not."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file on disk: `size` in bytes, `content_type` by the content, never by the name."""

    sha256: str
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as the database knows it."""

    id: int
    sha256: str
    size: int
    content_type: str


class FileStore:
    """A folder of files; the same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where a file lies."""
        return self.folder / sha256[:2] / sha256

    async def save(
        self,
        chunks: AsyncIterator[bytes],
        limit: int,
        told: Callable[[int], None] = lambda _size: None,
    ) -> Blob:
        """Store a stream of at most `limit` bytes; raises FileTooBig and leaves nothing behind.

        `told` hears before each write how many bytes there are, and may refuse them by raising.
        When this returns, the file is on disk (fsync of the file and of its folder). Where the
        disk refuses, raises DiskFailed; what the stream raises comes as it is.
        """
        with _disk():
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=INCOMING)
        digest, size, head = hashlib.sha256(), 0, b""
        try:
            async with AsyncExitStack() as stack:
                sink = stack.enter_context(_written(handle))
                if isinstance(chunks, AsyncGenerator):
                    stack.push_async_callback(chunks.aclose)
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise FileTooBig(f"more than {limit} bytes")
                    told(size)
                    digest.update(chunk)
                    head += chunk[: max(0, HEAD_BYTES - len(head))]
                    with _disk():
                        await asyncio.to_thread(sink.write, chunk)
                with _disk():
                    sink.flush()
                    await asyncio.to_thread(os.fsync, sink.fileno())
            with _disk():
                await asyncio.to_thread(self._move, Path(name), digest.hexdigest())
        finally:
            with _disk():
                await asyncio.to_thread(Path(name).unlink, missing_ok=True)
        return Blob(digest.hexdigest(), size, content_type(head))

    def sweep(self) -> int:
        """Remove what a killed process left half done, and return how much went.

        To be called at the start, while nothing is being stored; what cannot be removed stays.
        """
        gone = 0
        for half in list(self.folder.glob(f"{INCOMING}*")):
            with suppress(OSError):
                half.unlink()
                gone += 1
        return gone

    def _move(self, temporary: Path, sha256: str) -> None:
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
        for folder in (target.parent, self.folder):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


@contextmanager
def _disk() -> Iterator[None]:
    """Name the disk's own failures: a stream's look just the same."""
    try:
        yield
    except OSError as error:
        raise DiskFailed(str(error)) from error


@contextmanager
def _written(handle: int) -> Iterator[BinaryIO]:
    """Write to a file for the length of a block; to close it is to write what is left."""
    sink = os.fdopen(handle, "wb")
    try:
        yield sink
    finally:
        with _disk():
            sink.close()


def content_type(head: bytes) -> str:
    """Tell a type from the first bytes; plain text in UTF-8 or windows-1251 counts as text."""
    guessed = filetype.guess_mime(head)
    if guessed:
        return str(guessed)
    if not head or b"\0" in head:
        return "application/octet-stream"
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)  # noqa: PLR2004 ASCII
    return "text/plain" if controls == 0 else "application/octet-stream"


async def add(tx: Tx, blob: Blob, now: datetime) -> int:
    """Make a file known and return its id; known content keeps the id it has."""
    await insert_new(
        tx,
        files,
        [
            {
                "sha256": blob.sha256,
                "size": blob.size,
                "content_type": blob.content_type,
                "stored_at": now,
            }
        ],
    )
    found = await tx.execute(sa.select(files.c.id).where(files.c.sha256 == blob.sha256))
    return int(found.scalar_one())


async def by_id(tx: Tx, file_id: int) -> FileRow | None:
    """Return a file's row."""
    row = (
        await tx.execute(
            sa.select(files.c.id, files.c.sha256, files.c.size, files.c.content_type).where(
                files.c.id == file_id
            )
        )
    ).one_or_none()
    return None if row is None else FileRow(*row)


async def received_since(tx: Tx, sender: str, since: datetime) -> tuple[int, int]:
    """Return how many files a sender's events have brought since an instant, and their bytes."""
    brought = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(files.c.size), 0))
        .select_from(inbox)
        .join(inbox_files, inbox_files.c.event_id == inbox.c.id)
        .join(files, files.c.id == inbox_files.c.file_id)
        .where(inbox.c.sender == sender, inbox.c.received_at > since)
    )
    count, size = (await tx.execute(brought)).one()
    return int(count), int(size)
