"""A school as its moments read it: by class, everybody, and of everybody only what counts.

Many ids come as one row: a row a student would be most of the work of a morning.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from storage.database import Tx
from storage.people import CLASS, SchoolClass
from storage.tables.people import classes, guardianships, persons, students
from storage.tables.timetable import group_members, groups


class Learner(NamedTuple):
    """A student without a name: enough to tell the day."""

    id: int
    school_class: SchoolClass
    mode: str


class Cohort(NamedTuple):
    """Who learns in a class and begins the year in the same study mode."""

    school_class: SchoolClass
    mode: str
    student_ids: Sequence[int]


async def classes_after(tx: Tx, school_id: int, after: int, limit: int) -> list[SchoolClass]:
    """Return the next classes of a school in the order of their ids, beginning behind `after`."""
    rows = await tx.execute(
        sa.select(*CLASS)
        .where(classes.c.school_id == school_id, classes.c.id > after)
        .order_by(classes.c.id)
        .limit(limit)
    )
    return [SchoolClass(*row) for row in rows]


async def cohorts(tx: Tx, among: Sequence[SchoolClass]) -> list[Cohort]:
    """Return the students of some classes."""
    by_id = {one.id: one for one in among}
    rows = await tx.execute(
        sa.select(students.c.class_id, students.c.mode, _all_of(tx, persons.c.id))
        .join(persons, persons.c.id == students.c.person_id)
        .where(students.c.class_id.in_(by_id), persons.c.left_on.is_(None))
        .group_by(students.c.class_id, students.c.mode)
        .order_by(students.c.class_id, students.c.mode)
    )
    return [Cohort(by_id[class_id], mode, sorted(ids)) for class_id, mode, ids in rows]


async def groups_of(tx: Tx, class_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the groups of everybody of some classes who is in one, by student."""
    rows = await tx.execute(
        sa.select(groups.c.id, _all_of(tx, group_members.c.student_id))
        .join(group_members, group_members.c.group_id == groups.c.id)
        .where(groups.c.class_id.in_(class_ids))
        .group_by(groups.c.id)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for group_id, ids in rows:
        for student_id in ids:
            found[student_id].add(group_id)
    return {student_id: frozenset(own) for student_id, own in found.items()}


async def guardians_of(tx: Tx, class_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the guardians of everybody of some classes who has one, by student."""
    relatives = persons.alias()
    rows = await tx.execute(
        sa.select(
            students.c.class_id,
            _all_of(tx, guardianships.c.student_id),
            _all_of(tx, guardianships.c.guardian_id),
        )
        .join(students, students.c.person_id == guardianships.c.student_id)
        .join(relatives, relatives.c.id == guardianships.c.guardian_id)
        .where(students.c.class_id.in_(class_ids), relatives.c.left_on.is_(None))
        .group_by(students.c.class_id)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for _, student_ids, guardian_ids in rows:
        for student_id, guardian_id in zip(student_ids, guardian_ids, strict=True):
            found[student_id].append(guardian_id)
    return found


async def with_mailbox(tx: Tx, class_ids: Collection[int]) -> set[int]:
    """Return the students of some classes to whom, or to whose guardians, a letter can be sent."""
    own, relatives = persons.alias(), persons.alias()
    has_family_mailbox = sa.exists().where(
        guardianships.c.student_id == students.c.person_id,
        relatives.c.id == guardianships.c.guardian_id,
        relatives.c.left_on.is_(None),
        relatives.c.email != "",
    )
    rows = await tx.execute(
        sa.select(students.c.class_id, _all_of(tx, students.c.person_id))
        .join(own, own.c.id == students.c.person_id)
        .where(students.c.class_id.in_(class_ids), sa.or_(own.c.email != "", has_family_mailbox))
        .group_by(students.c.class_id)
    )
    return {student_id for _, ids in rows for student_id in ids}


async def births_until(tx: Tx, class_ids: Collection[int], last: date) -> dict[int, date]:
    """Return the birth dates of those students of some classes who were not born after a day."""
    rows = await tx.execute(
        sa.select(persons.c.id, persons.c.birth_date)
        .join(students, students.c.person_id == persons.c.id)
        .where(students.c.class_id.in_(class_ids), persons.c.birth_date <= last)
    )
    return {row[0]: row[1] for row in rows}


def _all_of(tx: Tx, column: sa.ColumnElement[int]) -> sa.ColumnElement[list[int]]:
    """Gather the values of a column in a list."""
    gather = sa.func.json_group_array if tx.dialect.name == "sqlite" else sa.func.json_agg
    gathered: sa.ColumnElement[list[int]] = gather(column, type_=sa.JSON)
    return gathered
