"""Copies that are on disk when they are said to be, and the same as what was copied."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

from storage.files import INCOMING, FileStore

CHUNK = 1 << 20

Pulse = Callable[[], None]
"""Called between pieces of long work; raises Interrupted where the work is to end."""


class Fate(Enum):
    """What became of a file that was to be copied."""

    HELD = auto()
    COPIED = auto()
    MISSING = auto()
    DAMAGED = auto()


def bring(sha256: str, source: FileStore, target: FileStore, pulse: Pulse) -> Fate:
    """See that the target has a file whole; one that is damaged there is replaced.

    A copy is read back from the disk before it gets its name. Its folders are for `settle`.
    """
    kept, wanted = target.path(sha256), source.path(sha256)
    if _digest_at(kept, pulse) == sha256:
        return Fate.HELD
    try:
        incoming = wanted.open("rb")
    except FileNotFoundError:
        return Fate.MISSING
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.folder, prefix=INCOMING)
    temporary = Path(name)
    try:
        with incoming, os.fdopen(handle, "wb") as copy:
            if copied(incoming, copy, pulse) != sha256:
                return Fate.DAMAGED
            out_of_cache(copy)
        if _digest_at(temporary, pulse) != sha256:
            raise OSError(None, "what was written does not read back", str(temporary))
        temporary.replace(kept)
    finally:
        temporary.unlink(missing_ok=True)
    return Fate.COPIED


def copied(source: BinaryIO, target: BinaryIO, pulse: Pulse) -> str:
    """Copy a stream and return the sha256 of what passed; the copy is not on disk yet."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
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


def _digest_at(path: Path, pulse: Pulse) -> str:
    try:
        return digest_of(path, pulse)
    except FileNotFoundError:
        return ""
