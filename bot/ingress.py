"""From a messenger to the inbox: a batch is on disk before the messenger is told that we have it.

Files are fetched afterwards, outside any transaction, and only for those who belong to the school;
an event reaches a handler with its files.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter

from bot import errands, file_names, fitness, logs
from bot.errands import Errand
from bot.measure import Full, Measure, Share
from bot.turnstile import Passage, Turnstile
from handlers.messages import FileState, Happening, Incoming, RemoteFile
from scheduler.messenger import FileRefused, FloodWait, NotSent, Source, TokenRefused, Update
from storage import files, inbox
from storage.characters import storable
from storage.database import Database, Tx
from storage.files import Blob, DiskFailed, FileStore, FileTooBig
from storage.inbox import FetchedFile, NewEvent

FILE_BYTES = 20 * 1024 * 1024
FILES_OF_EVENT = 30
FILES_AN_HOUR = 300
BYTES_AN_HOUR = 500 * 1024 * 1024
FETCH_SECONDS = 60.0
"""How long a file may take, whatever the messenger does; what our own disk refuses is not given
up so soon, but a disk that hangs counts."""
SLOW_SECONDS = 2.0
FETCHES = 4
"""For so many senders files are fetched at once: each holds one place, however slow its file is."""
FURTHER = 2
"""So many places more are for the further files of those who hold one: an album comes faster."""
WAITING_FOR_DISK = 20
"""So many events wait for room on our disk beside those that are fetched for, before all wait."""
REST_SECONDS = 1.0
LOOK_SECONDS = 0.05
"""How soon we look again whether somebody who may be enrolling is one of us by now."""
ACKNOWLEDGE_SECONDS = 5.0
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
MANY, GATHER_SECONDS = 4, 0.02
"""Where one poll brings so many, the next waits a moment: a transaction costs more than its rows,
and one of fifteen events less than three of five."""

INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
Fetched = tuple[FileState, Blob | None]

log = structlog.get_logger(__name__)


class Ingress:
    """Receives from one messenger."""

    def __init__(
        self, source: Source, database: Database, store: FileStore, now: Callable[[], datetime]
    ) -> None:
        self._source = source
        self._database = database
        self._store = store
        self._now = now
        self._news = asyncio.Event()
        self._under_way: dict[int, str] = {}
        self._measures: dict[str, Measure] = {}
        self._undecided = 0
        self._without_room: set[int] = set()
        self._places = asyncio.Semaphore(FETCHES + FURTHER)
        self._turnstile = Turnstile()
        self._has_caught_up = asyncio.Event()

    @property
    def name(self) -> str:
        """The messenger's lane."""
        return self._source.lane

    async def caught_up(self, seconds: float) -> None:
        """Wait until what came during a downtime is stored, for so many seconds at most.

        Who writes to people before that may hide from us what they wrote: VK tells after a gap
        only which conversations nobody has answered since.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._has_caught_up.wait()
        except TimeoutError:
            log.warning("ingress.not_caught_up", messenger=self.name, seconds=seconds)

    async def run(self) -> None:
        """Receive and fetch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._receive())
            group.create_task(self._fetch())

    async def _receive(self) -> None:
        pause, is_refused = FIRST_PAUSE, False
        while True:
            try:
                updates = await self._source.poll()
                await self.take(updates)
                self._has_caught_up.set()
                pause, is_refused = FIRST_PAUSE, False
                if len(updates) >= MANY:
                    await asyncio.sleep(GATHER_SECONDS)
            except Exception as error:
                if isinstance(error, TokenRefused) and not is_refused:
                    is_refused, hint = True, f"DEZHURNY_{self.name.upper()}_TOKEN is not accepted"
                    log.warning("poll.failed", messenger=self.name, cause=str(error), hint=hint)
                elif isinstance(error, NotSent):
                    log.warning("poll.failed", messenger=self._source.lane, cause=str(error))
                else:
                    log.exception("ingress.failed", messenger=self._source.lane)
                await asyncio.sleep(_at_least(error, pause))
                pause = min(pause * 2, LONGEST_PAUSE)

    async def take(self, updates: Sequence[Update]) -> None:
        """Store a batch in one transaction, stop the spinners of its presses, and confirm it.

        In this order, because whatever a crash leaves unconfirmed comes again, spinners and all.
        """
        if updates:
            rows = [self._row(update) for update in updates]
            for row in rows:
                if row.error:
                    log.warning("update.quarantined", messenger=row.messenger, cause=row.error)
            await self._database.write_whole(lambda tx: inbox.store(tx, rows, self._now()))
            if any(row.files for row in rows):
                self._news.set()
        presses = [update for update in updates if update.press]
        async with asyncio.TaskGroup() as group:
            for update in presses:
                group.create_task(self._acknowledge(update))
        await self._source.confirm()

    def _row(self, update: Update) -> NewEvent:
        """Make a row of whatever came; what no database could keep is not a reason to lose it."""
        event, error, body = self._let_in(update), update.error, ""
        if event is not None:
            try:
                body = INCOMING.dump_json(_storable(event)).decode()
            except ValueError as failure:
                event, error = None, type(failure).__name__
        return NewEvent(
            messenger=self._source.lane,
            update_ref=storable(update.ref),
            sender=storable(update.event.address.sender) if update.event else "",
            raw=storable(update.raw),
            event=body,
            files=len(event.remote) if event else 0,
            error=logs.redacted(logs.unquoted(storable(error))),
        )

    def _let_in(self, update: Update) -> Incoming | None:
        """Keep unread what one sender sends without end; the first of it gets an answer."""
        if update.event is None:
            return None
        passage = self._turnstile.passage(update.ref, update.event)
        if passage is Passage.IN:
            return update.event
        if passage is Passage.KEPT:
            return None
        log.warning("sender.shut_out", messenger=self._source.lane)
        return replace(update.event, happening=Happening.HURRIED, text="", action="", remote=())

    async def _acknowledge(self, update: Update) -> None:
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await self._source.acknowledge(update)
        except Exception as error:  # noqa: BLE001 a spinner is not worth a lost batch
            log.warning("press.unacknowledged", messenger=self._source.lane, cause=repr(error))

    async def _fetch(self) -> None:
        """Fetch for several events at a time: a slow one holds up nobody but its sender."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._news.clear()
                try:
                    for errand in await self._claim():
                        group.create_task(self._fetch_alone(errand))
                except Exception:
                    log.exception("fetch.failed", messenger=self._source.lane)
                try:
                    async with asyncio.timeout(LOOK_SECONDS if self._undecided else REST_SECONDS):
                        await self._news.wait()
                except TimeoutError:
                    continue

    async def fetch_waiting(self) -> int:
        """Fetch the files of the oldest waiting events and return how many events there were."""
        errands = await self._claim()
        async with asyncio.TaskGroup() as group:
            for errand in errands:
                group.create_task(self._fetch_alone(errand))
        return len(errands)

    async def _claim(self) -> list[Errand]:
        """Take the oldest waiting events that nobody fetches for yet, as many as may be.

        Those that wait for room on our disk leave their places to others meanwhile; those of whom
        it is not known yet whose they are need none.
        """
        under_way = dict(self._under_way)  # what ends while we read is still waiting as we read it
        busy = [who for number, who in under_way.items() if number not in self._without_room]
        senders = set(under_way.values())
        self._measures = {who: left for who, left in self._measures.items() if who in senders}
        most = FETCHES + FURTHER + len(under_way) + min(self._undecided, WAITING_FOR_DISK)
        claimed, undecided = [], 0
        async with self._database.read() as tx:
            for event in await inbox.fetching(tx, self._source.lane, most):
                if event.id in under_way or not self._has_place(event.sender, busy):
                    continue
                errand = await errands.judged(tx, event)
                if errand is None:
                    undecided += 1
                    continue
                if errand.is_ours and errand.sender not in self._measures:
                    self._measures[errand.sender] = await self._measured(tx, errand.sender)
                claimed.append(errand)
                busy.append(errand.sender)
        self._undecided = undecided
        self._under_way |= {errand.id: errand.sender for errand in claimed}
        return claimed

    def _has_place(self, sender: str, busy: Sequence[str]) -> bool:
        """Say whether a place is free for a sender's event beside those of the senders `busy`."""
        if len(busy) + len(self._without_room) >= WAITING_FOR_DISK:
            return False
        further = len(busy) - len(set(busy))
        return further < FURTHER if sender in busy else len(busy) - further < FETCHES

    async def _measured(self, tx: Tx, sender: str) -> Measure:
        count, size = await files.received_since(tx, sender, self._now() - timedelta(hours=1))
        return Measure(FILES_AN_HOUR - count, BYTES_AN_HOUR - size)

    async def _fetch_alone(self, errand: Errand) -> None:
        try:
            await self._fetch_event(errand)
        except Exception:
            log.exception("fetch.failed", messenger=self._source.lane, number=errand.id)
            await asyncio.sleep(REST_SECONDS)
        finally:
            self._without_room.discard(errand.id)
            self._under_way.pop(errand.id, None)
            self._news.set()

    async def _fetch_event(self, errand: Errand) -> None:
        """Fetch an event's files; after a minute it goes on with those marked missing.

        What is beyond the sender's measure of this hour is not fetched, and nothing of strangers
        and groups.
        """
        wanted = errand.remote[:FILES_OF_EVENT] if errand.is_ours else ()
        async with asyncio.TaskGroup() as group:
            busy = group.create_task(self._say_busy(errand.chat))
            results = await self._fetch_all(errand, wanted)
            busy.cancel()
        left = FileState.TOO_MANY if errand.is_ours else FileState.MISSING
        results += [(left, None) for _ in errand.remote[len(wanted) :]]
        now = self._now()
        async with self._database.write() as tx:
            fetched = []
            for position, (state, blob) in enumerate(results):
                file_id = await files.add(tx, blob, now) if blob else None
                fetched.append(FetchedFile(position, state.value, file_id))
            await inbox.fetched(tx, errand.id, fetched)

    async def _fetch_all(self, errand: Errand, remote: Sequence[RemoteFile]) -> list[Fetched]:
        """Fetch files; those that our own disk does not take wait until it does."""
        fetched: dict[int, Fetched] = {}
        pause = FIRST_PAUSE
        while lacking := [place for place in range(len(remote)) if place not in fetched]:
            async with self._places, asyncio.TaskGroup() as group:
                self._without_room.discard(errand.id)
                measure = self._measures[errand.sender]
                tries = [group.create_task(self._one(remote[place], measure)) for place in lacking]
            refused = ""
            for place, one in zip(lacking, tries, strict=True):
                result = one.result()
                if isinstance(result, DiskFailed):
                    refused = str(result)
                else:
                    fetched[place] = result
            if refused:
                log.error(
                    "file.waits_for_disk", messenger=self.name, number=errand.id, cause=refused
                )
                self._without_room.add(errand.id)  # until it has a place again
                self._news.set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        return [fetched[place] for place in range(len(remote))]

    async def _say_busy(self, chat: str) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        try:
            await self._source.working(chat)
        except Exception as error:  # noqa: BLE001 the files are what matters
            log.info("working.unsaid", messenger=self._source.lane, cause=repr(error))

    async def _one(self, remote: RemoteFile, measure: Measure) -> Fetched | DiskFailed:
        if unasked := fitness.unasked(remote, FILE_BYTES):
            return unasked, None
        try:
            with measure.share(remote.size) as share:
                async with asyncio.timeout(FETCH_SECONDS):
                    blob = await self._until_fetched(remote, share)
                share.be(blob.size)
            return fitness.judged(blob), blob
        except DiskFailed as failure:
            return failure
        except (Full, FileTooBig) as failure:
            return (FileState.TOO_MANY if isinstance(failure, Full) else FileState.TOO_BIG), None
        except FileRefused as refused:
            return (FileState.TOO_BIG if refused.too_big else FileState.MISSING), None
        except TimeoutError:
            log.warning("file.missing", messenger=self._source.lane, seconds=FETCH_SECONDS)
        except Exception:
            log.exception("file.missing", messenger=self._source.lane)
        return FileState.MISSING, None

    async def _until_fetched(self, remote: RemoteFile, share: Share) -> Blob:
        """Try until the messenger has handed out the whole file."""
        pause = FIRST_PAUSE
        while True:
            try:
                stream = self._source.download(remote)
                return await self._store.save(stream, FILE_BYTES, share.hold)
            except (NotSent, OSError) as error:
                tell = log.error if isinstance(error, OSError) else log.info
                tell("file.retried", messenger=self._source.lane, cause=repr(error))
                await asyncio.sleep(_at_least(error, pause))
                pause *= 2


def _at_least(error: Exception, pause: float) -> float:
    """Wait as long as we would, or as long as the messenger asks."""
    return max(pause, error.seconds) if isinstance(error, FloodWait) else pause


def _storable(event: Incoming) -> Incoming:
    """Clean what a person wrote of what no database keeps."""
    remote = tuple(
        replace(file, name=file_names.shown(storable(file.name))) for file in event.remote
    )
    text, action = storable(event.text), storable(event.action)
    return replace(event, text=text, action=action, remote=remote)
