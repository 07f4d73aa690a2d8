"""The ticks of a school day and of registration: when, and by whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storage.database import Tx, insert_new, upsert
from storage.prepared import Prepared
from storage.tables.people import registrations, students
from storage.tables.work import day_steps


@dataclass(frozen=True, slots=True)
class DayStep:
    """A step done: "platform" (П1-1.2) or "mail" (П1-1.3)."""

    step: str
    done_at: datetime
    done_by: int


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person told about registering on the school's platform: "done" or "trouble"."""

    person_id: int
    state: str
    told_at: datetime
    told_by: int


_OF_DAY = Prepared(
    sa.select(day_steps.c.step, day_steps.c.done_at, day_steps.c.done_by).where(
        day_steps.c.student_id == sa.bindparam("student"), day_steps.c.day == sa.bindparam("on")
    )
)
_REGISTRATION = tuple(registrations.c[name] for name in Registration.__slots__)
_REGISTRATION_OF = Prepared(
    sa.select(*_REGISTRATION).where(registrations.c.person_id == sa.bindparam("person"))
)


async def done(tx: Tx, student_id: int, day: date, step: str, by: int, now: datetime) -> bool:
    """Tick a step; False if it was ticked already (the first tick stays)."""
    row = {"student_id": student_id, "day": day, "step": step, "done_at": now, "done_by": by}
    return await insert_new(tx, day_steps, [row]) == 1


async def undone(tx: Tx, student_id: int, day: date, step: str) -> None:
    """Take a tick back."""
    await tx.execute(
        sa.delete(day_steps).where(
            day_steps.c.student_id == student_id, day_steps.c.day == day, day_steps.c.step == step
        )
    )


async def of_day(tx: Tx, student_id: int, day: date) -> dict[str, DayStep]:
    """Return a student's ticks of a day, by step."""
    rows = await _OF_DAY.rows(tx, student=student_id, on=day)
    return {row[0]: DayStep(*row) for row in rows}


async def ticked_on(tx: Tx, class_ids: Collection[int], day: date, step: str) -> set[int]:
    """Return the ids of the students of some classes who have a tick for a step of a day."""
    rows = await tx.execute(
        sa.select(day_steps.c.student_id)
        .join(students, students.c.person_id == day_steps.c.student_id)
        .where(students.c.class_id.in_(class_ids), day_steps.c.day == day, day_steps.c.step == step)
    )
    return {row[0] for row in rows}


async def tell_registration(tx: Tx, registration: Registration) -> None:
    """Keep what a person told about registering; the newest word counts."""
    await upsert(
        tx,
        registrations,
        {name: getattr(registration, name) for name in Registration.__slots__},
    )


async def registration_of(tx: Tx, person_id: int) -> Registration | None:
    """Return what a person told about registering."""
    row = await _REGISTRATION_OF.one(tx, person=person_id)
    return None if row is None else Registration(*row)


async def registrations_of(tx: Tx, person_ids: list[int]) -> dict[int, Registration]:
    """Return what these people told about registering, by person."""
    rows = await tx.execute(
        sa.select(*_REGISTRATION).where(registrations.c.person_id.in_(person_ids))
    )
    return {row[0]: Registration(*row) for row in rows}
