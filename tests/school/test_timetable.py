"""The lessons of a day: parity, groups, substitutions, bells, and the next lesson of a subject."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from school import timetable
from school.timetable import Change, DayLesson, lessons_on
from storage import people, schools
from storage import timetable as stored
from storage.database import Database, Tx
from storage.people import Student
from storage.schools import School
from storage.timetable import Lesson, Substitution, Teaching
from tests.chat import House, moscow

MONDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 30)
ODD_MONDAY = NEXT_MONDAY


def lesson(number: int, subject: str = "Алгебра", **values: object) -> Lesson:
    base = Lesson(
        id=number,
        class_id=1,
        subject_id=sum(map(ord, subject)),
        subject=subject,
        group_id=None,
        teacher_id=10,
        starts_on=None,
        ends_on=None,
        weekday=1,
        lesson=number,
        week="every",
        format="online",
        link="https://sferum.example/1",
    )
    return replace(base, **values)  # type: ignore[arg-type]


def change(number: int, subject: str | None = None, **values: object) -> Substitution:
    base = Substitution(
        id=number,
        class_id=1,
        group_id=None,
        day=MONDAY,
        lesson=number,
        subject_id=sum(map(ord, subject)) if subject else None,
        subject=subject,
        teacher_id=11,
        instead_of="",
        format="",
        link="",
    )
    return replace(base, **values)  # type: ignore[arg-type]


def drawn(lessons: list[DayLesson]) -> list[tuple[int, str, str]]:
    return [(one.number, one.subject, one.change.value) for one in lessons]


def test_the_week_of_a_lesson_follows_its_parity_and_dates() -> None:
    planned = [
        lesson(1, "ОБЗР", week="odd"),
        lesson(1, "Проект", week="even"),
        lesson(2, "Химия", starts_on=NEXT_MONDAY),
        lesson(3, "Физика", ends_on=MONDAY),
    ]
    first = {one.subject for one in lessons_on(MONDAY, planned, [], ())}
    second = {one.subject for one in lessons_on(NEXT_MONDAY, planned, [], ())}
    assert {"ОБЗР", "Проект"} & first != {"ОБЗР", "Проект"} & second
    assert "Физика" in first - second
    assert "Химия" in second - first


def test_a_student_has_the_lessons_of_the_own_groups_only() -> None:
    planned = [
        lesson(1, "Английский язык", group_id=7, teacher_id=20),
        lesson(1, "Английский язык", group_id=8, teacher_id=21),
        lesson(2),
    ]
    own = lessons_on(MONDAY, planned, [], {8})
    assert [(one.number, one.teacher_id) for one in own] == [(1, 21), (2, 10)]


def test_another_subject_takes_the_place_and_says_what_was_planned() -> None:
    (one,) = lessons_on(MONDAY, [lesson(3, "Физика")], [change(3, "Алгебра")], ())
    assert (one.subject, one.instead_of, one.teacher_id) == ("Алгебра", "Физика", 11)
    assert one.change is Change.CHANGED
    assert not one.link, "the link of the planned lesson must not lead into the other one"


def test_a_substitute_teacher_keeps_subject_and_link() -> None:
    (one,) = lessons_on(MONDAY, [lesson(3)], [change(3)], ())
    assert (one.subject, one.instead_of, one.teacher_id) == ("Алгебра", "", 11)
    assert one.link == "https://sferum.example/1"


def test_a_cancelled_lesson_stays_and_says_so() -> None:
    (one,) = lessons_on(MONDAY, [lesson(3)], [change(3, format="cancelled")], ())
    assert not one.takes_place
    assert not one.link


def test_a_substitution_for_a_group_leaves_the_other_group_alone() -> None:
    planned = [
        lesson(1, "Английский язык", group_id=7, teacher_id=20),
        lesson(1, "Английский язык", group_id=8, teacher_id=21),
    ]
    changes = [change(1, group_id=7), change(1, format="cancelled")]
    assert drawn(lessons_on(MONDAY, planned, changes, {7})) == [(1, "Английский язык", "changed")]
    assert drawn(lessons_on(MONDAY, planned, changes, {8})) == [(1, "Английский язык", "cancelled")]
    assert drawn(lessons_on(MONDAY, planned, changes[:1], {8})) == [(1, "Английский язык", "")]


def test_a_lesson_that_was_not_planned_may_be_added() -> None:
    assert drawn(lessons_on(MONDAY, [], [change(6, "Химия")], ())) == [(6, "Химия", "changed")]
    assert lessons_on(MONDAY, [], [change(6)], ()) == []
    assert lessons_on(NEXT_MONDAY, [], [change(6, "Химия")], ()) == []


async def of_sample(tx: Tx, house: House, roster_id: str) -> tuple[School, Student]:
    person = await house.person(roster_id)
    student = await people.student(tx, person.id)
    assert student is not None
    return await schools.by_id(tx, person.school_id), student


async def test_bells_make_aware_instants(house: House) -> None:
    async with house.database.read() as tx:
        school, masha = await of_sample(tx, house, "S701")
        first, *_ = await timetable.of_student(tx, school, masha, MONDAY)
    assert first.starts_at == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert first.ends_at == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)])
async def test_the_whole_school_reads_as_student_by_student(house: House, day: date) -> None:
    async with house.database.read() as tx:
        school, _ = await of_sample(tx, house, "S701")
        everyone = await people.students_of_school(tx, school.id)
        at_once = await timetable.of_students(tx, school, everyone, day)
        for student in everyone[::7]:
            own = await timetable.of_student(tx, school, student, day)
            assert list(at_once[student.id]) == own


async def test_a_teacher_sees_own_lessons_and_the_one_taken_over(house: House) -> None:
    teacher, replaced = await house.person("T01"), await house.person("T10")
    async with house.database.read() as tx:
        school = await schools.by_id(tx, teacher.school_id)
        own = await timetable.of_teacher(tx, school, teacher.id, date(2026, 11, 24))
        given_up = await timetable.of_teacher(tx, school, replaced.id, date(2026, 11, 24))
        class_of_7b = next(
            one for one in await people.classes_of_school(tx, school.id) if one.name == "7Б"
        )
    taken = [one for one in own if one.instead_of == "Физика"]
    assert [(one.number, one.subject) for one in taken] == [(3, "Алгебра")]
    assert all(one.class_id != class_of_7b.id or one.number != 3 for one in given_up)
    instants = [one.starts_at for one in own if one.starts_at]
    assert instants == sorted(instants)


async def test_both_groups_have_their_teacher(house: House) -> None:
    first, second = await house.person("T07"), await house.person("T08")
    async with house.database.read() as tx:
        school = await schools.by_id(tx, first.school_id)
        own = [
            {one.group_id for one in await timetable.of_teacher(tx, school, who.id, MONDAY)}
            for who in (first, second)
        ]
    assert own[0]
    assert own[1]
    assert not (own[0] - {None}) & (own[1] - {None})


async def taught(database: Database, house: House, roster_id: str, subject: str) -> Teaching:
    teacher = await house.person(roster_id)
    async with database.read() as tx:
        found = await stored.teachings_of(tx, teacher.id)
    return next(one for one in found if one.subject == subject and one.school_class.parallel == 7)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-11-23 08:00", "2026-11-23 10:00"),
        ("2026-11-23 10:00", "2026-11-24 09:15"),
        ("2026-11-24 12:00", "2026-11-30 10:00"),
        ("2026-12-30 12:00", "2027-01-11 10:00"),
    ],
)
async def test_the_next_lesson_skips_what_is_no_school_day(
    house: House, after: str, expected: str
) -> None:
    geometry = await taught(house.database, house, "T01", "Геометрия")
    async with house.database.read() as tx:
        school = await schools.by_id(tx, 1)
        found = await timetable.next_lesson(tx, school, geometry, moscow(after))
    assert found is not None
    assert found.starts_at == moscow(expected)


async def test_the_next_lesson_passes_over_one_given_to_another_subject(house: House) -> None:
    physics = await taught(house.database, house, "T10", "Физика")
    async with house.database.read() as tx:
        school = await schools.by_id(tx, 1)
        found = await timetable.next_lesson(tx, school, physics, moscow("2026-11-23 08:00"))
    assert found is not None
    assert found.day == date(2026, 11, 26)


async def test_the_next_lesson_of_a_group_is_its_own(house: House) -> None:
    english = await taught(house.database, house, "T07", "Английский язык")
    async with house.database.read() as tx:
        school = await schools.by_id(tx, 1)
        found = await timetable.next_lesson(tx, school, english, moscow("2026-11-23 08:00"))
    assert found is not None
    assert found.group_id == english.group_id
