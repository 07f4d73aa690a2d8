"""Handlers that do what a test says, in place of the conversation; each leaves one row behind."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot import worker
from bot.ingress import INCOMING
from handlers import dispatch
from handlers.messages import Address, Incoming, Reply
from storage import accounts, inbox
from storage.database import Database, Tx
from storage.inbox import NewEvent
from storage.tables import messages
from storage.tables.people import code_tries
from tests.school_template import MONDAY

Deed = Callable[[Tx], Awaitable[None]]


class Script:
    """Answers «got …» to every text, after doing what stands in `deeds` for it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.deeds: dict[str, Deed] = {}
        self.pause = 0.0
        self.at_once = 0
        self.most_at_once = 0
        self.is_busy = threading.Event()
        self.calls: Counter[str] = Counter()
        self._refs = 0

    async def answer(
        self, tx: Tx, incoming: Incoming, now: datetime, event_id: int
    ) -> tuple[list[Reply], int, int]:
        """Stand in for `dispatch.answer`."""
        assert event_id > 0
        self.calls[incoming.text] += 1
        self.at_once += 1
        self.is_busy.set()
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await accounts.tried(tx, "script", incoming.text, now)
            await _rest(self.pause)
            if incoming.text in self.deeds:
                await self.deeds[incoming.text](tx)
        finally:
            self.at_once -= 1
        return [Reply(f"got {incoming.text}")], 0, 0

    def fails(self, text: str, times: int = 1000) -> None:
        """Let the handler of a text fail, after it has written its row."""
        left = [times]

        async def fail(_tx: Tx) -> None:
            left[0] -= 1
            if left[0] >= 0:
                raise KeyError(text)

        self.deeds[text] = fail

    async def says(self, *texts: str, chat: str = "anya") -> None:
        """Put messages of one chat in the inbox."""
        events = []
        for text in texts:
            self._refs += 1
            event = Incoming(Address("telegram", chat, chat), MONDAY, text=text)
            events.append(stored(str(self._refs), event))
        async with self.database.write() as tx:
            await inbox.store(tx, events, MONDAY)

    async def effects(self) -> list[str]:
        """Return the texts whose handling left its row, in order."""
        async with self.database.read() as tx:
            query = sa.select(code_tries.c.user_ref).where(code_tries.c.messenger == "script")
            return list(await tx.scalars(query.order_by(code_tries.c.id)))

    async def answers(self, chat: str = "anya") -> list[str]:
        """Return what was planned for a chat, in order."""
        box = messages.outbox
        query = sa.select(box.c.payload).where(box.c.address == chat).order_by(box.c.id)
        async with self.database.read() as tx:
            return [payload["text"] for payload in await tx.scalars(query)]

    async def states(self) -> dict[str, int]:
        """Return how many events are in which state."""
        async with self.database.read() as tx:
            return await inbox.counts(tx)


def stored(ref: str, event: Incoming, **values: object) -> NewEvent:
    """Make the inbox row of an event."""
    body = inbox_json(event)
    row = NewEvent("telegram", ref, event.address.sender, raw="{}", event=body)
    return replace(row, **values)  # type: ignore[arg-type]


def inbox_json(event: Incoming) -> str:
    """Write an event as ingress does."""
    return INCOMING.dump_json(event).decode()


@pytest.fixture
def script(database: Database, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Replace the conversation."""
    made = Script(database)
    monkeypatch.setattr(dispatch, "answer", made.answer)
    monkeypatch.setattr(worker, "BATCH_SECONDS", 60)  # however busy the machine
    return made


async def _rest(seconds: float) -> None:
    """Take that long, on the event loop or on the thread of the database."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        time.sleep(seconds)  # noqa: ASYNC251 there is no loop here
    else:
        await asyncio.sleep(seconds)
