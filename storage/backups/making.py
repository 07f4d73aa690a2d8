"""Makes a backup while the bot runs: nothing bears a backup's name before it has been read back."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from storage.backups import archive, copying, disk
from storage.backups.disk import LOST, Fate, Pulse
from storage.backups.failures import Fault, Interrupted, Unsound
from storage.backups.manifest import BOOKMARK, DATABASE, FILES, FORMAT, Manifest
from storage.backups.shelf import Shelf
from storage.files import FileStore


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps what it must not lose: a SQLite file, files, VK's bookmark."""

    database: Path
    files: Path
    bookmark: Path


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was just made and read back.

    `size` is the archive's in bytes, `copied` how many files were new to the shelf, `lost` what is
    wrong with those of the database's files that are not in it, by where they should be; `removed`
    old backups made room.
    """

    path: Path
    size: int
    files: int
    copied: int
    removed: int
    lost: Mapping[Path, Fate] = field(default_factory=dict)


def make(
    place: Place, shelf: Shelf, made_at: datetime, keep: int, stop: threading.Event | None = None
) -> Made:
    """Copy the database, then the files that the copy names; check it all, then let go of the old.

    Takes seconds to minutes: call it from a thread; `stop` breaks it off. Raises BackupFailed and
    OSError, and then there is no new backup and no old one less.
    """
    pulse = _pulse(stop)
    with disk.room_at(shelf.folder), shelf.workplace() as work:
        # Before the database: what VK told later is asked of it again, and known in the inbox.
        parts = {DATABASE: work / DATABASE, FILES: work / FILES}
        if _taken(place.bookmark, work / BOOKMARK):
            parts[BOOKMARK] = work / BOOKMARK
        copying.copy(place.database, work / DATABASE, pulse)
        contents = copying.examine(work / DATABASE, pulse, pages=False)
        home = FileStore(place.files)
        fates = _bring(contents.files, home, shelf.files, pulse)
        missing = [sha256 for sha256, fate in fates.items() if fate in LOST]
        _list(work / FILES, (sha256 for sha256 in contents.files if fates[sha256] not in LOST))
        said = Manifest(
            format=FORMAT,
            program=program_version(),
            made_at=made_at,
            revision=contents.revision,
            counts=contents.counts,
            parts={name: archive.part(path, pulse) for name, path in parts.items()},
            missing=tuple(missing),
        )
        finished = work / "finished.tar"
        archive.write(finished, said, parts)
        _read_back(finished, work / "again", contents, pulse)
        disk.settle_files(shelf.files)
        target = shelf.place(made_at)
        finished.replace(target)
        disk.settle(shelf.folder)
        return Made(
            path=target,
            size=target.stat().st_size,
            files=len(contents.files) - len(missing),
            copied=sum(fate is Fate.COPIED for fate in fates.values()),
            removed=shelf.rotate(keep, made_at),
            lost={
                home.path(sha256): fates[sha256]
                for sha256 in copying.still_names(place.database, missing)
            },
        )


def program_version() -> str:
    """Return the version of this program, "" where it was never installed."""
    try:
        return version("dezhurny")
    except PackageNotFoundError:
        return ""


def _pulse(stop: threading.Event | None) -> Pulse:
    def pulse() -> None:
        if stop is not None and stop.is_set():
            raise Interrupted("told to stop")

    return pulse


def _taken(bookmark: Path, target: Path) -> bool:
    try:
        content = bookmark.read_bytes()
    except FileNotFoundError:
        return False
    target.write_bytes(content)
    return True


def _bring(
    digests: Iterable[str], source: FileStore, target: FileStore, pulse: Pulse
) -> dict[str, Fate]:
    target.folder.mkdir(mode=0o700, exist_ok=True)
    fates = {}
    for sha256 in digests:
        pulse()
        fates[sha256] = disk.bring(sha256, source, target, pulse)
    return fates


def _list(target: Path, digests: Iterable[str]) -> None:
    """Write the list as `sha256sum --check` reads it in the folder of files."""
    lines = (f"{sha256}  {sha256[:2]}/{sha256}\n" for sha256 in digests)
    target.write_text("".join(lines), encoding="ascii")


def _read_back(finished: Path, folder: Path, contents: copying.Contents, pulse: Pulse) -> None:
    folder.mkdir(mode=0o700)
    again = archive.unpack(finished, folder, pulse)
    if copying.examine(again.database, pulse) != contents:
        raise Unsound(Fault.OTHER_COPY)
