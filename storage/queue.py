"""What of the outbox may leave a lane now, and in which order."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.database import Tx
from storage.outbox import MESSAGE, PLANNED, SENDING, Message
from storage.tables.messages import outbox

_other = outbox.alias("other")
_is_earlier = _other.c.id < outbox.c.id
_REPLY_WAITS_FOR = sa.and_(_other.c.is_reply, _is_earlier)
_NOTICE_WAITS_FOR = sa.or_(
    _other.c.is_reply,
    sa.and_(
        _is_earlier, _other.c.send_after <= sa.bindparam("now", type_=outbox.c.send_after.type)
    ),
)


async def due(
    tx: Tx, lane: str, now: datetime, limit: int, but_not: Sequence[int] = ()
) -> list[Message]:
    """Return messages to be sent now: replies first, one a chat, in the order of their hours.

    A message waits for what is on its way to the same chat and for every earlier unsent reply to
    it; a notice also for later replies, and for earlier notices that are due.
    """
    first = await replies(tx, lane, now, limit, but_not)
    return first + await notices(tx, lane, now, limit - len(first), but_not)


async def replies(
    tx: Tx, lane: str, now: datetime, limit: int, but_not: Sequence[int] = ()
) -> list[Message]:
    """Return the replies of what is `due`."""
    return await _due(tx, lane, now, (limit, but_not), is_reply=True)


async def notices(
    tx: Tx, lane: str, now: datetime, limit: int, but_not: Sequence[int] = ()
) -> list[Message]:
    """Return the notices of what is `due`."""
    return await _due(tx, lane, now, (limit, but_not), is_reply=False)


async def _due(
    tx: Tx, lane: str, now: datetime, asked: tuple[int, Sequence[int]], *, is_reply: bool
) -> list[Message]:
    limit, but_not = asked
    if limit <= 0:
        return []
    # Both queries go along one index each and stop when they have enough, whatever the backlog.
    waits = sa.exists().where(
        _other.c.lane == outbox.c.lane,
        _other.c.address == outbox.c.address,
        _other.c.state.in_((PLANNED, SENDING)),
        _other.c.id != outbox.c.id,
        sa.or_(_other.c.state == SENDING, _REPLY_WAITS_FOR if is_reply else _NOTICE_WAITS_FOR),
    )
    rows = await tx.execute(
        sa.select(*MESSAGE)
        .where(
            outbox.c.lane == lane,
            outbox.c.state == PLANNED,
            outbox.c.is_reply == (sa.true() if is_reply else sa.false()),
            # A reply is due at once, whatever its hour: the clock may have been set back since.
            sa.true() if is_reply else outbox.c.send_after <= now,
            outbox.c.id.not_in(but_not),
            ~waits,
        )
        .order_by(outbox.c.send_after, outbox.c.id)
        .limit(limit),
        {"now": now},
    )
    return [Message(*row) for row in rows]
