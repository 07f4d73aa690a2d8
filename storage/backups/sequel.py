"""What a restored database does not know: what was said after the backup was made.

Queries for `scheduler/aftermath.py`, on the restored database and on the one it replaces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storage import numbers
from storage.database import Tx, insert_new
from storage.outbox import MESSAGE, PLANNED, SENDING, Message
from storage.tables import metadata
from storage.tables.messages import moments, outbox
from storage.tables.people import activation_codes, classes
from storage.tables.work import work_numbers

LEAP = 1_000_000
"""More rows than anybody has added between two backups."""
AHEAD = 30_000
"""So many more messages than the hour allows for may have been said in one go. The clock is past
them in eight hours: until then a start leaves the numbers where they are (`storage.numbers`)."""
BELIEVABLE = 3 << 29
"""A greater number of a message is damage; a column of PostgreSQL holds less than `4 << 29`."""
NUMBERS = 1000
AT_ONCE = 500
FATE = ("state", "attempts", "rendered", "message_ref", "error", "sent_at")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a school day that was planned."""

    school_id: int
    day: date
    moment: str
    planned_at: datetime


async def open_ends(tx: Tx) -> list[Message]:
    """Return what was planned or on its way when the backup was made, for whoever has a chat."""
    rows = await tx.execute(
        sa.select(*MESSAGE)
        .where(outbox.c.state.in_((PLANNED, SENDING)), outbox.c.lane != "")
        .order_by(outbox.c.id)
    )
    return [Message(*row) for row in rows]


async def due_among(tx: Tx, now: datetime) -> set[int]:
    """Return the ids of what was planned to be sent by now."""
    rows = await tx.execute(
        sa.select(outbox.c.id).where(outbox.c.state == PLANNED, outbox.c.send_after <= now)
    )
    return {row[0] for row in rows}


async def fates_in(old: Tx, keys: Sequence[str]) -> dict[str, dict[str, object]]:
    """Return what became of messages, by key, as far as the old database knows them."""
    found: dict[str, dict[str, object]] = {}
    columns = [outbox.c[name] for name in ("key", *FATE)]
    for start in range(0, len(keys), AT_ONCE):
        few = keys[start : start + AT_ONCE]
        for row in await old.execute(sa.select(*columns).where(outbox.c.key.in_(few))):
            found[row.key] = {name: getattr(row, name) for name in FATE}
    return found


async def take_over(tx: Tx, message_id: int, fate: dict[str, object]) -> None:
    """Write down what became of a message."""
    await tx.execute(sa.update(outbox).where(outbox.c.id == message_id).values(**fate))


async def moments_since(old: Tx, first: date) -> list[Moment]:
    """Return which moments of a day and later ones were planned."""
    columns = (moments.c.school_id, moments.c.day, moments.c.moment, moments.c.planned_at)
    return [
        Moment(*row) for row in await old.execute(sa.select(*columns).where(moments.c.day >= first))
    ]


async def add_moments(tx: Tx, planned: Sequence[Moment]) -> int:
    """Note moments as planned; returns how many were new."""
    rows = [{name: getattr(one, name) for name in Moment.__slots__} for one in planned]
    return await insert_new(tx, moments, rows)


async def open_codes(tx: Tx) -> list[str]:
    """Return the fingerprints of the codes that were neither used nor revoked."""
    rows = await tx.execute(
        sa.select(activation_codes.c.fingerprint).where(
            activation_codes.c.used_at.is_(None), activation_codes.c.revoked_at.is_(None)
        )
    )
    return [row[0] for row in rows]


async def closed_codes(old: Tx, fingerprints: Sequence[str]) -> list[str]:
    """Return which of some codes the old database knows as used or revoked."""
    code, found = activation_codes.c, []
    is_closed = sa.or_(code.used_at.is_not(None), code.revoked_at.is_not(None))
    for start in range(0, len(fingerprints), AT_ONCE):
        few = code.fingerprint.in_(fingerprints[start : start + AT_ONCE])
        rows = await old.execute(sa.select(code.fingerprint).where(few, is_closed))
        found += [row[0] for row in rows]
    return found


async def close_codes(tx: Tx, fingerprints: Sequence[str], now: datetime) -> int:
    """Revoke codes that were neither used nor revoked, and return how many there were."""
    code, count = activation_codes.c, 0
    for start in range(0, len(fingerprints), AT_ONCE):
        few = code.fingerprint.in_(fingerprints[start : start + AT_ONCE])
        still_open = sa.and_(code.used_at.is_(None), code.revoked_at.is_(None))
        closing = sa.update(activation_codes).where(few, still_open).values(revoked_at=now)
        count += (await tx.execute(closing)).rowcount
    return count


async def last_number(tx: Tx) -> int:
    """Return the greatest number of a message."""
    return await tx.scalar(sa.select(sa.func.max(outbox.c.id))) or 0


async def leap(tx: Tx, now: datetime, last_of_old: int = 0) -> None:
    """Let nothing new bear a number that something bore which the backup does not know.

    `last_of_old` is the last number of the database that is replaced: after a restore of a moment
    ago, and a wave, it is ahead of the hour.

    VK takes a message with a known random id, which follows from the number, for a repeated one; a
    button on a phone names its draft by number; a person quotes the number of a work.
    """
    given = max(await last_number(tx), numbers.of_hour(now), min(last_of_old, BELIEVABLE))
    await numbers.keep_gap(tx, given + AHEAD, now)
    for table in metadata.tables.values():
        if table.dialect_options["sqlite"]["autoincrement"]:
            await _leap_in_sequence(tx, table)
    numbered = sa.select(work_numbers.c.class_id)
    unused = sa.select(classes.c.id, sa.literal(0)).where(classes.c.id.not_in(numbered))
    await tx.execute(sa.insert(work_numbers).from_select(["class_id", "last"], unused))
    thousands = sa.func.floor(work_numbers.c.last / NUMBERS) + 1
    await tx.execute(sa.update(work_numbers).values(last=thousands * NUMBERS))


async def _leap_in_sequence(tx: Tx, table: sa.Table) -> None:
    numbered = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    known = sa.update(numbered).where(numbered.c.name == table.name)
    if not (await tx.execute(known.values(seq=numbered.c.seq + LEAP))).rowcount:
        await tx.execute(sa.insert(numbered).values(name=table.name, seq=LEAP))
