"""Proves that the database takes writes, by a write: a full disk and a standby let one begin."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from storage import health
from storage.database import Database

ANSWER_SECONDS = 5.0
REST_SECONDS = 10.0
"""For so long an answer holds, whoever asks: each costs the disk a commit."""

log = structlog.get_logger(__name__)


class WriteProof:
    """One row that is counted up. `clock` is monotonic."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._trying: asyncio.Future[bool] | None = None
        self._tried = 0.0

    async def holds(self) -> bool:
        """Say whether the database takes a write, within some seconds.

        A write that somebody else's lock holds up is waited for by all who ask: there is never a
        second one behind it.
        """
        trying = self._trying
        if trying is None or (trying.done() and self._clock() - self._tried >= REST_SECONDS):
            trying = self._trying = asyncio.ensure_future(self._write())
        await asyncio.wait([trying], timeout=ANSWER_SECONDS)
        if not trying.done():
            log.error("database.not_writable", cause="a write waits", seconds=ANSWER_SECONDS)
            return False
        return trying.result()

    async def close(self) -> None:
        """Give up what is under way."""
        if self._trying is not None:
            self._trying.cancel()
            with suppress(asyncio.CancelledError):
                await self._trying

    async def _write(self) -> bool:
        taken = False
        try:
            await self._database.write_whole(health.beat)
            taken = True
        except Exception:
            log.exception("database.not_writable")
        finally:
            self._tried = self._clock()
        return taken
