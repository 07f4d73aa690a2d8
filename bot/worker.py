"""From the inbox to the handlers: events in order, many to a transaction, each in its savepoint.

Never two handlers at once on one connection: interleaved savepoints silently lose rows.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from handlers import dispatch
from handlers.messages import Attachment, FileState, Incoming, Reply
from handlers.texts import Texts
from storage import inbox, outbox
from storage.database import Database, Tx
from storage.inbox import Event
from storage.outbox import NewMessage

BATCH = 50
REST_SECONDS = 1.0

INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)

log = structlog.get_logger(__name__)


class Worker:
    """Handles what is ready in the inbox. `now` gives the school's instant."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._news = asyncio.Event()
        database.on_commit.append(self._news.set)

    async def run(self) -> None:
        """Handle events until cancelled; wakes at commits, and looks again every second."""
        while True:
            self._news.clear()
            try:
                handled = await self.handle_ready()
            except Exception:
                log.exception("worker.failed")
                handled = 0
                await asyncio.sleep(REST_SECONDS)
            if not handled:
                await _wait(self._news, REST_SECONDS)

    async def handle_ready(self) -> int:
        """Handle one batch and return how many events are done with."""
        async with self._database.read() as tx:
            events = await inbox.ready(tx, BATCH)
        if not events:
            return 0
        try:
            async with self._database.write() as tx:
                return await self._handle(tx, events)
        except Exception:
            log.exception("worker.batch_failed", events=len(events))
        return await self._replay(events)

    async def _handle(self, tx: Tx, events: list[Event]) -> int:
        """Handle events in turn; after a failure the same sender's later events wait."""
        handled = 0
        held: set[str] = set()
        for event in events:
            if event.sender in held:
                continue
            try:
                await self._in_savepoint(tx, event)
            except Exception as error:
                log.exception("handler.failed", event=event.id, attempts=event.attempts + 1)
                held.add(event.sender)
                await self._count_failure(tx, event, error)
            handled += 1
        return handled

    async def _replay(self, events: list[Event]) -> int:
        """Handle a batch whose transaction failed again, each event in a transaction of its own."""
        handled = 0
        for event in events:
            try:
                async with self._database.write() as tx:
                    handled += await self._handle(tx, [event])
            except Exception as error:
                log.exception("worker.event_failed", event=event.id)
                async with self._database.write() as tx:
                    await self._count_failure(tx, event, error)
                return handled
        return handled

    async def _in_savepoint(self, tx: Tx, event: Event) -> None:
        now = self._now()
        incoming = await with_files(tx, event)
        try:
            async with tx.begin_nested():
                replies, person_id, school_id = await dispatch.answer(tx, incoming, now, event.id)
                await plan_replies(tx, incoming, event.id, replies, now, (person_id, school_id))
                await inbox.done(tx, event.id, now)
        except dispatch.Refused as refused:
            async with tx.begin_nested():
                await plan_replies(tx, incoming, event.id, [refused.reply], now)
                await inbox.done(tx, event.id, now)

    async def _count_failure(self, tx: Tx, event: Event, error: Exception) -> None:
        if not await inbox.failed(tx, event.id, type(error).__name__):
            return
        incoming = INCOMING.validate_json(event.event)
        await plan_replies(tx, incoming, event.id, [Reply(Texts()("apology"))], self._now())


async def with_files(tx: Tx, event: Event) -> Incoming:
    """Read a stored event as a handler sees it, with its fetched files."""
    incoming = INCOMING.validate_json(event.event)
    if not incoming.remote:
        return incoming
    fetched = {file.position: file for file in await inbox.files_of(tx, event.id)}
    return incoming.with_attachments(
        Attachment(
            kind=remote.kind,
            state=FileState(fetched[position].state),
            file_id=fetched[position].file_id or 0,
            name=remote.name,
            size=remote.size,
        )
        for position, remote in enumerate(incoming.remote)
    )


async def plan_replies(
    tx: Tx,
    incoming: Incoming,
    event_id: int,
    replies: list[Reply],
    now: datetime,
    speaker: tuple[int, int] = (0, 0),
) -> None:
    """Put an event's replies in the outbox; `speaker` is (person, school)."""
    person_id, school_id = speaker
    await outbox.plan(
        tx,
        [
            NewMessage(
                key=dispatch.reply_key(event_id, position),
                kind="reply",
                lane=incoming.address.messenger,
                address=incoming.address.chat,
                payload=REPLY.dump_python(reply, mode="json", exclude_defaults=True),
                send_after=now,
                school_id=school_id,
                person_id=person_id,
                is_reply=True,
                card=reply.card,
            )
            for position, reply in enumerate(replies)
        ],
        now,
    )


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
