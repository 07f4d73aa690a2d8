"""What homework asks of the tables: whose is undone, newest works, planned reminders."""

from datetime import date, timedelta

import pytest

from storage import moments, people, tasks, works
from storage.database import Database
from storage.works import NewWork
from tests.storage.rows import Rows

pytestmark = pytest.mark.clause("П1-1.4")


async def hands_in(rows: Rows, task_id: int, student_id: int, author_id: int) -> int:
    new = NewWork(
        school_id=await rows.school(),
        task_id=task_id,
        student_id=student_id,
        author_id=author_id,
        sent_at=rows.now,
        received_at=rows.now,
        is_late=False,
        review_due_on=rows.now.date(),
        answer_on=rows.now.date(),
    )
    class_id = await rows.school_class(7, "Б")
    async with rows.database.write() as tx:
        return await works.add(tx, new, class_id, "7Б", [])


async def test_the_newest_work_at_each_task(rows: Rows, database: Database) -> None:
    anya, timofey = await rows.person("S701"), await rows.person("S702")
    first, second, third = [await rows.task() for _ in range(3)]
    await hands_in(rows, first, anya, anya)
    again = await hands_in(rows, first, anya, anya)
    other = await hands_in(rows, second, anya, anya)
    await hands_in(rows, third, timofey, timofey)
    async with database.read() as tx:
        latest = await works.latest_at(tx, anya, [first, second, third])
        none = await works.latest_at(tx, anya, [])
    assert {task_id: work.id for task_id, work in latest.items()} == {first: again, second: other}
    assert none == {}


async def test_the_newest_work_of_an_author_for_whomever(rows: Rows, database: Database) -> None:
    anya, timofey, mother = [await rows.person(one) for one in ("S701", "S702", "P001")]
    task_id = await rows.task()
    async with database.read() as tx:
        assert await works.newest_by(tx, mother) is None
    await hands_in(rows, task_id, anya, mother)
    last = await hands_in(rows, task_id, timofey, mother)
    await hands_in(rows, task_id, anya, anya)
    async with database.read() as tx:
        newest = await works.newest_by(tx, mother)
    assert newest is not None
    assert (newest.id, newest.student.id) == (last, timofey)


async def test_a_returned_work_leaves_its_task_undone(rows: Rows, database: Database) -> None:
    anya = await rows.person("S701")
    done, returned, idle, late = [await rows.task() for _ in range(3)] + [
        await rows.task(due=timedelta(hours=-1))
    ]
    await hands_in(rows, done, anya, anya)
    work_id = await hands_in(rows, returned, anya, anya)
    async with database.write() as tx:
        await works.set_state(tx, work_id, works.RETURNED)
        student = await people.student(tx, anya)
        assert student is not None
        undone = await tasks.undone_by(tx, student, rows.now)
        every = await tasks.of_student(tx, student, rows.now - timedelta(days=1))
    assert [task.id for task in undone] == [returned, idle]
    assert [task.id for task in every] == [late, done, returned, idle]


async def test_a_moment_is_marked_once_and_found_by_its_day(rows: Rows, database: Database) -> None:
    school_id = await rows.school()
    monday = date(2026, 11, 23)
    async with database.write() as tx:
        assert await moments.mark(tx, school_id, monday, "deadline 1:1", rows.now)
        assert not await moments.mark(tx, school_id, monday, "deadline 1:1", rows.now)
        assert await moments.mark(tx, school_id, monday + timedelta(days=1), "x", rows.now)
        later = await moments.since(tx, school_id, monday + timedelta(days=1))
        both = await moments.since(tx, school_id, monday)
    assert later == {(monday + timedelta(days=1), "x")}
    assert both == {(monday, "deadline 1:1"), (monday + timedelta(days=1), "x")}
