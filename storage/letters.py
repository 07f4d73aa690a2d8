"""Letters: which task went to which address for which student, and what became of it (П1-1.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, insert_new
from storage.outbox import NewMessage, plan
from storage.prepared import Prepared
from storage.tables.messages import letters, outbox


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about a task ("task:7:1"); `state` as in `storage.outbox`."""

    outbox_id: int
    student_id: int
    address: str
    object: str
    state: str
    error: str
    sent_at: datetime | None


LETTER: tuple[Any, ...] = (
    outbox.c.id,
    letters.c.student_id,
    outbox.c.address,
    outbox.c.object,
    outbox.c.state,
    outbox.c.error,
    outbox.c.sent_at,
)

_OF_DAY = Prepared(
    sa.select(*LETTER)
    .join(letters, letters.c.outbox_id == outbox.c.id)
    .where(letters.c.student_id == sa.bindparam("student"), letters.c.day == sa.bindparam("on"))
    .order_by(outbox.c.id)
)


async def write(
    tx: Tx, message: NewMessage, student_ids: Sequence[int], day: date, now: datetime
) -> None:
    """Plan one letter to one address for these students (siblings may share it)."""
    await plan(tx, [message], now)
    found = await tx.execute(sa.select(outbox.c.id).where(outbox.c.key == message.key))
    outbox_id = found.scalar_one()
    await insert_new(
        tx,
        letters,
        [
            {"outbox_id": outbox_id, "student_id": student_id, "day": day}
            for student_id in student_ids
        ],
    )


async def of_day(tx: Tx, student_id: int, day: date) -> list[Letter]:
    """Return the letters of a day about a student, in order."""
    return [Letter(*row) for row in await _OF_DAY.rows(tx, student=student_id, on=day)]


async def about(tx: Tx, object_: str) -> list[Letter]:
    """Return all letters about an object: the post of one task (П1-2.2)."""
    rows = await tx.execute(
        sa.select(*LETTER)
        .join(letters, letters.c.outbox_id == outbox.c.id)
        .where(outbox.c.object == object_)
        .order_by(outbox.c.id)
    )
    return [Letter(*row) for row in rows]
