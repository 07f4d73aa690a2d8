"""How the database is: whether it is sound, what waits in it and what was given up."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.database import Tx, insertion, lanes_off
from storage.inbox import FETCHING, QUARANTINED, READY
from storage.outbox import DEAD, PLANNED, SENDING, SWITCHED_OFF, UNKNOWN
from storage.tables.messages import inbox, outbox
from storage.tables.pulse import pulse
from storage.tables.work import files

NOWHERE = ""
"""The lane of what was planned for somebody who is bound nowhere."""


@dataclass(frozen=True, slots=True)
class Health:
    """Events by state, messages by lane and state, and since when the oldest of each has waited.

    A message waits from the instant at which it should have left, an event from its coming.
    """

    inbox: dict[str, int]
    lanes: dict[tuple[str, str], int]
    unhandled_since: datetime | None
    overdue_since: datetime | None

    @property
    def outbox(self) -> dict[str, int]:
        """Messages by state, without those for people who are bound nowhere."""
        states: Counter[str] = Counter()
        for (lane, state), count in self.lanes.items():
            if lane != NOWHERE:
                states[state] += count
        return dict(states)

    @property
    def unbound(self) -> int:
        """How many messages were planned for people who are bound nowhere."""
        return self.lanes.get((NOWHERE, DEAD), 0)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An event that was set aside, without a word of what stood in it."""

    id: int
    messenger: str
    received_at: datetime
    attempts: int
    cause: str


async def health(tx: Tx, now: datetime) -> Health:
    """Look at the queues of a database of the newest schema; indexes hold all that is counted."""
    events = sa.select(inbox.c.state, sa.func.count()).group_by(inbox.c.state)
    messages = sa.select(outbox.c.lane, outbox.c.state, sa.func.count()).group_by(
        outbox.c.lane, outbox.c.state
    )
    # Whose messenger is switched off keeps its files for the day when it runs again.
    waits_for_files = sa.and_(
        inbox.c.state == FETCHING, inbox.c.messenger.not_in(sorted(lanes_off(tx)))
    )
    unhandled = sa.select(sa.func.min(inbox.c.received_at)).where(
        sa.or_(inbox.c.state == READY, waits_for_files)
    )
    overdue = sa.select(sa.func.min(outbox.c.send_after)).where(
        outbox.c.state.in_((PLANNED, SENDING)), outbox.c.send_after <= now
    )
    return Health(
        {row[0]: row[1] for row in await tx.execute(events)},
        {(row[0], row[1]): row[2] for row in await tx.execute(messages)},
        await tx.scalar(unhandled),
        await tx.scalar(overdue),
    )


async def quarantined(tx: Tx, since: datetime, limit: int) -> list[Quarantined]:
    """Return the newest events that were set aside since an instant; the cause is one word."""
    rows = await tx.execute(
        sa.select(
            inbox.c.id, inbox.c.messenger, inbox.c.received_at, inbox.c.attempts, inbox.c.error
        )
        .where(inbox.c.state == QUARANTINED, inbox.c.received_at >= since)
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    return [Quarantined(*row[:4], cause=row.error.partition(":")[0]) for row in rows]


async def quarantined_count(tx: Tx, since: datetime) -> int:
    """Count the events that were set aside since an instant."""
    found = sa.select(sa.func.count()).where(
        inbox.c.state == QUARANTINED, inbox.c.received_at >= since
    )
    return await tx.scalar(found) or 0


async def of_unknown_fate(tx: Tx, since: datetime) -> int:
    """Count the messages of an instant and later that got no answer from their messenger."""
    found = sa.select(sa.func.count()).where(
        outbox.c.state == UNKNOWN, outbox.c.send_after >= since
    )
    return await tx.scalar(found) or 0


async def unsent_on_lanes_off(tx: Tx, since: datetime) -> int:
    """Count the messages of an instant and later that were not sent because their lane is off."""
    found = sa.select(sa.func.count()).where(
        outbox.c.state == DEAD, outbox.c.error == SWITCHED_OFF, outbox.c.send_after >= since
    )
    return await tx.scalar(found) or 0


async def fault(tx: Tx) -> str:
    """Check every page, index and reference of a SQLite database; "" where all is well."""
    if tx.dialect.name != "sqlite":
        return ""
    try:
        found = str(await tx.scalar(sa.text("PRAGMA integrity_check(1)")))
        lost = (await tx.execute(sa.text("PRAGMA foreign_key_check"))).first()
    except DBAPIError as error:
        return str(error.orig)
    if found != "ok":
        return found
    return "" if lost is None else f"{lost[0]} → {lost[2]}"


async def files_named(tx: Tx) -> dict[str, int]:
    """Return the sizes of all files that the database names, by their sha256."""
    rows = await tx.execute(sa.select(files.c.sha256, files.c.size))
    return {row.sha256: row.size for row in rows}


async def beat(tx: Tx) -> None:
    """Write the one row that is there to be written.

    It is counted up, because SQLite writes nothing where a row stays as it is.
    """
    first = insertion(tx.dialect.name, pulse).values(id=1, beats=1)
    following = {"beats": pulse.c.beats + 1}
    await tx.execute(first.on_conflict_do_update(index_elements=["id"], set_=following))
