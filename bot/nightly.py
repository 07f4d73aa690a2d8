"""The backup of every night: `run` makes it in a thread, and makes up for a night it missed."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

import structlog

from storage import schools
from storage.backups.failures import BackupFailed
from storage.backups.making import Made, Place, make
from storage.backups.shelf import Shelf
from storage.database import Database

LOOK_SECONDS = 20.0
MOST_NAMED = 5
REST_SECONDS = 1800.0
DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


class Nightly:
    """Makes a backup a day at a time of the school's clock. `now` gives the school's instant.

    The shelf itself remembers when the last one was made: a night that the bot slept through is
    made up for as soon as it runs. What a wrong clock has dated later is no night's backup.
    """

    def __init__(
        self,
        place: Place,
        shelf: Shelf,
        database: Database,
        now: Callable[[], datetime],
        at: time,
        keep: int,
    ) -> None:
        self._place = place
        self._shelf = shelf
        self._database = database
        self._now = now
        self._at = at
        self._keep = keep

    async def run(self) -> None:
        """Look now and then, until cancelled; what fails is tried again in half an hour."""
        while True:
            try:
                made = await self.make_if_due()
            except (BackupFailed, OSError) as error:
                log.error("backup.failed", cause=type(error).__name__, **_words(error))  # noqa: TRY400 its words are enough
                await asyncio.sleep(REST_SECONDS)
            except Exception:
                log.exception("backup.failed")
                await asyncio.sleep(REST_SECONDS)
            else:
                if made is not None:
                    _tell(made)
            await asyncio.sleep(LOOK_SECONDS)

    async def make_if_due(self) -> Made | None:
        """Make a backup unless the shelf has the last night's; raises BackupFailed and OSError."""
        async with self._database.read() as tx:
            zone = await schools.zone(tx) or UTC
        local = self._now().astimezone(zone)
        newest = await asyncio.to_thread(self._shelf.made_by, local)
        if newest and newest[0].made_at >= last_due(local, self._at, zone):
            return None
        stop = threading.Event()
        try:
            return await asyncio.to_thread(make, self._place, self._shelf, local, self._keep, stop)
        finally:
            stop.set()


def _words(error: BackupFailed | OSError) -> dict[str, str]:
    """Say why, and where: in one sentence the path would be between quotes, which are redacted."""
    if isinstance(error, OSError) and error.filename is not None:
        return {"reason": error.strerror or "", "file": str(error.filename)}
    return {"reason": str(error)}


def _tell(made: Made) -> None:
    log.info("backup.made", files=made.files, copied=made.copied, lost=len(made.lost))
    for path, fate in list(made.lost.items())[:MOST_NAMED]:
        log.warning("backup.lacks_file", file=str(path), why=fate.name.lower())


def last_due(local: datetime, at: time, zone: tzinfo) -> datetime:
    """Return the last instant, up to a local one, at which the clock showed a time of day."""
    today = datetime.combine(local.date(), at, zone)
    return today if today <= local else datetime.combine(local.date() - DAY, at, zone)
