"""The sample school: the same at every run, without a fault, and with the people tests rely on."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from samples.make_school import FOLDER, write_school
from school.roster.rows import Roster
from school.roster.validate import Reading, read_roster
from school.rules.calendar import Period, PeriodKind, SchoolCalendar
from school.rules.lessons import LessonFormat
from school.rules.modes import Mode
from school.rules.names import ClassName
from school.rules.norms import lesson_minutes, online_lessons
from storage.people import Role
from tests.school.roster.mini import accepted, said


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_roster(FOLDER)


@pytest.fixture(scope="module")
def roster(reading: Reading) -> Roster:
    return accepted(reading)


def test_the_script_writes_the_same_bytes(tmp_path: Path) -> None:
    write_school(tmp_path)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert written == {file.name: file.read_bytes() for file in FOLDER.iterdir()}


def test_it_has_neither_a_problem_nor_a_notice(reading: Reading) -> None:
    assert said((*reading.problems, *reading.notices)) == []


def test_its_size(roster: Roster) -> None:
    assert [str(row.key) for row in roster.classes] == ["1А", "3Б", "5А", "7Б", "9А", "11А"]
    assert [row.week_days for row in roster.classes] == [5, 5, 5, 5, 6, 6]
    assert all(row.class_teacher for row in roster.classes)
    assert len(roster.students) == 71
    assert len(roster.teachers) == 14
    assert set(Counter(pair.guardian for pair in roster.guardianships).values()) == {1, 2, 3}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("students:S101", "Соколов Михаил Андреевич"),
        ("students:S501", "Соколова Анна Андреевна"),
        ("students:S701", "Соколова Мария Андреевна"),
        ("students:S702", "Ершов Тимофей Олегович"),
        ("parents:P001", "Соколова Елена Викторовна"),
        ("teachers:T01", "Кузнецова Ирина Петровна"),
        ("teachers:T14", "Орлова Наталья Сергеевна"),
    ],
)
def test_the_people_that_others_rely_on(roster: Roster, key: str, name: str) -> None:
    assert {str(person.key): person.name.full for person in roster.people}[key] == name


def test_the_traps_it_holds(roster: Roster) -> None:
    people = {str(person.key): person for person in roster.people}
    names = Counter(person.name.full for person in roster.people)
    assert {name for name, times in names.items() if times > 1} == {
        "Иванов Артём Сергеевич",
        "Смирнова Ольга Николаевна",
    }
    assert [
        str(pair.student) for pair in roster.guardianships if pair.guardian == "parents:P001"
    ] == [
        "students:S101",
        "students:S501",
        "students:S701",
    ]
    assert people["students:S701"].email
    assert not people["students:S702"].email
    assert people["parents:P002"].email
    assert people["parents:P003"].email == people["parents:P004"].email
    assert not people["students:S903"].patronymic
    assert people["students:S1101"].birth_date == date(2008, 11, 25)
    assert people["teachers:T11"].roles == {Role.TEACHER, Role.GUARDIAN}
    assert [person.key for person in roster.people if Role.DEPUTY_HEAD in person.roles] == [
        "teachers:T14"
    ]
    assert [person.key for person in roster.people if Role.SUPPORT in person.roles] == [
        "teachers:T09"
    ]


def test_two_students_of_7b_have_no_address_at_all(roster: Roster) -> None:
    people = {person.key: person for person in roster.people}
    reached = {student.person for student in roster.students if people[student.person].email}
    reached |= {pair.student for pair in roster.guardianships if people[pair.guardian].email}
    of_7b = {student.person for student in roster.students_of(ClassName(7, "Б"))}
    assert of_7b - reached == {"students:S704", "students:S705"}


@pytest.mark.clause("5.12")
def test_lessons_keep_to_the_norms(roster: Roster) -> None:
    for bell in roster.bells:
        minutes = (bell.ends.hour - bell.starts.hour) * 60 + bell.ends.minute - bell.starts.minute
        assert minutes == min(lesson_minutes(parallel) for parallel in (1, 3, 5, 7, 9, 11))
    for row in roster.classes:
        for weekday in range(1, row.week_days + 1):
            online = {
                lesson.lesson
                for lesson in roster.lessons
                if (lesson.class_key, lesson.weekday) == (row.key, weekday)
                and lesson.format is LessonFormat.ONLINE
            }
            assert len(online) == online_lessons(row.key.parallel)


def test_it_learns_at_a_distance_from_monday_23_november(roster: Roster) -> None:
    modes = {
        str(row.student or row.class_key): row.mode
        for row in roster.modes
        if row.starts_on <= date(2026, 11, 24)
    }
    assert modes == {
        **dict.fromkeys(("1А", "3Б", "5А", "7Б", "11А"), Mode.DISTANCE),
        "students:S905": Mode.INDIVIDUAL_DISTANCE,
        "students:S906": Mode.REFUSAL,
        "students:S907": Mode.NO_TECH,
    }
    assert any(row.day == date(2026, 11, 24) for row in roster.substitutions)
    assert any(row.format is LessonFormat.CANCELLED for row in roster.substitutions)


def test_its_year(roster: Roster) -> None:
    periods = tuple(
        Period(row.kind, row.starts_on, row.ends_on, frozenset(row.parallels))
        for row in roster.periods
    )
    calendar = SchoolCalendar(periods)
    assert sum(period.kind is PeriodKind.TERM for period in periods) == 4
    assert calendar.next_working(date(2026, 10, 23), 7, 5) == date(2026, 11, 5)
    assert calendar.next_working(date(2026, 12, 30), 11, 6) == date(2027, 1, 11)
    assert calendar.next_working(date(2027, 2, 12), 1, 5) == date(2027, 2, 24)
    assert calendar.next_working(date(2027, 2, 12), 3, 5) == date(2027, 2, 15)
    assert calendar.is_working(date(2027, 5, 26), 9, 6)
