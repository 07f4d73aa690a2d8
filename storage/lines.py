"""Connections that stay open, and how a transaction begins and ends on one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import sqlite
from storage.prepared import driver_of, say


class Lines:
    """Connections to SQLite that stay open: fetching one from a pool costs a hop (0011)."""

    def __init__(self, engine: AsyncEngine, many: int) -> None:
        self._engine = engine
        self._room = asyncio.Semaphore(many)
        self._free: list[AsyncConnection] = []

    @asynccontextmanager
    async def free(self) -> AsyncIterator[AsyncConnection]:
        """Lend the one that was used last."""
        async with self._room:
            tx = self._free.pop() if self._free else await self._engine.connect().start()
            try:
                await _undone(tx)
                yield tx
            finally:
                if tx.invalidated:  # SQLAlchemy gives up a connection whose user was cancelled
                    await tx.close()
                else:
                    self._free.append(tx)

    async def close(self) -> None:
        """Close those that are not lent."""
        while self._free:
            await self._free.pop().close()


@asynccontextmanager
async def writing(tx: AsyncConnection) -> AsyncIterator[None]:
    """Open a transaction that writes.

    On SQLite it is said to the driver itself; SQLAlchemy, which begins when it is first used, has
    nothing to say to that.
    """
    driver = driver_of(tx)
    if driver is None:
        async with tx.begin():
            yield
        return
    await _begin(driver, "BEGIN IMMEDIATE")
    try:
        yield
        if tx.in_transaction():
            driver.check()
            await tx.commit()
        else:
            await say(driver, "COMMIT")
    except BaseException:
        await _undone(tx)
        raise


@asynccontextmanager
async def reading(tx: AsyncConnection) -> AsyncIterator[None]:
    """Open a transaction that reads; there is nothing to commit, whatever it came upon."""
    driver = driver_of(tx)
    if driver is None:
        async with tx.begin():
            yield
        return
    await _begin(driver, "BEGIN")
    try:
        yield
    finally:
        await _undone(tx)


async def _begin(driver: sqlite.Connection, how: str) -> None:
    """Begin, or leave nothing begun.

    Whoever is cancelled while BEGIN waits for another process leaves it with the thread, which may
    yet do it: the rollback goes in behind it, and in front of whatever is asked next.
    """
    try:
        await say(driver, how)
    except BaseException:
        await driver.rollback()
        raise


async def _undone(tx: AsyncConnection) -> None:
    """Undo what is open on a connection, if anything is and the connection is there."""
    if tx.invalidated:
        return
    if tx.get_transaction() is not None:  # one whose commit failed is there, and no longer active
        await tx.rollback()
    driver = driver_of(tx)
    if driver is not None and not driver.is_in_order:
        await driver.rollback()
