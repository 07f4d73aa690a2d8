"""An installation on disk, looked at and changed without the bot."""

import hashlib
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.backups.making import Made, Place, make
from storage.backups.shelf import Shelf
from storage.files import FileStore
from tests.school_template import MONDAY

STEPS = ("fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir")
MOST_STEPS = 400
BOOKMARK = "1700000000 77 5"


class Home:
    """A school's database, files and bookmark in a folder, and a shelf beside it."""

    def __init__(self, folder: Path, template: Path | None = None) -> None:
        self.place = Place(folder / "school.db", folder / "files", folder / "vk.bookmark")
        self.store = FileStore(self.place.files)
        folder.mkdir(parents=True, exist_ok=True)
        if template is not None:
            shutil.copyfile(template, self.place.database)
            self.place.bookmark.write_text(BOOKMARK, encoding="utf-8")

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.place.database, isolation_level=None)) as connection:
            yield connection

    def asks(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self.opened() as connection:
            return connection.execute(question, values).fetchall()

    def named(self, name: str) -> None:
        """Give the school a name, by which a state of the database is known."""
        self.asks("UPDATE schools SET name = ?", name)

    @property
    def name(self) -> str:
        return str(self.asks("SELECT name FROM schools")[0][0])

    def keeps(self, content: bytes) -> str:
        """Store a file and let the database name it."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.store.path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.asks(
            "INSERT INTO files (sha256, size, content_type, stored_at) VALUES (?, ?, '', ?)",
            sha256,
            len(content),
            "2026-11-23 04:00:00.000000",
        )
        return sha256

    def holds(self, sha256: str) -> bool:
        path = self.store.path(sha256)
        return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256

    def backed_up(self, shelf: Shelf, at: datetime = MONDAY, keep: int = 14) -> Made:
        return make(self.place, shelf, at, keep)

    def is_sound(self) -> bool:
        return self.asks("PRAGMA integrity_check") == [("ok",)]


def left_on(folder: Path) -> set[str]:
    """What lies in a folder, but for its lock."""
    return {path.name for path in folder.iterdir()} - {".dezhurny.lock"}


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do work in a process that is killed before its n-th step on disk; False if it had fewer.

    Everything that puts something on disk, or changes a name there, is a step.
    """
    child = os.fork()
    if child == 0:
        _work_and_die(step, work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return False


def _work_and_die(step: int, work: Callable[[], object]) -> None:
    done = 0

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    try:
        work()
    except BaseException:  # noqa: BLE001 the parent hears of it by the exit code
        os._exit(1)
    os._exit(0)
