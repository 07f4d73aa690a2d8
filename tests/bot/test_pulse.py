"""The pulse in memory, and the heartbeat that it leaves in a file."""

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import pulse as pulse_module
from bot.pulse import UNSTORED, Heartbeat, LastPoll, Pulse, beating, heartbeat, read, write
from tests.bot.patience import until
from tests.school_template import MONDAY


class Time:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


def test_it_knows_how_long_ago_everything_was(time: Time) -> None:
    pulse = Pulse(clock=time)
    pulse.polled("vk")
    pulse.ticked()
    time.seconds += 30
    pulse.polled("vk", "not_sent")
    time.seconds += 10
    assert pulse.since_tick == 40
    polls = pulse.since_polls()["vk"]
    assert (polls.ended, polls.succeeded, polls.trouble) == (10, 40, "not_sent")
    pulse.polled("vk")
    assert pulse.since_polls()["vk"].trouble == ""


def test_a_heartbeat_is_in_instants_of_the_real_clock(time: Time, tmp_path: Path) -> None:
    pulse = Pulse(("vk",), clock=time)
    time.seconds += 60
    beat = heartbeat(pulse, MONDAY)
    minute = timedelta(minutes=1)
    polls = {"vk": LastPoll(MONDAY - minute, is_heard=False)}
    assert beat == Heartbeat(os.getpid(), MONDAY, MONDAY - minute, polls)
    write(tmp_path / "new folder" / "heartbeat.json", beat)
    assert read(tmp_path / "new folder" / "heartbeat.json") == beat


@pytest.mark.parametrize(
    ("troubles", "is_heard"),
    [
        ([], False),
        (["not_sent"], False),
        ([""], True),
        (["", "not_sent"], True),
        ([UNSTORED], True),
    ],
)
def test_it_knows_whether_it_was_ever_heard(troubles: list[str], *, is_heard: bool) -> None:
    pulse = Pulse(("vk",))
    for trouble in troubles:
        pulse.polled("vk", trouble)
    assert heartbeat(pulse, MONDAY).polls["vk"].is_heard == is_heard


async def test_it_beats_until_it_is_over_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse_module, "BEAT_SECONDS", 0.02)
    path, now = tmp_path / "heartbeat.json", MONDAY

    def beat_at(path: Path) -> tuple[datetime, bool] | None:
        beat = read(path)
        return None if beat is None else (beat.at, beat.stopped)

    def beats_now() -> bool:
        return beat_at(path) == (now, False)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(beating(path, Pulse(), lambda: now))
        for _ in range(3):
            now += timedelta(seconds=15)
            await until(beats_now)
        task.cancel()
    assert beat_at(path) == (now, True)


async def test_a_disk_that_is_full_stops_no_bot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("no folder", encoding="utf-8")
    async with asyncio.TaskGroup() as group:
        path = tmp_path / "data" / "heartbeat.json"
        task = group.create_task(beating(path, Pulse(), lambda: MONDAY))
        await until(lambda: "heartbeat.not_written" in caplog.text)
        assert not task.done()
        task.cancel()
