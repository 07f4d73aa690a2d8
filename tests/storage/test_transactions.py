import asyncio
import shutil
import sqlite3
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path

import aiosqlite
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database, Tx, bring, insert_new, opened, upsert
from storage.tables.messages import cards, moments
from storage.tables.people import code_tries
from storage.tables.work import files
from tests.school_template import MONDAY, sqlite_url

PATIENCE = 60.0
CARD = {"messenger": "telegram", "chat_ref": "anya", "card": "day", "message_ref": "1"}


def content(name: str) -> dict[str, object]:
    return {"sha256": name, "size": 1, "content_type": "text/plain", "stored_at": MONDAY}


async def write_and_fail(database: Database, *, in_savepoint: bool = False) -> None:
    async with database.write() as tx:
        async with tx.begin_nested() if in_savepoint else nullcontext():
            await tx.execute(sa.insert(files).values(content("a")))
        raise KeyError("a")


async def kept(database: Database) -> list[str]:
    async with database.read() as tx:
        return list(await tx.scalars(sa.select(files.c.sha256).order_by(files.c.id)))


async def test_what_a_block_wrote_is_there_after_it(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(sa.insert(files).values(content("a")))
    assert await kept(database) == ["a"]


async def test_a_block_that_fails_leaves_no_trace(database: Database) -> None:
    with pytest.raises(KeyError):
        await write_and_fail(database)
    assert await kept(database) == []


async def test_a_released_savepoint_goes_with_the_transaction_around_it(
    database: Database,
) -> None:
    with pytest.raises(KeyError):
        await write_and_fail(database, in_savepoint=True)
    assert await kept(database) == []


async def test_with_the_drivers_own_transactions_a_released_savepoint_would_stay(
    template: Path, tmp_path: Path
) -> None:
    """The trap that the test above is there for: the driver begins only at the first INSERT."""
    path = tmp_path / "trap.db"
    shutil.copyfile(template, path)
    async with aiosqlite.connect(path) as driver:
        assert driver.isolation_level == ""
        await driver.execute("SAVEPOINT one")
        insert = "INSERT INTO files (sha256, size, content_type, stored_at) VALUES ('a', 1, '', '')"
        await driver.execute(insert)
        await driver.execute("RELEASE one")
        await driver.rollback()
        found = await driver.execute_fetchall("SELECT sha256 FROM files")
        assert [row[0] for row in found] == ["a"]


async def test_a_savepoint_that_fails_takes_only_its_own(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(sa.insert(files).values(content("before")))
        with pytest.raises(IntegrityError):
            await _add_in_savepoint(tx, content("inside"), content("before"))
        await tx.execute(sa.insert(files).values(content("after")))
    assert await kept(database) == ["before", "after"]


async def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    row = {"school_id": 999, "day": date(2026, 11, 23), "moment": "m", "planned_at": MONDAY}
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.execute(sa.insert(moments).values(row))


async def test_writers_queue_up_and_each_sees_the_work_of_the_one_before(
    database: Database,
) -> None:
    async def count_one_more() -> None:
        async with database.write() as tx:
            await tx.execute(sa.text("UPDATE work_numbers SET last = last + 1"))

    async with database.write() as tx:
        await tx.execute(sa.text("INSERT INTO work_numbers SELECT min(id), 0 FROM classes"))
    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(count_one_more())
    async with database.read() as tx:
        assert await tx.scalar(sa.text("SELECT last FROM work_numbers")) == 20


async def test_a_reader_waits_for_nobody_and_sees_no_half_made_work(database: Database) -> None:
    async with asyncio.timeout(PATIENCE), database.write() as tx:
        await tx.execute(sa.insert(files).values(content("a")))
        assert await kept(database) == []
    assert await kept(database) == ["a"]


async def test_a_reader_sees_one_instant_from_first_to_last(database: Database) -> None:
    count = sa.select(sa.func.count()).select_from(files)
    async with database.read() as reader:
        assert await reader.scalar(count) == 0
        async with database.write() as tx:
            await tx.execute(sa.insert(files).values(content("a")))
        assert await reader.scalar(count) == 0
    assert await kept(database) == ["a"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.read() as tx:
            await tx.execute(sa.insert(files).values(content("a")))
    assert await kept(database) == []


async def test_a_write_within_a_write_is_refused_instead_of_waiting_for_itself(
    database: Database,
) -> None:
    async with asyncio.timeout(PATIENCE), database.write() as tx:
        await tx.execute(sa.insert(files).values(content("a")))
        with pytest.raises(RuntimeError, match="waits for itself"):
            async with database.write():
                pass
    assert await kept(database) == ["a"]


async def test_a_cancelled_write_leaves_no_trace_and_holds_nobody_up(database: Database) -> None:
    is_inside = asyncio.Event()

    async def write_for_ever() -> None:
        async with database.write() as tx:
            await tx.execute(sa.insert(files).values(content("cancelled")))
            is_inside.set()
            await asyncio.sleep(10 * PATIENCE)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(write_for_ever())
        await is_inside.wait()
        task.cancel()
    async with asyncio.timeout(PATIENCE), database.write() as tx:
        await tx.execute(sa.insert(files).values(content("next")))
    assert await kept(database) == ["next"]


async def test_a_write_cancelled_in_the_middle_of_a_statement_holds_nobody_up(
    database: Database,
) -> None:
    async def write_much() -> None:
        async with database.write() as tx:
            for number in range(10_000):
                await tx.execute(sa.insert(files).values(content(f"cancelled-{number}")))

    for pause in (0.0, 0.004, 0.011):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(write_much())
            await asyncio.sleep(pause)
            task.cancel()
        async with asyncio.timeout(PATIENCE), database.write() as tx:
            await tx.execute(sa.insert(files).values(content(f"next-{pause}")))
    assert await kept(database) == ["next-0.0", "next-0.004", "next-0.011"]


async def test_news_are_told_after_a_commit_and_only_then(database: Database) -> None:
    told: list[int] = []
    database.listen(lambda: told.append(1))
    with pytest.raises(KeyError):
        await write_and_fail(database)
    assert told == []
    async with database.write() as tx:
        await tx.execute(sa.insert(files).values(content("a")))
        assert told == []
    assert told == [1]


async def test_who_waits_for_something_hears_of_nothing_else(database: Database) -> None:
    told: list[str] = []
    database.listen(lambda: told.append("a"), "a")
    database.listen(lambda: told.append("a or b"), "a", "b")

    async def fail(tx: Tx) -> None:
        bring(tx, "a")
        raise KeyError

    with pytest.raises(KeyError):
        await database.write_whole(fail)

    async def whole(tx: Tx) -> None:
        bring(tx, "b")
        bring(tx, "b")

    await database.write_whole(whole)
    assert told == ["a or b"]
    async with database.write():
        pass
    async with database.read() as tx:
        await tx.execute(sa.select(files.c.id))
    assert told == ["a or b"]
    async with database.write() as tx:
        bring(tx, "a")
    assert told == ["a or b", "a", "a or b"]


async def test_a_commit_that_fails_leaves_a_connection_that_works(database: Database) -> None:
    async def fail(_tx: Tx) -> None:
        raise KeyError

    for _ in range(10):
        with pytest.raises(KeyError):
            await database.write_whole(fail)
        with pytest.raises(KeyError):
            await database.read_whole(fail)
    async with database.write() as tx:
        await tx.execute(sa.insert(files).values(content("a")))
    assert await kept(database) == ["a"]


async def test_after_a_commit_that_sqlite_refused_the_next_one_is_as_good_as_ever(
    database: Database,
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL checks these references at once")

    async def refer_to_nothing(tx: Tx) -> None:
        await tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        row = {"school_id": 999, "day": date(2026, 11, 23), "moment": "m", "planned_at": MONDAY}
        await tx.execute(sa.insert(moments).values(row))

    for _ in range(3):
        with pytest.raises((DBAPIError, sqlite3.IntegrityError), match="FOREIGN KEY"):
            await database.write_whole(refer_to_nothing)
    async with database.write() as tx:
        await tx.execute(sa.insert(files).values(content("a")))
    assert await kept(database) == ["a"]


async def test_more_readers_than_connections_take_turns(database: Database) -> None:
    async def count(tx: Tx) -> int:
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(files)) or 0)

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        counts = [group.create_task(database.read_whole(count)) for _ in range(40)]
    assert {task.result() for task in counts} == {0}


async def test_insert_new_leaves_what_is_there_alone(database: Database) -> None:
    async with database.write() as tx:
        assert await insert_new(tx, files, [content("a"), content("b"), content("a")]) == 2
        assert await insert_new(tx, files, [{**content("a"), "size": 99}, content("c")]) == 1
        assert await insert_new(tx, files, []) == 0
        assert await tx.scalar(sa.select(files.c.size).where(files.c.sha256 == "a")) == 1
    assert await kept(database) == ["a", "b", "c"]


async def test_insert_new_counts_what_is_new_among_thousands(database: Database) -> None:
    async with database.write() as tx:
        assert await insert_new(tx, files, [content(f"{n}") for n in range(0, 3000, 2)]) == 1500
        assert await insert_new(tx, files, [content(f"{n}") for n in range(3000)]) == 1500
    assert len(await kept(database)) == 3000


async def test_insert_new_does_not_swallow_other_faults(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await insert_new(tx, files, [{**content("a"), "content_type": None}])


async def test_insert_new_of_two_at_once_lets_one_through(database: Database) -> None:
    async def add() -> int:
        async with database.write() as tx:
            added = await insert_new(tx, files, [content("same")])
            await asyncio.sleep(0.01)
            return added

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(add()) for _ in range(4)]
    assert sorted(task.result() for task in tasks) == [0, 0, 0, 1]


async def test_upsert_replaces_the_row_with_the_same_key(database: Database) -> None:
    async with database.write() as tx:
        await upsert(tx, cards, CARD)
        await upsert(tx, cards, {**CARD, "message_ref": "2"})
        await upsert(tx, cards, {**CARD, "card": "draft"})
        found = await tx.execute(sa.select(cards.c.card, cards.c.message_ref))
        assert sorted(tuple(row) for row in found) == [("day", "2"), ("draft", "1")]


async def test_an_error_does_not_carry_what_was_being_stored(database: Database) -> None:
    row = {"messenger": "telegram", "user_ref": "Соколова Мария", "tried_at": None}
    with pytest.raises(IntegrityError) as caught:
        async with database.write() as tx:
            await tx.execute(sa.insert(code_tries).values(row))
    assert "Соколова" not in str(caught.value).partition("DETAIL")[0]
    assert "parameters hidden" in str(caught.value)


async def test_sqlite_takes_the_write_lock_at_once_and_syncs_every_commit(
    template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with opened(sqlite_url(path)) as database:
        async with database.write() as tx:
            for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                assert await tx.scalar(sa.text(f"PRAGMA {pragma}")) == value
            rival = sqlite3.connect(path, timeout=0, isolation_level=None)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                rival.execute("BEGIN IMMEDIATE")
        rival.execute("BEGIN IMMEDIATE")
        rival.execute("ROLLBACK")
        rival.close()


async def test_a_transaction_that_sqlite_ended_by_itself_takes_no_more_statements(
    template: Path, tmp_path: Path
) -> None:
    """A full disk ends the whole transaction; what followed would be committed one by one."""
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with opened(sqlite_url(path)) as database:
        with pytest.raises(DBAPIError, match="full"):
            await _fill_the_disk(database)
        async with database.write() as tx:
            await tx.execute(sa.insert(files).values(content("next")))
        assert await kept(database) == ["next"]


async def _fill_the_disk(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(sa.text("PRAGMA max_page_count=1"))
        await tx.execute(sa.insert(files).values(content("before")))
        big = {**content("inside"), "content_type": "x" * 10**6}
        with pytest.raises(DBAPIError, match="full") as failure:
            await _add_in_savepoint(tx, big)
        with pytest.raises(DBAPIError, match="ended"):
            await tx.execute(sa.insert(files).values(content("after")))
        raise failure.value


async def test_sqlite_waits_for_another_process_that_writes(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    rival = sqlite3.connect(path, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    async with opened(sqlite_url(path)) as database, asyncio.TaskGroup() as group:
        group.create_task(_add(database, "waited"))
        await asyncio.sleep(0.05)
        assert await kept(database) == []
        rival.execute("COMMIT")
    async with opened(sqlite_url(path)) as database:
        assert await kept(database) == ["waited"]
    rival.close()


async def test_who_is_cancelled_while_begin_waits_leaves_nothing_begun(database: Database) -> None:
    """The thread goes on waiting for the other process, whoever asked it to."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL does not lock as a whole")
    for cancels in (1, 2):
        with closing(sqlite3.connect(database.path, isolation_level=None)) as rival:
            await _add(database, f"before {cancels}")  # the connection is open
            rival.execute("BEGIN IMMEDIATE")
            async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
                task = group.create_task(_add(database, "cancelled"))
                for _ in range(cancels):
                    await asyncio.sleep(0.05)
                    task.cancel()
                group.create_task(_add(database, f"next {cancels}"))
                await asyncio.sleep(0.05)
                rival.execute("COMMIT")
    assert await kept(database) == ["before 1", "next 1", "before 2", "next 2"]


async def _add_in_savepoint(tx: Tx, *rows: dict[str, object]) -> None:
    async with tx.begin_nested():
        for row in rows:
            await tx.execute(sa.insert(files).values(row))


async def _add(database: Database, name: str) -> None:
    async with database.write() as tx:
        await tx.execute(sa.insert(files).values(content(name)))
