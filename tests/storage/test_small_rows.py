"""Letters, sessions and moments."""

import asyncio
from datetime import date, timedelta

from storage import letters, moments, sessions, tasks
from storage.database import Database
from storage.outbox import DEAD, PLANNED
from storage.sessions import Session
from tests.storage.rows import Rows

MONDAY = date(2026, 11, 23)
TWO_HOURS = timedelta(hours=2)


async def test_one_letter_to_one_address_is_for_all_its_students(
    rows: Rows, database: Database
) -> None:
    masha, anya = await rows.person("S701"), await rows.person("S501")
    letter = rows.notice("letter", "family@example.org", lane="mail", object="task:7:1")
    other = rows.notice("other", "", lane="", object="task:7:1")
    async with database.write() as tx:
        for _ in range(2):
            await letters.write(tx, letter, [masha, anya], MONDAY, rows.now)
        await letters.write(tx, other, [masha], MONDAY, rows.now)
        of_masha = await letters.of_day(tx, masha, MONDAY)
        assert [(one.address, one.state) for one in of_masha] == [
            ("family@example.org", PLANNED),
            ("", DEAD),
        ]
        assert len(await letters.of_day(tx, anya, MONDAY)) == 1
        assert await letters.of_day(tx, anya, MONDAY + timedelta(days=1)) == []
        about = [one.student_id for one in await letters.about(tx, "task:7:1")]
        assert (set(about[:2]), about[2:]) == ({masha, anya}, [masha])


async def test_a_chat_stands_in_one_step_or_in_none(rows: Rows, database: Database) -> None:
    async with database.write() as tx:
        assert await sessions.load(tx, "telegram", "anya") == Session()
        for step in ("first", "second"):
            asked = Session(step, {"задание": [1, None]}, asked="reply|1|0")
            await sessions.save(tx, "telegram", "anya", asked, rows.now)
            assert await sessions.load(tx, "telegram", "anya") == asked
        assert await sessions.load(tx, "vk", "anya") == Session()
        await sessions.save(tx, "telegram", "anya", Session(), rows.now)
        assert await sessions.load(tx, "telegram", "anya") == Session()


async def test_a_moment_of_a_day_is_marked_by_one(rows: Rows, database: Database) -> None:
    school_id = await rows.school()

    async def mark() -> bool:
        async with database.write() as tx:
            is_first = await moments.mark(tx, school_id, MONDAY, "morning 07:30", rows.now)
            await asyncio.sleep(0.01)
            return is_first

    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(mark()) for _ in range(3)]
    assert sorted(one.result() for one in tries) == [False, False, True]
    async with database.read() as tx:
        assert await moments.is_planned(tx, school_id, MONDAY, "morning 07:30")
        assert not await moments.is_planned(tx, school_id, MONDAY, "morning 07:31")
        next_day = MONDAY + timedelta(days=1)
        assert not await moments.is_planned(tx, school_id, next_day, "morning 07:30")


async def test_a_deadline_makes_two_instants_until_the_task_is_withdrawn(
    rows: Rows, database: Database
) -> None:
    due_at = rows.now + timedelta(hours=5)
    task_id = await rows.task(due=timedelta(hours=5))
    async with database.read() as tx:
        assert await moments.next_deadline(tx, rows.now) == due_at - TWO_HOURS
        assert await moments.next_deadline(tx, due_at - TWO_HOURS) == due_at
        assert await moments.next_deadline(tx, due_at) is None
    async with database.write() as tx:
        await tasks.withdraw(tx, task_id, rows.now)
        assert await moments.next_deadline(tx, rows.now) is None
