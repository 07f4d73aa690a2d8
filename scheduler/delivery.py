"""Delivers the outbox: one lane a messenger, replies ahead of notices.

What is known is written down: `sending` is committed before a request leaves, the outcome after.
"""

import asyncio
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from handlers import notices
from handlers.messages import Reply
from handlers.texts import Texts
from scheduler.lanes import Backoff, Pace
from scheduler.messenger import (
    ChatClosed,
    Courier,
    DeliveryFailed,
    EditRejected,
    FloodWait,
    LocalFile,
    NotSent,
    OutcomeUnknown,
)
from storage import accounts, files, outbox, people
from storage.database import Database, Tx
from storage.files import FileStore
from storage.outbox import Message

GROUP = 10
REST_SECONDS = 1.0
MOST_ATTEMPTS = 50
STOP_SECONDS = 10.0

REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message made ready: what to send, and the message to change in place ("" for a new one)."""

    message: Message
    reply: Reply
    files: tuple[LocalFile, ...]
    edits: str


class Lane:
    """Delivers to one messenger. `now` gives the school's instant; back-off is real time.

    `keeps_random_id` says that the platform knows a repeated request by its random id (VK), so
    that an unknown outcome is simply asked again.
    """

    def __init__(
        self,
        courier: Courier,
        database: Database,
        store: FileStore,
        now: Callable[[], datetime],
        pace: Pace | None = None,
        *,
        keeps_random_id: bool = False,
    ) -> None:
        self.name = courier.lane
        self._courier = courier
        self._database = database
        self._store = store
        self._now = now
        self._pace = pace or Pace(per_second=1000)
        self._keeps_random_id = keeps_random_id
        # A crash leaves the outcome of a whole group unknown: no more than leaves at once.
        self._group = min(GROUP, self._pace.quarter)
        self._news = asyncio.Event()
        self._salt = 0
        self._backoff = Backoff()
        self._is_stopping = False
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        database.on_commit.append(self._news.set)

    async def run(self) -> None:
        """Deliver until cancelled; wakes at commits, looks again every second at the least."""
        await self.recover()
        while True:
            self._news.clear()
            try:
                delivered = await self.deliver_due()
            except Exception:
                log.exception("lane.failed", lane=self.name)
                delivered = 0
                await asyncio.sleep(REST_SECONDS)
            if not delivered:
                try:
                    await asyncio.wait_for(self._news.wait(), REST_SECONDS)
                except TimeoutError:
                    continue

    async def stop(self) -> None:
        """Begin nothing more, and see through what is on its way: ten seconds at most."""
        self._is_stopping = True
        try:
            await asyncio.wait_for(self._at_rest.wait(), STOP_SECONDS)
        except TimeoutError:
            log.warning("lane.stopped_midway", lane=self.name)

    async def recover(self) -> None:
        """Judge what was on its way when the last life ended: its outcome is unknown."""
        async with self._database.write() as tx:
            self._salt = zlib.crc32(await outbox.salt(tx))
            for state in (outbox.SENDING, outbox.UNKNOWN):
                for message in await outbox.in_state(tx, self.name, state):
                    if await self._goes_again(tx, message, "interrupted"):
                        await outbox.again(tx, message.id, "interrupted")

    async def deliver_due(self) -> int:
        """Send one group of due messages, at most one a chat, and return how many rows changed."""
        await self._pace.rest()
        resting = self._backoff.resting()
        async with self._database.read() as tx:
            due = await outbox.due(tx, self.name, self._now(), self._group, but_not=resting)
        if not due or self._is_stopping:
            return 0
        self._at_rest.clear()
        try:
            await self._deliver(due)
        finally:
            self._at_rest.set()
        return len(due)

    async def _deliver(self, due: Sequence[Message]) -> None:
        async with self._database.write() as tx:
            prepared = [await self._prepare(tx, message) for message in due]
        parcels = [parcel for parcel in prepared if parcel is not None]
        async with asyncio.TaskGroup() as group:
            sends = [(parcel, group.create_task(self._send(parcel))) for parcel in parcels]
        async with self._database.write() as tx:
            for parcel, send in sends:
                await self._record(tx, parcel, send.result())

    async def _prepare(self, tx: Tx, message: Message) -> Parcel | None:
        """Render a message (once) and mark it as sending, or drop it."""
        now = self._now()
        if message.useful_until is not None and message.useful_until <= now:
            await outbox.finish(tx, message.id, outbox.DROPPED, "no longer useful")
            return None
        if message.card and message.is_reply and await outbox.is_superseded(tx, message):
            await outbox.finish(tx, message.id, outbox.DROPPED, "a newer version is on its way")
            return None
        try:
            reply = await self._rendered(tx, message, now)
        except Exception:
            log.exception("notice.unrenderable", kind=message.kind, message=message.id)
            await outbox.finish(tx, message.id, outbox.DEAD, "cannot be rendered")
            return None
        if reply is None:
            await outbox.finish(tx, message.id, outbox.DROPPED, "its reason is gone")
            return None
        message = replace(
            message, rendered=REPLY.dump_json(reply, exclude_defaults=True).decode()
        )
        await outbox.sending(tx, message.id, message.rendered)
        edits = ""
        if reply.edit:
            edits = await outbox.card_message(tx, self.name, message.address, reply.card)
        return Parcel(message, reply, await self._local(tx, reply), edits)

    async def _rendered(self, tx: Tx, message: Message, now: datetime) -> Reply | None:
        if message.rendered:
            return REPLY.validate_json(message.rendered)
        if message.is_reply:
            return REPLY.validate_python(message.payload)
        reply = await notices.render(tx, message, now)
        if reply is not None and self.name == "mail" and not reply.subject:
            reply = Reply(reply.text or "—", subject=Texts()("letter-subject"))
        return reply

    async def _local(self, tx: Tx, reply: Reply) -> tuple[LocalFile, ...]:
        local = []
        for stored in reply.files:
            row = await files.by_id(tx, stored.file_id)
            if row is not None:
                path = self._store.path(row.sha256)
                local.append(
                    LocalFile(path, stored.kind, stored.name, row.content_type, row.sha256)
                )
        return tuple(local)

    async def _send(self, parcel: Parcel) -> str | DeliveryFailed:
        message = parcel.message
        chat = "" if parcel.edits else message.address
        await self._pace.wait(chat, is_reply=message.is_reply)
        try:
            if parcel.edits:
                try:
                    await self._courier.edit(message.address, parcel.edits, parcel.reply)
                except EditRejected:
                    log.info("edit.rejected", lane=self.name, message=message.id)
                else:
                    return parcel.edits
            number = self._random_id(message)
            return await self._courier.send(message.address, parcel.reply, parcel.files, number)
        except DeliveryFailed as failure:
            return failure
        except Exception as error:
            log.exception("courier.broken", lane=self.name, message=message.id)
            return OutcomeUnknown(type(error).__name__)

    def _random_id(self, message: Message) -> int:
        """Return a positive int32 that is this message's alone in this installation."""
        return (self._salt + message.id) % 0x7FFFFFFF + 1

    async def _record(self, tx: Tx, parcel: Parcel, outcome: str | DeliveryFailed) -> None:
        """Write down what is known of a message now."""
        message, now = parcel.message, self._now()
        if isinstance(outcome, str):
            self._backoff.forget(message.id)
            await outbox.sent(tx, message.id, outcome, now)
            if message.card or parcel.reply.card:
                card = parcel.reply.card or message.card
                await outbox.card_sent(tx, self.name, message.address, card, outcome)
            return
        cause = str(outcome) or type(outcome).__name__
        log.warning(
            "message.failed",
            lane=self.name,
            message=message.id,
            failure=type(outcome).__name__,
            cause=cause,
        )
        if isinstance(outcome, FloodWait):
            self._pace.hold(outcome.seconds)
            await outbox.again(tx, message.id, cause)
        elif isinstance(outcome, NotSent) and message.attempts < MOST_ATTEMPTS:
            await self._retry(tx, message, cause)
        elif isinstance(outcome, OutcomeUnknown):
            if await self._goes_again(tx, replace(message, attempts=message.attempts + 1), cause):
                await self._retry(tx, message, cause)
        elif isinstance(outcome, ChatClosed):
            await self._fail_over(tx, message, now)
        else:
            await outbox.finish(tx, message.id, outbox.DEAD, cause)

    async def _retry(self, tx: Tx, message: Message, cause: str) -> None:
        """Try again after a pause; while nothing at all gets through, the whole lane rests too."""
        self._pace.hold(self._backoff.pause(message.id))
        await outbox.again(tx, message.id, cause)

    async def _goes_again(self, tx: Tx, message: Message, cause: str) -> bool:
        """Decide about a message that may or may not have arrived; one that stays so is finished.

        Where the platform knows the random id, and for a change in place, asking again is
        harmless. Elsewhere a reply and what must be heard go again, marked as a repeat; a nudge
        does not.
        """
        if self._keeps_random_id:
            return True
        repeats = message.is_reply or notices.KINDS[message.kind].repeats
        if not repeats or message.attempts >= MOST_ATTEMPTS:
            await outbox.finish(tx, message.id, outbox.UNKNOWN, cause)
            return False
        if message.rendered and not message.card:
            await self._mark_repeat(tx, message)
        return True

    async def _mark_repeat(self, tx: Tx, message: Message) -> None:
        reply = REPLY.validate_json(message.rendered)
        is_marked = reply.text.startswith(Texts()("repeat-mark", text=""))
        if not reply.text or is_marked or len(reply.text) > 900:  # noqa: PLR2004 room in a caption
            return
        marked = replace(reply, text=Texts()("repeat-mark", text=reply.text))
        await outbox.reword(tx, message.id, REPLY.dump_json(marked).decode())

    async def _fail_over(self, tx: Tx, message: Message, now: datetime) -> None:
        """Use the person's other messenger, then e-mail; else give the notice up, and say so."""
        await accounts.blocked(tx, self.name, message.address, now)
        person = await people.person(tx, message.person_id) if message.person_id else None
        if message.is_reply or person is None:
            await outbox.finish(tx, message.id, outbox.DEAD, "the chat is closed")
            return
        others = await accounts.reachable(tx, person.id)
        if others:
            await outbox.reroute(tx, message.id, others[0].messenger, others[0].chat)
        elif person.email and self.name != "mail":
            await outbox.reroute(tx, message.id, "mail", person.email)
        else:
            await outbox.finish(tx, message.id, outbox.DEAD, "the chat is closed")
