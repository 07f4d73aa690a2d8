"""The durable inbox: every update is on disk before the messenger is told that we have it.

`fetching → ready → done`, or `quarantined` for what cannot be understood or handled. Of what
is done only the key is kept, by which it is known when it comes again: nobody needs its words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, bring, insert_new
from storage.prepared import Prepared
from storage.tables.messages import inbox, inbox_files

FETCHING, READY, DONE, QUARANTINED = "fetching", "ready", "done", "quarantined"
NEWS = "inbox"
"""There are events for a handler."""
OF_ONE = 10
"""So many events of one sender are taken at once, where others wait as well."""
FETCHED_FOR_ONE = 3
"""For so many events of one sender files are fetched at once at most."""


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


def _nth_of_sender(state: str, number: int) -> sa.ScalarSelect[Any]:
    """Find the sender's n-th event in a state by the index; a join would read all that waits."""
    other = inbox.alias()
    return (
        sa.select(other.c.id)
        .where(other.c.sender == inbox.c.sender, other.c.state == state)
        .order_by(other.c.id)
        .limit(1)
        .offset(number - 1)
        .correlate(inbox)
        .scalar_subquery()
    )


def _first_of_each(state: str, many: int, *conditions: sa.ColumnElement[bool]) -> Prepared:
    """Prepare to find the first events of each sender in a state, so many of each."""
    last = _nth_of_sender(state, many)
    return Prepared(
        sa.select(
            inbox.c.id,
            inbox.c.messenger,
            inbox.c.sender,
            inbox.c.event,
            inbox.c.attempts,
            inbox.c.received_at,
        )
        .where(
            inbox.c.state == state, sa.func.coalesce(last, inbox.c.id) >= inbox.c.id, *conditions
        )
        .order_by(inbox.c.id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


_OF_MESSENGER = inbox.c.messenger == sa.bindparam("messenger")
_FETCHING = (
    _first_of_each(FETCHING, FETCHED_FOR_ONE, _OF_MESSENGER),
    _first_of_each(FETCHING, 1, _OF_MESSENGER),
)
_NONE_EARLIER_WAITS = sa.func.coalesce(_nth_of_sender(FETCHING, 1), inbox.c.id + 1) > inbox.c.id
_READY = (
    _first_of_each(READY, OF_ONE, _NONE_EARLIER_WAITS),
    _first_of_each(READY, 1, _NONE_EARLIER_WAITS),
)
_DONE = Prepared(
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("number"), inbox.c.state == READY)
    .values(state=DONE, done_at=sa.bindparam("now"), raw="", event="")
)
_other = inbox.alias("other")
_WORDS_BEFORE = Prepared(
    sa.select(_other.c.id)
    .where(
        _other.c.sender == sa.bindparam("sender"),
        _other.c.state == READY,
        _other.c.id < sa.bindparam("number"),
        ~sa.exists().where(inbox_files.c.event_id == _other.c.id),
    )
    .limit(1)
)


async def store(tx: Tx, events: Sequence[NewEvent], now: datetime) -> int:
    """Store a batch; what is already there (unique by messenger and update) is left alone.

    Returns how many were new. An event without a meaning for us is stored as done, so that it is
    not asked for again, and its words are not kept; one that was not understood is quarantined with
    its error.
    """
    rows = [_row(event, now) for event in events]
    if any(row["state"] == READY for row in rows):
        bring(tx, NEWS)
    return await insert_new(tx, inbox, rows)


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
        "raw": "" if state == DONE else event.raw,
        "event": event.event,
        "received_at": now,
        "attempts": 0,
        "error": event.error,
    }


async def fetching(tx: Tx, messenger: str, limit: int) -> list[Event]:
    """Return a messenger's events whose files are still to be fetched, the senders in turn.

    Of one sender there are three at most, so that whoever sends hundreds keeps nobody waiting.
    """
    return await _in_turn(tx, _FETCHING, limit, messenger=messenger)


async def waits_for_words(tx: Tx, event: Event) -> bool:
    """Say whether a handler has not had yet what the sender wrote or pressed before an event.

    Events with files do not count: who sends one is nobody else afterwards.
    """
    found = await _WORDS_BEFORE.value(tx, sender=event.sender, number=event.id)
    return found is not None


async def fetched(tx: Tx, event_id: int, files: Sequence[FetchedFile]) -> None:
    """Record what became of an event's files, once, and let a handler have it."""
    bring(tx, NEWS)
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
    """Return events a handler may take: the first of every sender, then the second, and so on.

    Among equals the oldest comes first. Order is kept for each sender: nothing overtakes an
    earlier event that waits for its files. Whoever sends a thousand messages waits behind
    nobody's first, and nobody waits behind more than one of theirs.
    """
    return await _in_turn(tx, _READY, limit)


async def _in_turn(
    tx: Tx, some_and_first: tuple[Prepared, Prepared], limit: int, **where: str
) -> list[Event]:
    """Take some events of each sender; where many wait, the first of each before all."""
    found: dict[int, Event] = {}
    for wanted in some_and_first:
        found |= {row[0]: Event(*row) for row in await wanted.rows(tx, limit=limit, **where)}
        if len(found) < limit:
            break
    places: Counter[str] = Counter()
    in_turn = []
    for event in sorted(found.values(), key=lambda event: event.id):
        in_turn.append((places[event.sender], event.id, event))
        places[event.sender] += 1
    return [event for _, _, event in sorted(in_turn)[:limit]]


async def files_of(tx: Tx, event_id: int) -> list[FetchedFile]:
    """Return an event's files in order."""
    columns = (inbox_files.c.position, inbox_files.c.state, inbox_files.c.file_id)
    rows = await tx.execute(
        sa.select(*columns).where(inbox_files.c.event_id == event_id).order_by(columns[0])
    )
    return [FetchedFile(*row) for row in rows]


async def done(tx: Tx, event_id: int, now: datetime) -> bool:
    """Mark an event as handled and forget its words, in the transaction of what it did.

    False if it is handled or quarantined already: then nothing of this time may remain.
    """
    return await _DONE.change(tx, number=event_id, now=now) == 1


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
