"""A life that begins while its database is in trouble: it waits, and delivers nothing unjudged."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from handlers.texts import Texts
from scheduler import delivery, outcomes
from storage import database as database_module
from storage import outbox
from storage.database import Database, Tx, opened
from storage.outbox import SENDING, SENT
from tests.bot.patience import until, until_nothing
from tests.scheduler.post import Post
from tests.school_template import sqlite_url


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "REST_SECONDS", 0.01)


async def interrupted(post: Post, key: str, chat: str) -> None:
    """Leave a reply behind as the last life did that ended while it was on its way."""
    await post.replies(key, chat=chat)
    async with post.database.write() as tx:
        assert await outbox.sending(tx, await post.message(key), f'{{"text":"{key}"}}')


async def lacking(post: Post, *keys: str) -> list[str]:
    return [key for key in keys if await post.state(key) != SENT]


async def test_a_lane_that_begins_at_a_locked_database_waits_and_then_judges_before_it_delivers(
    template: Path,
    tmp_path: Path,
    post_of: Callable[[Database], Post],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.01)
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with opened(sqlite_url(path)) as database, asyncio.TaskGroup() as group:
        post = post_of(database)
        await interrupted(post, "lost", "boris")
        await post.replies("waiting")
        with closing(sqlite3.connect(path, isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            running = group.create_task(post.lanes["telegram"].run())
            await until(lambda: caplog.text.count("lane.failed") > 2 or running.done())
            assert "database is locked" in caplog.text
            assert (await post.state("lost"), post.telegram.calls) == (SENDING, [])
            rival.execute("COMMIT")
        await until_nothing(lambda: lacking(post, "lost", "waiting"))
        running.cancel()
    assert sorted(post.telegram.said) == sorted(["waiting", f"{Texts()('repeat-mark')} lost"])


class Full(Database):
    """A database whose disk is full for so many commits."""

    refusals = 0

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        async with super()._transaction(tx):
            yield
            if self.refusals:
                self.refusals -= 1
                raise OSError("disk full")


async def test_a_reply_is_judged_once_however_often_that_has_to_be_written_down(
    either_url: str, post_of: Callable[[Database], Post]
) -> None:
    database = Full(either_url)
    post = post_of(database)
    await interrupted(post, "lost", "boris")
    database.refusals = outcomes.MOST_REPEATS + 5
    async with asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await until_nothing(lambda: lacking(post, "lost"))
        running.cancel()
    await database.close()
    assert post.telegram.said == [f"{Texts()('repeat-mark')} lost"]


async def test_a_lane_that_waits_for_its_database_can_be_stopped(post: Post) -> None:
    async def stands_still() -> None:
        raise OSError("away")

    lane = post.lanes["telegram"]
    await post.replies("waiting")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        lane.recover = stands_still  # type: ignore[method-assign]
        running = group.create_task(lane.run())
        await asyncio.sleep(0.05)
        await lane.stop()
        running.cancel()
    assert post.telegram.calls == []
