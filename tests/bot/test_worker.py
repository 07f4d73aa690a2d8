import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import worker as worker_module
from bot.worker import Worker
from handlers import dispatch
from handlers.messages import Reply
from handlers.texts import Texts
from storage import accounts, inbox
from storage import database as database_module
from storage.database import Database, Tx
from storage.tables import messages
from storage.tables.people import code_tries, persons
from tests.bot.script import Script, script
from tests.school_template import MONDAY, sqlite_url

__all__ = ["script"]

PATIENCE = 60.0
APOLOGY = Texts()("apology")


class Unlucky(Database):
    """A database whose commits fail as a test says."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.before_commit: list[Exception] = []
        self.after_commit: list[Exception] = []
        self.poison = ""
        self.commits = 0

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        async with super()._transaction(tx):
            yield
            if self.before_commit:
                raise self.before_commit.pop(0)
            if self.poison and await self._poisoned(tx):
                raise OSError("the commit of what is poisoned fails")
        self.commits += 1
        if self.after_commit:
            raise self.after_commit.pop(0)

    async def _poisoned(self, tx: Tx) -> bool:
        return bool(
            await tx.scalar(sa.select(sa.exists().where(code_tries.c.user_ref == self.poison)))
        )


@pytest.fixture
async def database(either_url: str) -> AsyncIterator[Unlucky]:
    made = Unlucky(either_url)
    yield made
    await made.close()


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be as large as it is, however busy the machine."""
    monkeypatch.setattr(worker_module, "BATCH_SECONDS", 60)


@pytest.fixture
def worker(database: Unlucky) -> Worker:
    return Worker(database, lambda: MONDAY)


async def handle_all(worker: Worker) -> None:
    for _ in range(20):
        if not await worker.handle_ready():
            return
    raise AssertionError("the worker does not come to rest")


