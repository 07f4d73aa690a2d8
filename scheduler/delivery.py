"""Delivers the outbox: one lane a messenger, replies ahead of notices.

What is known is written down: `sending` is committed before a request leaves, the outcome after.
"""

import asyncio
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from scheduler.doubts import Doubts
from scheduler.floods import Floods
from scheduler.lanes import Backoff, Pace
from scheduler.messenger import (
    Courier,
    DeliveryFailed,
    EditRejected,
    FloodWait,
    OutcomeUnknown,
    Scope,
)
from scheduler.outcomes import Fate, Outcome, Outcomes
from scheduler.parcels import OUTDATED, Parcel, Unsent, packed, sealed
from storage import outbox, queue
from storage.database import Database, Tx
from storage.files import FileStore
from storage.outbox import Message

GROUP, GROUP_ASKED_AGAIN = 30, 50
"""How many may be on their way at once: a crash leaves the outcome of all of them unknown. No more
than Telegram takes in a second, as an answer may need one; more where a repeat does no harm."""
KEPT_FOR_REPLIES = 2
RENDER_SECONDS = 0.015
"""So long notices are rendered at once; a reply that comes meanwhile waits for these few."""
REST_SECONDS = 1.0
STOP_SECONDS = 10.0
Aside = tuple[list[int], list[str], list[int]]

log = structlog.get_logger(__name__)


