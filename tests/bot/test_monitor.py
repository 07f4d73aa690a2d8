"""`/healthz` and `/metrics` over real HTTP, beside a messenger whose traffic is counted."""

import asyncio
import re
import resource
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from bot import proof as proof_module
from bot.meter import Meter
from bot.monitor import Monitor, listening
from bot.proof import REST_SECONDS, WriteProof
from bot.pulse import UNSTORED, Pulse
from bot.settings import BadSettings
from bot.watched import WatchedMessenger
from bot.worker import Worker
from handlers.messages import Reply
from scheduler.messenger import FloodWait, NotSent, OutcomeUnknown, TokenRefused
from storage import inbox, outbox
from storage.backups.shelf import Shelf
from storage.database import Database
from storage.inbox import NewEvent
from storage.outbox import NewMessage
from tests.chat import MemoryMessenger
from tests.school_template import MONDAY
from tests.storage.backups.home import Home

HOUR = timedelta(hours=1)
TAKES_NO_WRITE = ("database", "takes no write")
ONLY_READ = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "ALTER DATABASE {} SET default_transaction_read_only = on",
}


class Polite(MemoryMessenger):
    """A messenger that also introduces itself."""

    async def introduce(
        self, commands: Mapping[str, str], description: str, short_description: str
    ) -> None:
        raise NotImplementedError


