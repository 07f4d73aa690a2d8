"""Cards: messages that change in place, and what a newer version leaves of an older one."""

from datetime import datetime

import sqlalchemy as sa

from storage.database import Tx, upsert
from storage.outbox import PLANNED, SENT, Message
from storage.prepared import Prepared
from storage.tables.messages import cards, outbox

FAR_UP = 200
"""What stands so many messages further up the chat nobody looks for."""

_IS_SUPERSEDED, _IS_SUPERSEDED_ANEW = (
    Prepared(
        sa.select(outbox.c.id)
        .where(
            outbox.c.lane == sa.bindparam("lane"),
            outbox.c.address == sa.bindparam("chat"),
            outbox.c.state == PLANNED,
            outbox.c.id > sa.bindparam("message"),
            outbox.c.card == sa.bindparam("shown"),
            outbox.c.is_reply,
            *conditions,
        )
        .limit(1)
    )
    for conditions in ((), (outbox.c.payload["edit"].as_boolean().is_not(sa.true()),))
)
_CARD = Prepared(
    sa.select(cards.c.message_ref).where(
        cards.c.messenger == sa.bindparam("on"),
        cards.c.chat_ref == sa.bindparam("chat"),
        cards.c.card == sa.bindparam("shown"),
    )
)


async def message_of(tx: Tx, messenger: str, chat: str, card: str) -> str:
    """Return the reference of the newest message of a card in a chat, "" if there is none."""
    return await _CARD.value(tx, on=messenger, chat=chat, shown=card) or ""


async def shown_by(tx: Tx, messenger: str, chat: str, card: str, message_ref: str) -> None:
    """Remember which message shows a card now."""
    await upsert(
        tx,
        cards,
        {"messenger": messenger, "chat_ref": chat, "card": card, "message_ref": message_ref},
    )


async def is_superseded(tx: Tx, message: Message) -> bool:
    """Say whether a newer version of the same card is planned for the chat, to stand in for it.

    A change in place cannot stand in for a card that was to appear anew at the bottom.
    """
    newer = _IS_SUPERSEDED if message.payload.get("edit") else _IS_SUPERSEDED_ANEW
    found = await newer.one(
        tx, lane=message.lane, chat=message.address, shown=message.card, message=message.id
    )
    return found is not None


async def words_of(tx: Tx, message: Message, message_ref: str, since: datetime) -> str:
    """Return what another message of the chat says, as rendered; "" if it is older than `since`."""
    newest = (
        sa.select(outbox.c.id, outbox.c.rendered, outbox.c.message_ref, outbox.c.sent_at)
        .where(
            outbox.c.lane == message.lane,
            outbox.c.address == message.address,
            outbox.c.state == SENT,
        )
        .order_by(outbox.c.id.desc())
        .limit(FAR_UP)
        .subquery()
    )
    found = await tx.scalar(
        sa.select(newest.c.rendered)
        .where(newest.c.message_ref == message_ref, newest.c.sent_at > since)
        .order_by(newest.c.id.desc())
        .limit(1)
    )
    return found or ""
