"""After a restore nothing is said twice, as far as anybody can know what was said."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from scheduler import aftermath, plan
from scheduler.aftermath import Aftermath
from storage import accounts, moments, numbers, outbox, schema, schools
from storage.backups.sequel import AHEAD, LEAP
from storage.database import Database, Tx, opened
from storage.outbox import DROPPED, PLANNED, SENDING, SENT, UNKNOWN, NewMessage
from storage.tables.messages import moments as planned_moments
from storage.tables.messages import outbox as messages
from storage.tables.people import persons
from storage.tables.work import drafts, work_numbers
from tests.school_template import MONDAY, sqlite_url

NIGHT = MONDAY.replace(hour=2, minute=15)
NOON = MONDAY.replace(hour=12, minute=0)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def message(key: str, kind: str, at: datetime, *, is_reply: bool = False) -> NewMessage:
    return NewMessage(key, kind, "telegram", "1", {"text": "—"}, at, 1, is_reply=is_reply)


WAITING = (
    message("nudge", "deadlines", NOON - HOUR),
    message("answer", "answer", NOON - HOUR),
    message("reply", "reply", NOON - HOUR, is_reply=True),
    message("tomorrow", "deadlines", NOON + HOUR),
    message("of a kind that is no more", "forgotten", NOON - HOUR),
)


@pytest.fixture
async def old(database: Database, tmp_path: Path) -> AsyncIterator[Database]:
    """The database that lives on after the backup, of which `database` is the backup."""
    async with database.write() as tx:
        await outbox.plan(tx, WAITING, NIGHT)
    await schema.copy_aside(database, tmp_path / "old.db")
    async with opened(sqlite_url(tmp_path / "old.db")) as other:
        yield other


async def made_up(database: Database, old: Database | None, now: datetime = NOON) -> Aftermath:
    memory = None
    if old is not None:
        async with old.read() as of_old, database.read() as of_fresh:
            memory = await aftermath.recall(of_old, of_fresh, NIGHT)
    async with database.write() as tx:
        return await aftermath.make_up(tx, memory, NIGHT, now)


async def states(database: Database) -> dict[str, str]:
    async with database.read() as tx:
        rows = await tx.execute(
            sa.select(messages.c.key, messages.c.state).where(messages.c.lane == "telegram")
        )
        return {row.key: row.state for row in rows}


async def test_what_nobody_knows_goes_again_only_if_it_must_be_heard(
    database: Database, old: Database
) -> None:
    assert await states(old)
    assert await made_up(database, None) == Aftermath(known=0, unknown=2)
    assert await states(database) == {
        "nudge": UNKNOWN,
        "answer": PLANNED,
        "reply": PLANNED,
        "tomorrow": PLANNED,
        "of a kind that is no more": UNKNOWN,
    }


async def test_the_old_database_tells_what_became_of_each(
    database: Database, old: Database
) -> None:
    async def happened(tx: Tx) -> None:
        by_key = {one.key: one for one in await outbox.in_state(tx, "telegram", PLANNED)}
        await outbox.sent(tx, by_key["nudge"].id, "77", NOON - HOUR)
        await outbox.finish(tx, by_key["answer"].id, DROPPED, "its reason is gone")
        await outbox.sending(tx, by_key["reply"], '{"text":"—"}')

    async with old.write() as tx:
        await happened(tx)
    assert await made_up(database, old) == Aftermath(known=5, unknown=0)
    assert await states(database) == {
        "nudge": SENT,
        "answer": DROPPED,
        "reply": SENDING,
        "tomorrow": PLANNED,
        "of a kind that is no more": PLANNED,
    }
    async with database.read() as tx:
        assert await outbox.sent_at(tx, "nudge") == NOON - HOUR
        (interrupted,) = await outbox.in_state(tx, "telegram", SENDING)
    assert interrupted.rendered == '{"text":"—"}'


async def test_a_message_that_the_old_database_has_forgotten_is_judged_by_the_rule(
    database: Database, old: Database
) -> None:
    async with old.write() as tx:
        await tx.execute(sa.delete(messages))
    assert await made_up(database, old) == Aftermath(known=0, unknown=2)


async def test_a_slip_that_was_replaced_or_used_stays_worthless(
    database: Database, tmp_path: Path
) -> None:
    """`old` lives on: one code is replaced there, one used; the restored one learns of both."""
    held = ("lost", "used", "kept", "gone before")
    async with database.write() as tx:
        people = [row[0] for row in await tx.execute(sa.select(persons.c.id).limit(len(held)))]
        for person, name in zip(people, held, strict=True):
            await accounts.issue_code(tx, 1, person, name, NIGHT, NIGHT + 99 * HOUR)
        await accounts.revoke_codes(tx, people[3], NIGHT)
    await schema.copy_aside(database, tmp_path / "old.db")
    async with opened(sqlite_url(tmp_path / "old.db")) as old:
        async with old.write() as tx:
            await accounts.issue_code(tx, 1, people[0], "new", NIGHT + HOUR, NIGHT + 99 * HOUR)
            used = await accounts.code(tx, ["used"])
            assert used is not None
            await accounts.spend_code(tx, used.id, NIGHT + HOUR)
        assert (await made_up(database, old)).revoked == 2
        assert (await made_up(database, old)).revoked == 0
    async with database.read() as tx:
        assert await accounts.live_codes(tx, 1, NOON) == {people[2]}
        lost, before = await accounts.code(tx, ["lost"]), await accounts.code(tx, ["gone before"])
        assert (lost is not None, before is not None) == (True, True)
        assert (lost and lost.revoked_at, before and before.revoked_at) == (NOON, NIGHT)
        assert await accounts.code(tx, ["new"]) is None


async def test_without_the_old_database_no_slip_is_judged(database: Database) -> None:
    async with database.write() as tx:
        await accounts.issue_code(tx, 1, 1, "kept", NIGHT, NIGHT + 99 * HOUR)
    assert (await made_up(database, None)).revoked == 0
    async with database.read() as tx:
        assert await accounts.live_codes(tx, 1, NOON) == {1}


async def test_moments_that_passed_are_not_planned_again(database: Database) -> None:
    await made_up(database, None)
    await plan.tick(database, NOON)
    async with database.read() as tx:
        planned = await tx.scalar(sa.select(sa.func.count()).where(messages.c.state == PLANNED))
        assert not planned
        today = {row[0] for row in await tx.execute(sa.select(planned_moments.c.moment))}
    assert {"morning 07:30", "deputy 07:45"} <= today
    await plan.tick(database, NOON.replace(hour=15, minute=30))
    async with database.read() as tx:
        later = {row[0] for row in await tx.execute(sa.select(planned_moments.c.moment))}
    assert "review 15:00" in later - today


async def test_a_moment_that_the_old_life_missed_is_made_up_for(
    database: Database, old: Database
) -> None:
    """It died before the morning cards: they go out after the restore."""
    async with old.write() as tx:
        school = (await schools.every(tx))[0]
        assert await moments.mark(tx, school.id, NIGHT.date(), "deputy 07:45", NIGHT)
        assert await moments.mark(tx, school.id, NIGHT.date(), "deadline 9:1 evening", NIGHT)
    await made_up(database, old)
    async with database.read() as tx:
        noted = {row[0] for row in await tx.execute(sa.select(planned_moments.c.moment))}
    assert noted == {"deputy 07:45"}
    await plan.tick(database, NOON)
    async with database.read() as tx:
        mornings = sa.select(sa.func.count()).where(messages.c.kind == "morning")
        assert await tx.scalar(mornings)


async def test_no_number_is_given_twice(database: Database, old: Database) -> None:
    async with database.write() as tx:
        class_id = await tx.scalar(sa.text("SELECT min(id) FROM classes"))
        await tx.execute(sa.insert(work_numbers).values(class_id=class_id, last=1007))
        last = await tx.scalar(sa.select(sa.func.max(messages.c.id))) or 0
    await made_up(database, old)
    async with database.write() as tx:
        await outbox.plan(tx, [message("new", "deadlines", NOON)], NOON)
        new = await tx.scalar(sa.select(messages.c.id).where(messages.c.key == "new")) or 0
        assert new > last + AHEAD
        numbers = {row[0]: row[1] for row in await tx.execute(sa.select(work_numbers))}
        assert numbers.pop(class_id) == 2000
        assert set(numbers.values()) == {1000}
        author = await tx.scalar(sa.text("SELECT min(id) FROM persons"))
        draft = {"messenger": "vk", "chat_ref": "1", "author_id": author, "version": 1}
        added = await tx.execute(sa.insert(drafts).values(**draft, started_at=NOON))
        assert (added.inserted_primary_key or (0,))[0] > LEAP
        sequences = await tx.execute(sa.text("SELECT name, seq FROM sqlite_sequence"))
        assert {row[0] for row in sequences if row[1] >= LEAP} == {
            "drafts",
            "reviews",
            "tasks",
            "works",
        }


async def test_a_second_restore_leaps_once_more(database: Database) -> None:
    gap = sa.select(messages.c.id).where(messages.c.key == numbers.GAP)
    kept: list[int] = []
    for now in (NOON, NOON + HOUR):
        await made_up(database, None, now)
        async with database.read() as tx:
            kept += await tx.scalars(gap)
    first, second = kept
    assert second - first == AHEAD


async def number(database: Database, key: str) -> int:
    async with database.write() as tx:
        await outbox.plan(tx, [message(key, "deadlines", NOON)], NOON)
        return int(await tx.scalar(sa.select(messages.c.id).where(messages.c.key == key)) or 0)


WAVE = 1500
"""More than the clock allows for in the quarter of an hour between two restores."""


async def test_a_second_restore_from_one_copy_leaves_the_first_and_its_wave_behind(
    database: Database, tmp_path: Path
) -> None:
    await schema.copy_aside(database, tmp_path / "wrong.db")
    async with opened(sqlite_url(tmp_path / "wrong.db")) as wrong:
        await made_up(wrong, None)
        async with wrong.write() as tx:
            wave = [message(f"wave {each}", "deadlines", NOON) for each in range(WAVE)]
            await outbox.plan(tx, wave, NOON)
            last = await tx.scalar(sa.select(sa.func.max(messages.c.id))) or 0
        await made_up(database, wrong, NOON + QUARTER)
    assert last < await number(database, "after") < 2**31


async def test_a_number_that_is_damage_is_not_counted_on_from(
    database: Database, old: Database
) -> None:
    async with old.write() as tx:
        await numbers.keep_gap(tx, 2**60, NOON)
    await made_up(database, old)
    assert await number(database, "after") < 2**31


@pytest.mark.parametrize("later", [timedelta(hours=9), timedelta(days=1)], ids=str)
async def test_a_start_after_it_leaves_behind_what_an_older_copy_does_not_know(
    database: Database, tmp_path: Path, later: timedelta
) -> None:
    """Restored at noon; a file of the disk that was copied in the afternoon is put back later."""
    await database.write_whole(lambda tx: numbers.leap(tx, NOON))
    await made_up(database, None)
    first = await number(database, "a")
    await schema.copy_aside(database, tmp_path / "copy.db")
    second = await number(database, "b")
    async with opened(sqlite_url(tmp_path / "copy.db")) as back:
        await back.write_whole(lambda tx: numbers.leap(tx, NOON + later))
        third = await number(back, "c")
    assert first < second < third


async def test_a_wave_just_before_a_restore_is_left_behind_too(database: Database) -> None:
    """1,200 are told within a minute of the start, and then the disk dies."""
    await database.write_whole(lambda tx: numbers.leap(tx, NOON))
    before = await number(database, "before")
    await made_up(database, None)
    assert await number(database, "after") > before + 1200
