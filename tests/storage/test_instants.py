from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.tables.people import code_tries

MOSCOW = ZoneInfo("Europe/Moscow")
HALF_PAST_SEVEN = datetime(2026, 11, 23, 7, 30, 0, 123456, tzinfo=MOSCOW)


async def store(database: Database, *instants: datetime) -> None:
    async with database.write() as tx:
        for instant in instants:
            row = {"messenger": "vk", "user_ref": "1", "tried_at": instant}
            await tx.execute(sa.insert(code_tries).values(row))


async def stored(database: Database) -> list[datetime]:
    async with database.read() as tx:
        return list(await tx.scalars(sa.select(code_tries.c.tried_at).order_by(code_tries.c.id)))


async def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(database: Database) -> None:
    await store(database, HALF_PAST_SEVEN)
    (found,) = await stored(database)
    assert found == HALF_PAST_SEVEN
    assert found.tzinfo is UTC
    assert found.hour == 4


async def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = HALF_PAST_SEVEN.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive"):
        await store(database, naive)
    async with database.read() as tx:
        with pytest.raises(StatementError, match="naive"):
            await tx.execute(sa.select(code_tries.c.id).where(code_tries.c.tried_at > naive))
    assert await stored(database) == []


async def test_instants_of_different_zones_compare_as_instants(database: Database) -> None:
    west = HALF_PAST_SEVEN.astimezone(timezone(timedelta(hours=-9))) + timedelta(seconds=1)
    whole = HALF_PAST_SEVEN.replace(microsecond=0)
    await store(database, west, HALF_PAST_SEVEN, whole)
    async with database.read() as tx:
        ordered = sa.select(code_tries.c.tried_at).order_by(code_tries.c.tried_at)
        assert list(await tx.scalars(ordered)) == [whole, HALF_PAST_SEVEN, west]
        later = ordered.where(code_tries.c.tried_at > HALF_PAST_SEVEN)
        assert list(await tx.scalars(later)) == [west]
        newest = await tx.scalar(sa.select(sa.func.max(code_tries.c.tried_at)))
        assert newest == west
