"""The outbox: everything anyone is to hear, kept until it is known what became of it.

`planned → sending → sent`, or `dead`, `dropped` (its reason is gone) or `unknown` (the request
went out and no answer came). A row's key is unique for ever, so nothing is announced twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, bring, insert_new, lanes_off
from storage.prepared import Prepared
from storage.tables.messages import outbox
from storage.tables.people import schools

PLANNED, SENDING, SENT = "planned", "sending", "sent"
DEAD, DROPPED, UNKNOWN = "dead", "dropped", "unknown"
NOT_BOUND, SWITCHED_OFF, CUT_OFF = "not bound", "the lane is off", "the chat was cut off"
ANY_LANE = ""
STRANGER = 0
"""The person of a reply to whoever is not known yet."""


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox on its way."""

    id: int
    school_id: int
    key: str
    kind: str
    object: str
    person_id: int
    lane: str
    address: str
    is_reply: bool
    card: str
    payload: dict[str, Any]
    rendered: str
    created_at: datetime
    useful_until: datetime | None
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be planned.

    `lane` "" means that nobody can be reached: it is born dead. On a lane that does not run it
    waits: that may be off by mistake.
    """

    key: str
    kind: str
    lane: str
    address: str
    payload: dict[str, Any]
    send_after: datetime
    school_id: int = 0
    object: str = ""
    person_id: int = STRANGER
    is_reply: bool = False
    card: str = ""
    useful_until: datetime | None = None


MESSAGE: tuple[Any, ...] = tuple(
    outbox.c[name]
    for name in (
        "id",
        "school_id",
        "key",
        "kind",
        "object",
        "person_id",
        "lane",
        "address",
        "is_reply",
        "card",
        "payload",
        "rendered",
        "created_at",
        "useful_until",
        "state",
        "attempts",
    )
)


def replies_on(lane: str) -> str:
    """Name the news that there are replies for a lane."""
    return f"replies:{lane}"


def notices_on(lane: str) -> str:
    """Name the news that there are notices for a lane."""
    return f"notices:{lane}"


_MESSAGE_ID = outbox.c.id == sa.bindparam("message")
_SENDING = Prepared(
    sa.update(outbox)
    .where(
        _MESSAGE_ID,
        outbox.c.state == PLANNED,
        outbox.c.lane == sa.bindparam("on"),
        outbox.c.address == sa.bindparam("chat"),
    )
    .values(state=SENDING, rendered=sa.bindparam("words"), attempts=outbox.c.attempts + 1)
)
_SENT = Prepared(
    sa.update(outbox)
    .where(_MESSAGE_ID)
    .values(
        state=SENT, message_ref=sa.bindparam("reference"), sent_at=sa.bindparam("now"), error=""
    )
)


async def plan(tx: Tx, messages: Sequence[NewMessage], now: datetime) -> int:
    """Put messages in the outbox unless their keys are there already; return how many were new."""
    rows = [
        {
            "school_id": message.school_id,
            "key": message.key,
            "kind": message.kind,
            "object": message.object,
            "person_id": message.person_id,
            "lane": message.lane,
            "address": message.address,
            "is_reply": message.is_reply,
            "card": message.card,
            "payload": message.payload,
            "rendered": "",
            "created_at": now,
            "send_after": message.send_after,
            "useful_until": message.useful_until,
            "state": PLANNED if message.lane else DEAD,
            "attempts": 0,
            "message_ref": "",
            "error": "" if message.lane else NOT_BOUND,
        }
        for message in messages
    ]
    for message in messages:
        bring(tx, replies_on(message.lane) if message.is_reply else notices_on(message.lane))
    return await insert_new(tx, outbox, rows)


async def unfinished(tx: Tx, lanes: Sequence[str], now: datetime) -> int:
    """Count what these lanes still have to send at an instant, or are sending."""
    under_way = sa.or_(
        outbox.c.state == SENDING,
        sa.and_(outbox.c.state == PLANNED, outbox.c.send_after <= now),
    )
    waiting = sa.select(sa.func.count()).where(outbox.c.lane.in_(lanes), under_way)
    return int(await tx.scalar(waiting) or 0)


async def next_due(tx: Tx, after: datetime) -> datetime | None:
    """Return the earliest instant after `after` at which something planned may be sent."""
    found: datetime | None = await tx.scalar(
        sa.select(sa.func.min(outbox.c.send_after)).where(
            outbox.c.state == PLANNED, outbox.c.send_after > after
        )
    )
    return found


async def in_state(tx: Tx, lane: str, state: str) -> list[Message]:
    """Return a lane's messages in a state, oldest first."""
    return await _read(tx, outbox.c.lane == lane, outbox.c.state == state)


async def stranded(tx: Tx, now: datetime, limit: int) -> list[Message]:
    """Return the first of what is due, or was on its way, on lanes that do not run."""
    rows = await tx.execute(
        sa.select(*MESSAGE)
        .where(
            outbox.c.lane.in_(sorted(lanes_off(tx))),
            outbox.c.state.in_((PLANNED, SENDING)),
            outbox.c.send_after <= now,
        )
        .order_by(outbox.c.id + 0)  # by the index of states, not through all that ever was
        .limit(limit)
    )
    return [Message(*row) for row in rows]


async def planned_to(tx: Tx, lane: str, address: str) -> list[Message]:
    """Return what is planned for a chat, oldest first."""
    of_chat = sa.and_(outbox.c.lane == lane, outbox.c.address == address)
    return await _read(tx, of_chat, outbox.c.state == PLANNED)


