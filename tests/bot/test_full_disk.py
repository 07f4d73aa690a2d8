"""A disk of ours that takes no files: nobody's file is called missing, and others go on."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot import ingress as ingress_module
from bot.ingress import FETCHES, Ingress
from bot.worker import with_files
from handlers.messages import Address, FileKind, FileState, Incoming, RemoteFile
from scheduler.messenger import NotSent, Source, Update
from storage import inbox
from storage.database import Database
from storage.files import FileStore
from tests.bot.bound import bind
from tests.bot.patience import until, until_nothing
from tests.school_template import MONDAY

HOUR = 3600.0
CROWD = 30


class Messenger:
    """Hands out as a file what it is called by, unless a test says otherwise."""

    lane = "telegram"

    def __init__(self) -> None:
        self.is_away = False
        self.asked: list[str] = []

    async def working(self, chat: str) -> None:
        """Say nothing."""

    async def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        self.asked.append(file.ref)
        await asyncio.sleep(0)
        if self.is_away:
            raise NotSent("no network")
        yield file.ref.encode()

    async def poll(self) -> list[Update]:
        await asyncio.Event().wait()
        return []

    async def confirm(self) -> None:
        """Forget nothing."""

    async def acknowledge(self, update: Update) -> None:
        """There is nothing to press."""


class Disk(FileStore):
    """A disk that has no room for some contents."""

    no_room_for: frozenset[str] = frozenset()

    def _move(self, temporary: Path, sha256: str) -> None:
        if sha256 in {hashlib.sha256(one.encode()).hexdigest() for one in self.no_room_for}:
            raise OSError(errno.ENOSPC, "No space left on device")
        super()._move(temporary, sha256)


class Hours:
    """Real time that passes when somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pauses: list[float] = []
        self.passed = 0.0
        self.when: dict[float, Callable[[], object]] = {}
        loop, sleep = asyncio.get_running_loop(), asyncio.sleep
        time = loop.time

        async def pass_by(seconds: float) -> None:
            if seconds:
                self.pauses.append(seconds)
                self.passed += seconds
            for due in [due for due in self.when if due <= self.passed]:
                self.when.pop(due)()
            await sleep(0)

        monkeypatch.setattr(asyncio, "sleep", pass_by)
        monkeypatch.setattr(loop, "time", lambda: time() + self.passed)


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "files")


@pytest.fixture
async def ingress(messenger: Source, database: Database, disk: Disk) -> Ingress:
    crowds = (f"{what} {number}" for what in ("photo", "video") for number in range(CROWD))
    await bind(database, "anya", *crowds)
    return Ingress(messenger, database, disk, lambda: MONDAY)


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch, database: Database) -> Callable[[], Hours]:
    """Let hours pass in a moment, from within the test: its loop is not there before."""
    assert database
    return lambda: Hours(monkeypatch)


def update(ref: str, chat: str, *files: str) -> Update:
    remote = tuple(RemoteFile(FileKind.PHOTO, one) for one in files)
    event = Incoming(Address("telegram", chat, chat), MONDAY, text=ref, remote=remote)
    return Update(ref, "{}", event)


async def ready(database: Database) -> dict[str, list[FileState]]:
    """Return what a handler would get now: texts, and what became of their files."""
    async with database.read() as tx:
        found = [await with_files(tx, event) for event in await inbox.ready(tx)]
    return {one.text: [file.state for file in one.attachments] for one in found}


async def test_a_file_waits_for_room_on_our_disk_for_an_hour_and_is_not_missing(
    ingress: Ingress,
    messenger: Messenger,
    database: Database,
    disk: Disk,
    hours: Callable[[], Hours],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await ingress.take([update("work", "anya", "a", "b", "c")])
    disk.no_room_for = frozenset("ab")
    time = hours()
    time.when[HOUR] = lambda: setattr(disk, "no_room_for", frozenset())
    await ingress.fetch_waiting()
    assert await ready(database) == {"work": [FileState.STORED] * 3}
    tries = len(messenger.asked) // 2
    assert messenger.asked.count("c") == 1, "what is on disk is not fetched again"
    assert [one for one in time.pauses if one != ingress_module.SLOW_SECONDS] == [
        *(1, 4, 8, 16),
        *[30] * (tries - 6),
    ]
    assert caplog.text.count("file.waits_for_disk") == tries - 1
    assert "No space left on device" in caplog.text


async def test_a_whole_disk_that_takes_nothing_makes_no_file_missing(
    ingress: Ingress, database: Database, disk: Disk, hours: Callable[[], Hours]
) -> None:
    await ingress.take([update("work", "anya", "a")])
    disk.folder.touch()  # where the folder should be
    hours().when[HOUR] = disk.folder.unlink
    await ingress.fetch_waiting()
    assert await ready(database) == {"work": [FileState.STORED]}


async def test_the_minute_of_a_messenger_that_is_away_is_counted_all_the_same(
    ingress: Ingress,
    messenger: Messenger,
    database: Database,
    disk: Disk,
    hours: Callable[[], Hours],
) -> None:
    await ingress.take([update("work", "anya", "a")])
    disk.no_room_for = frozenset("a")
    time = hours()
    time.when[HOUR] = lambda: setattr(messenger, "is_away", True)
    await ingress.fetch_waiting()
    assert await ready(database) == {"work": [FileState.MISSING]}
    assert HOUR < time.passed < HOUR + 3 * ingress_module.FETCH_SECONDS


async def test_who_waits_for_room_keeps_their_own_order_and_nobody_else(
    ingress: Ingress, database: Database, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as are fetched for at once, and more: videos that do not fit, where photos do."""
    monkeypatch.setattr(ingress_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(ingress_module, "LONGEST_PAUSE", 0.02)
    crowd = [f"video {number}" for number in range(FETCHES + 3)]
    disk.no_room_for = frozenset(crowd)
    texts: set[str] = set()

    async def lacking() -> list[str]:
        return sorted(texts - set(await ready(database)))

    async with asyncio.TaskGroup() as group:
        running = group.create_task(ingress.run())
        await ingress.take([update(one, one, one) for one in crowd])
        await ingress.take([update(f"after {one}", one) for one in crowd])
        photos = [f"photo {number}" for number in range(2 * FETCHES)]
        await ingress.take([update(one, one, one) for one in photos])
        await ingress.take([update("hello", "vera")])
        texts |= {*photos, "hello"}
        await until_nothing(lacking)
        assert set(await ready(database)) == texts
        disk.no_room_for = frozenset()
        texts |= {*crowd, *(f"after {one}" for one in crowd)}
        await until_nothing(lacking)
        running.cancel()
    found = await ready(database)
    assert {state for states in found.values() for state in states} == {FileState.STORED}


async def test_those_who_wait_are_not_without_end(
    ingress: Ingress,
    messenger: Messenger,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk at the evening's rush: the messenger is not asked for everything at once."""
    monkeypatch.setattr(ingress_module, "FIRST_PAUSE", HOUR)
    monkeypatch.setattr(ingress_module, "REST_SECONDS", 0.01)
    monkeypatch.setattr(ingress_module, "WAITING_FOR_DISK", 6)
    crowd = [f"photo {number}" for number in range(CROWD)]
    disk.no_room_for = frozenset(crowd)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(ingress.run())
        await ingress.take([update(one, one, one) for one in crowd])
        await until(lambda: len(messenger.asked) >= 6)
        await asyncio.sleep(0.2)
        running.cancel()
    assert len(messenger.asked) == 6
