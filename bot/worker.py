"""From the inbox to the handlers: events in order, many to a transaction, each in its savepoint.

Never two handlers at once on one connection: interleaved savepoints silently lose rows.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from handlers import dispatch
from handlers.messages import Attachment, FileState, Incoming, Reply
from handlers.texts import Texts
from storage import inbox, outbox
from storage.database import Database, Tx
from storage.failures import is_in_trouble
from storage.inbox import Event
from storage.outbox import NewMessage
from storage.prepared import savepoint

BATCH = 50
BATCH_SECONDS = 0.05
REST_SECONDS = 1.0
HANDLED, FAILED = "handled", "failed"

INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)

log = structlog.get_logger(__name__)


class _AlreadyDone(Exception):
    """Somebody else has handled the event, so nothing of this time may remain."""


class Worker:
    """Handles what is ready in the inbox. `now` gives the school's instant.

    `told` hears of every try to handle an event how it ended and how many seconds it took; where
    the database itself is in trouble nothing was tried.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        told: Callable[[str, float], None] | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._told = told or (lambda _result, _seconds: None)
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        self._rests_until: dict[str, float] = {}
        database.listen(self._news.set, inbox.NEWS)

    async def run(self) -> None:
        """Handle events until cancelled; wakes at news, and looks again every second."""
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
        """Handle one batch and return how many events were tried."""
        async with self._turn:
            events: list[Event] = []

            async def batch(tx: Tx) -> int:
                resting = self._resting()
                events.extend(await inbox.ready(tx, BATCH + len(resting)))
                return await self._handle(tx, events, resting)

            try:
                return await self._database.write_whole(batch)
            except Exception:
                if not events:
                    raise
                log.exception("worker.batch_failed", events=len(events))
            return await self._replay(events)

    async def _handle(self, tx: Tx, events: list[Event], held: set[str]) -> int:
        """Handle events in turn until the batch has taken its time.

        After a failure the same sender's later events wait: the sender is added to `held`.
        """
        tried = 0
        started_at = time.monotonic()
        for event in events:
            if event.sender in held:
                continue
            if tried and time.monotonic() - started_at > BATCH_SECONDS:
                break
            began_at, result = time.monotonic(), HANDLED
            try:
                await self._in_savepoint(tx, event)
            except Exception as error:
                if is_in_trouble(error):
                    raise
                result = FAILED
                log.exception("handler.failed", number=event.id, attempts=event.attempts + 1)
                held.add(event.sender)
                await self._count_failure(tx, event, error)
            self._told(result, time.monotonic() - began_at)
            tried += 1
        return tried

    async def _replay(self, events: list[Event]) -> int:
        """Handle a batch whose transaction failed again, each event in a transaction of its own.

        An attempt that leaves nothing else behind is counted in a commit of its own. Where the
        database itself is in trouble, or even that commit fails, no event is to blame.
        """
        tried = 0
        held = self._resting()
        for event in events:
            if event.sender in held:
                continue
            try:
                async with self._database.write() as tx:
                    tried += await self._handle(tx, [event], held)
            except Exception as error:
                held.add(event.sender)
                if is_in_trouble(error):
                    self._rests_until[event.sender] = time.monotonic() + REST_SECONDS
                    cause = type(error).__name__
                    log.warning("worker.event_waits", number=event.id, cause=cause)
                    continue
                log.exception("worker.event_failed", number=event.id)
                async with self._database.write() as tx:
                    await self._count_failure(tx, event, error)
        return tried

    def _resting(self) -> set[str]:
        """Tell whose event met a database in trouble a moment ago: the others go on meanwhile."""
        now = time.monotonic()
        self._rests_until = {who: until for who, until in self._rests_until.items() if until > now}
        return set(self._rests_until)

    async def _in_savepoint(self, tx: Tx, event: Event) -> None:
        now = self._now()
        incoming = await with_files(tx, event)
        try:
            async with savepoint(tx):
                replies, person_id, school_id = await dispatch.answer(tx, incoming, now, event.id)
                await plan_replies(
                    tx, event, incoming.address.chat, replies, now, (person_id, school_id)
                )
                await _finish(tx, event, now)
        except dispatch.Refused as refused:
            async with savepoint(tx):
                await plan_replies(tx, event, incoming.address.chat, [refused.reply], now)
                await _finish(tx, event, now)
        except _AlreadyDone:
            log.info("event.done_already", number=event.id)

    async def _count_failure(self, tx: Tx, event: Event, error: Exception) -> None:
        """Count an attempt; after the last one tell the person, readable or not."""
        if not await inbox.failed(tx, event.id, type(error).__name__):
            return
        log.error("event.quarantined", number=event.id, cause=type(error).__name__)
        chat = event.sender.removeprefix(f"{event.messenger}:")
        await plan_replies(tx, event, chat, [Reply(Texts()("apology"))], self._now())


async def _finish(tx: Tx, event: Event, now: datetime) -> None:
    if not await inbox.done(tx, event.id, now):
        raise _AlreadyDone


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
    event: Event,
    chat: str,
    replies: list[Reply],
    now: datetime,
    speaker: tuple[int, int] = (0, 0),
) -> None:
    """Put the replies to an event in the outbox; `speaker` is (person, school)."""
    person_id, school_id = speaker
    await outbox.plan(
        tx,
        [
            NewMessage(
                key=dispatch.reply_key(event.id, position),
                kind="reply",
                lane=event.messenger,
                address=chat,
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
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
