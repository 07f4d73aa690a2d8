"""Work handed over whole: all or nothing, on the connection's thread where there is one."""

import asyncio
import sqlite3
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import accounts
from storage.database import Database, Tx
from storage.sqlite import StrayAwait
from storage.tables.people import code_tries
from tests.school_template import MONDAY

PATIENCE = 60.0


async def tries(database: Database) -> list[str]:
    async with database.read() as tx:
        return list((await tx.scalars(sa.select(code_tries.c.user_ref))).all())


async def test_it_commits_and_gives_back_what_the_work_returned(database: Database) -> None:
    async def work(tx: Tx) -> int:
        await accounts.tried(tx, "vk", "one", MONDAY)
        async with tx.begin_nested():
            await accounts.tried(tx, "vk", "two", MONDAY)
        return 42

    assert await database.write_whole(work) == 42
    assert await tries(database) == ["one", "two"]
    earlier = MONDAY - timedelta(hours=1)
    assert await database.read_whole(lambda tx: accounts.tries_since(tx, earlier, "vk", "one")) == 1


async def test_work_that_fails_leaves_nothing_and_its_own_error(database: Database) -> None:
    async def work(tx: Tx) -> None:
        await accounts.tried(tx, "vk", "one", MONDAY)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await database.write_whole(work)
    assert await tries(database) == []


async def test_on_sqlite_the_loop_goes_on_meanwhile(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("asyncpg works on the loop")
    has_begun, has_beaten, threads = threading.Event(), threading.Event(), []

    async def work(_tx: Tx) -> None:
        threads.append(threading.get_ident())
        has_begun.set()
        assert has_beaten.wait(PATIENCE)

    async with asyncio.TaskGroup() as group:
        group.create_task(database.write_whole(work))
        await asyncio.to_thread(has_begun.wait, PATIENCE)
        for _ in range(5):
            await asyncio.sleep(0.001)
        has_beaten.set()
    assert threads != [threading.get_ident()]


async def test_work_that_awaits_something_else_is_refused_and_undone(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("asyncpg works on the loop")

    async def work(tx: Tx) -> None:
        await accounts.tried(tx, "vk", "one", MONDAY)
        await asyncio.sleep(0)

    with pytest.raises(StrayAwait):
        await database.write_whole(work)
    assert await tries(database) == []


async def test_a_cancelled_caller_waits_for_the_thread_and_nothing_remains(
    database: Database,
) -> None:
    if not database.is_sqlite:
        pytest.skip("asyncpg works on the loop")
    is_under_way, is_cancelled = threading.Event(), threading.Event()
    ended = []

    async def work(tx: Tx) -> None:
        is_under_way.set()
        assert is_cancelled.wait(PATIENCE)
        await accounts.tried(tx, "vk", "one", MONDAY)
        ended.append(True)

    async with asyncio.TaskGroup() as group:
        working = group.create_task(database.write_whole(work))
        await asyncio.to_thread(is_under_way.wait, PATIENCE)
        working.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert not working.done()
        is_cancelled.set()
    assert ended == [True]
    assert await tries(database) == []


async def test_a_file_that_is_no_database_is_refused_at_the_first_use(tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    path.write_bytes(b"no database at all, and long enough to be read as one" * 20)
    broken = Database(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(sa.exc.DatabaseError):
        await broken.read_whole(lambda tx: tx.scalar(sa.text("SELECT 1 FROM sqlite_master")))
    await broken.close()


async def test_however_often_the_caller_is_cancelled_nothing_remains_and_nobody_comes_between(
    database: Database,
) -> None:
    """BEGIN waits for another process, and the caller does not want to."""
    if not database.is_sqlite:
        pytest.skip("asyncpg works on the loop")
    async with database.write():
        pass  # from here on the connection is open, and BEGIN the first to wait
    rival = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    rival.execute("BEGIN IMMEDIATE")

    async def work(tx: Tx) -> None:
        await accounts.tried(tx, "vk", "given up", MONDAY)

    async with asyncio.TaskGroup() as group:
        working = group.create_task(database.write_whole(work))
        await asyncio.sleep(0.05)
        for _ in range(3):
            working.cancel()
            await asyncio.sleep(0.02)
        assert not working.done()
        following = group.create_task(
            database.write_whole(lambda tx: accounts.tried(tx, "vk", "next", MONDAY))
        )
        await asyncio.sleep(0.05)
        rival.execute("COMMIT")
        await following
    rival.close()
    assert working.cancelled()
    assert await tries(database) == ["next"]


async def test_a_transaction_that_sqlite_has_ended_is_never_said_to_be_committed(
    database: Database,
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL keeps a transaction that failed open")
    async with database.read() as tx:
        pages = int(await tx.scalar(sa.text("PRAGMA page_count")) or 0)

    async def overlook(tx: Tx) -> None:
        await tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}")
        await accounts.tried(tx, "vk", "kept?", MONDAY)
        with suppress(sa.exc.DBAPIError):
            await accounts.tried(tx, "x" * 10**6, "too much", MONDAY)

    with pytest.raises((sqlite3.OperationalError, sa.exc.DBAPIError), match="ended"):
        await database.write_whole(overlook)

    async def go_on(tx: Tx) -> None:
        await tx.exec_driver_sql("PRAGMA max_page_count=1000000")
        await accounts.tried(tx, "vk", "next", MONDAY)

    await database.write_whole(go_on)
    assert await tries(database) == ["next"]
