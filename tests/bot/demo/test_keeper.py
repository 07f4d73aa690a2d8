"""The keeper and processes that stand for the bot."""

import asyncio
import os
import signal

import pytest

from bot.demo import keeper
from bot.demo.keeper import BotKeeper, Life
from scheduler.clock import WallClock
from tests.bot.demo.conftest import SERVES, python

WITHIN = 120.0
SPEAKS = """
import json, sys
print(json.dumps({"event": "lane.failed", "level": "error", "logger": "bot", "lane": "vk",
                  "timestamp": "2026-11-23T04:05:06Z"}))
print("token=123456789:AAAAAAAAAAAAAAAA Соколова")
print("x" * 1_000_000)
print("no end of line", end="")
sys.exit(3)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVES
BAD = "raise SystemExit('cannot start')"


class Bench:
    """A keeper of processes with given programs, one after the other."""

    def __init__(self, group: asyncio.TaskGroup, *programs: str) -> None:
        waiting = list(programs)
        self.news = asyncio.Event()
        self.keeper = BotKeeper(
            lambda: python(waiting.pop(0)), self.news.set, WallClock().now, group
        )

    @property
    def life(self) -> Life:
        return self.keeper.state().state

    async def comes_to(self, life: Life) -> None:
        async with asyncio.timeout(WITHIN):
            while self.life is not life:
                self.news.clear()
                await self.news.wait()


async def test_a_bot_that_says_so_is_running(group: asyncio.TaskGroup) -> None:
    bench = Bench(group, SERVES)
    assert bench.life is Life.STARTING, "whoever looks sees it coming"
    await bench.keeper.kill()
    await bench.keeper.stop()
    assert (bench.life, bench.keeper.state().kills) == (Life.STARTING, 0)
    await bench.keeper.start()
    await bench.comes_to(Life.RUNNING)
    state = bench.keeper.state()
    assert state.pid is not None
    assert state.log == ("04:05:06 info running",)
    await bench.keeper.stop()
    stopped = bench.keeper.state()
    assert (stopped.state, stopped.pid) == (Life.DEAD, None)


async def test_starting_twice_starts_once(group: asyncio.TaskGroup) -> None:
    bench = Bench(group, SERVES)
    await bench.keeper.start()
    pid = bench.keeper.state().pid
    await bench.keeper.start()
    assert bench.keeper.state().pid == pid
    await bench.keeper.kill()


async def test_a_kill_is_counted_and_a_death_of_its_own_is_not(group: asyncio.TaskGroup) -> None:
    bench = Bench(group, SERVES, SERVES)
    await bench.keeper.start()
    await bench.comes_to(Life.RUNNING)
    await bench.keeper.kill()
    assert (bench.life, bench.keeper.state().kills) == (Life.DEAD, 1)
    await bench.keeper.start()
    await bench.comes_to(Life.RUNNING)
    os.kill(bench.keeper.state().pid or 0, signal.SIGSEGV)
    await bench.comes_to(Life.DEAD)
    assert bench.keeper.state().kills == 1


async def test_what_it_says_is_kept_short_and_without_secrets(group: asyncio.TaskGroup) -> None:
    bench = Bench(group, SPEAKS)
    await bench.keeper.start()
    await bench.comes_to(Life.DEAD)
    first, second, long, last = bench.keeper.state().log
    assert first == "04:05:06 error lane.failed lane=vk"
    assert "123456789" not in second
    assert "Соколова" not in second
    assert len(long) == keeper.LINE_CHARS
    assert last == "no end of line"


async def test_a_bot_that_cannot_start_is_dead_and_its_last_words_are_told(
    group: asyncio.TaskGroup,
) -> None:
    bench = Bench(group, BAD)
    await bench.keeper.start()
    await bench.comes_to(Life.DEAD)
    assert bench.keeper.state().log == ("cannot start",)


async def test_a_bot_that_does_not_stop_is_killed(
    group: asyncio.TaskGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "STOP_SECONDS", 0.2)
    bench = Bench(group, STUBBORN)
    await bench.keeper.start()
    await bench.comes_to(Life.RUNNING)
    await bench.keeper.stop()
    assert bench.life is Life.DEAD
    assert bench.keeper.state().kills == 0


async def test_where_the_watching_is_cut_short_nothing_is_left_behind() -> None:
    pids: list[int] = []

    async def breaks() -> None:
        async with asyncio.TaskGroup() as group:
            bench = Bench(group, SERVES)
            await bench.keeper.start()
            await bench.comes_to(Life.RUNNING)
            pids.append(bench.keeper.state().pid or 0)
            raise RuntimeError

    with pytest.raises(ExceptionGroup):
        await breaks()
    for _ in range(2000):
        if not _lives(pids[0]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the process is still there")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