async def test_fifty_events_are_handled_in_one_commit(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    texts = [f"{number:02}" for number in range(60)]
    for text in texts:
        await script.says(text, chat=f"chat {text}")
    database.commits = 0
    assert await worker.handle_ready() == 50
    assert database.commits == 1
    assert await worker.handle_ready() == 10
    assert await script.effects() == texts
    assert await script.answers("chat 59") == ["got 59"]
    assert await script.states() == {"done": 60}


async def test_a_batch_does_not_keep_the_first_waiting_for_the_last(
    worker: Worker, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "BATCH_SECONDS", 0.03)
    script.pause = 0.02
    await script.says("1", "2", "3", "4", "5")
    assert 0 < await worker.handle_ready() < 5
    await handle_all(worker)
    assert await script.effects() == ["1", "2", "3", "4", "5"]


async def test_a_handler_that_fails_takes_nothing_but_its_own_with_it(
    worker: Worker, script: Script
) -> None:
    script.fails("bad", times=1)
    await script.says("a1")
    await script.says("bad", "b2", chat="boris")
    await script.says("a2")
    await worker.handle_ready()
    assert await script.effects() == ["a1", "a2"]
    assert await script.answers("boris") == []
    await handle_all(worker)
    assert await script.effects() == ["a1", "a2", "bad", "b2"]
    assert await script.answers("boris") == ["got bad", "got b2"]


async def test_after_three_attempts_an_event_is_quarantined_and_the_person_told(
    worker: Worker, script: Script
) -> None:
    script.fails("bad")
    await script.says("bad", "next")
    await handle_all(worker)
    assert script.calls == {"bad": 3, "next": 1}
    assert await script.effects() == ["next"]
    assert await script.answers() == [APOLOGY, "got next"]
    assert await script.states() == {"quarantined": 1, "done": 1}


async def test_a_statement_that_the_database_refuses_is_a_failure_like_any_other(
    worker: Worker, script: Script
) -> None:
    async def twice_the_same(tx: Tx) -> None:
        await tx.execute(sa.insert(persons).values(id=1, surname="—"))

    script.deeds["bad"] = twice_the_same
    await script.says("bad")
    await script.says("good", chat="boris")
    await handle_all(worker)
    assert await script.effects() == ["good"]
    assert await script.states() == {"quarantined": 1, "done": 1}


async def test_a_refusal_leaves_nothing_but_its_words(worker: Worker, script: Script) -> None:
    async def refuse(_tx: Tx) -> None:
        raise dispatch.Refused(Reply("это не ваше"))

    script.deeds["forged"] = refuse
    await script.says("forged", "next")
    assert await worker.handle_ready() == 2
    assert await script.effects() == ["next"]
    assert await script.answers() == ["это не ваше", "got next"]
    assert await script.states() == {"done": 2}


async def test_a_commit_that_fails_is_made_good_event_by_event(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    await script.says("1", "2")
    await script.says("3", chat="boris")
    database.before_commit.append(OSError("disk full"))
    database.commits = 0
    assert await worker.handle_ready() == 3
    assert database.commits == 3
    assert await script.effects() == ["1", "3", "2"]
    assert await script.answers() == ["got 1", "got 2"]


async def test_a_commit_that_did_happen_though_its_answer_was_lost_is_not_done_twice(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    await script.says("1", "2")
    database.after_commit.append(ConnectionResetError())
    await worker.handle_ready()
    await handle_all(worker)
    assert await script.effects() == ["1", "2"]
    assert await script.answers() == ["got 1", "got 2"]
    assert await script.states() == {"done": 2}


async def test_an_event_that_no_commit_survives_is_quarantined_and_holds_up_only_its_sender(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    database.poison = "poison"
    await script.says("poison", "b2", chat="boris")
    await script.says("a1", "a2")
    await worker.handle_ready()
    assert await script.effects() == ["a1", "a2"]
    await handle_all(worker)
    assert await script.effects() == ["a1", "a2", "b2"]
    assert await script.answers("boris") == [APOLOGY, "got b2"]
    assert await script.states() == {"quarantined": 1, "done": 3}


async def test_while_the_database_is_away_no_attempt_is_counted(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    await script.says("1", "2")
    for _ in range(5):
        database.before_commit = [OSError("away")] * 10
        with pytest.raises(OSError, match="away"):
            await worker.handle_ready()
    database.before_commit = []
    async with database.read() as tx:
        assert [event.attempts for event in await inbox.ready(tx)] == [0, 0]
    await handle_all(worker)
    assert await script.effects() == ["1", "2"]


async def test_order_is_kept_where_a_batch_is_replayed(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    script.fails("1", times=2)
    await script.says("1", "2")
    database.before_commit.append(OSError("disk full"))
    await handle_all(worker)
    assert await script.effects() == ["1", "2"]
    assert await script.answers() == ["got 1", "got 2"]


async def test_an_event_that_cannot_be_read_any_more_is_quarantined_and_the_person_told(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    await script.says("old", "next")
    async with database.write() as tx:
        broken = sa.update(messages.inbox).where(messages.inbox.c.update_ref == "1")
        await tx.execute(broken.values(event='{"address": "of an older version"}'))
    await handle_all(worker)
    assert await script.effects() == ["next"]
    assert await script.answers() == [APOLOGY, "got next"]


async def test_two_who_ask_at_once_handle_each_event_once_and_one_after_another(
    worker: Worker, script: Script, database: Unlucky
) -> None:
    script.pause = 0.002
    for number in range(6):
        await script.says(str(number), chat=f"chat {number}")
    other = Worker(database, lambda: MONDAY)
    async with asyncio.TaskGroup() as group:
        for one in (worker, worker, worker, other):
            group.create_task(one.handle_ready())
    assert sorted(await script.effects()) == list("012345")
    assert script.most_at_once == 1 or not database.is_sqlite
    script.calls.clear()
    script.most_at_once = 0
    await script.says("a", "b", "c")
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(worker.handle_ready())
    assert script.most_at_once == 1
    assert script.calls == {"a": 1, "b": 1, "c": 1}


async def test_it_wakes_at_a_commit_and_outlives_a_database_that_was_away(
    worker: Worker, script: Script, database: Unlucky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "REST_SECONDS", 0.05)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        await script.says("1")
        await _until(script, "done", 1)
        await script.says("2")
        database.before_commit = [OSError("away")] * 4
        await _until(script, "done", 2)
        running.cancel()
    assert await script.effects() == ["1", "2"]


@pytest.mark.usefixtures("script")
async def test_a_stop_that_coincides_with_news_is_not_overlooked(
    worker: Worker, database: Unlucky
) -> None:
    """`asyncio.wait_for` of Python 3.11 swallows a cancellation that comes with the result."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        await asyncio.sleep(0.02)
        database.spread([inbox.NEWS])
        running.cancel()


async def _until(script: Script, state: str, many: int) -> None:
    for _ in range(10_000):
        if (await script.states()).get(state) == many:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(await script.states())


async def test_cancelled_in_the_middle_it_leaves_the_event_for_the_next_life(
    worker: Worker, script: Script
) -> None:
    is_cancelled = threading.Event()

    async def hold(_tx: Tx) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # on the thread of the database
            assert is_cancelled.wait(PATIENCE)
        else:
            await asyncio.sleep(PATIENCE)

    script.deeds["1"] = hold
    await script.says("1")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(worker.handle_ready())
        await asyncio.to_thread(script.is_busy.wait, PATIENCE)
        running.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        is_cancelled.set()
    assert running.cancelled()
    assert await script.effects() == []
    del script.deeds["1"]
    await handle_all(worker)
    assert await script.effects() == ["1"]


class SmallDisk(Database):
    """A SQLite database that may grow to so many pages."""

    pages = 10**6

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        async with super()._transaction(tx):
            await tx.execute(sa.text(f"PRAGMA max_page_count={self.pages}"))
            yield


async def test_a_disk_that_is_full_loses_nobody(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite ends the whole transaction then, so that the savepoint is not there to go back to."""
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    small = SmallDisk(sqlite_url(path))
    script = Script(small)
    monkeypatch.setattr(dispatch, "answer", script.answer)

    async def fill(tx: Tx) -> None:
        await accounts.tried(tx, "x" * 10**6, "", MONDAY)

    script.deeds["big"] = fill
    await script.says("a1", "a2")
    await script.says("big", "b2", chat="boris")
    await script.says("c1", chat="vera")
    async with small.read() as tx:
        small.pages = 30 + int(await tx.scalar(sa.text("PRAGMA page_count")) or 0)
    monkeypatch.setattr(worker_module, "REST_SECONDS", 0.0)
    worker = Worker(small, lambda: MONDAY)
    for _ in range(5):  # a failure that could be counted, as its own commit fits, is not
        await worker.handle_ready()
    assert await script.effects() == ["a1", "c1", "a2"]
    small.pages = 10**6
    await handle_all(worker)
    assert await script.effects() == ["a1", "c1", "a2", "big", "b2"]
    assert await script.answers("boris") == ["got big", "got b2"]
    await small.close()


async def test_whoever_meets_a_database_in_trouble_rests_and_starves_nobody(
    worker: Worker, script: Script, database: Unlucky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "REST_SECONDS", 600)  # however slow the disk
    trouble = sqlite3.OperationalError("disk I/O error")
    trouble.sqlite_errorcode = sqlite3.SQLITE_IOERR

    async def fail(_tx: Tx) -> None:
        raise trouble

    many = [f"bad {number}" for number in range(60)]
    for text in many:
        script.deeds[text] = fail
        await script.says(text, chat=text)
    await script.says("1", "2", chat="good")
    for _ in range(3):
        await worker.handle_ready()
    assert await script.effects() == ["1", "2"]
    assert {script.calls[text] for text in many} <= {1, 2}
    script.deeds.clear()
    await handle_all(Worker(database, lambda: MONDAY))
    assert await script.states() == {"done": 62}


async def test_a_database_that_somebody_else_has_locked_loses_nobody(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.02)
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    locked = Database(sqlite_url(path))
    script = Script(locked)
    monkeypatch.setattr(dispatch, "answer", script.answer)
    await script.says("1", "2")
    worker = Worker(locked, lambda: MONDAY)
    rival = sqlite3.connect(path, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with pytest.raises(sa.exc.OperationalError, match="locked"):
        await worker.handle_ready()
    rival.execute("COMMIT")
    rival.close()
    await handle_all(worker)
    assert await script.effects() == ["1", "2"]
    await locked.close()
