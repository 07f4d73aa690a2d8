"""One door to the database: a single writer on SQLite, a pool on PostgreSQL.

SQLite: WAL, `synchronous=FULL`, foreign keys on, one write connection under one lock. The driver's
own transactions are off and `BEGIN IMMEDIATE` is said aloud, because with the driver's default a
savepoint that was released survives the rollback of the transaction around it.
"""

import asyncio
import fcntl
import os
import time
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage import sqlite
from storage.failures import Unreachable
from storage.lines import Lines, reading, writing
from storage.prepared import Prepared, driver_of

Tx = AsyncConnection
T = TypeVar("T")

BUSY_SECONDS = 30
READERS = 4
POOL = 5
JOURNAL_PAGES = 10_000
"""40 MB: the journal is moved long before (`storage.journal`), and by a commit only if not."""
EVERYTHING = ""
BROUGHT, OFF = "brought", "off"


class DatabaseInUse(Exception):
    """Another `dezhurny run` already serves this database."""


class Database:
    """Transactions on one database.

    `listen` hears of successful writes; `waited`, how many seconds each write waited for its turn.
    `off` are the lanes that do not run here: see `lanes_off`.
    """

    def __init__(
        self,
        url: str,
        waited: Callable[[float], None] | None = None,
        off: Collection[str] = (),
    ) -> None:
        self.url = make_url(url)
        self.off = frozenset(off)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._waited = waited or (lambda _seconds: None)
        self._listeners: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)
        self._turn = asyncio.Lock()
        self._writing: set[asyncio.Task[Any] | None] = set()
        if self.is_sqlite:
            self._writer = self._sqlite_engine(1, f"wal_autocheckpoint={JOURNAL_PAGES}")
            self._reader = self._sqlite_engine(READERS, "query_only=ON")
        else:
            self._writer = create_async_engine(
                self.url, pool_size=POOL, pool_pre_ping=True, hide_parameters=True
            )
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._lines = {
            engine: Lines(engine, many)
            for engine, many in ((self._writer, 1), (self._reader, READERS))
            if self.is_sqlite
        }

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        if not self.is_sqlite or not self.url.database:
            raise ValueError("only a SQLite database is a file")
        return Path(self.url.database)

    def listen(self, tell: Callable[[], None], *topics: str) -> None:
        """Call after each commit that brought something on one of these topics (see `bring`).

        Without a topic: after every commit.
        """
        for topic in topics or (EVERYTHING,):
            self._listeners[topic].append(tell)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """Open a transaction that writes: it commits at the end of the block, or leaves no trace.

        On SQLite there is one at a time, in the order of asking. No network inside. A write
        inside a write would wait for itself, and raises RuntimeError.
        """
        async with self._to_write() as tx:
            async with self._transaction(tx):
                yield tx
            news = tx.info.pop(BROUGHT, ())
        self.spread(news)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Open a transaction that can only read, and reads as of one instant.

        It never waits for the writer.
        """
        async with self._line(self._reader) as tx, reading(tx):
            yield tx

    async def write_whole(self, work: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Do work in a transaction that writes, and return what it returns.

        The work awaits nothing but its transaction: on SQLite it then runs whole, from BEGIN to
        COMMIT, on the connection's thread, and nothing in it costs a hop between threads.
        """
        async with self._to_write() as tx:
            result = await self._whole(tx, work, self._transaction)
            news = tx.info.pop(BROUGHT, ())
        self.spread(news)
        return result

    async def read_whole(self, work: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Do work in a transaction that only reads, as `write_whole` does."""
        async with self._line(self._reader) as tx:
            return await self._whole(tx, work, reading)

    async def close(self) -> None:
        """Close every connection."""
        for lines in self._lines.values():
            await lines.close()
        await self._writer.dispose()
        await self._reader.dispose()

    @asynccontextmanager
    async def _to_write(self) -> AsyncIterator[Tx]:
        """Wait for the turn to write."""
        task = asyncio.current_task()
        if task in self._writing:
            raise RuntimeError("a write inside a write of the same task waits for itself")
        self._writing.add(task)
        asked_at = time.monotonic()
        try:
            turn = self._turn if self.is_sqlite else nullcontext()
            async with turn, self._line(self._writer) as tx:
                self._waited(time.monotonic() - asked_at)
                yield tx
        finally:
            self._writing.discard(task)

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        """Open a transaction that writes on a connection."""
        async with writing(tx):
            yield

    @asynccontextmanager
    async def _line(self, engine: AsyncEngine) -> AsyncIterator[Tx]:
        if not self.is_sqlite:
            async with AsyncExitStack() as stack:
                try:
                    tx = await stack.enter_async_context(engine.connect())
                except (OSError, PoolTimeout) as failure:
                    raise Unreachable(*failure.args) from failure
                self._introduce(tx)
                yield tx
            return
        async with self._lines[engine].free() as tx:
            self._introduce(tx)
            yield tx

    def _introduce(self, tx: Tx) -> None:
        """Tell a connection what those who use it ask for."""
        tx.info.pop(BROUGHT, None)
        tx.info[OFF] = self.off

    async def _whole(
        self,
        tx: Tx,
        work: Callable[[Tx], Coroutine[Any, Any, T]],
        transaction: Callable[[Tx], AbstractAsyncContextManager[Any]],
    ) -> T:
        driver = driver_of(tx)
        if driver is None:
            async with transaction(tx):
                return await work(tx)

        async def whole(wanted: sqlite.Wanted) -> T:
            async with transaction(tx):
                wanted.check()  # BEGIN may have waited for another process
                result = await work(tx)
                wanted.check()
                return result

        return await driver.at_once(whole)

    def spread(self, news: Collection[str]) -> None:
        """Tell the listeners that a transaction has brought news on these topics."""
        for topic in (EVERYTHING, *news):
            for tell in self._listeners.get(topic, ()):
                tell()

    @asynccontextmanager
    async def sole_use(self) -> AsyncIterator[None]:
        """Hold the right to serve this database; raises DatabaseInUse if somebody else does."""
        if self.is_sqlite:
            path = self.path.resolve()
            with _LockedFile(path.with_name(path.name + ".lock")):
                yield
            return
        number = zlib.crc32(b"dezhurny run")
        async with self._writer.connect() as connection:
            taken = await connection.scalar(sa.select(sa.func.pg_try_advisory_lock(number)))
            await connection.commit()
            if not taken:
                raise DatabaseInUse(self.url.render_as_string(hide_password=True))
            try:
                yield
            finally:
                await connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
                await connection.commit()

    def _sqlite_engine(self, size: int, *pragmas: str) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            connect_args={"timeout": BUSY_SECONDS, "async_creator_fn": sqlite.connect},
            hide_parameters=True,
        )

        @sa.event.listens_for(engine.sync_engine, "connect")
        def _prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *pragmas):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        return engine


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open a database for the length of a block."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def bring(tx: Tx, topic: str) -> None:
    """Note what a transaction brings; whoever listens to it hears so when it has committed."""
    tx.info.setdefault(BROUGHT, set()).add(topic)


def lanes_off(tx: Tx) -> frozenset[str]:
    """Return the lanes that do not run here: whoever chooses where to write prefers others."""
    off: frozenset[str] = tx.info.get(OFF, frozenset())
    return off


def insertion(dialect: str, table: sa.Table) -> Any:
    """Begin an INSERT that can say what to do ON CONFLICT, in the words of its database."""
    return (sqlite_insert if dialect == "sqlite" else postgres_insert)(table)


async def insert_new(tx: Tx, table: sa.Table, rows: list[dict[str, Any]]) -> int:
    """Insert the rows whose unique keys are not there yet and return how many were new."""
    if not rows:
        return 0
    if tx.dialect.name == "sqlite":
        return await _insert_new(table, tuple(rows[0])).change_each(tx, rows)
    insert = insertion(tx.dialect.name, table).on_conflict_do_nothing()
    added = await tx.execute(insert.returning(*table.primary_key), rows)
    return len(added.all())


@cache
def _insert_new(table: sa.Table, columns: tuple[str, ...]) -> Prepared:
    values = {name: sa.bindparam(name, type_=table.c[name].type) for name in columns}
    return Prepared(sqlite_insert(table).values(values).on_conflict_do_nothing())


async def upsert(tx: Tx, table: sa.Table, row: dict[str, Any]) -> None:
    """Insert a row, or update the one with the same primary key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    statement = insertion(tx.dialect.name, table).values(row)
    await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


class _LockedFile:
    """A lock that dies with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise DatabaseInUse(str(self._path)) from None

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)
