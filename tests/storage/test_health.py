"""The row that proves that the database takes writes."""

import sqlalchemy as sa

from storage import health
from storage.database import Database
from storage.tables.pulse import pulse


async def test_a_beat_counts_up_the_one_row(database: Database) -> None:
    for _ in range(3):
        async with database.write() as tx:
            await health.beat(tx)
    async with database.read() as tx:
        rows = (await tx.execute(sa.select(pulse.c.beats))).all()
    assert [row[0] for row in rows] == [3]
