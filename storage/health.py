"""How the database is: its schema, what waits in it and what was given up."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import inbox
from storage.database import Tx
from storage.outbox import PLANNED, SENDING, UNKNOWN
from storage.tables.messages import outbox


@dataclass(frozen=True, slots=True)
class Health:
    """Events and messages by state, and since when the oldest message should have been sent.

    What was planned for people who are bound nowhere was never on its way: `unbound` counts it.
    """

    inbox: dict[str, int]
    outbox: dict[str, int]
    unbound: int
    overdue_since: datetime | None
    is_sound: bool


async def health(tx: Tx, now: datetime) -> Health:
    """Examine a database of the newest schema; a SQLite file is also checked page by page."""
    states = (
        sa.select(outbox.c.state, sa.func.count().label("many"))
        .where(outbox.c.lane != "")
        .group_by(outbox.c.state)
    )
    unbound = sa.select(sa.func.count()).where(outbox.c.lane == "")
    waiting = sa.select(sa.func.min(outbox.c.send_after)).where(
        outbox.c.state.in_((PLANNED, SENDING, UNKNOWN)), outbox.c.send_after <= now
    )
    sound = True
    if tx.dialect.name == "sqlite":
        sound = await tx.scalar(sa.text("PRAGMA quick_check(1)")) == "ok"
    return Health(
        await inbox.counts(tx),
        {row.state: row.many for row in await tx.execute(states)},
        await tx.scalar(unbound) or 0,
        await tx.scalar(waiting),
        sound,
    )
