"""A consistent copy of a SQLite database beside its writer, and what is in such a copy."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.backups.disk import Pulse, is_full
from storage.backups.failures import DiskFailed, Fault, Interrupted, InUse, NoRoom, Unsound

BUSY_SECONDS = 30
STEPS = 10_000
"""How many of SQLite's own steps pass between two questions whether to go on."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: rows by table, and the sizes of its files by their sha256."""

    revision: str
    counts: dict[str, int]
    files: dict[str, int]


def copy(source: Path, target: Path, pulse: Pulse) -> None:
    """Copy a database as of one instant, journal included; its writer goes on meanwhile.

    Raises Unsound for what is no database, and DiskFailed, NoRoom (where the database is) or an
    OSError (where the copy is) for what is no fault of it.
    """
    target.touch(mode=0o600)
    with _opened(source, "mode=rw", target.parent) as connection, _broken_off(connection, pulse):
        connection.execute("VACUUM INTO ?", (str(target),))


def examine(copy_: Path, pulse: Pulse, *, pages: bool = True) -> Contents:
    """Check a copy that nobody else has open, and say what is in it; raises Unsound.

    Every page and every reference is checked, unless `pages` says that it was done.
    """
    with _opened(copy_, "mode=ro&immutable=1") as connection, _broken_off(connection, pulse):
        if pages:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise Unsound(str(found))
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
            if lost is not None:
                raise Unsound(Fault.LOST_REFERENCE, table=lost[0], other=lost[2])
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        counts = {name: _count(connection, name) for (name,) in tables.fetchall()}
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        files = connection.execute("SELECT sha256, size FROM files ORDER BY sha256")
        return Contents(revision[0] if revision else "", counts, dict(files.fetchall()))


def still_names(source: Path, digests: list[str]) -> list[str]:
    """Return which of these files the living database names."""
    with _opened(source, "mode=rw") as connection:
        one = "SELECT 1 FROM files WHERE sha256 = ?"
        return [sha256 for sha256 in digests if connection.execute(one, (sha256,)).fetchone()]


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 a name from its schema


@contextmanager
def _broken_off(connection: sqlite3.Connection, pulse: Pulse) -> Iterator[None]:
    """Let the pulse break off what the database is doing."""

    def is_over() -> bool:
        try:
            pulse()
        except Interrupted:
            return True
        return False

    connection.set_progress_handler(is_over, STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        pulse()  # was it we?
        raise


@contextmanager
def _opened(path: Path, how: str, written: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Open a database, and name its failures; `written` is where it writes, if elsewhere."""
    address = f"{path.resolve().as_uri()}?{how}"
    try:
        with closing(
            sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        ) as connection:
            yield connection
    except sqlite3.Error as error:
        raise _named(error, path.parent, written or path.parent) from None


def _named(error: sqlite3.Error, home: Path, written: Path) -> Exception:
    """Tell a disk's failure from a database's; the upper bytes only say more of the lowest."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    has_failed = code == sqlite3.SQLITE_IOERR
    if code == sqlite3.SQLITE_FULL or (has_failed and is_full(written)):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(written))
    if has_failed and is_full(home):
        return NoRoom(str(home))
    return DiskFailed(str(error)) if has_failed else Unsound(str(error))


def fold(path: Path) -> None:
    """Fold a database's journal into its file, so that the file alone is the database.

    Raises InUse where another program has it open, Unsound where it is damaged, and DiskFailed or
    an OSError where a disk fails.
    """
    with _opened(path, "mode=rw") as connection:
        connection.execute("PRAGMA busy_timeout = 1000")
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise InUse(str(error)) from None
            raise
    with path.open("rb") as file:
        os.fsync(file.fileno())
