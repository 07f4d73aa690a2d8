"""Where each conversation stands: the step that waits for an answer, and what it is about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, upsert
from storage.prepared import Prepared
from storage.tables.messages import sessions

UNASKED = "-"
"""In place of a question's key: the step takes whatever was written, whenever it was."""


@dataclass(frozen=True, slots=True)
class Session:
    """A step that waits, or none (""). `asked` is the outbox key of the question."""

    step: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    asked: str = ""


_OF_CHAT = (
    sessions.c.messenger == sa.bindparam("messenger"),
    sessions.c.chat_ref == sa.bindparam("chat"),
)
_LOAD = Prepared(sa.select(sessions.c.step, sessions.c.data, sessions.c.asked).where(*_OF_CHAT))
_DELETE = Prepared(sa.delete(sessions).where(*_OF_CHAT))


async def load(tx: Tx, messenger: str, chat: str) -> Session:
    """Return where a chat stands."""
    row = await _LOAD.one(tx, messenger=messenger, chat=chat)
    return Session() if row is None else Session(*row)


async def save(tx: Tx, messenger: str, chat: str, session: Session, now: datetime) -> None:
    """Keep where a chat stands; without a step there is nothing to keep."""
    if not session.step:
        await _DELETE.change(tx, messenger=messenger, chat=chat)
        return
    await upsert(
        tx,
        sessions,
        {
            "messenger": messenger,
            "chat_ref": chat,
            "step": session.step,
            "data": session.data,
            "asked": session.asked,
            "since": now,
        },
    )