async def sending(tx: Tx, message: Message, rendered: str) -> bool:
    """Note, before the request leaves, that it is about to, and with which words.

    False if the message is no longer planned for this chat.
    """
    changed = await _SENDING.change(
        tx, message=message.id, on=message.lane, chat=message.address, words=rendered
    )
    return changed == 1


async def sent(tx: Tx, message_id: int, message_ref: str, now: datetime) -> None:
    """Note that the messenger has taken the message."""
    await _SENT.change(tx, message=message_id, reference=message_ref, now=now)


async def again(tx: Tx, message_id: int, error: str, *, by: str) -> bool:
    """Plan another attempt of what lane `by` had on its way; it knows how long the pause is."""
    return await _change(tx, message_id, by, state=PLANNED, error=error)


async def revive(tx: Tx, person_id: int, lane: str, address: str, now: datetime) -> int:
    """Send to a chat that was just bound what is still ahead of somebody who had none.

    They never had one, or the last was cut off when it was planned for that already. What was due
    before is not made up for: the day's card tells it. Returns how many rows.
    """
    bring(tx, notices_on(lane))
    result = await tx.execute(
        sa.update(outbox)
        .where(outbox.c.person_id == person_id, _waits_for_a_chat(now))
        .values(state=PLANNED, lane=lane, address=address, rendered="", attempts=0, error="")
    )
    return result.rowcount


async def reroute(tx: Tx, message_id: int, lane: str, address: str, *, by: str = "") -> bool:
    """Send by another way what is planned, or what lane `by` had on its way; rendered anew for it.

    False if it is so no more: then it stays as it is.
    """
    bring(tx, notices_on(lane))
    return await _change(
        tx, message_id, by, state=PLANNED, lane=lane, address=address, rendered="", attempts=0
    )


async def reword(tx: Tx, message_id: int, rendered: str) -> None:
    """Change the words in which a message goes out again."""
    await tx.execute(sa.update(outbox).where(outbox.c.id == message_id).values(rendered=rendered))


async def finish(tx: Tx, message_id: int, state: str, error: str, *, by: str = "") -> bool:
    """End as `dead`, `dropped` or `unknown` what is planned, or what lane `by` had on its way.

    False if it is so no more: then it stays as it is.
    """
    return await _change(tx, message_id, by, state=state, error=error)


async def drop_planned(
    tx: Tx, kind: str, object_: str, reason: str, *, now: datetime | None = None
) -> int:
    """Drop what is planned of a kind about an object, because its reason is gone.

    Given `now`, so is what `revive` would still bring back.
    """
    unheard = outbox.c.state == PLANNED if now is None else _is_ahead(now)
    result = await tx.execute(
        sa.update(outbox)
        .where(outbox.c.kind == kind, outbox.c.object == object_, unheard)
        .values(state=DROPPED, error=reason)
    )
    return result.rowcount


async def sent_at(tx: Tx, key: str) -> datetime | None:
    """Return when the message with this key reached the messenger; None if it has not yet."""
    found: datetime | None = await tx.scalar(sa.select(outbox.c.sent_at).where(outbox.c.key == key))
    return found


async def is_on_its_way(tx: Tx, key: str) -> bool:
    """Say whether the message with this key may still arrive: it was neither sent nor given up."""
    state = await tx.scalar(sa.select(outbox.c.state).where(outbox.c.key == key))
    return state in (PLANNED, SENDING)


async def exists(tx: Tx, key: str) -> bool:
    """Say whether a message with this key was ever planned."""
    return bool(await tx.scalar(sa.select(sa.exists().where(outbox.c.key == key))))


async def about(tx: Tx, kind: str, object_: str) -> list[Message]:
    """Return every message of a kind about an object."""
    return await _read(tx, outbox.c.kind == kind, outbox.c.object == object_)


async def ahead(tx: Tx, kind: str, object_: str, now: datetime) -> list[Message]:
    """Return what of a kind about an object may still be heard: planned, or to be revived."""
    return await _read(tx, outbox.c.kind == kind, outbox.c.object == object_, _is_ahead(now))


async def told_about(tx: Tx, kind: str, objects: Sequence[str]) -> set[str]:
    """Return about which of these objects a notice of this kind was ever planned."""
    rows = await tx.execute(
        sa.select(outbox.c.object)
        .where(outbox.c.object.in_(objects), outbox.c.kind == kind)
        .distinct()
    )
    return {row[0] for row in rows}


async def salt(tx: Tx) -> bytes:
    """Return bytes that differ between installations, for numbers that must not repeat."""
    return await tx.scalar(sa.select(schools.c.code_pepper).order_by(schools.c.id).limit(1)) or b""


def _waits_for_a_chat(now: datetime) -> sa.ColumnElement[bool]:
    is_unbound = sa.and_(outbox.c.state == DEAD, outbox.c.error == NOT_BOUND)
    return sa.and_(is_unbound, outbox.c.send_after > now)


def _is_ahead(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(outbox.c.state == PLANNED, _waits_for_a_chat(now))


async def _read(tx: Tx, *conditions: sa.ColumnElement[bool]) -> list[Message]:
    rows = await tx.execute(sa.select(*MESSAGE).where(*conditions).order_by(outbox.c.id))
    return [Message(*row) for row in rows]


async def _change(tx: Tx, message_id: int, by: str, **values: Any) -> bool:
    """Change a message that is still as whoever changes it knows it.

    PostgreSQL lets a lane send it meanwhile, or somebody else give it another way.
    """
    is_on_its_way = sa.and_(outbox.c.state == SENDING, outbox.c.lane == by)
    as_known = is_on_its_way if by else outbox.c.state == PLANNED
    result = await tx.execute(
        sa.update(outbox).where(outbox.c.id == message_id, as_known).values(**values)
    )
    return result.rowcount == 1
