"""What stands behind the glass: the newest messages of the outbox, and how many are in each state.

For a panel that looks every second: the newest rows come by the primary key, the counts out of an
index that holds all they need.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.outbox import PLANNED, SENDING
from storage.tables.messages import outbox
from storage.tables.people import accounts
from storage.tables.timetable import subjects
from storage.tables.work import reviews, tasks

NOWHERE = ""
"""The lane of what was planned for somebody who is bound nowhere."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of the outbox; `person_id` is 0 where a stranger is answered.

    `waits_for_earlier` says that something to the same chat was planned before and has not left.
    """

    id: int
    kind: str
    person_id: int
    lane: str
    address: str
    is_reply: bool
    payload: dict[str, Any]
    rendered: str
    created_at: datetime
    send_after: datetime
    sent_at: datetime | None
    state: str
    attempts: int
    error: str
    waits_for_earlier: bool


SEEN: tuple[Any, ...] = tuple(outbox.c[name] for name in Seen.__slots__[:-1])


async def newest(tx: Tx, limit: int, person_id: int = 0) -> list[Seen]:
    """Return the newest messages, newest first.

    What was planned for people who are bound nowhere is left out, but for one person's own.
    """
    other = outbox.alias()
    goes_first = sa.exists().where(
        other.c.lane == outbox.c.lane,
        other.c.address == outbox.c.address,
        other.c.state.in_((SENDING, PLANNED)),
        other.c.id < outbox.c.id,
    )
    columns: tuple[Any, ...] = (*SEEN, sa.and_(outbox.c.state == PLANNED, goes_first))
    rows = await tx.execute(
        sa.select(*columns)
        .where(sa.or_(outbox.c.lane != NOWHERE, outbox.c.person_id == person_id))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [Seen(*row) for row in rows]


async def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Count the messages by lane and state."""
    rows = await tx.execute(
        sa.select(outbox.c.lane, outbox.c.state, sa.func.count())
        .group_by(outbox.c.lane, outbox.c.state)
        .order_by(outbox.c.lane, outbox.c.state)
    )
    return {(lane, state): many for lane, state, many in rows}


async def bound_since(tx: Tx, person_id: int) -> datetime | None:
    """Return since when a person has been bound to a chat, None if there is none now."""
    found: datetime | None = await tx.scalar(
        sa.select(sa.func.min(accounts.c.bound_at)).where(
            accounts.c.person_id == person_id, accounts.c.unbound_at.is_(None)
        )
    )
    return found


async def bound_where(tx: Tx, school_id: int) -> dict[int, list[str]]:
    """Return on which messengers the people of a school are bound."""
    rows = await tx.execute(
        sa.select(accounts.c.person_id, accounts.c.messenger)
        .where(accounts.c.school_id == school_id, accounts.c.unbound_at.is_(None))
        .order_by(accounts.c.id)
    )
    found: dict[int, list[str]] = {}
    for person_id, messenger in rows:
        found.setdefault(person_id, []).append(messenger)
    return found


async def released_by(
    tx: Tx, reviewer_id: int, since: datetime
) -> tuple[int, int, datetime | None]:
    """Count a teacher's answers since an instant, those with a voice, and tell the last one's."""
    row = (
        await tx.execute(
            sa.select(
                sa.func.count(),
                sa.func.count(reviews.c.audio_file_id),
                sa.func.max(reviews.c.released_at),
            ).where(reviews.c.reviewer_id == reviewer_id, reviews.c.released_at >= since)
        )
    ).one()
    return row[0], row[1], row[2]


async def next_deadline(tx: Tx, school_id: int, after: datetime) -> tuple[datetime, str] | None:
    """Return the nearest deadline after an instant, and the subject of its task."""
    row = (
        await tx.execute(
            sa.select(tasks.c.due_at, subjects.c.name)
            .join(subjects, subjects.c.id == tasks.c.subject_id)
            .where(
                tasks.c.school_id == school_id,
                tasks.c.due_at > after,
                tasks.c.withdrawn_at.is_(None),
            )
            .order_by(tasks.c.due_at, tasks.c.id)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])