@dataclass
class Seconds:
    """A monotonic clock that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Watch:
    """A monitor that listens, and what it looks at."""

    database: Database
    seconds: Seconds = field(default_factory=Seconds)
    meter: Meter = field(default_factory=Meter)
    shelf: Shelf | None = None
    places: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pulse = Pulse(("vk",), self.seconds)
        self.port = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        proof = WriteProof(self.database, self.seconds)
        monitor = Monitor(
            self.database, proof, self.pulse, self.meter, lambda: MONDAY, self.shelf, self.places
        )
        async with listening(monitor, "127.0.0.1", 0) as self.port:
            yield

    async def asks(self, path: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.status, await answer.text()

    async def reasons(self) -> list[tuple[str, str]]:
        address = f"http://127.0.0.1:{self.port}/healthz"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            said: dict[str, Any] = await answer.json()
        assert (answer.status == 200) is (said["status"] == "ok") is (not said["reasons"])
        return [(one["what"], one["why"]) for one in said["reasons"]]

    async def measures(self) -> dict[str, float]:
        """Every sample as `name{label=value}`, as Prometheus' own reader understands it."""
        status, text = await self.asks("/metrics")
        assert status == 200
        return {
            sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
async def watch(database: Database) -> AsyncIterator[Watch]:
    made = Watch(database)
    async with made.listening():
        yield made


async def test_a_bot_that_is_well_says_so(watch: Watch) -> None:
    assert await watch.reasons() == []


@pytest.mark.parametrize(
    ("seconds", "trouble", "expected"),
    [
        (30, "", []),
        (100, "", [("ticker", "no tick succeeds")]),
        (200, "", [("ticker", "no tick succeeds"), ("vk", "its poll does not end")]),
        (
            200,
            "not_sent",
            [("ticker", "no tick succeeds"), ("vk", "no poll succeeds: not_sent")],
        ),
    ],
)
async def test_a_loop_that_hangs_and_a_messenger_that_is_away(
    watch: Watch, seconds: float, trouble: str, expected: list[tuple[str, str]]
) -> None:
    watch.seconds.now += seconds
    if trouble:
        watch.pulse.polled("vk", trouble)
    assert await watch.reasons() == expected


async def test_queues_in_which_something_waits(watch: Watch) -> None:
    async with watch.database.write() as tx:
        await inbox.store(tx, [NewEvent("vk", "1", "vk:1", "{}", "{}")], MONDAY - HOUR)
        late = NewMessage("k", "day", "vk", "1", {}, MONDAY - HOUR, school_id=1)
        await outbox.plan(tx, [late], MONDAY)
    why = "the oldest has waited too long"
    assert await watch.reasons() == [("inbox", why), ("outbox", why)]
    found = await watch.measures()
    assert found["dezhurny_oldest_seconds inbox"] == 3600
    assert found["dezhurny_oldest_seconds outbox"] == 3600
    assert found["dezhurny_inbox ready"] == 1
    assert found["dezhurny_outbox vk planned"] == 1


async def test_a_database_that_takes_no_write(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_work: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(watch.database, "write_whole", full)
    assert await watch.reasons() == [TAKES_NO_WRITE]


async def test_a_disk_on_which_nothing_can_grow(watch: Watch) -> None:
    """BEGIN and COMMIT alone succeed there."""
    assert await watch.reasons() == []
    watch.seconds.now += REST_SECONDS
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        assert await watch.reasons() == [TAKES_NO_WRITE]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    watch.seconds.now += REST_SECONDS
    assert await watch.reasons() == []


@pytest.mark.parametrize(("free", "is_full"), [(31, True), (33, False)])
async def test_a_disk_on_which_only_the_journal_has_room(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, *, is_full: bool
) -> None:
    """SQLite writes over its journal: a small write succeeds on a full disk, a message does not."""
    places = {"files": tmp_path / "not" / "there yet", "database": tmp_path}
    usage = SimpleNamespace(free=free << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    watch.places = places
    async with watch.listening():
        told = [(f"disk of the {name}", "is full") for name in places]
        assert await watch.reasons() == (told if is_full else [])


async def test_a_database_that_can_only_be_read(either_database: Database) -> None:
    """Such as a standby, to which PostgreSQL lets one connect."""
    watch = Watch(either_database)
    async with either_database.write() as tx:
        await tx.execute(sa.text(ONLY_READ[tx.dialect.name].format(tx.engine.url.database)))
    if not either_database.is_sqlite:
        await either_database.close()
    async with watch.listening():
        assert await watch.reasons() == [TAKES_NO_WRITE]


async def test_however_many_ask_there_is_one_write_in_some_seconds(watch: Watch) -> None:
    commits: list[None] = []
    watch.database.listen(lambda: commits.append(None))
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(watch.reasons())
    await watch.reasons()
    assert len(commits) == 1
    watch.seconds.now += REST_SECONDS
    await watch.reasons()
    assert len(commits) == 2


async def test_a_lock_of_another_program_holds_up_the_answer_for_a_moment_and_no_writer_after_it(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof_module, "ANSWER_SECONDS", 0.2)
    async with watch.database.write():
        pass  # the connection is open
    with closing(sqlite3.connect(watch.database.path, isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            assert await watch.reasons() == [TAKES_NO_WRITE]
        late = NewMessage("k", "day", "vk", "1", {}, MONDAY, school_id=1)

        async def plan() -> None:
            async with watch.database.write() as tx:
                await outbox.plan(tx, [late], MONDAY)

        async with asyncio.TaskGroup() as group:
            group.create_task(plan())
            await asyncio.sleep(0.05)
            rival.execute("COMMIT")
    assert await watch.reasons() == []


async def test_a_poll_succeeds_when_what_it_brought_is_stored(watch: Watch) -> None:
    """A full disk: the messenger hands over the same updates again and again."""
    messenger = WatchedMessenger(Polite("vk"), watch.meter, watch.pulse)
    for _ in range(5):
        watch.seconds.now += 40
        watch.pulse.ticked()
        await messenger.poll()
    assert await watch.reasons() == [("vk", f"no poll succeeds: {UNSTORED}")]
    await messenger.confirm()
    assert await watch.reasons() == []


async def test_a_database_that_is_away(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        raise OSError("away")
        yield

    monkeypatch.setattr(watch.database, "read", away)
    assert await watch.reasons() == [("database", "does not answer")]
    assert "dezhurny_since_seconds tick" in await watch.measures()


async def test_the_age_of_the_last_backup(template: Path, tmp_path: Path) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    home.backed_up(shelf, (MONDAY - HOUR).replace(second=0))
    database = Database(f"sqlite+aiosqlite:///{home.place.database}")
    watch = Watch(database, shelf=shelf)
    async with watch.listening():
        assert (await watch.measures())["dezhurny_since_seconds backup"] == 3600 + 50
    await database.close()


async def test_what_passes_through_a_messenger_is_counted(watch: Watch) -> None:
    inner = Polite("vk")
    messenger = WatchedMessenger(inner, watch.meter, watch.pulse)
    await messenger.poll()
    for failure in (FloodWait(3), NotSent("away"), OutcomeUnknown("lost"), KeyError("ours")):
        inner.failures.append(failure)
        with pytest.raises(type(failure)):
            await messenger.send("1", Reply("—"), (), 1)
    ref = await messenger.send("1", Reply("—"), (), 1)
    await messenger.edit("1", ref, Reply("— —"))
    found = await watch.measures()
    for result in ("flood", "not_sent", "unknown", "broken", "sent"):
        assert found[f"dezhurny_sends_total vk {result} send"] == 1
    assert found["dezhurny_sends_total vk sent edit"] == 1
    assert found["dezhurny_sending_seconds_count vk"] == 6
    assert found["dezhurny_polls_total vk received"] == 1


async def test_a_poll_that_fails_is_the_pulses_trouble(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = Polite("vk")

    async def refused() -> list[object]:
        raise TokenRefused("unknown token")

    monkeypatch.setattr(inner, "poll", refused)
    messenger = WatchedMessenger(inner, watch.meter, watch.pulse)
    with pytest.raises(TokenRefused):
        await messenger.poll()
    assert watch.pulse.since_polls()["vk"].trouble == "token_refused"
    assert (await watch.measures())["dezhurny_polls_total vk token_refused"] == 1


async def test_handlers_and_writes_are_measured(database: Database, template: Path) -> None:
    del template
    meter = Meter()
    metered = Database(str(database.url), meter.waited)
    watch = Watch(metered, meter=meter)
    worker = Worker(metered, lambda: MONDAY, meter.handled)
    async with watch.listening():
        async with metered.write() as tx:
            body = '{"address": {"messenger": "vk", "user": "1", "chat": "1"}, "text": "?"}'
            await inbox.store(tx, [NewEvent("vk", "1", "vk:1", "{}", body)], MONDAY)
            broken = NewEvent("vk", "2", "vk:2", "{}", "no JSON")
            await inbox.store(tx, [broken], MONDAY)
        while await worker.handle_ready():  # nobody can read them, and each is tried three times
            pass
        found = await watch.measures()
    await metered.close()
    assert found["dezhurny_events_total failed"] == 6
    assert found["dezhurny_handling_seconds_count"] == 6
    assert found["dezhurny_write_wait_seconds_count"] >= 2


async def test_no_label_names_a_person(watch: Watch) -> None:
    secret = "Соколова Мария, +7 900 123-45-67"
    async with watch.database.write() as tx:
        note = NewMessage(
            secret, "day", "vk", secret, {"text": secret}, MONDAY, school_id=1, person_id=7
        )
        await outbox.plan(tx, [note], MONDAY)
        await inbox.store(tx, [NewEvent("vk", secret, secret, secret, "", error=secret)], MONDAY)
    _, text = await watch.asks("/metrics")
    _, said = await watch.asks("/healthz")
    assert not re.search("[а-я]|123-45", text + said, re.IGNORECASE)


async def test_a_port_that_is_taken_is_a_setting_to_mend(watch: Watch) -> None:
    proof = WriteProof(watch.database)
    monitor = Monitor(watch.database, proof, watch.pulse, watch.meter, lambda: MONDAY)
    with pytest.raises(BadSettings, match="DEZHURNY_HEALTH_PORT"):
        async with listening(monitor, "127.0.0.1", watch.port):
            raise AssertionError("two on one port")


async def test_counting_costs_next_to_nothing() -> None:
    meter = Meter()
    began = time.thread_time()  # a busy machine does not count
    for _ in range(1000):
        meter.handled("handled", 0.001)
        meter.waited(0.001)
        meter.sent("vk", "send", "sent", 0.1)
    assert (time.thread_time() - began) / 1000 < 0.0005
