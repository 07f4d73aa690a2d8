"""Statements of the hot path: compiled once, and on SQLite handed straight to its driver.

What SQLAlchemy does anew for every statement (a cache key, a context, a result that knows its
columns) costs several times what SQLite needs for a row. The statements of a turn and of a day's
card are prepared therefore (docs/decisions/0011); elsewhere `tx.execute` says it more simply.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import ReturnsRows

from storage import sqlite

_Process = Callable[[Any], Any] | None


class Prepared:
    """A statement whose parameters are `bindparam`s by name; every call gives each of them."""

    def __init__(self, statement: ReturnsRows | UpdateBase) -> None:
        """Take a statement; none of its parameters is called like a column that it sets."""
        self._statement: Any = statement
        self._for_sqlite: _Compiled | None = None

    async def rows(self, tx: AsyncConnection, **values: Any) -> Sequence[Any]:
        """Execute it and return its rows."""
        driver = driver_of(tx)
        if driver is None:
            return (await tx.execute(self._statement, values)).all()
        compiled = self._compiled(tx)
        _, found = await driver.call(_execute, driver, compiled.sql, compiled.arguments(values))
        return compiled.rows(found)

    async def one(self, tx: AsyncConnection, **values: Any) -> Any | None:
        """Execute it and return its first row, if there is one."""
        rows = await self.rows(tx, **values)
        return rows[0] if rows else None

    async def value(self, tx: AsyncConnection, **values: Any) -> Any | None:
        """Execute it and return the first value of its first row, if there is one."""
        row = await self.one(tx, **values)
        return None if row is None else row[0]

    async def change(self, tx: AsyncConnection, **values: Any) -> int:
        """Execute it and return how many rows it changed."""
        driver = driver_of(tx)
        if driver is None:
            return int((await tx.execute(self._statement, values)).rowcount)
        compiled = self._compiled(tx)
        count, _ = await driver.call(_execute, driver, compiled.sql, compiled.arguments(values))
        return count

    async def change_each(self, tx: AsyncConnection, values: Sequence[Mapping[str, Any]]) -> int:
        """Execute it once for each of some values and return how many rows it changed.

        PostgreSQL's driver does not count them: there it returns -1.
        """
        driver = driver_of(tx)
        if driver is None:
            return int((await tx.execute(self._statement, values)).rowcount)
        compiled = self._compiled(tx)
        arguments = [compiled.arguments(one) for one in values]
        return await driver.call(_execute_each, driver, compiled.sql, arguments)

    def _compiled(self, tx: AsyncConnection) -> "_Compiled":
        if self._for_sqlite is None:
            self._for_sqlite = _Compiled.of(self._statement, tx.dialect)
        return self._for_sqlite


async def say(driver: sqlite.Connection, sql: str) -> None:
    """Execute a statement without values."""
    await driver.call(_execute, driver, sql)


@asynccontextmanager
async def savepoint(tx: AsyncConnection) -> AsyncIterator[None]:
    """Let a block of a transaction leave no trace if it fails."""
    driver = driver_of(tx)
    if driver is None:
        async with tx.begin_nested():
            yield
        return
    await say(driver, "SAVEPOINT part")
    try:
        yield
    except BaseException:
        # Where SQLite has ended the whole transaction, or the connection is gone with whoever was
        # cancelled, there is nothing left to go back to.
        try:
            await say(driver, "ROLLBACK TO part")
            await say(driver, "RELEASE part")
        except (DBAPIError, ValueError):
            if driver.is_open:
                raise
        raise
    await say(driver, "RELEASE part")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in SQLite's words. Of each argument: its name, its constant, how to store it."""

    sql: str
    asked: frozenset[str]
    binds: tuple[tuple[str, Any, _Process], ...]
    columns: tuple[tuple[int, Callable[[Any], Any]], ...]

    @classmethod
    def of(cls, statement: Any, dialect: Dialect) -> "_Compiled":
        """Compile a statement."""
        compiled: SQLCompiler = statement.compile(dialect=dialect)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        asked = frozenset(name for name, bind in binds.items() if bind.required)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("a column with a default of Python's own cannot be prepared")
        state = compiled.construct_expanded_state(dict.fromkeys(asked))
        kinds = {name: bind.type for name, bind in binds.items()}
        for name, expanded in state.parameter_expansion.items():
            kinds |= dict.fromkeys(expanded, kinds[name])
        return cls(
            state.statement,
            asked,
            tuple(
                (name, state.parameters[name], _impl(kinds[name], dialect).bind_processor(dialect))
                for name in state.positiontup or ()
            ),
            tuple(
                (place, process)
                for place, column in enumerate(_columns(statement))
                if (process := _impl(column.type, dialect).result_processor(dialect, None))
            ),
        )

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Put values where SQLite awaits them; raises TypeError for others than were asked for."""
        if values.keys() != self.asked:
            raise TypeError(f"asked for {sorted(self.asked)}, given {sorted(values)}")
        return [
            process(values.get(name, constant)) if process else values.get(name, constant)
            for name, constant, process in self.binds
        ]

    def rows(self, found: list[Any]) -> Sequence[Any]:
        """Read what SQLite keeps as what it stands for."""
        if not self.columns:
            return found
        read = []
        for row in found:
            values = list(row)
            for place, process in self.columns:
                values[place] = process(values[place])
            read.append(values)
        return read


def _columns(statement: Any) -> Iterable[sa.ColumnElement[Any]]:
    columns: Iterable[sa.ColumnElement[Any]] = statement.exported_columns
    return columns


def _impl(kind: Any, dialect: Dialect) -> Any:
    return kind.dialect_impl(dialect)


def driver_of(tx: AsyncConnection) -> sqlite.Connection | None:
    """Return the connection itself where it is ours."""
    if tx.dialect.name != "sqlite" or tx.sync_connection is None:
        return None
    driver = tx.sync_connection.connection.driver_connection
    return driver if isinstance(driver, sqlite.Connection) else None


def _execute(
    driver: sqlite.Connection, sql: str, arguments: Sequence[Any] = ()
) -> tuple[int, list[Any]]:
    """Execute on the driver's thread, where its cursor stays; gives the count and the rows."""
    try:
        cursor, rows = driver.execute_here(sql, arguments)
    except sqlite3.Error as error:
        raise _wrapped(error, sql) from error
    return cursor.rowcount, rows


def _execute_each(driver: sqlite.Connection, sql: str, arguments: Sequence[Any]) -> int:
    try:
        return driver.execute_each_here(sql, arguments).rowcount
    except sqlite3.Error as error:
        raise _wrapped(error, sql) from error


def _wrapped(error: sqlite3.Error, sql: str) -> BaseException:
    """Raise what SQLAlchemy would, without the values: they tell of people."""
    wrapped = DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True)
    return wrapped if isinstance(wrapped, BaseException) else error
