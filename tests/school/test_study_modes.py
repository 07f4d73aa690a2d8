"""A student's mode as the database has it, one by one and for the whole school."""

from datetime import date

import pytest
import sqlalchemy as sa

from school import day as days
from school.rules.modes import Mode
from school.study_modes import modes_around, modes_of
from storage import people, schools
from storage.tables.timetable import periods
from tests.chat import House

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("roster_id", "day", "mode"),
    [
        ("S701", MONDAY, Mode.DISTANCE),
        ("S701", date(2026, 11, 22), Mode.ORDINARY),
        ("S701", date(2026, 12, 30), Mode.DISTANCE),
        ("S701", date(2026, 12, 31), Mode.ORDINARY),
        ("S902", MONDAY, Mode.ORDINARY),
        ("S905", MONDAY, Mode.INDIVIDUAL_DISTANCE),
        ("S906", MONDAY, Mode.ORDINARY),
        ("S906", date(2026, 11, 24), Mode.REFUSAL),
        ("S907", MONDAY, Mode.NO_TECH),
        ("S1101", date(2027, 5, 3), Mode.DISTANCE),
    ],
)
async def test_the_mode_of_a_day(house: House, roster_id: str, day: date, mode: Mode) -> None:
    person = await house.person(roster_id)
    async with house.database.read() as tx:
        student = await people.student(tx, person.id)
        assert student is not None
        assert (await modes_around(tx, student)).of(student, day) is mode
        school = await schools.by_id(tx, person.school_id)
        assert (await modes_of(tx, school)).of(student, day) is mode


async def test_agreed_subjects_are_compared_as_people_compare_them(house: House) -> None:
    person = await house.person("S905")
    async with house.database.read() as tx:
        student = await people.student(tx, person.id)
        assert student is not None
        modes = await modes_around(tx, student)
        assert modes.of(student, MONDAY, "алгебра") is Mode.INDIVIDUAL_DISTANCE
        assert modes.of(student, MONDAY, "История") is Mode.ORDINARY


@pytest.mark.parametrize(("parallels", "mode"), [("9", Mode.DISTANCE), ("1,7", Mode.ORDINARY)])
async def test_a_quarantine_means_distance_for_its_parallels(
    house: House, parallels: str, mode: Mode
) -> None:
    person = await house.person("S902")
    async with house.database.write() as tx:
        await tx.execute(
            sa.insert(periods).values(
                school_id=1,
                kind="quarantine",
                name="грипп",
                starts_on=MONDAY,
                ends_on=date(2026, 11, 27),
                parallels=parallels,
                note="",
            )
        )
        student = await people.student(tx, person.id)
        assert student is not None
        modes = await modes_around(tx, student)
        assert modes.of(student, MONDAY) is mode
        assert modes.of(student, date(2026, 11, 28)) is Mode.ORDINARY


async def test_who_is_at_a_distance_reads_in_a_fixed_number_of_queries(house: House) -> None:
    statements: list[str] = []
    async with house.database.read() as tx:
        school = await schools.by_id(tx, 1)
        everyone = await people.students_of_school(tx, 1)
        classes = await people.classes_of_school(tx, 1)

        @sa.event.listens_for(tx.sync_connection, "before_cursor_execute")
        def _count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        remote = await days.at_a_distance(tx, school, classes, MONDAY)
    names = {circle.one.school_class.name for circle in remote}
    assert names == {"1А", "3Б", "5А", "7Б", "9А", "11А"}
    (ninth,) = [circle for circle in remote if circle.one.school_class.name == "9А"]
    assert len(ninth.student_ids) == 1
    assert sum(len(circle.student_ids) for circle in remote) < len(everyone)
    assert len(statements) < 12, statements
