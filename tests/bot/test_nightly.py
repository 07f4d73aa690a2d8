"""`run` backs up every night, makes up for a night it missed, and goes on where it cannot."""

import asyncio
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import nightly as nightly_module
from bot.app import nightly_for
from bot.follow import FollowedClock
from bot.nightly import Nightly, last_due
from bot.settings import Settings
from scheduler.clock import Clock, SetClock, ShiftedClock, WallClock
from storage import schools
from storage.backups.making import Made, Place, make
from storage.backups.shelf import Shelf
from storage.database import Database
from tests.bot.patience import until
from tests.school_template import MONDAY, MOSCOW
from tests.storage.backups.home import Home

AT = time(2, 15)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BLINK = 0.05
PATIENCE = 60.0


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "backups")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture
def nightly(database: Database, tmp_path: Path, shelf: Shelf, clock: SetClock) -> Nightly:
    place = Place(database.path, tmp_path / "files", tmp_path / "vk.bookmark")
    return Nightly(place, shelf, database, clock.now, AT, keep=2)


@pytest.mark.parametrize(
    ("local", "due"),
    [
        ("2026-11-23 02:15:00", "2026-11-23 02:15"),
        ("2026-11-23 02:14:59", "2026-11-22 02:15"),
        ("2026-11-23 23:59:59", "2026-11-23 02:15"),
    ],
)
def test_the_last_night_is_the_last_time_the_clock_showed_it(local: str, due: str) -> None:
    found = last_due(datetime.fromisoformat(local).replace(tzinfo=MOSCOW), AT, MOSCOW)
    assert found == datetime.fromisoformat(due).replace(tzinfo=MOSCOW)


async def test_a_night_is_backed_up_once_by_the_schools_clock(
    nightly: Nightly, clock: SetClock, shelf: Shelf
) -> None:
    made = await nightly.make_if_due()
    assert made is not None
    assert made.path.name == "dezhurny-2026-11-23T0729+0300.tar"
    for hours in (0, 10, 18):
        clock.set(MONDAY + hours * HOUR)
        assert await nightly.make_if_due() is None
    for day in (24, 25, 26):
        clock.set(datetime(2026, 11, day, 2, 15, 3, tzinfo=MOSCOW))
        made = await nightly.make_if_due()
        assert made is not None
        assert made.path.name == f"dezhurny-2026-11-{day}T0215+0300.tar"
        assert await nightly.make_if_due() is None
    assert len(shelf.archives()) == 2


async def test_another_zone_has_another_night(
    nightly: Nightly, database: Database, clock: SetClock
) -> None:
    async with database.write() as tx:
        school = (await schools.every(tx))[0]
        await schools.change(tx, school.id, {"time_zone": "Asia/Vladivostok"})
    clock.set(datetime(2026, 11, 24, 2, 15, tzinfo=ZoneInfo("Asia/Vladivostok")).astimezone(UTC))
    made = await nightly.make_if_due()
    assert made is not None
    assert made.path.name == "dezhurny-2026-11-24T0215+1000.tar"


async def test_what_fails_is_told_and_tried_again(
    nightly: Nightly,
    shelf: Shelf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(nightly_module, "LOOK_SECONDS", BLINK)
    monkeypatch.setattr(nightly_module, "REST_SECONDS", BLINK)
    shelf.folder.write_text("a file where the folder should be", encoding="utf-8")
    caplog.set_level("INFO", "bot.nightly")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(nightly.run())
        await until(lambda: "backup.failed" in caplog.text)
        assert str(shelf.folder) in caplog.text
        shelf.folder.unlink()
        await until(lambda: "backup.made" in caplog.text)
        running.cancel()
    assert len(shelf.archives()) == 1


async def test_a_bot_that_stops_does_not_wait_for_its_backup(
    nightly: Nightly, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = threading.Event(), threading.Event()

    def slow(*args: object) -> Made:
        stop = args[-1]
        assert isinstance(stop, threading.Event)
        begun.set()
        if stop.wait(2 * PATIENCE):
            over.set()
        raise AssertionError("it was to be stopped")

    monkeypatch.setattr(nightly_module, "make", slow)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(nightly.run())
        await until(begun.is_set)
        running.cancel()
    assert await asyncio.to_thread(over.wait, PATIENCE)
    assert not shelf.archives()


async def test_the_loop_goes_on_meanwhile(
    nightly: Nightly, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, has_beaten = threading.Event(), threading.Event()

    def made_amid_beats(place: Place, *rest: Any) -> Made:
        begun.set()
        assert has_beaten.wait(PATIENCE)
        return make(place, *rest)

    monkeypatch.setattr(nightly_module, "make", made_amid_beats)
    async with asyncio.TaskGroup() as group:
        making = group.create_task(nightly.make_if_due())
        await until(begun.is_set)
        for _ in range(5):
            await asyncio.sleep(0.005)
        has_beaten.set()
    assert making.result() is not None
    assert shelf.archives()


async def test_a_backup_from_the_future_does_not_stand_for_the_last_night(
    nightly: Nightly, shelf: Shelf, database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """The clock was ahead once, or somebody rehearsed a later day."""
    place = Place(database.path, tmp_path / "files", tmp_path / "vk.bookmark")
    for days in (100, 101, 102):
        make(place, shelf, MONDAY + days * DAY, keep=14)
    for day in range(4):
        clock.set(MONDAY + day * DAY)
        made = await nightly.make_if_due()
        assert made is not None
        assert made.path.exists()
        assert await nightly.make_if_due() is None
    assert len(shelf.archives()) == 3 + 2


async def test_a_file_that_is_not_in_the_backup_is_named(
    nightly: Nightly, template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home(tmp_path)
    assert template
    lost = home.store.path(home.keeps(b"photo"))
    lost.unlink()
    lost.mkdir()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(nightly.run())
        await until(lambda: "backup.lacks_file" in caplog.text)
        running.cancel()
    assert str(lost) in caplog.text
    assert "unreadable" in caplog.text


@pytest.mark.parametrize(
    ("clock", "backs_up"),
    [(WallClock(), True), (ShiftedClock(MONDAY), False), (FollowedClock(MONDAY), False)],
)
async def test_only_on_the_real_clock_nights_are_backed_up(
    database: Database, tmp_path: Path, clock: Clock, *, backs_up: bool
) -> None:
    settings = Settings(_env_file=None, backup_dir=tmp_path / "backups")
    assert bool(nightly_for(settings, database, clock)) is backs_up
