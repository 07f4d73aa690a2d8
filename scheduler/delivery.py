"""Delivers the outbox: one lane a messenger, replies ahead of notices.

What is known is written down: `sending` is committed before a request leaves, the outcome after.
"""

import asyncio
import zlib
from collections.abc import Callable
from datetime import datetime

import structlog

from scheduler.lanes import Backoff, Pace
from scheduler.messenger import Courier, DeliveryFailed, EditRejected, OutcomeUnknown
from scheduler.outcomes import Outcomes
from scheduler.parcels import Parcel, packed
from storage import outbox
from storage.database import Database, Tx
from storage.files import FileStore
from storage.outbox import Message

GROUP = 10
REST_SECONDS = 1.0
STOP_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Lane:
    """Delivers to one messenger. `now` gives the school's instant; back-off is real time.

    A few requests are on their way at a time, one a chat, so that one that hangs holds up nobody
    but its chat. `keeps_random_id` says that the platform knows a repeated request by its random
    id (VK).
    """

    def __init__(
        self,
        courier: Courier,
        database: Database,
        store: FileStore,
        now: Callable[[], datetime],
        pace: Pace | None = None,
        *,
        backoff: Backoff | None = None,
        keeps_random_id: bool = False,
    ) -> None:
        self.name = courier.lane
        self._courier = courier
        self._database = database
        self._store = store
        self._now = now
        self._pace = pace or Pace(per_second=1000)
        self._backoff = backoff or Backoff()
        self._outcomes = Outcomes(
            self.name, self._pace, self._backoff, keeps_random_id=keeps_random_id
        )
        # A crash leaves the outcome of a whole group unknown: no more than leaves at once.
        self._group = min(GROUP, self._pace.quarter)
        self._salt = 0
        self._on_its_way = 0
        self._finished: list[tuple[Parcel, str | DeliveryFailed]] = []
        self._is_stopping = False
        self._news = asyncio.Event()
        self._progress = asyncio.Event()
        database.on_commit.append(self._news.set)

    async def run(self) -> None:
        """Deliver until cancelled; wakes at commits, looks again every second at the least."""
        await self.recover()
        async with asyncio.TaskGroup() as group:
            while True:
                self._news.clear()
                try:
                    moved, parcels = await self._move()
                    self._send_off(group, parcels)
                except Exception:
                    log.exception("lane.failed", lane=self.name)
                    moved = 0
                    await asyncio.sleep(REST_SECONDS)
                if not moved:
                    await _wait(self._news, min(REST_SECONDS, self._pace.held() or REST_SECONDS))

    async def stop(self) -> None:
        """Begin nothing more, and see through what is on its way: ten seconds at most."""
        self._is_stopping = True
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while self._on_its_way or self._finished:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError:
            log.warning("lane.stopped_midway", lane=self.name, messages=self._on_its_way)

    async def recover(self) -> None:
        """Judge what was on its way when the last life ended: its outcome is unknown."""
        async with self._database.write() as tx:
            self._salt = zlib.crc32(await outbox.salt(tx))
            for message in await outbox.in_state(tx, self.name, outbox.SENDING):
                await self._outcomes.interrupted(tx, message)

    async def deliver_due(self) -> int:
        """Send one group of due messages, at most one a chat, and return how many rows changed."""
        await self._pace.rest()
        moved, parcels = await self._move()
        async with asyncio.TaskGroup() as group:
            self._send_off(group, parcels)
        if self._finished:
            await self._move(begins=False)
        return moved

    async def _move(self, *, begins: bool = True) -> tuple[int, list[Parcel]]:
        """Write down what came back and, in the same commit, make ready what is due.

        Returns how many due messages were dealt with, and those of them that now must leave.
        """
        finished = list(self._finished)
        if not finished and not (begins and await self._due_now()):
            return 0, []
        async with self._database.write() as tx:
            for parcel, outcome in finished:
                await self._outcomes.note(tx, parcel, outcome, self._now())
            due = await self._due(tx) if begins else []
            packing = [await packed(tx, message, self._store, self._now()) for message in due]
        del self._finished[: len(finished)]
        self._progress.set()
        return len(due), [parcel for parcel in packing if parcel is not None]

    def _send_off(self, group: asyncio.TaskGroup, parcels: list[Parcel]) -> None:
        self._on_its_way += len(parcels)
        for parcel in parcels:
            group.create_task(self._carry(parcel))

    async def _due_now(self) -> bool:
        async with self._database.read() as tx:
            return bool(await self._due(tx))

    async def _due(self, tx: Tx) -> list[Message]:
        room = self._group - self._on_its_way
        if room <= 0 or self._is_stopping or self._pace.held():
            return []
        resting = self._backoff.resting()
        return await outbox.due(tx, self.name, self._now(), room, but_not=resting)

    async def _carry(self, parcel: Parcel) -> None:
        try:
            self._finished.append((parcel, await self._send(parcel)))
        finally:
            self._on_its_way -= 1
            self._news.set()

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


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
