"""The durable inbox: every update is on disk before the messenger is told that we have it.

`fetching → ready → done`, or `quarantined` for what cannot be understood or handled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, insert_new
from storage.tables.messages import inbox, inbox_files

FETCHING, READY, DONE, QUARANTINED = "fetching", "ready", "done", "quarantined"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An update about to be stored. `files` is how many files are still at the messenger."""

    messenger: str
    update_ref: str
    sender: str
    raw: str
    event: str
    files: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A stored event, waiting for its files or for a handler."""

    id: int
    messenger: str
    sender: str
    event: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """What became of one file of an event; `state` as in `handlers.messages.FileState`."""

    position: int
    state: str
    file_id: int | None


async def store(tx: Tx, events: Sequence[NewEvent], now: datetime) -> int:
    """Store a batch; what is already there (unique by messenger and update) is left alone.

    Returns how many were new. An event without a meaning for us is stored as done, so that it is
    not asked for again; one that was not understood is quarantined with its error.
    """
    return await insert_new(tx, inbox, [_row(event, now) for event in events])


def _row(event: NewEvent, now: datetime) -> dict[str, Any]:
    if event.error:
        state = QUARANTINED
    elif not event.event:
        state = DONE
    else:
        state = FETCHING if event.files else READY
    return {
        "messenger": event.messenger,
        "update_ref": event.update_ref,
        "sender": event.sender,
        "state": state,
        "raw": event.raw,
        "event": event.event,
        "received_at": now,
        "attempts": 0,
        "error": event.error,
    }


async def fetching(tx: Tx, messenger: str, limit: int) -> list[Event]:
    """Return a messenger's oldest events whose files are still to be fetched."""
    rows = await tx.execute(
        _events().where(inbox.c.state == FETCHING, inbox.c.messenger == messenger).limit(limit)
    )
    return [Event(*row) for row in rows]


async def fetched(tx: Tx, event_id: int, files: Sequence[FetchedFile]) -> None:
    """Record what became of an event's files, once, and let a handler have it."""
    change = sa.update(inbox).where(inbox.c.id == event_id, inbox.c.state == FETCHING)
    if (await tx.execute(change.values(state=READY))).rowcount and files:
        await tx.execute(
            sa.insert(inbox_files),
            [
                {
                    "event_id": event_id,
                    "position": file.position,
                    "state": file.state,
                    "file_id": file.file_id,
                }
                for file in files
            ],
        )


async def ready(tx: Tx, limit: int = 50) -> list[Event]:
    """Return events a handler may take, oldest first.

    Order is kept for each sender: nothing overtakes an earlier event that waits for its files.
    """
    earlier = inbox.alias()
    waiting = sa.exists().where(
        earlier.c.sender == inbox.c.sender,
        earlier.c.state == FETCHING,
        earlier.c.id < inbox.c.id,
    )
    rows = await tx.execute(_events().where(inbox.c.state == READY, ~waiting).limit(limit))
    return [Event(*row) for row in rows]


async def files_of(tx: Tx, event_id: int) -> list[FetchedFile]:
    """Return an event's files in order."""
    columns = (inbox_files.c.position, inbox_files.c.state, inbox_files.c.file_id)
    rows = await tx.execute(
        sa.select(*columns).where(inbox_files.c.event_id == event_id).order_by(columns[0])
    )
    return [FetchedFile(*row) for row in rows]


async def done(tx: Tx, event_id: int, now: datetime) -> bool:
    """Mark an event as handled, in the transaction of what it did.

    False if it is handled or quarantined already: then nothing of this time may remain.
    """
    result = await tx.execute(
        sa.update(inbox)
        .where(inbox.c.id == event_id, inbox.c.state == READY)
        .values(state=DONE, done_at=now)
    )
    return result.rowcount == 1


async def failed(tx: Tx, event_id: int, error: str, limit: int = 3) -> bool:
    """Count an attempt; after `limit` of them the event is quarantined. Returns whether it was."""
    attempts = await tx.scalar(
        sa.update(inbox)
        .where(inbox.c.id == event_id, inbox.c.state == READY)
        .values(attempts=inbox.c.attempts + 1, error=error)
        .returning(inbox.c.attempts)
    )
    if attempts is None or attempts < limit:
        return False
    await tx.execute(sa.update(inbox).where(inbox.c.id == event_id).values(state=QUARANTINED))
    return True


async def unfinished(tx: Tx) -> int:
    """Count the events that wait for their files or for a handler."""
    waiting = sa.select(sa.func.count()).where(inbox.c.state.in_((FETCHING, READY)))
    return int(await tx.scalar(waiting) or 0)


async def counts(tx: Tx) -> dict[str, int]:
    """Return how many events are in each state."""
    rows = await tx.execute(sa.select(inbox.c.state, sa.func.count()).group_by(inbox.c.state))
    return {row[0]: row[1] for row in rows}


def _events() -> sa.Select[Any]:
    return sa.select(
        inbox.c.id,
        inbox.c.messenger,
        inbox.c.sender,
        inbox.c.event,
        inbox.c.attempts,
        inbox.c.received_at,
    ).order_by(inbox.c.id)