class Lane:
    """Delivers to one messenger. `now` gives the school's instant; back-off is real time.

    A few requests are on their way at a time, one a chat, so that one that hangs holds up nobody
    but its chat, and notices leave room for replies. `keeps_random_id`: repeats are recognised.
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
        self._floods = Floods(self._pace)
        self._doubts = Doubts()
        self._outcomes = Outcomes(
            self.name, self._pace, self._backoff, keeps_random_id=keeps_random_id
        )
        self._group = GROUP_ASKED_AGAIN if keeps_random_id else GROUP
        # Of notices, made ready in time and on their way, what leaves in a quarter of a second.
        self._most_notices = min(self._group - KEPT_FOR_REPLIES, self._pace.quarter)
        self._salt = 0
        self._on_its_way = self._notices_on_their_way = 0
        self._finished: list[tuple[Parcel, Outcome]] = []
        self._is_stopping = False
        self._may_have_replies = self._may_have_notices = True
        self._looks_again_at = 0.0
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()
        self._progress = asyncio.Event()
        database.listen(self._look_for_replies, outbox.replies_on(self.name))
        for lane in (self.name, outbox.ANY_LANE):
            database.listen(self._look_for_notices, outbox.notices_on(lane))

    async def run(self) -> None:
        """Deliver until cancelled; wakes at news, looks again every second at the least."""
        await self._until_recovered()
        async with asyncio.TaskGroup() as group:

            def send_off(parcel: Parcel) -> None:
                group.create_task(self._carry(parcel))

            while True:
                self._news.clear()
                self._look_again()
                try:
                    moved = await self._move(send_off)
                except Exception:
                    log.exception("lane.failed", lane=self.name)
                    moved = 0
                    await asyncio.sleep(REST_SECONDS)
                if not moved and not self._has_more():
                    rest = max(self._looks_again_at - time.monotonic(), 0.0)
                    await _wait(self._news, min(rest, self._pace.held() or rest))

    async def stop(self) -> None:
        """Begin nothing more, and see through what is on its way: ten seconds at most."""
        self._is_stopping = True
        try:
            async with asyncio.timeout(STOP_SECONDS):
                async with self._turn:  # what is being made ready is on its way after this
                    pass
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
                outcome = self._outcomes.interrupted(message)
                await self._outcomes.note_failure(tx, message, outcome, self._now())

    async def _until_recovered(self) -> None:
        """Recover, however long the database is in trouble: nothing may leave before."""
        while True:
            try:
                await self.recover()
            except Exception:
                log.exception("lane.failed", lane=self.name)
                await asyncio.sleep(REST_SECONDS)
            else:
                return

    async def deliver_due(self) -> int:
        """Send one group of due messages, at most one a chat, and return how many rows changed."""
        await self._pace.rest()
        self._look_for_everything()
        parcels: list[Parcel] = []
        moved = await self._move(parcels.append) + await self._move(parcels.append)
        async with asyncio.TaskGroup() as group:
            for parcel in parcels:
                group.create_task(self._carry(parcel))
        async with self._turn:
            await self._write_down([], 0)
        return moved

    def _look_for_replies(self) -> None:
        self._may_have_replies = True
        self._news.set()

    def _look_for_notices(self) -> None:
        self._may_have_notices = True
        self._news.set()

    def _look_again(self) -> None:
        """Look for what became due by time alone, or was missed: no news tells of it."""
        if time.monotonic() >= self._looks_again_at:
            self._look_for_everything()

    def _look_for_everything(self) -> None:
        self._looks_again_at = time.monotonic() + REST_SECONDS
        self._look_for_replies()
        self._look_for_notices()

    async def _move(self, send_off: Callable[[Parcel], object]) -> int:
        """Write down what came back, and send off replies that are due, or else notices.

        Returns how many due messages were dealt with. Nobody who writes waits for the rendering
        of notices, and no reply for more than a few of them.
        """
        async with self._turn:
            notices: list[Parcel | Unsent] = []
            if self._has_room_for_notices() and not self._may_have_replies:
                aside = self._aside()
                notices = await self._database.read_whole(
                    lambda tx: self._packed_notices(tx, aside)
                )
            if not (notices or self._finished or self._may_have_replies):
                return 0
            taken = self._on_its_way + len(notices)
            room = self._backoff.room(self._group, taken) if self._may_begin() else 0
            dealt_with, parcels = await self._write_down(notices, room)
            for parcel in parcels:
                self._on_its_way += 1
                self._backoff.leaves(parcel.message.id)
                self._notices_on_their_way += not parcel.message.is_reply
                send_off(parcel)
            return dealt_with

    def _has_more(self) -> bool:
        return self._may_have_replies or self._has_room_for_notices()

    def _has_room_for_notices(self) -> bool:
        return self._may_have_notices and self._may_begin() and self._room_for_notices() > 0

    def _may_begin(self) -> bool:
        return not self._is_stopping and not self._pace.held()

    def _aside(self) -> Aside:
        return self._backoff.resting(), self._floods.resting(), self._backoff.tried()

    async def _packed_notices(self, tx: Tx, aside: Aside) -> list[Parcel | Unsent]:
        now, room = self._now(), self._room_for_notices()
        self._may_have_notices = False
        due = await queue.notices(tx, self.name, now, room, *aside)
        ready: list[Parcel | Unsent] = []
        began = time.monotonic()
        for message in due:
            if ready and time.monotonic() - began > RENDER_SECONDS:
                break
            ready.append(await packed(tx, message, self._store, now))
        if len(ready) == room or len(ready) < len(due):
            self._may_have_notices = True
        return ready

    def _room_for_notices(self) -> int:
        if self._pace.waiting > self._most_notices // 2:
            return 0
        room = self._backoff.room(self._most_notices, self._notices_on_their_way)
        return min(room, self._backoff.room(self._group, self._on_its_way))

    async def _write_down(
        self, notices: Sequence[Parcel | Unsent], room: int
    ) -> tuple[int, list[Parcel]]:
        """Write down what came back and, in the same commit, what now must leave.

        That are the notices that were made ready, and as many due replies as there is room for.
        Returns how many messages were dealt with, and those that leave.
        """
        finished = list(self._finished)
        aside = self._aside()  # here, on the loop: it changes while others write
        ready: list[Parcel | Unsent] = []
        self._may_have_replies = False

        async def note(tx: Tx) -> list[Parcel | None]:
            await self._doubts.take_back(tx)
            for parcel, outcome in finished:
                await self._outcomes.note(tx, parcel, outcome, self._now())
            now = self._now()
            due = await queue.replies(tx, self.name, room, *aside)
            ready.extend([await packed(tx, message, self._store, now) for message in due])
            answered = {message.address for message in due}
            for one in notices:
                if one.message.address in answered:
                    self._may_have_notices = True
                else:
                    ready.append(one)
            return [await sealed(tx, one, now) for one in ready]

        try:
            sealed_ = await self._database.write_whole(note)
        except Exception:
            self._doubts.arose(one.message for one in ready)
            self._look_for_everything()
            raise
        self._settle(ready, sealed_)
        if None in sealed_:
            self._look_for_everything()  # what had to wait for one that does not leave
        elif any(not parcel.message.is_reply for parcel, _ in finished):
            self._look_for_notices()  # the next one to its chat
        del self._finished[: len(finished)]
        self._progress.set()
        return len(sealed_), [parcel for parcel in sealed_ if parcel is not None]

    def _settle(self, ready: Sequence[Parcel | Unsent], leave: Sequence[Parcel | None]) -> None:
        """Forget what ended without leaving, and doubt what was no longer planned."""
        self._doubts.ended({parcel.message.id for parcel in leave if parcel is not None})
        for one, parcel in zip(ready, leave, strict=True):
            if isinstance(one, Unsent):
                self._backoff.drop(one.message.id)
            elif parcel is None:
                self._doubts.arose([one.message])

    async def _carry(self, parcel: Parcel) -> None:
        try:
            self._finished.append((parcel, await self._outcome(parcel)))
        finally:
            self._on_its_way -= 1
            self._backoff.is_back(parcel.message.id)
            self._notices_on_their_way -= not parcel.message.is_reply
            self._news.set()

    async def _outcome(self, parcel: Parcel) -> Outcome:
        """Send a message and judge the answer; a defect in that must not end the lane."""
        try:
            return self._outcomes.judged(parcel.message, await self._send(parcel))
        except Exception as error:
            log.exception("message.unjudged", lane=self.name, message=parcel.message.id)
            return Outcome(Fate.UNKNOWN, type(error).__name__)

    async def _send(self, parcel: Parcel) -> str | DeliveryFailed:
        message = parcel.message
        edits = bool(parcel.edits)
        place = await self._pace.wait(message.address, is_reply=message.is_reply, is_change=edits)
        if place is None:
            return FloodWait(self._pace.held(), Scope.LANE)
        if self._room_for_notices() > 0:
            self._news.set()
        try:
            reference = await self._handed_over(parcel)
        except FloodWait as failure:
            self._floods.refused(message.address, failure)
            return failure
        except DeliveryFailed as failure:
            return failure
        except Exception as error:
            log.exception("courier.broken", lane=self.name, message=message.id)
            return OutcomeUnknown(type(error).__name__)
        self._pace.answered(place)
        return reference

    async def _handed_over(self, parcel: Parcel) -> str:
        message = parcel.message
        if parcel.edits:
            try:
                await self._courier.edit(message.address, parcel.edits, parcel.reply)
            except EditRejected:
                log.info("edit.rejected", lane=self.name, message=message.id)
                if message.kind == OUTDATED:
                    raise
            else:
                return parcel.edits
        number = self._random_id(message)
        return await self._courier.send(message.address, parcel.reply, parcel.files, number)

    def _random_id(self, message: Message) -> int:
        """Return a positive int32 that is this message's alone in this installation.

        Counting collides with nothing; hashes of all messages would (one in two at 55,000). That
        no number comes again when an older database does: `storage.numbers`.
        """
        return (self._salt + message.id) % 0x7FFFFFFF + 1


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
