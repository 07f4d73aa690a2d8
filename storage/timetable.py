"""The timetable as it is kept: lessons, substitutions, bells, groups and who teaches what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.people import CLASS, SchoolClass
from storage.prepared import Prepared
from storage.tables.people import classes
from storage.tables.timetable import (
    bells,
    group_members,
    groups,
    lessons,
    subjects,
    substitutions,
    teachings,
)


@dataclass(frozen=True, slots=True)
class Bell:
    """When a lesson begins and ends, in the school's time."""

    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of the week. `week` is every, odd or even; `group_id` None is the whole class."""

    id: int
    class_id: int
    subject_id: int
    subject: str
    group_id: int | None
    teacher_id: int
    starts_on: date | None
    ends_on: date | None
    weekday: int
    lesson: int
    week: str
    format: str
    link: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """A change of one lesson on one day; `format` "cancelled" means there is none."""

    id: int
    class_id: int
    group_id: int | None
    day: date
    lesson: int
    subject_id: int | None
    subject: str | None
    teacher_id: int | None
    instead_of: str
    format: str
    link: str


@dataclass(frozen=True, slots=True)
class Teaching:
    """That a teacher teaches a subject to a class or to one of its groups."""

    id: int
    teacher_id: int
    school_class: SchoolClass
    subject_id: int
    subject: str
    group_id: int | None
    group: str


LESSON: tuple[Any, ...] = (
    lessons.c.id,
    lessons.c.class_id,
    lessons.c.subject_id,
    subjects.c.name,
    lessons.c.group_id,
    lessons.c.teacher_id,
    lessons.c.starts_on,
    lessons.c.ends_on,
    lessons.c.weekday,
    lessons.c.lesson,
    lessons.c.week,
    lessons.c.format,
    lessons.c.link,
)
SUBSTITUTION: tuple[Any, ...] = (
    substitutions.c.id,
    substitutions.c.class_id,
    substitutions.c.group_id,
    substitutions.c.day,
    substitutions.c.lesson,
    substitutions.c.subject_id,
    subjects.c.name,
    substitutions.c.teacher_id,
    substitutions.c.instead_of,
    substitutions.c.format,
    substitutions.c.link,
)
TEACHING: tuple[Any, ...] = (
    teachings.c.id,
    teachings.c.teacher_id,
    *CLASS,
    teachings.c.subject_id,
    subjects.c.name,
    teachings.c.group_id,
    sa.func.coalesce(groups.c.name, ""),
)

_THE_CLASS = sa.bindparam("of_class", type_=sa.Integer)
_OF_CLASS = (
    sa.select(*LESSON)
    .join(subjects, subjects.c.id == lessons.c.subject_id)
    .where(lessons.c.class_id == _THE_CLASS)
    .order_by(lessons.c.weekday, lessons.c.lesson, lessons.c.id)
)
_LESSONS_OF_WEEK = Prepared(_OF_CLASS)
_LESSONS_OF_DAY = Prepared(_OF_CLASS.where(lessons.c.weekday == sa.bindparam("of_weekday")))
_SUBSTITUTIONS = Prepared(
    sa.select(*SUBSTITUTION)
    .outerjoin(subjects, subjects.c.id == substitutions.c.subject_id)
    .where(
        substitutions.c.class_id == _THE_CLASS,
        substitutions.c.day.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(substitutions.c.day, substitutions.c.lesson, substitutions.c.id)
)
_BELLS = Prepared(
    sa.select(bells.c.shift, bells.c.lesson, bells.c.starts, bells.c.ends).where(
        bells.c.school_id == sa.bindparam("school")
    )
)
_GROUPS = Prepared(
    sa.select(group_members.c.group_id).where(group_members.c.student_id == sa.bindparam("student"))
)


async def lessons_of_class(tx: Tx, class_id: int, weekday: int = 0) -> list[Lesson]:
    """Return a class's lessons of the week, or of one weekday (1 is Monday), in order."""
    if weekday:
        rows = await _LESSONS_OF_DAY.rows(tx, of_class=class_id, of_weekday=weekday)
    else:
        rows = await _LESSONS_OF_WEEK.rows(tx, of_class=class_id)
    return [Lesson(*row) for row in rows]


async def substitutions_of_class(
    tx: Tx, class_id: int, first: date, last: date
) -> list[Substitution]:
    """Return a class's substitutions from `first` to `last`, both included."""
    rows = await _SUBSTITUTIONS.rows(tx, of_class=class_id, first=first, last=last)
    return [Substitution(*row) for row in rows]


