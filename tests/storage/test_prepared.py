"""A prepared statement says what SQLAlchemy would have said, on both kinds of database."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database, Tx
from storage.prepared import Prepared, savepoint
from storage.tables.messages import moments, outbox, sessions
from storage.tables.people import code_tries, schools
from tests.school_template import MONDAY
from tests.storage.rows import Rows

MOSCOW = timezone(timedelta(hours=3))

TRY = Prepared(
    sa.insert(code_tries).values(
        messenger=sa.bindparam("on"), user_ref=sa.bindparam("who"), tried_at=sa.bindparam("at")
    )
)
WHO = Prepared(sa.select(code_tries.c.user_ref).order_by(code_tries.c.id))
SINCE = Prepared(
    sa.select(code_tries.c.user_ref, code_tries.c.tried_at)
    .where(
        code_tries.c.messenger.in_(("vk", "telegram")), code_tries.c.tried_at > sa.bindparam("at")
    )
    .order_by(code_tries.c.id)
    .limit(sa.bindparam("many", type_=sa.Integer))
)
FORGET = Prepared(sa.delete(code_tries).where(code_tries.c.user_ref == sa.bindparam("who")))


async def who_tried(database: Database) -> list[str]:
    async with database.read() as tx:
        return [row[0] for row in await WHO.rows(tx)]


async def tried(tx: Tx, who: str, at: datetime = MONDAY) -> None:
    await TRY.change(tx, on="vk", who=who, at=at)


@pytest.mark.parametrize("table", [schools, outbox, sessions, moments])
async def test_every_kind_of_value_comes_back_as_sqlalchemy_gives_it(
    rows: Rows, table: sa.Table
) -> None:
    school = await rows.school()
    await rows.plan(rows.reply("r"), rows.notice("n", useful_until=MONDAY))
    async with rows.database.write() as tx:
        await tx.execute(
            sa.insert(sessions).values(
                messenger="vk", chat_ref="1", step="s", data={"a": [1, "ё"]}, asked="", since=MONDAY
            )
        )
        day = date(2026, 11, 23)
        await tx.execute(
            sa.insert(moments).values(school_id=school, day=day, moment="m", planned_at=MONDAY)
        )
    async with rows.database.read() as tx:
        everything = sa.select(table).order_by(*table.primary_key)
        expected = [tuple(row) for row in await tx.execute(everything)]
        assert [tuple(row) for row in await Prepared(everything).rows(tx)] == expected
    assert expected


async def test_instants_go_in_and_are_compared_in_utc(database: Database) -> None:
    async with database.write() as tx:
        await tried(tx, "early", MONDAY.astimezone(MOSCOW))
        await tried(tx, "late", MONDAY + timedelta(hours=2))
        await tried(tx, "later", MONDAY + timedelta(hours=3))
    async with database.read() as tx:
        after = (MONDAY + timedelta(hours=1)).astimezone(MOSCOW)
        found = [tuple(row) for row in await SINCE.rows(tx, at=after, many=1)]
        assert found == [("late", (MONDAY + timedelta(hours=2)).astimezone(UTC))]
        assert await SINCE.value(tx, at=MONDAY - timedelta(hours=1), many=9) == "early"
        assert await SINCE.one(tx, at=MONDAY + timedelta(days=1), many=9) is None
        assert await SINCE.value(tx, at=MONDAY + timedelta(days=1), many=9) is None


async def test_it_tells_how_many_rows_it_changed(database: Database) -> None:
    async with database.write() as tx:
        each = [{"on": "vk", "who": who, "at": MONDAY} for who in ("a", "b", "b")]
        await TRY.change_each(tx, each)
        assert await FORGET.change(tx, who="b") == 2
        assert await FORGET.change(tx, who="b") == 0
    assert await who_tried(database) == ["a"]


async def test_a_naive_instant_is_refused_as_elsewhere(database: Database) -> None:
    with pytest.raises((ValueError, sa.exc.StatementError), match="naive"):
        async with database.write() as tx:
            await tried(tx, "a", datetime(2026, 11, 23))  # noqa: DTZ001 that is what is refused


@pytest.mark.parametrize("values", [{}, {"who": "a", "whom": "b"}])
async def test_other_values_than_it_asks_for_are_refused(
    database: Database, values: dict[str, str]
) -> None:
    if not database.is_sqlite and values:
        pytest.skip("SQLAlchemy overlooks what nobody asked for")
    with pytest.raises((TypeError, sa.exc.StatementError)):
        async with database.write() as tx:
            await FORGET.change(tx, **values)


async def test_a_refusal_is_sqlalchemys_and_names_nobody(database: Database) -> None:
    repeated = Prepared(
        sa.insert(sessions).values(
            messenger="vk",
            chat_ref=sa.bindparam("chat"),
            step=sa.bindparam("doing"),
            data={},
            asked="",
            since=MONDAY,
        )
    )

    async def twice(tx: Tx) -> None:
        for _ in range(2):
            await repeated.change(tx, chat="secret chat", doing="secret step")

    with pytest.raises(IntegrityError) as refusal:
        await database.write_whole(twice)
    assert "secret step" not in str(refusal.value)


async def test_outside_a_transaction_of_the_database_nothing_stays(database: Database) -> None:
    async def fail(tx: Tx) -> None:
        await tried(tx, "a")
        raise KeyError

    with pytest.raises(KeyError):
        await database.write_whole(fail)
    assert await who_tried(database) == []
    with pytest.raises(DBAPIError):
        await database.read_whole(lambda tx: tried(tx, "a"))
    assert await who_tried(database) == []


async def test_a_part_that_fails_takes_only_its_own(database: Database) -> None:
    async def fail(tx: Tx) -> None:
        async with savepoint(tx):
            await tried(tx, "outer")
            async with savepoint(tx), tx.begin_nested():
                await tried(tx, "inner")
            raise KeyError

    async def work(tx: Tx) -> None:
        await tried(tx, "before")
        with pytest.raises(KeyError):
            await fail(tx)
        async with savepoint(tx):
            await tried(tx, "kept")
            with pytest.raises(KeyError):
                await fail(tx)
        await tried(tx, "after")

    await database.write_whole(work)
    assert await who_tried(database) == ["before", "kept", "after"]
