"""SQLite's journal, moved into the database beside the writes and not in the middle of one.

By itself SQLite moves it in whichever commit finds a thousand pages there: that commit waits for
the disk twice more, and so does everybody behind it, 60 ms in place of 16. Here another
connection moves it, for which no writer waits. PostgreSQL knows no such trouble.
"""

import asyncio

import structlog

from storage.database import Database, Tx
from storage.failures import DatabaseFailed

COMMITS = 50
"""After so many it is moved; a short answer writes some fourteen pages in two or three."""
SECONDS = 5.0
"""After so many it is moved, if there was any commit at all."""

log = structlog.get_logger(__name__)


async def move(database: Database) -> None:
    """Move what is in the journal by now; best done often, for it is the disk that tires."""
    if database.is_sqlite:
        await database.read_whole(_move)


class Keeper:
    """Moves the journal of a database that is served."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits = 0
        self._is_due = asyncio.Event()
        database.listen(self._count)

    async def run(self) -> None:
        """Move it until cancelled; where that fails, the next commit with a full journal does."""
        while True:
            try:
                async with asyncio.timeout(SECONDS):
                    await self._is_due.wait()
            except TimeoutError:
                pass
            self._is_due.clear()
            if not self._commits:
                continue
            self._commits = 0
            try:
                await move(self._database)
            except DatabaseFailed as failure:
                log.warning("journal.unmoved", cause=type(failure.orig).__name__)

    def _count(self) -> None:
        self._commits += 1
        if self._commits >= COMMITS:
            self._is_due.set()


async def _move(tx: Tx) -> None:
    await tx.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
