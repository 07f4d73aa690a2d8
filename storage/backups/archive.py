"""The archive of a backup: a plain tar, so that any program of any age opens it."""

import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from storage.backups import disk, manifest
from storage.backups.disk import Pulse
from storage.backups.failures import BadArchive, Fault
from storage.backups.manifest import BOOKMARK, DATABASE, FILES, MANIFEST, Manifest, Part

MANIFEST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was in an archive, every part the same as its manifest says."""

    manifest: Manifest
    database: Path
    files: Path
    bookmark: Path | None


def part(path: Path, pulse: Pulse) -> Part:
    """Say what a part is like."""
    return Part(path.stat().st_size, disk.digest_of(path, pulse))


def write(target: Path, said: Manifest, parts: Mapping[str, Path]) -> None:
    """Write an archive for its owner alone; when this returns, it is on disk."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            text = manifest.written(said)
            tar.addfile(_member(MANIFEST, len(text), said.made_at), BytesIO(text))
            for name, path in parts.items():
                with path.open("rb") as content:
                    tar.addfile(_member(name, said.parts[name].size, said.made_at), content)
        disk.out_of_cache(file)


def read(path: Path) -> Manifest:
    """Read an archive's manifest; raises BadArchive."""
    with _opened(path) as tar:
        return _manifest_of(tar)


def unpack(path: Path, folder: Path, pulse: Pulse) -> Unpacked:
    """Take an archive apart into an empty folder; raises BadArchive where anything is not right.

    A member that is none of ours is refused, so no name from the archive becomes a path.
    """
    with _opened(path) as tar:
        said = _manifest_of(tar)
        for member in tar.getmembers()[1:]:
            name = member.name
            if not member.isreg() or name not in said.parts or (folder / name).exists():
                raise BadArchive(Fault.EXTRA, name=name)
            _take_out(tar, member, folder / name, said.parts[name], pulse)
    for name in said.parts:
        if not (folder / name).exists():
            raise BadArchive(Fault.MISSING, name=name)
    bookmark = folder / BOOKMARK if BOOKMARK in said.parts else None
    return Unpacked(said, folder / DATABASE, folder / FILES, bookmark)


def listed(text: bytes) -> list[str]:
    """Read a list of files as `sha256sum` writes it; raises BadArchive."""
    found = [line.partition(b"  ")[0].decode("ascii", "replace") for line in text.splitlines()]
    for sha256 in found:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):  # noqa: PLR2004 SHA-256
            raise BadArchive(Fault.NO_LIST, name=FILES)
    return found


def files_of(path: Path) -> list[str]:
    """Read which files a backup needs, without taking the rest apart; raises BadArchive."""
    with _opened(path) as tar:
        said = _manifest_of(tar)
        try:
            content = tar.extractfile(FILES)
        except KeyError:
            content = None
        if content is None:
            raise BadArchive(Fault.MISSING, name=FILES)
        text = content.read(said.parts[FILES].size + 1)
    return listed(text)


def _take_out(
    tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, said: Part, pulse: Pulse
) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    content = tar.extractfile(member)
    with os.fdopen(handle, "wb") as file:
        if content is None or member.size != said.size:
            raise BadArchive(Fault.SIZE, name=member.name)
        if disk.copied(cast("BinaryIO", content), file, pulse) != said.sha256:
            raise BadArchive(Fault.DAMAGED, name=member.name)


def _manifest_of(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    content = tar.extractfile(first) if first and first.name == MANIFEST else None
    if first is None or content is None or first.size > MANIFEST_BYTES:
        raise BadArchive(Fault.NO_BACKUP, name=MANIFEST)
    return manifest.read(content.read())


def _member(name: str, size: int, made_at: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(made_at.timestamp())
    return member


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BadArchive(Fault.NO_ARCHIVE, name=path.name, error=str(error)) from None
