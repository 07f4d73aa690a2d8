"""What a roster says once it has been read and checked: plain values with resolved references.

People are referred to by `PersonKey`, classes by `ClassName`, subjects by the one spelling that
`Roster.subjects` holds, groups by their name within a class and a subject.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple, NewType

from school.rules.calendar import PeriodKind
from school.rules.lessons import LessonFormat, Week
from school.rules.modes import Mode
from school.rules.names import ClassName, PersonName
from storage.people import Role

PersonKey = NewType("PersonKey", str)
"""Who somebody is across loads: sheet and id, "students:S701"."""


def person_key(sheet: str, row_id: str) -> PersonKey:
    """Name the person of a row; the same id on two sheets names two people."""
    return PersonKey(f"{sheet}:{row_id}")


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """The school's settings, every one with a default; times are the school's local time."""

    name: str = ""
    time_zone: str = "Europe/Moscow"
    country: str = "RU"
    morning: time = time(7, 30)
    mail_check: time = time(15, 0)
    review_nudges: tuple[time, ...] = (time(15, 0), time(18, 0))
    review_cutoff: time = time(18, 0)
    digest: time = time(18, 30)
    quiet_from: time = time(21, 0)
    quiet_until: time = time(7, 0)
    platform_url: str = ""
    informal_parallels: tuple[int, ...] = (5, 6, 7, 8, 9)
    language: str = "ru"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person once, whatever number of rows and roles they have."""

    key: PersonKey
    surname: str
    given_name: str
    patronymic: str = ""
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    roles: frozenset[Role] = frozenset()

    @property
    def name(self) -> PersonName:
        """The name as the rules of greeting and listing take it."""
        return PersonName(self.surname, self.given_name, self.patronymic)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class; `week_days` is 5 or 6."""

    key: ClassName
    week_days: int = 5
    shift: int = 1
    class_teacher: PersonKey | None = None


@dataclass(frozen=True, slots=True)
class StudentRow:
    """Where a student studies and in which mode the year is begun (`Roster.modes` wins)."""

    person: PersonKey
    class_key: ClassName
    mode: Mode = Mode.ORDINARY


@dataclass(frozen=True, slots=True)
class GuardianshipRow:
    """One guardian of one student; `relation` is the school's own word (мать, отец, опекун)."""

    guardian: PersonKey
    student: PersonKey
    relation: str = ""
    is_legal: bool = True


@dataclass(frozen=True, slots=True)
class TeacherRow:
    """What a member of staff teaches, in the spelling of `Roster.subjects`."""

    person: PersonKey
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A subgroup of a class in one subject, with its members."""

    class_key: ClassName
    subject: str
    name: str
    teacher: PersonKey
    students: tuple[PersonKey, ...]


@dataclass(frozen=True, slots=True)
class BellRow:
    """When a lesson begins and ends in a shift, school local time."""

    shift: int
    lesson: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the weekly timetable. `weekday` is 1 (Monday) to 7; `group` "" is everybody."""

    class_key: ClassName
    subject: str
    teacher: PersonKey
    weekday: int
    lesson: int
    group: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    week: Week = Week.EVERY
    format: LessonFormat = LessonFormat.IN_PERSON
    link: str = ""


@dataclass(frozen=True, slots=True)
class SubstitutionRow:
    """What a class has instead of its lesson on one day.

    `subject` None keeps the timetable's subject, `teacher` None means that nobody teaches,
    `format` None keeps the timetable's format; `instead_of` is the school's own remark.
    """

    day: date
    lesson: int
    class_key: ClassName
    group: str = ""
    subject: str | None = None
    teacher: PersonKey | None = None
    instead_of: str = ""
    format: LessonFormat | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A stretch of the school year, both days included; no parallels means all of them."""

    kind: PeriodKind
    name: str
    starts_on: date
    ends_on: date
    parallels: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModeRow:
    """A study mode by order, for a student or for a whole class: exactly one of the two is set.

    `ends_on` None means until further notice; no subjects means all of them.
    """

    mode: Mode
    starts_on: date
    ends_on: date | None = None
    student: PersonKey | None = None
    class_key: ClassName | None = None
    order: str = ""
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic of the thematic plan (КТП), numbered within class and subject."""

    class_key: ClassName
    subject: str
    number: int
    topic: str
    hours: int = 1


class Teaching(NamedTuple):
    """Who teaches what to whom; `group` "" is the whole class."""

    teacher: PersonKey
    class_key: ClassName
    subject: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """A whole checked roster: every reference in it points at something that is in it."""

    school: SchoolRow
    people: tuple[PersonRow, ...]
    classes: tuple[ClassRow, ...]
    students: tuple[StudentRow, ...]
    guardianships: tuple[GuardianshipRow, ...]
    teachers: tuple[TeacherRow, ...]
    subjects: tuple[str, ...]
    groups: tuple[GroupRow, ...]
    bells: tuple[BellRow, ...]
    lessons: tuple[LessonRow, ...]
    substitutions: tuple[SubstitutionRow, ...]
    periods: tuple[PeriodRow, ...]
    modes: tuple[ModeRow, ...]
    topics: tuple[TopicRow, ...]

    def person(self, key: PersonKey) -> PersonRow:
        """Find a person; a key that is not in the roster raises KeyError."""
        for person in self.people:
            if person.key == key:
                return person
        raise KeyError(key)

    def students_of(self, class_key: ClassName) -> Iterator[StudentRow]:
        """List the students of a class in the order of the sheet."""
        return (student for student in self.students if student.class_key == class_key)

    def teachings(self) -> tuple[Teaching, ...]:
        """List who teaches what to whom, by the groups and the timetable, each once."""
        by_group = (Teaching(g.teacher, g.class_key, g.subject, g.name) for g in self.groups)
        by_lesson = (Teaching(x.teacher, x.class_key, x.subject, x.group) for x in self.lessons)
        return tuple(dict.fromkeys((*by_group, *by_lesson)))
