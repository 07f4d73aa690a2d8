"""Copies that are on disk when they are said to be, and the same as what was copied."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

from storage.backups.failures import NoRoom
from storage.files import INCOMING, FileStore

CHUNK = 1 << 20
LEAST_BYTES = 1 << 20
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}

Pulse = Callable[[], None]
"""Called between pieces of long work; raises Interrupted where the work is to end."""


class Unreadable(OSError):
    """What is to be copied cannot be read; an error of writing is another."""


class Fate(Enum):
    """What became of a file that was to be copied."""

    HELD = auto()
    COPIED = auto()
    MISSING = auto()
    DAMAGED = auto()
    UNREADABLE = auto()


LOST = frozenset({Fate.MISSING, Fate.DAMAGED, Fate.UNREADABLE})


@contextmanager
def room_at(folder: Path) -> Iterator[None]:
    """Name the folder where a disk turns out to be full; raises NoRoom."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise NoRoom(str(folder)) from None


def is_full(folder: Path) -> bool:
    """Say whether a disk that fails does so for want of room."""
    return shutil.disk_usage(folder).free < LEAST_BYTES


def bring(sha256: str, source: FileStore, target: FileStore, pulse: Pulse) -> Fate:
    """See that the target has a file whole; one that is damaged there is replaced.

    A copy is read back from the disk before it gets its name. Its folders are for `settle`. One bad
    file stops nothing: OSError means that the target cannot be written.
    """
    kept, wanted = target.path(sha256), source.path(sha256)
    if _is_whole(kept, sha256, pulse):
        return Fate.HELD
    try:
        incoming = wanted.open("rb")
    except FileNotFoundError:
        return Fate.MISSING
    except OSError:
        return Fate.UNREADABLE
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.folder, prefix=INCOMING)
    temporary = Path(name)
    try:
        with incoming, os.fdopen(handle, "wb") as copy:
            if copied(incoming, copy, pulse) != sha256:
                return Fate.DAMAGED
            out_of_cache(copy)
        if digest_of(temporary, pulse) != sha256:
            raise OSError(errno.EIO, "what was written does not read back", str(temporary))
        temporary.replace(kept)
    except Unreadable:
        return Fate.UNREADABLE
    finally:
        temporary.unlink(missing_ok=True)
    return Fate.COPIED


def copied(source: BinaryIO, target: BinaryIO, pulse: Pulse) -> str:
    """Copy a stream and return the sha256 of what passed; the copy is not on disk yet.

    Raises Unreadable where it is the source that fails.
    """
    digest = hashlib.sha256()
    while chunk := _read(source):
        pulse()
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def digest_of(path: Path, pulse: Pulse) -> str:
    """Return the sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            pulse()
            digest.update(chunk)
    return digest.hexdigest()


def out_of_cache(file: BinaryIO) -> None:
    """Put a file on disk, and let it be read from there."""
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def settle(folder: Path) -> None:
    """Put on disk which names a folder holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle_files(store: FileStore) -> None:
    """Put on disk which files a store holds."""
    if store.folder.exists():
        for folder in (*(one for one in store.folder.iterdir() if one.is_dir()), store.folder):
            settle(folder)


def _read(source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as error:
        raise Unreadable(*error.args) from error


def _is_whole(path: Path, sha256: str, pulse: Pulse) -> bool:
    try:
        return digest_of(path, pulse) == sha256
    except OSError:
        return False
