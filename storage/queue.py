"""What of the outbox may leave a lane now, and in which order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.outbox import MESSAGE, PLANNED, SENDING, Message
from storage.prepared import Prepared
from storage.tables.messages import outbox

_other = outbox.alias("other")
_is_earlier = _other.c.id < outbox.c.id
_REPLY_WAITS_FOR = sa.and_(_other.c.is_reply, _is_earlier)
_NOW = sa.bindparam("now", type_=outbox.c.send_after.type)
_NOTICE_WAITS_FOR = sa.or_(_other.c.is_reply, sa.and_(_is_earlier, _other.c.send_after <= _NOW))


def _due_now(*, is_reply: bool) -> Prepared:
    # It goes along one index and stops when it has enough, whatever the backlog.
    waits = sa.exists().where(
        _other.c.lane == outbox.c.lane,
        _other.c.address == outbox.c.address,
        _other.c.state.in_((PLANNED, SENDING)),
        _other.c.id != outbox.c.id,
        sa.or_(_other.c.state == SENDING, _REPLY_WAITS_FOR if is_reply else _NOTICE_WAITS_FOR),
    )
    return Prepared(
        sa.select(*MESSAGE)
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


_REPLIES, _NOTICES = _due_now(is_reply=True), _due_now(is_reply=False)


async def due(
    tx: Tx, lane: str, now: datetime, limit: int, but_not: Sequence[int] = ()
) -> list[Message]:
    """Return messages to be sent now: replies first, one a chat, in the order of their hours.

    A message waits for what is on its way to the same chat and for every earlier unsent reply to
    it; a notice also for later replies, and for earlier notices that are due.
    """
    first = await replies(tx, lane, limit, but_not)
    return first + await notices(tx, lane, now, limit - len(first), but_not)


async def replies(
    tx: Tx, lane: str, limit: int, but_not: Sequence[int] = (), nor_to: Collection[str] = ()
) -> list[Message]:
    """Return the replies of what is `due`, without some messages and some chats."""
    if limit <= 0:
        return []
    wanted = limit + len(but_not) + len(nor_to)
    found = await _REPLIES.rows(tx, lane=lane, limit=wanted)
    return _messages(found, limit, but_not, nor_to)


async def notices(
    tx: Tx,
    lane: str,
    now: datetime,
    limit: int,
    but_not: Sequence[int] = (),
    nor_to: Collection[str] = (),
) -> list[Message]:
    """Return the notices of what is `due`, without some messages and some chats."""
    if limit <= 0:
        return []
    wanted = limit + len(but_not) + len(nor_to)
    found = await _NOTICES.rows(tx, lane=lane, now=now, limit=wanted)
    return _messages(found, limit, but_not, nor_to)


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


def _messages(
    found: Sequence[Any], limit: int, but_not: Sequence[int], nor_to: Collection[str]
) -> list[Message]:
    """Read rows. Those that rest are few: they are left out here, and the query stays the same.

    There is at most one row of a chat.
    """
    messages = [Message(*row) for row in found if row[0] not in but_not]
    return [message for message in messages if message.address not in nor_to][:limit]
