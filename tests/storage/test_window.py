"""A window shows what others write, and nothing can be written through it."""

import asyncio
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage import schools
from storage.database import Database, opened
from storage.tables.people import schools as table
from storage.window import Window
from tests.school_template import sqlite_url


async def test_it_shows_what_has_been_committed_meanwhile(
    either_database: Database, either_url: str
) -> None:
    async with Window(either_url) as window:
        for name in ("Школа № 1", "Школа № 2"):
            async with either_database.write() as tx:
                await schools.change(tx, 1, {"name": name})
            async with window.read() as tx:
                assert (await schools.by_id(tx, 1)).name == name


async def test_it_sees_one_instant_to_its_end(either_database: Database, either_url: str) -> None:
    async with Window(either_url) as window, window.read() as tx:
        before = (await schools.by_id(tx, 1)).name
        async with either_database.write() as writing:
            await schools.change(writing, 1, {"name": "Другая"})
        assert (await schools.by_id(tx, 1)).name == before


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(table).values(name="Чужая"),
        sa.delete(table),
        sa.text("CREATE TABLE mine (id INTEGER)"),
        sa.text("DROP TABLE outbox"),
    ],
)
async def test_a_write_is_refused(
    either_database: Database, either_url: str, statement: sa.Executable
) -> None:
    async with Window(either_url) as window:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            async with window.read() as tx:
                await tx.execute(statement)
    async with either_database.read() as tx:
        assert (await schools.by_id(tx, 1)).name == "Школа «Образец»"


async def test_it_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.db"
    async with Window(sqlite_url(path)) as window:
        with pytest.raises(DBAPIError, match="unable to open"):
            async with window.read():
                pass
    assert not await asyncio.to_thread(path.exists)


async def test_it_opens_what_a_killed_writer_left(template: Path, tmp_path: Path) -> None:
    """The write-ahead log of a dead process holds the newest rows."""
    path, left = tmp_path / "live.db", tmp_path / "left.db"
    shutil.copyfile(template, path)
    async with opened(sqlite_url(path)) as database:
        async with database.write() as tx:
            await schools.change(tx, 1, {"name": "Из журнала"})
        for end in ("", "-wal"):
            shutil.copyfile(f"{path}{end}", f"{left}{end}")
    async with Window(sqlite_url(left)) as window, window.read() as tx:
        assert (await schools.by_id(tx, 1)).name == "Из журнала"
