"""The row that proves that the database takes writes."""

import sqlalchemy as sa

from storage import health, inbox
from storage.database import Database
from storage.inbox import NewEvent
from storage.tables.pulse import pulse
from tests.school_template import MONDAY


async def test_a_beat_counts_up_the_one_row(database: Database) -> None:
    for _ in range(3):
        async with database.write() as tx:
            await health.beat(tx)
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(pulse.c.beats))).all()
    assert [row[0] for row in rows] == [3]


async def test_a_file_on_a_messenger_that_is_off_waits_without_an_alarm(database: Database) -> None:
    async with database.write() as tx:
        await inbox.store(tx, [NewEvent("vk", "1", "vk:anya", "{}", "{}", files=1)], MONDAY)

    async def since() -> object:
        async with database.read() as tx:
            return (await health.health(tx, MONDAY)).unhandled_since

    assert await since() == MONDAY
    database.off = frozenset({"vk"})
    assert await since() is None
    database.off = frozenset()
    assert await since() == MONDAY
