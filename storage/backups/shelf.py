"""The shelf: a folder of backups. Only the newest are kept, and nothing else is touched."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backups import archive
from storage.backups.failures import BadArchive, ShelfInUse
from storage.files import INCOMING, FileStore

NAME = re.compile(r"dezhurny-(\d{4}-\d\d-\d\dT\d{4}[+-]\d{4})\.tar")
STAMP = "%Y-%m-%dT%H%M%z"
WORKPLACE = ".dezhurny-"
LOCK = ".dezhurny.lock"
FOLDER = re.compile(r"[0-9a-f]{2}")
FILE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup on the shelf: its file and the instant in its name."""

    path: Path
    made_at: datetime


def named(path: Path) -> Archive | None:
    """Tell a backup by its name; None for anything else."""
    found = NAME.fullmatch(path.name)
    if found is None or path.is_symlink() or not path.is_file():
        return None
    try:
        return Archive(path, datetime.fromisoformat(found[1]))
    except ValueError:
        return None


class Shelf:
    """A folder of backups, for its owner's eyes alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = FileStore(folder / "files")

    def archives(self) -> list[Archive]:
        """Return the backups, newest first; [] where there is no such folder."""
        if not self.folder.is_dir():
            return []
        found = [one for path in self.folder.iterdir() if (one := named(path)) is not None]
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def made_by(self, now: datetime) -> list[Archive]:
        """Return the backups of an instant and earlier, newest first.

        One that is dated later was made by a clock that was wrong, and says nothing of how old the
        newest is.
        """
        return [one for one in self.archives() if one.made_at <= now]

    def place(self, made_at: datetime) -> Path:
        """Say what a backup of an instant is called; the name shows the zone's own time."""
        return self.folder / f"dezhurny-{made_at.strftime(STAMP)}.tar"

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """Be alone at the shelf, with an empty folder to work in; raises ShelfInUse.

        What a killed process left half made is swept away first.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ShelfInUse(str(self.folder)) from None
            self._sweep()
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=WORKPLACE) as name:
                yield Path(name)
        finally:
            os.close(lock)

    def rotate(self, keep: int, now: datetime) -> int:
        """Remove all but the newest backups and the files no backup needs; says how many backups.

        Those that are dated later than `now` are neither counted nor removed. Where a backup cannot
        be read, nobody knows which files it needs, and all of them stay.
        """
        old = self.made_by(now)[keep:]
        for one in old:
            one.path.unlink()
        needed: set[str] = set()
        try:
            for one in self.archives():
                needed.update(archive.files_of(one.path))
        except (BadArchive, OSError):
            return len(old)
        for path in self._kept_files():
            if path.name not in needed:
                path.unlink()
        return len(old)

    def _kept_files(self) -> list[Path]:
        if not self.files.folder.is_dir():
            return []
        return [
            path
            for folder in self.files.folder.iterdir()
            if FOLDER.fullmatch(folder.name) and folder.is_dir()
            for path in folder.iterdir()
            if FILE.fullmatch(path.name) and path.name.startswith(folder.name)
        ]

    def _sweep(self) -> None:
        for path in self.folder.glob(f"{WORKPLACE}*"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
        for path in self.files.folder.glob(f"{INCOMING}*"):
            path.unlink()
