"""Which moments of a school day are planned already, and which deadlines lie ahead."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from storage.database import Tx, insert_new
from storage.tables.messages import moments
from storage.tables.work import tasks

TWO_HOURS = timedelta(hours=2)


async def is_planned(tx: Tx, school_id: int, day: date, moment: str) -> bool:
    """Say whether a moment of a day is planned."""
    return bool(
        await tx.scalar(
            sa.select(
                sa.exists().where(
                    moments.c.school_id == school_id,
                    moments.c.day == day,
                    moments.c.moment == moment,
                )
            )
        )
    )


async def since(tx: Tx, school_id: int, first: date) -> set[tuple[date, str]]:
    """Return the moments of a school that are planned for a day and later ones."""
    rows = await tx.execute(
        sa.select(moments.c.day, moments.c.moment).where(
            moments.c.school_id == school_id, moments.c.day >= first
        )
    )
    return {(day, moment) for day, moment in rows}


async def mark(tx: Tx, school_id: int, day: date, moment: str, now: datetime) -> bool:
    """Note that a moment is being planned; False if somebody did so before."""
    row = {"school_id": school_id, "day": day, "moment": moment, "planned_at": now}
    return await insert_new(tx, moments, [row]) == 1


async def forget(tx: Tx, school_id: int, first: date, named: str) -> None:
    """Forget the moments of a day and later ones whose name begins so: they are planned anew."""
    await tx.execute(
        sa.delete(moments).where(
            moments.c.school_id == school_id,
            moments.c.day >= first,
            moments.c.moment.startswith(named, autoescape=True),
        )
    )


async def next_deadline(tx: Tx, after: datetime) -> datetime | None:
    """Return the next instant that a deadline makes: itself, or two hours before it."""
    nearest = []
    for lead in (timedelta(0), TWO_HOURS):
        due_at = await tx.scalar(
            sa.select(sa.func.min(tasks.c.due_at)).where(
                tasks.c.due_at > after + lead, tasks.c.withdrawn_at.is_(None)
            )
        )
        if due_at is not None:
            nearest.append(due_at - lead)
    return min(nearest, default=None)
