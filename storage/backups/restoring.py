"""Puts a backup in place: checked first, put there by one rename, the old database set aside."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backups import archive, copying, disk
from storage.backups.disk import LOST, Fate
from storage.backups.failures import BadArchive, DiskFailed, Fault, FilesLacking, Occupied, Unsound
from storage.backups.making import Place
from storage.backups.manifest import Manifest
from storage.backups.shelf import Shelf
from storage.files import FileStore

WORKPLACE = ".restoring-"
JOURNALS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A backup that was checked, its database beside the place where it is to be."""

    manifest: Manifest
    database: Path
    files: tuple[str, ...]
    bookmark: Path | None


@dataclass(frozen=True, slots=True)
class Brought:
    """How many files were copied back, and how many there are not (the backup had not all)."""

    copied: int
    lacking: int


@contextmanager
def workplace(place: Place) -> Iterator[Path]:
    """Give an empty folder beside the database, so that a rename can put it in place.

    What a killed process left there is swept away first: to be called by whoever alone uses it.
    """
    beside = place.database.parent
    beside.mkdir(parents=True, exist_ok=True)
    for left in beside.glob(f"{WORKPLACE}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=beside, prefix=WORKPLACE) as name:
        yield Path(name)


def check_free(place: Place, *, force: bool) -> None:
    """Refuse to take the place of a database unless told so; raises Occupied."""
    if not force and place.database.exists() and place.database.stat().st_size:
        raise Occupied(str(place.database))


def prepare(file: Path, work: Path) -> Prepared:
    """Check a backup part by part, its database page by page; raises BackupFailed."""
    unpacked = archive.unpack(file, work, _go_on)
    said, contents = unpacked.manifest, copying.examine(unpacked.database, _go_on)
    needed = archive.listed(unpacked.files.read_bytes())
    if (contents.revision, contents.counts) != (said.revision, said.counts):
        raise BadArchive(Fault.OTHER_DATABASE)
    if sorted([*needed, *said.missing]) != sorted(contents.files):
        raise BadArchive(Fault.OTHER_LIST)
    return Prepared(said, unpacked.database, tuple(needed), unpacked.bookmark)


def bring_files(file: Path, prepared: Prepared, place: Place, *, incomplete: bool) -> Brought:
    """Add the backup's files, which lie beside its archive, to those that are there.

    Every one is checked, and one that is damaged here is replaced. Raises FilesLacking where some
    are not there and `incomplete` does not allow it.
    """
    source, target = Shelf(file.parent).files, FileStore(place.files)
    target.folder.mkdir(parents=True, exist_ok=True)
    fates = [disk.bring(sha256, source, target, _go_on) for sha256 in prepared.files]
    disk.settle_files(target)
    lacking = sum(fate in LOST for fate in fates)
    if lacking and not incomplete:
        raise FilesLacking(lacking)
    return Brought(fates.count(Fate.COPIED), lacking + len(prepared.manifest.missing))


def put(prepared: Prepared, place: Place, now: datetime) -> Path | None:
    """Put the database and VK's bookmark in place; returns where the old database is now.

    Up to the last rename the old state is whole. Raises InUse where somebody has it open.
    """
    copying.fold(prepared.database)
    mark = _free_mark(place, f".before-restore-{now:%Y-%m-%dT%H%M%S}")
    aside = _set_aside(place.database, mark) if place.database.exists() else None
    # An older bookmark with the old database only makes VK tell again what the inbox knows.
    if place.bookmark.exists():
        _second_name(place.bookmark, place.bookmark.with_name(place.bookmark.name + mark))
    if prepared.bookmark is None:
        place.bookmark.unlink(missing_ok=True)
    else:
        _replace(place.bookmark, prepared.bookmark.read_bytes())
    for end in JOURNALS:
        _journal(place.database, end).unlink(missing_ok=True)
    prepared.database.replace(place.database)
    disk.settle(place.database.parent)
    return aside


def _set_aside(database: Path, mark: str) -> Path:
    """Give the old database a second name; a damaged one keeps its journal beside it."""
    with suppress(Unsound, DiskFailed):
        copying.fold(database)
    aside = database.with_name(database.name + mark)
    _second_name(database, aside)
    for end in JOURNALS:
        journal = _journal(database, end)
        if journal.exists():
            _copy(journal, _journal(aside, end))
    disk.settle(database.parent)
    return aside


def _free_mark(place: Place, mark: str) -> str:
    """Add to a mark until it names nothing: what a killed restore had set aside stays."""
    for number in itertools.count(2):
        kept = (place.database, place.bookmark)
        if not any(path.with_name(path.name + mark).exists() for path in kept):
            break
        mark = f"{mark.partition('_')[0]}_{number}"
    return mark


def _journal(database: Path, end: str) -> Path:
    return database.with_name(database.name + end)


def _second_name(path: Path, name: Path) -> None:
    """Give a file another name as well; where a disk knows no such thing, a copy."""
    try:
        name.hardlink_to(path)
    except OSError:
        _copy(path, name)


def _copy(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as content, os.fdopen(handle, "wb") as file:
        disk.copied(content, file, _go_on)
        disk.out_of_cache(file)


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        disk.out_of_cache(file)
    fresh.replace(path)
    disk.settle(path.parent)


def _go_on() -> None:
    """Nobody breaks a restore off but the operator, who may."""
