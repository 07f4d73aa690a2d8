"""SQLite through aiosqlite with one thread hop a statement, or one for a whole piece of work.

A connection's thread does what it is asked in turn. aiosqlite asks it four times for a statement
(make the cursor, execute, fetch, close); here it is asked once. Work that awaits nothing but the
database can be handed over whole, and its statements then cost no hop at all
(docs/decisions/0009).
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")

CACHED_STATEMENTS = 512


class StrayAwait(RuntimeError):
    """Work that was handed over whole awaited something else than its database."""


class GivenUp(Exception):
    """Whoever asked for the work has been cancelled, so nothing of it may remain."""


class Wanted:
    """Whether anybody still waits for a piece of work."""

    def __init__(self) -> None:
        self.is_given_up = False

    def check(self) -> None:
        """Raise GivenUp if whoever asked for the work has been cancelled."""
        if self.is_given_up:
            raise GivenUp


class Cursor:
    """A cursor whose rows are there as soon as its statement is done."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Execute a statement and fetch its rows."""
        await self._connection.call(self._execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Execute a statement for each row of parameters."""
        await self._connection.call(self._execute_many, sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """Give the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = []

    def _execute(self, sql: str, parameters: Sequence[Any]) -> None:
        self._keep(*self._connection.execute_here(sql, parameters))

    def _execute_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        self._keep(self._connection.execute_each_here(sql, parameters), [])

    def _keep(self, cursor: sqlite3.Cursor, rows: list[Any]) -> None:
        self._rows = rows
        self.description = cursor.description
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    """A connection and its thread.

    Some failures (a full disk) end the whole transaction in SQLite itself: what would follow in
    it is refused until the rollback, or it would be committed statement by statement.
    """

    _ended_by: sqlite3.Error | None = None
    _ending: asyncio.Future[Any] | None = None

    def execute_here(
        self, sql: str, parameters: Sequence[Any] = ()
    ) -> tuple[sqlite3.Cursor, list[Any]]:
        """Execute a statement and fetch its rows, on this connection's thread."""
        was_open = self._is_ready()
        try:
            cursor = self._conn.execute(sql, parameters)
            return cursor, cursor.fetchall() if cursor.description else []
        except sqlite3.Error as error:
            self._look_whether_ended(error, was_open=was_open)
            raise

    def execute_each_here(self, sql: str, parameters: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Execute a statement for each row of parameters, on this connection's thread."""
        was_open = self._is_ready()
        try:
            return self._conn.executemany(sql, parameters)
        except sqlite3.Error as error:
            self._look_whether_ended(error, was_open=was_open)
            raise

    def _is_ready(self) -> bool:
        """Tell whether a transaction is open; raises what ended the one that was."""
        if self._ended_by is not None:
            raise self._refusal() from self._ended_by
        return self._conn.in_transaction

    def _look_whether_ended(self, error: sqlite3.Error, *, was_open: bool) -> None:
        if was_open and not self._conn.in_transaction:
            self._ended_by = error

    async def _connect(self) -> Self:
        """Connect; where that fails, the thread has nobody left to answer when this returns.

        aiosqlite lets it answer a loop that may be closed by then.
        """
        try:
            await super()._connect()
        except sqlite3.Error:
            if self._ending is not None:
                await self._ending
            raise
        return self

    def stop(self) -> asyncio.Future[Any] | None:
        """Let the thread end."""
        self._ending = super().stop()
        return self._ending

    async def rollback(self) -> None:
        """Roll back, after which a transaction may begin."""
        await super().rollback()
        self._ended_by = None

    def cursor(self) -> Cursor:  # type: ignore[override]
        """Make a cursor; the thread hears of it with the first statement."""
        return Cursor(self)

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function on the connection's thread: at once, without a coroutine, on it."""
        if threading.get_ident() == self._thread.ident:
            return function(*arguments)
        result: T = await self._execute(function, *arguments)
        return result

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if threading.get_ident() == self._thread.ident:
            return fn(*args, **kwargs)
        result: T = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return result

    def check(self) -> None:
        """Raise what makes a commit impossible: SQLite ended the transaction itself."""
        if self._ended_by is not None:
            raise self._refusal()

    @property
    def is_open(self) -> bool:
        """Whether a transaction is open that could still be committed."""
        return self._connection is not None and self.in_transaction

    @property
    def is_in_order(self) -> bool:
        """Whether nothing is open and nothing is left to be rolled back."""
        return self._ended_by is None and not self.in_transaction

    def _refusal(self) -> sqlite3.OperationalError:
        refusal = sqlite3.OperationalError(f"{self._ended_by}; SQLite has ended the transaction")
        refusal.sqlite_errorcode = getattr(self._ended_by, "sqlite_errorcode", 0)
        return refusal

    async def at_once(self, work: Callable[["Wanted"], Coroutine[Any, Any, T]]) -> T:
        """Do work that awaits nothing but this connection, whole, on its thread.

        A cancelled caller waits until the thread is done, however often it is cancelled: nothing
        may run beside the work on its connection. The work may ask whether it is still wanted.
        Raises StrayAwait where the work awaits anything else.
        """
        wanted = Wanted()
        # Not a task of a group: it is the thread that must not be left alone with it.
        done = asyncio.ensure_future(self.call(_drive, work(wanted)))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            wanted.is_given_up = True
            while not done.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([done])
            if not done.cancelled():
                done.exception()  # whoever was to hear it has been cancelled
            raise


def _drive(work: Coroutine[Any, Any, T]) -> T:
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise StrayAwait(f"{work!r} awaited something else than its database")


def connect(path: str, **options: Any) -> Connection:
    """Open a connection as `sqlite3.connect` would; awaiting it starts its thread."""
    options.setdefault("cached_statements", CACHED_STATEMENTS)
    connection = Connection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 as SQLAlchemy does for aiosqlite's own
    return connection
