"""People and what they are to each other: roles, classes, children."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa

from storage.database import Tx
from storage.prepared import Prepared
from storage.tables.people import classes, guardianships, persons, roles, students


class Role(StrEnum):
    """What a person may be in a school; one person may be several things."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    DEPUTY_HEAD = "deputy_head"
    SUPPORT = "support"


STAFF = frozenset({Role.TEACHER, Role.CLASS_TEACHER, Role.DEPUTY_HEAD, Role.SUPPORT})


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the roster."""

    id: int
    school_id: int
    surname: str
    given_name: str
    patronymic: str
    birth_date: date | None
    email: str
    left_on: date | None

    @property
    def full_name(self) -> str:
        """«Соколова Мария Андреевна»."""
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic)))

    @property
    def short_name(self) -> str:
        """«Соколова Мария»."""
        return f"{self.surname} {self.given_name}"

    @property
    def polite_name(self) -> str:
        """«Мария Андреевна»: how an adult is addressed."""
        return " ".join(filter(None, (self.given_name, self.patronymic)))


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class: `week_days` is 5 or 6."""

    id: int
    school_id: int
    parallel: int
    letter: str
    week_days: int
    shift: int
    class_teacher_id: int | None

    @property
    def name(self) -> str:
        """«7Б»."""
        return f"{self.parallel}{self.letter}"


@dataclass(frozen=True, slots=True)
class Student:
    """A person who learns in a class; `mode` is the study mode of the whole year."""

    person: Person
    school_class: SchoolClass
    mode: str

    @property
    def id(self) -> int:
        """The person's id."""
        return self.person.id

    @property
    def needs_guardian(self) -> bool:
        """Whether a guardian acts for this child (grades 1–4)."""
        return self.school_class.parallel <= GUARDED_PARALLELS


class Pupil(Protocol):
    """Whoever learns in a class: enough to tell their day."""

    @property
    def id(self) -> int:
        """The person's id."""
        ...

    @property
    def school_class(self) -> SchoolClass:
        """The class."""
        ...

    @property
    def mode(self) -> str:
        """The study mode of the whole year."""
        ...


GUARDED_PARALLELS = 4

PERSON: tuple[Any, ...] = tuple(
    persons.c[name]
    for name in (
        "id",
        "school_id",
        "surname",
        "given_name",
        "patronymic",
        "birth_date",
        "email",
        "left_on",
    )
)
CLASS: tuple[Any, ...] = tuple(classes.c)
STUDENT: tuple[Any, ...] = (*PERSON, *CLASS, students.c.mode)


def student_from(row: Any) -> Student:
    """Read the columns of STUDENT."""
    cut = len(PERSON)
    return Student(Person(*row[:cut]), SchoolClass(*row[cut:-1]), row[-1])


def select_students() -> sa.Select[Any]:
    """Select students who are still at the school, with their classes."""
    return (
        sa.select(*STUDENT)
        .join(students, students.c.person_id == persons.c.id)
        .join(classes, classes.c.id == students.c.class_id)
        .where(persons.c.left_on.is_(None))
        .order_by(classes.c.parallel, classes.c.letter, persons.c.surname, persons.c.given_name)
    )


_THE_PERSON = sa.bindparam("person", type_=sa.Integer)
_PERSON = Prepared(sa.select(*PERSON).where(persons.c.id == _THE_PERSON))
_STUDENT = Prepared(select_students().where(persons.c.id == _THE_PERSON))
_CHILDREN = Prepared(
    select_students()
    .join(guardianships, guardianships.c.student_id == persons.c.id)
    .where(guardianships.c.guardian_id == _THE_PERSON)
)
_GUARDIANS = Prepared(
    sa.select(*PERSON)
    .join(guardianships, guardianships.c.guardian_id == persons.c.id)
    .where(guardianships.c.student_id == _THE_PERSON, persons.c.left_on.is_(None))
    .order_by(persons.c.id)
)
_ROLES = Prepared(
    sa.select(roles.c.role)
    .where(roles.c.person_id == _THE_PERSON)
    .union(
        sa.select(sa.literal(Role.CLASS_TEACHER.value)).where(
            sa.exists().where(classes.c.class_teacher_id == _THE_PERSON)
        )
    )
)


