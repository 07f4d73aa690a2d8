"""Dated study modes as they are kept: one of a student, or of a whole class."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.prepared import Prepared
from storage.tables.people import students
from storage.tables.timetable import study_modes


@dataclass(frozen=True, slots=True)
class StudyMode:
    """A dated study mode of a student or of a whole class; `subjects` is a comma list or ""."""

    student_id: int | None
    class_id: int | None
    mode: str
    starts_on: date
    ends_on: date | None
    order_ref: str
    subjects: str


MODE: tuple[Any, ...] = tuple(study_modes.c[name] for name in StudyMode.__slots__)
_OF_STUDENT = Prepared(
    sa.select(*MODE)
    .where(
        sa.or_(
            study_modes.c.student_id == sa.bindparam("student"),
            study_modes.c.class_id == sa.bindparam("of_class"),
        )
    )
    .order_by(study_modes.c.starts_on, study_modes.c.id)
)


async def of_school(tx: Tx, school_id: int) -> list[StudyMode]:
    """Return every dated study mode of a school."""
    rows = await tx.execute(
        sa.select(*MODE)
        .where(study_modes.c.school_id == school_id)
        .order_by(study_modes.c.starts_on, study_modes.c.id)
    )
    return [StudyMode(*row) for row in rows]


async def of_classes(tx: Tx, class_ids: Collection[int]) -> list[StudyMode]:
    """Return the dated study modes of some classes and of their students."""
    theirs = sa.select(students.c.person_id).where(students.c.class_id.in_(class_ids))
    rows = await tx.execute(
        sa.select(*MODE)
        .where(sa.or_(study_modes.c.class_id.in_(class_ids), study_modes.c.student_id.in_(theirs)))
        .order_by(study_modes.c.starts_on, study_modes.c.id)
    )
    return [StudyMode(*row) for row in rows]


async def of_student(tx: Tx, student_id: int, class_id: int) -> list[StudyMode]:
    """Return the dated study modes that touch a student: own ones and those of the class."""
    rows = await _OF_STUDENT.rows(tx, student=student_id, of_class=class_id)
    return [StudyMode(*row) for row in rows]
