"""From a messenger to the inbox: a batch is on disk before the messenger is told that we have it.

Files are fetched afterwards, outside any transaction; an event reaches a handler with its files.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from handlers.messages import FileKind, FileState, Incoming, RemoteFile
from scheduler.messenger import FileRefused, NotSent, Source, Update
from storage import files, inbox
from storage.database import Database
from storage.files import Blob, FileStore, FileTooBig
from storage.inbox import Event, FetchedFile, NewEvent

FILE_BYTES = 20 * 1024 * 1024
FETCH_SECONDS = 60.0
SLOW_SECONDS = 2.0
FETCHES = 4
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
UNREADABLE = {"application/octet-stream", "application/x-executable", "application/x-msdownload"}
READABLE = ("image/", "audio/", "video/", "text/", "application/")

INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)

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
            await asyncio.wait_for(self._has_caught_up.wait(), seconds)
        except TimeoutError:
            log.warning("ingress.not_caught_up", messenger=self.name, seconds=seconds)

    async def run(self) -> None:
        """Receive and fetch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._receive())
            group.create_task(self._fetch())

    async def _receive(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                updates = await self._source.poll()
                await self.take(updates)
                self._has_caught_up.set()
                pause = FIRST_PAUSE
            except NotSent as error:
                log.warning("poll.failed", messenger=self._source.lane, cause=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("ingress.failed", messenger=self._source.lane)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def take(self, updates: Sequence[Update]) -> None:
        """Store a batch in one transaction, confirm it, and stop the spinners of its presses."""
        if updates:
            for update in updates:
                if update.error:
                    log.warning(
                        "update.quarantined", messenger=self._source.lane, cause=update.error
                    )
            async with self._database.write() as tx:
                await inbox.store(tx, [self._row(update) for update in updates], self._now())
            self._news.set()
        await self._source.confirm()
        presses = [update for update in updates if update.press]
        async with asyncio.TaskGroup() as group:
            for update in presses:
                group.create_task(self._acknowledge(update))

    def _row(self, update: Update) -> NewEvent:
        event = update.event
        return NewEvent(
            messenger=self._source.lane,
            update_ref=update.ref,
            sender=event.address.sender if event else "",
            raw=update.raw,
            event=INCOMING.dump_json(event).decode() if event else "",
            files=len(event.remote) if event else 0,
            error=update.error,
        )

    async def _acknowledge(self, update: Update) -> None:
        try:
            await self._source.acknowledge(update)
        except Exception as error:  # noqa: BLE001 a spinner is not worth a lost batch
            log.warning("press.unacknowledged", messenger=self._source.lane, cause=repr(error))

    async def _fetch(self) -> None:
        while True:
            self._news.clear()
            try:
                busy = await self.fetch_waiting()
            except Exception:
                log.exception("fetch.failed", messenger=self._source.lane)
                busy = 0
            if not busy:
                try:
                    await asyncio.wait_for(self._news.wait(), 1.0)
                except TimeoutError:
                    continue

    async def fetch_waiting(self) -> int:
        """Fetch the files of the oldest waiting events and return how many events there were."""
        async with self._database.read() as tx:
            events = await inbox.fetching(tx, self._source.lane, FETCHES)
        async with asyncio.TaskGroup() as group:
            for event in events:
                group.create_task(self._fetch_event(event))
        return len(events)

    async def _fetch_event(self, event: Event) -> None:
        """Fetch an event's files; after a minute it goes on with those marked missing."""
        incoming = INCOMING.validate_json(event.event)
        async with asyncio.TaskGroup() as group:
            busy = group.create_task(self._say_busy(incoming.address.chat))
            fetches = [group.create_task(self._one(remote)) for remote in incoming.remote]
            results = [await fetch for fetch in fetches]
            busy.cancel()
        now = self._now()
        async with self._database.write() as tx:
            fetched = []
            for position, (state, blob) in enumerate(results):
                file_id = await files.add(tx, blob, now) if blob else None
                fetched.append(FetchedFile(position, state.value, file_id))
            await inbox.fetched(tx, event.id, fetched)

    async def _say_busy(self, chat: str) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        await self._source.working(chat)

    async def _one(self, remote: RemoteFile) -> tuple[FileState, Blob | None]:
        if remote.kind is FileKind.STICKER or not remote.ref:
            return FileState.UNSUPPORTED, None
        if remote.size > FILE_BYTES:
            return FileState.TOO_BIG, None
        pause = FIRST_PAUSE
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                while True:
                    try:
                        blob = await self._store.save(self._source.download(remote), FILE_BYTES)
                        return _judged(blob), blob
                    except NotSent as error:
                        log.info("file.retried", cause=str(error))
                        await asyncio.sleep(pause)
                        pause *= 2
        except FileTooBig:
            return FileState.TOO_BIG, None
        except FileRefused as refused:
            return (FileState.TOO_BIG if refused.too_big else FileState.MISSING), None
        except TimeoutError:
            log.warning("file.missing", messenger=self._source.lane, seconds=FETCH_SECONDS)
            return FileState.MISSING, None


def _judged(blob: Blob) -> FileState:
    """Say whether a teacher could open the file at all."""
    readable = blob.content_type.startswith(READABLE) and blob.content_type not in UNREADABLE
    return FileState.STORED if readable and blob.size else FileState.UNSUPPORTED
