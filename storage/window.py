"""A window on a database that somebody else serves: it can be looked through, and not reached in.

SQLite opens the file itself for reading only; PostgreSQL refuses every write of the session.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage.database import Tx

BUSY_SECONDS = 5
LOOKERS = 2


class Window:
    """Transactions that only read: `async with Window(url) as window, window.read() as tx: …`.

    It makes no file: where there is no SQLite database yet, `read` raises OperationalError.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        settings = {"default_transaction_read_only": "on"}
        self._engine = create_async_engine(
            _for_reading(parsed) if self._is_sqlite else parsed,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=LOOKERS,
            max_overflow=0,
            connect_args={"timeout": BUSY_SECONDS}
            if self._is_sqlite
            else {"server_settings": settings},
            hide_parameters=True,
        )
        if self._is_sqlite:
            sa.event.listen(self._engine.sync_engine, "connect", _prepare)
            sa.event.listen(self._engine.sync_engine, "begin", _begin)
        else:
            self._engine = self._engine.execution_options(isolation_level="REPEATABLE READ")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Open a transaction that reads as of one instant; a write in it is refused."""
        async with self._engine.connect() as tx:
            yield tx
            await tx.rollback()


def _for_reading(url: URL) -> URL:
    return url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
