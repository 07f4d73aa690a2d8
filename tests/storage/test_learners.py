"""What is read of many at once is what is read of each."""

from datetime import date

import sqlalchemy as sa

from storage import learners, people, timetable
from storage.database import Database
from storage.tables.people import persons
from tests.storage.rows import Rows

TODAY = date(2026, 11, 23)


async def test_slices_hold_every_class_once(database: Database) -> None:
    async with database.read() as tx:
        found, after = [], 0
        while part := await learners.classes_after(tx, 1, after, 2):
            assert len(part) <= 2
            found += part
            after = part[-1].id
        assert sorted(one.id for one in found) == sorted(
            one.id for one in await people.classes_of_school(tx, 1)
        )


async def test_everybody_of_a_class_is_in_one_cohort(rows: Rows) -> None:
    gone = await rows.person("S703")
    async with rows.database.write() as tx:
        await tx.execute(sa.update(persons).where(persons.c.id == gone).values(left_on=TODAY))
        classes = await people.classes_of_school(tx, 1)
        found = [
            (student_id, cohort.school_class, cohort.mode)
            for cohort in await learners.cohorts(tx, classes)
            for student_id in cohort.student_ids
        ]
        everyone = await people.students_of_school(tx, 1)
    assert sorted(found, key=lambda one: one[0]) == sorted(
        ((one.id, one.school_class, one.mode) for one in everyone), key=lambda one: one[0]
    )


async def test_groups_and_guardians_are_those_of_each_student(rows: Rows) -> None:
    gone = await rows.person("P001")
    async with rows.database.write() as tx:
        await tx.execute(sa.update(persons).where(persons.c.id == gone).values(left_on=TODAY))
        ids = [one.id for one in await people.classes_of_school(tx, 1)]
        groups, guardians = await learners.groups_of(tx, ids), await learners.guardians_of(tx, ids)
        mailed = await learners.with_mailbox(tx, ids)
        for student in await people.students_of_school(tx, 1):
            own = await people.guardians_of(tx, student.id)
            assert groups.get(student.id, set()) == await timetable.groups_of_student(
                tx, student.id
            )
            assert sorted(guardians.get(student.id, ())) == [one.id for one in own]
            has_mailbox = any(one.email for one in (student.person, *own))
            assert (student.id in mailed) is has_mailbox
    assert groups
    assert guardians


async def test_births_are_those_of_who_was_born_by_a_day(rows: Rows) -> None:
    async with rows.database.read() as tx:
        ids = [one.id for one in await people.classes_of_school(tx, 1)]
        born = {
            one.id: one.person.birth_date
            for one in await people.students_of_school(tx, 1)
            if one.person.birth_date
        }
        last = sorted(born.values())[len(born) // 2]
        found = await learners.births_until(tx, ids, last)
    assert found == {number: day for number, day in born.items() if day <= last}
    assert 0 < len(found) < len(born)
