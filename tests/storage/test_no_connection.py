"""A connection that cannot be had: its thread is done before the loop that asked may close."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosqlite
import pytest

from storage import schema
from storage.database import Database, opened
from storage.failures import DatabaseFailed
from tests.school_template import sqlite_url


async def read(database: Database) -> None:
    async with database.read():
        pass


@pytest.mark.parametrize("work", [read, schema.migrate])
def test_a_thread_answers_nobody_after_its_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[Database], Awaitable[None]]
) -> None:
    stop, crashed = aiosqlite.Connection.stop, list[object]()

    def slowly(connection: aiosqlite.Connection) -> object:
        connection._tx.put_nowait((None, lambda: time.sleep(0.2)))  # noqa: SLF001  there is no other way in
        return stop(connection)

    async def fail() -> None:
        async with opened(sqlite_url(tmp_path)) as database:
            await work(database)

    monkeypatch.setattr(aiosqlite.Connection, "stop", slowly)
    monkeypatch.setattr(threading, "excepthook", crashed.append)
    before = set(threading.enumerate())
    with pytest.raises(DatabaseFailed, match="unable to open"):
        asyncio.run(fail())
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert crashed == []
