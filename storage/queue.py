"""What of the outbox may leave a lane now, and in which order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.outbox import MESSAGE, PLANNED, SENDING, Message
from storage.prepared import Prepared
from storage.tables.messages import outbox

MOST_READ_WHOLE = 100

_other = outbox.alias("other")
_is_earlier = _other.c.id < outbox.c.id
_REPLY_WAITS_FOR = sa.and_(_other.c.is_reply, _is_earlier)
_NOW = sa.bindparam("now", type_=outbox.c.send_after.type)
_NOTICE_WAITS_FOR = sa.or_(_other.c.is_reply, sa.and_(_is_earlier, _other.c.send_after <= _NOW))


def _due_now(columns: Sequence[Any], *, is_reply: bool) -> Prepared:
    # It goes along one index and stops when it has enough, whatever the backlog.
    waits = sa.exists().where(
        _other.c.lane == outbox.c.lane,
        _other.c.address == outbox.c.address,
        _other.c.state.in_((PLANNED, SENDING)),
        _other.c.id != outbox.c.id,
        sa.or_(_other.c.state == SENDING, _REPLY_WAITS_FOR if is_reply else _NOTICE_WAITS_FOR),
    )
    return Prepared(
        sa.select(*columns)
        .where(
            outbox.c.lane == sa.bindparam("lane"),
            outbox.c.state == PLANNED,
            outbox.c.is_reply == (sa.true() if is_reply else sa.false()),
            # A reply is due at once, whatever its hour: the clock may have been set back since.
            sa.true() if is_reply else outbox.c.send_after <= _NOW,
            ~waits,
        )
        .order_by(outbox.c.send_after, outbox.c.id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


@dataclass(frozen=True, slots=True)
class _Due:
    """What is due: the messages, or their ids and chats only."""

    whole: Prepared
    whose: Prepared

    @classmethod
    def now(cls, *, is_reply: bool) -> "_Due":
        return cls(
            _due_now(MESSAGE, is_reply=is_reply),
            _due_now((outbox.c.id, outbox.c.address), is_reply=is_reply),
        )


_REPLIES, _NOTICES = _Due.now(is_reply=True), _Due.now(is_reply=False)
_PLANNED_AMONG = sa.select(*MESSAGE).where(
    outbox.c.id.in_(sa.bindparam("ids", expanding=True)),
    outbox.c.lane == sa.bindparam("lane"),
    outbox.c.state == PLANNED,
)


async def due(
    tx: Tx, lane: str, now: datetime, limit: int, but_not: Collection[int] = ()
) -> list[Message]:
    """Return messages to be sent now: replies first, one a chat, in the order of their hours.

    A message waits for what is on its way to the same chat and for every earlier unsent reply to
    it; a notice also for later replies, and for earlier notices that are due.
    """
    first = await replies(tx, lane, limit, but_not)
    return first + await notices(tx, lane, now, limit - len(first), but_not)


async def replies(
    tx: Tx,
    lane: str,
    limit: int,
    but_not: Collection[int] = (),
    nor_to: Collection[str] = (),
    rather_not: Collection[int] = (),
) -> list[Message]:
    """Return the replies of what is `due`, without some messages and some chats.

    Those in `rather_not` only come where there is nothing else.
    """
    first = {*but_not, *rather_not} if rather_not else but_not
    found = await _but(_REPLIES, tx, limit, first, nor_to, lane=lane)
    if found or not rather_not:
        return found
    return await _but(_REPLIES, tx, limit, but_not, nor_to, lane=lane)


async def notices(
    tx: Tx,
    lane: str,
    now: datetime,
    limit: int,
    but_not: Collection[int] = (),
    nor_to: Collection[str] = (),
    rather_not: Collection[int] = (),
) -> list[Message]:
    """Return the notices of what is `due` in the same way."""
    first = {*but_not, *rather_not} if rather_not else but_not
    found = await _but(_NOTICES, tx, limit, first, nor_to, lane=lane, now=now)
    if found or not rather_not:
        return found
    return await _but(_NOTICES, tx, limit, but_not, nor_to, lane=lane, now=now)


async def take_back(tx: Tx, message: Message) -> bool:
    """Plan again what never left although it may have been noted as `sending`.

    `message` is as it was before that. False if it was not noted.
    """
    result = await tx.execute(
        sa.update(outbox)
        .where(
            outbox.c.id == message.id,
            outbox.c.state == SENDING,
            outbox.c.lane == message.lane,
            outbox.c.address == message.address,
            outbox.c.attempts == message.attempts + 1,
        )
        .values(state=PLANNED, attempts=message.attempts)
    )
    return result.rowcount == 1


async def _but(
    due_: _Due,
    tx: Tx,
    limit: int,
    but_not: Collection[int],
    nor_to: Collection[str],
    **values: Any,
) -> list[Message]:
    """Leave out what rests, here and not in the query, which stays the same.

    There is at most one row of a chat. While thousands rest, they are not read whole.
    """
    if limit <= 0:
        return []
    resting, quiet = frozenset(but_not), frozenset(nor_to)
    wanted = limit + len(resting) + len(quiet)
    if wanted <= MOST_READ_WHOLE:
        found = [Message(*row) for row in await due_.whole.rows(tx, limit=wanted, **values)]
        free = [one for one in found if one.id not in resting and one.address not in quiet]
        return free[:limit]
    whose = await due_.whose.rows(tx, limit=wanted, **values)
    ids = [number for number, chat in whose if number not in resting and chat not in quiet]
    rows = await tx.execute(_PLANNED_AMONG, {"ids": ids[:limit], "lane": values["lane"]})
    messages = {row.id: Message(*row) for row in rows}
    return [messages[number] for number in ids[:limit] if number in messages]
