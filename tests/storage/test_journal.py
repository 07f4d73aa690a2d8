"""SQLite's journal is moved beside the writes, and a commit does it only where nobody else has."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import OperationalError

from storage import database as database_module
from storage import journal
from storage.database import Database, opened
from tests.school_template import MONDAY
from tests.storage.rows import Rows

MANY = 800


@pytest.fixture
async def database(chosen_url: str) -> AsyncIterator[Database]:
    """The sample school on SQLite, whose journal this is about."""
    async with opened(chosen_url) as opened_copy:
        yield opened_copy


@pytest.fixture
def size(database: Database) -> int:
    """How large the database's file is before anything is written to it."""
    return database.path.stat().st_size


async def fill(rows: Rows, name: str) -> None:
    """Write more to the journal than a commit leaves there by itself."""
    await rows.plan(
        *(rows.notice(f"{name}{number}", payload={"": "x" * 8000}) for number in range(MANY))
    )


async def becomes_larger(database: Database, size: int) -> None:
    for _ in range(1000):
        if database.path.stat().st_size > size:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the journal stays where it is")


async def test_a_commit_leaves_it_alone_until_it_is_moved(
    database: Database, rows: Rows, size: int
) -> None:
    await fill(rows, "a")
    assert database.path.stat().st_size == size
    await journal.move(database)
    assert database.path.stat().st_size > size


async def test_a_commit_moves_it_where_nobody_else_has(
    monkeypatch: pytest.MonkeyPatch, chosen_url: str
) -> None:
    monkeypatch.setattr(database_module, "JOURNAL_PAGES", 1000)
    async with opened(chosen_url) as database:
        size = database.path.stat().st_size
        await fill(Rows(database, MONDAY), "a")
        assert database.path.stat().st_size > size


async def test_nobody_who_writes_waits_for_it_to_be_moved(database: Database, rows: Rows) -> None:
    await fill(rows, "a")
    async with database.write():
        await journal.move(database)
    assert await rows.plan(rows.notice("b")) == 1


async def test_the_keeper_moves_it_after_some_commits_and_after_some_time(
    database: Database, rows: Rows, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SECONDS", 600)
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(journal.Keeper(database).run())
        await fill(rows, "a")
        await asyncio.sleep(0.05)
        assert database.path.stat().st_size == size
        for number in range(journal.COMMITS):
            await rows.plan(rows.notice(f"small {number}"))
        await becomes_larger(database, size)
        keeping.cancel()
    moved = database.path.stat().st_size
    monkeypatch.setattr(journal, "SECONDS", 0.05)
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(journal.Keeper(database).run())
        await fill(rows, "b")
        await becomes_larger(database, moved)
        keeping.cancel()


async def test_the_keeper_outlives_a_database_that_was_away(
    database: Database, rows: Rows, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, failures = journal.move, [OperationalError("", None, OSError("disk I/O error"))]

    async def fail_once(database: Database) -> None:
        if failures:
            raise failures.pop()
        await move(database)

    monkeypatch.setattr(journal, "move", fail_once)
    monkeypatch.setattr(journal, "SECONDS", 0.02)
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(journal.Keeper(database).run())
        await fill(rows, "a")
        for _ in range(1000):
            if not failures:
                break
            await asyncio.sleep(0.01)
        await rows.plan(rows.notice("next"))
        await becomes_larger(database, size)
        keeping.cancel()


@pytest.mark.usefixtures("either_url")
async def test_on_postgresql_there_is_nothing_to_do(rows: Rows) -> None:
    assert await rows.plan(rows.notice("a")) == 1
    await journal.move(rows.database)
