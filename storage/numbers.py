"""Numbers of messages that are not given twice, whatever is put back in place of the database.

VK takes a message whose random id it knows for a repeated one: it answers as if all were well and
shows nothing. The id follows from the message's number, and numbers that were given since a copy
was made come again when the copy is put back, by whatever means.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from storage.database import Tx
from storage.outbox import ANY_LANE, DROPPED
from storage.tables.messages import outbox

BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
PER_MINUTE = 64
"""More messages than any installation sends on average: 92,160 a day, and for thirty years."""
FURTHEST = 1 << 30
"""What a clock far ahead must not pass: half of what a column of PostgreSQL holds."""
GAP = "gap"
NOBODY = -1

_LEAP_IN_SEQUENCE = sa.text(
    "SELECT setval(id, greatest(:to, nextval(id)))"
    " FROM (SELECT pg_get_serial_sequence('outbox', 'id')::regclass AS id) AS sequence"
)


def of_hour(now: datetime) -> int:
    """Return the number that follows from the hour."""
    return min(int((now - BEGINNING).total_seconds() // 60) * PER_MINUTE, FURTHEST)


async def leap(tx: Tx, now: datetime) -> None:
    """Let the next message's number follow from the hour, where the last one is lower.

    For every start, with the wall clock's `now`: what is put back is older than that. A number
    comes again only where more than `PER_MINUTE` were given for each minute since the start before.
    """
    to = of_hour(now)
    last = await tx.scalar(sa.select(sa.func.max(outbox.c.id))) or 0
    if to <= last:
        return
    if tx.dialect.name == "sqlite":
        await keep_gap(tx, to, now)
        return
    await tx.execute(_LEAP_IN_SEQUENCE, {"to": to})


async def keep_gap(tx: Tx, to: int, now: datetime) -> None:
    """Keep a row at a number of SQLite's outbox, which counts on from the greatest one there."""
    moved = await tx.execute(sa.update(outbox).where(outbox.c.key == GAP).values(id=to))
    if moved.rowcount:
        return
    await tx.execute(
        sa.insert(outbox).values(
            id=to,
            school_id=0,
            key=GAP,
            kind=GAP,
            object="",
            person_id=NOBODY,
            lane=ANY_LANE,
            address="",
            is_reply=False,
            card="",
            payload={},
            rendered="",
            created_at=now,
            send_after=now,
            state=DROPPED,
            attempts=0,
            message_ref="",
            error="keeps a gap in the numbers",
        )
    )