async def person(tx: Tx, person_id: int) -> Person | None:
    """Return a person, leavers included."""
    row = await _PERSON.one(tx, person=person_id)
    return None if row is None else Person(*row)


async def persons_by_id(tx: Tx, person_ids: Collection[int]) -> list[Person]:
    """Return those of some people who are still at the school, by name."""
    rows = await tx.execute(
        sa.select(*PERSON)
        .where(persons.c.id.in_(person_ids), persons.c.left_on.is_(None))
        .order_by(persons.c.surname, persons.c.given_name, persons.c.id)
    )
    return [Person(*row) for row in rows]


async def student(tx: Tx, person_id: int) -> Student | None:
    """Return a student with the class, unless the person has left."""
    row = await _STUDENT.one(tx, person=person_id)
    return None if row is None else student_from(row)


async def students_of_school(tx: Tx, school_id: int) -> list[Student]:
    """Return all students of a school, by class and name."""
    rows = await tx.execute(select_students().where(persons.c.school_id == school_id))
    return [student_from(row) for row in rows]


async def roles_of(tx: Tx, person_id: int) -> frozenset[Role]:
    """Return a person's roles, as they are now; a class teacher is named in `classes`."""
    return frozenset(Role(row[0]) for row in await _ROLES.rows(tx, person=person_id))


async def people_in_role(tx: Tx, school_id: int, role: Role) -> list[Person]:
    """Return the people of a school who hold a role."""
    rows = await tx.execute(
        sa.select(*PERSON)
        .join(roles, roles.c.person_id == persons.c.id)
        .where(
            persons.c.school_id == school_id,
            roles.c.role == role.value,
            persons.c.left_on.is_(None),
        )
        .order_by(persons.c.surname, persons.c.given_name, persons.c.id)
    )
    return [Person(*row) for row in rows]


async def children_of(tx: Tx, guardian_id: int) -> list[Student]:
    """Return a guardian's children at the school, youngest class first."""
    return [student_from(row) for row in await _CHILDREN.rows(tx, person=guardian_id)]


async def guardians_of(tx: Tx, student_id: int) -> list[Person]:
    """Return a student's guardians."""
    return [Person(*row) for row in await _GUARDIANS.rows(tx, person=student_id)]


async def guardians_in_school(tx: Tx, school_id: int) -> dict[int, list[Person]]:
    """Return the guardians of every student of a school, by student."""
    rows = await tx.execute(
        sa.select(guardianships.c.student_id, *PERSON)
        .join(persons, persons.c.id == guardianships.c.guardian_id)
        .where(persons.c.school_id == school_id, persons.c.left_on.is_(None))
        .order_by(persons.c.id)
    )
    found: dict[int, list[Person]] = {}
    for student_id, *row in rows:
        found.setdefault(student_id, []).append(Person(*row))
    return found


async def school_class(tx: Tx, class_id: int) -> SchoolClass:
    """Return a class; raises NoResultFound if there is none."""
    row = (await tx.execute(sa.select(*CLASS).where(classes.c.id == class_id))).one()
    return SchoolClass(*row)


async def classes_of_school(tx: Tx, school_id: int) -> list[SchoolClass]:
    """Return a school's classes, youngest first."""
    rows = await tx.execute(
        sa.select(*CLASS)
        .where(classes.c.school_id == school_id)
        .order_by(classes.c.parallel, classes.c.letter)
    )
    return [SchoolClass(*row) for row in rows]


async def classes_led_by(tx: Tx, person_id: int) -> list[SchoolClass]:
    """Return the classes whose class teacher this person is."""
    rows = await tx.execute(
        sa.select(*CLASS)
        .where(classes.c.class_teacher_id == person_id)
        .order_by(classes.c.parallel, classes.c.letter)
    )
    return [SchoolClass(*row) for row in rows]
