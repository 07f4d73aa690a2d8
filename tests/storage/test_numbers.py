"""No number of a message comes again, whatever is put back in place of the database."""

from datetime import timedelta

from storage import numbers
from storage.database import Database
from storage.health import health
from storage.outbox import DROPPED
from tests.storage.rows import Rows

HOUR = timedelta(hours=1)


async def start(database: Database, rows: Rows) -> None:
    await database.write_whole(lambda tx: numbers.leap(tx, rows.now))


async def number(rows: Rows, key: str) -> int:
    await rows.plan(rows.notice(key))
    return (await rows.message(key)).id


async def test_a_start_leaves_behind_what_an_older_copy_does_not_know(
    database: Database, rows: Rows
) -> None:
    """The copy's next number is 3; since then up to 3,000 more may have been given in an hour."""
    before = [await number(rows, key) for key in "ab"]
    rows.now += HOUR
    await start(database, rows)
    first = await number(rows, "c")
    rows.now += HOUR
    await start(database, rows)
    second = await number(rows, "d")
    assert before[1] < first < first + 3000 < second < 2**31
    assert await number(rows, "e") == second + 1


async def test_numbers_never_go_back(database: Database, rows: Rows) -> None:
    await start(database, rows)
    first = await number(rows, "a")
    for back in (timedelta(0), HOUR, timedelta(days=5000)):
        rows.now -= back
        await start(database, rows)
        second = await number(rows, f"b{back}")
        assert second > first
        first = second


async def test_a_clock_far_ahead_leaves_numbers_for_ever(database: Database, rows: Rows) -> None:
    rows.now += timedelta(days=365 * 500)
    for key in "ab":
        await start(database, rows)
        assert await number(rows, key) < 2**30 + 10


async def test_the_gap_is_no_message(database: Database, rows: Rows) -> None:
    for _ in range(3):
        rows.now += HOUR
        await start(database, rows)
    async with database.read() as tx:
        found = await health(tx, rows.now)
    assert (found.outbox, found.unbound, found.overdue_since) == ({}, 0, None)
    assert found.lanes in ({}, {("", DROPPED): 1})