async def lessons_of_classes(tx: Tx, class_ids: Collection[int], weekday: int) -> list[Lesson]:
    """Return the lessons of some classes on one weekday (1 is Monday), in order."""
    rows = await tx.execute(
        sa.select(*LESSON)
        .join(subjects, subjects.c.id == lessons.c.subject_id)
        .where(lessons.c.class_id.in_(class_ids), lessons.c.weekday == weekday)
        .order_by(lessons.c.lesson, lessons.c.id)
    )
    return [Lesson(*row) for row in rows]


async def lessons_of_teacher(tx: Tx, teacher_id: int, weekday: int) -> list[Lesson]:
    """Return the lessons a teacher gives on one weekday (1 is Monday), in order."""
    rows = await tx.execute(
        sa.select(*LESSON)
        .join(subjects, subjects.c.id == lessons.c.subject_id)
        .where(lessons.c.teacher_id == teacher_id, lessons.c.weekday == weekday)
        .order_by(lessons.c.lesson, lessons.c.id)
    )
    return [Lesson(*row) for row in rows]


async def substitutions_of_school(tx: Tx, school_id: int, day: date) -> list[Substitution]:
    """Return the substitutions of a day in all classes of a school."""
    rows = await tx.execute(
        sa.select(*SUBSTITUTION)
        .outerjoin(subjects, subjects.c.id == substitutions.c.subject_id)
        .join(classes, classes.c.id == substitutions.c.class_id)
        .where(classes.c.school_id == school_id, substitutions.c.day == day)
        .order_by(substitutions.c.lesson, substitutions.c.id)
    )
    return [Substitution(*row) for row in rows]


async def substitutions_of_classes(
    tx: Tx, class_ids: Collection[int], day: date
) -> list[Substitution]:
    """Return the substitutions of a day in some classes."""
    rows = await tx.execute(
        sa.select(*SUBSTITUTION)
        .outerjoin(subjects, subjects.c.id == substitutions.c.subject_id)
        .where(substitutions.c.class_id.in_(class_ids), substitutions.c.day == day)
        .order_by(substitutions.c.lesson, substitutions.c.id)
    )
    return [Substitution(*row) for row in rows]


async def shifts_of_classes(tx: Tx, school_id: int) -> dict[int, int]:
    """Return in which shift each class of a school learns."""
    rows = await tx.execute(
        sa.select(classes.c.id, classes.c.shift).where(classes.c.school_id == school_id)
    )
    return {row[0]: row[1] for row in rows}


async def bells_of_school(tx: Tx, school_id: int) -> dict[tuple[int, int], Bell]:
    """Return the bells by (shift, lesson)."""
    rows = await _BELLS.rows(tx, school=school_id)
    return {(shift, lesson): Bell(starts, ends) for shift, lesson, starts, ends in rows}


async def groups_of_student(tx: Tx, student_id: int) -> set[int]:
    """Return the ids of the groups a student is in."""
    return {row[0] for row in await _GROUPS.rows(tx, student=student_id)}


async def teachings_of(tx: Tx, teacher_id: int) -> list[Teaching]:
    """Return what a teacher teaches, by class, subject and group."""
    rows = await tx.execute(
        _teachings()
        .where(teachings.c.teacher_id == teacher_id)
        .order_by(classes.c.parallel, classes.c.letter, subjects.c.name, groups.c.name)
    )
    return [_teaching(row) for row in rows]


async def teaching(tx: Tx, teaching_id: int) -> Teaching | None:
    """Return one teaching."""
    row = (await tx.execute(_teachings().where(teachings.c.id == teaching_id))).one_or_none()
    return None if row is None else _teaching(row)


async def teachers_of_classes(tx: Tx, class_ids: list[int]) -> set[int]:
    """Return the ids of everybody who teaches something to one of the classes."""
    rows = await tx.execute(
        sa.select(teachings.c.teacher_id).where(teachings.c.class_id.in_(class_ids)).distinct()
    )
    return {row[0] for row in rows}


def _teachings() -> sa.Select[Any]:
    return (
        sa.select(*TEACHING)
        .join(classes, classes.c.id == teachings.c.class_id)
        .join(subjects, subjects.c.id == teachings.c.subject_id)
        .outerjoin(groups, groups.c.id == teachings.c.group_id)
    )


def _teaching(row: Any) -> Teaching:
    cut = 2 + len(CLASS)
    return Teaching(row[0], row[1], SchoolClass(*row[2:cut]), *row[cut:])
