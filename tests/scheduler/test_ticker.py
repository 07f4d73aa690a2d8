import asyncio
import time

import pytest

from scheduler import ticker
from scheduler.ticker import ticking


class Ticks:
    """Counts ticks, and how many there were at once."""

    def __init__(self, lasting: float = 0.0) -> None:
        self.count = 0
        self.finished = 0
        self.at_once = 0
        self.most_at_once = 0
        self.lasting = lasting
        self._news = asyncio.Event()

    async def tick(self) -> None:
        self.count += 1
        self._news.set()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.lasting)
            self.finished += 1
        finally:
            self.at_once -= 1

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60):
            while self.count < count:
                self._news.clear()
                await self._news.wait()


async def test_it_ticks_until_the_block_ends() -> None:
    ticks = Ticks()
    async with ticking(0.01, ticks.tick):
        await ticks.until(3)
    after = ticks.count
    await asyncio.sleep(0.05)
    assert ticks.count == after


async def test_a_loop_that_was_blocked_for_longer_than_a_grace_time_still_ticks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """APScheduler's default would call everything older than a second missed, and skip it."""
    ticks = Ticks()
    async with ticking(2, ticks.tick):
        time.sleep(5.2)  # noqa: ASYNC251 what blocks a loop
        await ticks.until(1)
        for _ in range(20):
            await asyncio.sleep(0)
        assert ticks.count == 1, "what was missed is made up by one tick, not by two"
    assert "missed" not in caplog.text


async def test_ticks_never_overlap() -> None:
    ticks = Ticks(lasting=0.05)
    async with ticking(0.01, ticks.tick):
        await ticks.until(3)
    assert ticks.most_at_once == 1


async def test_a_tick_that_fails_is_not_the_last() -> None:
    ticks = Ticks()

    async def fail() -> None:
        await ticks.tick()
        raise KeyError("of this tick")

    async with ticking(0.01, fail):
        await ticks.until(3)


async def test_a_tick_under_way_is_seen_through() -> None:
    ticks = Ticks(lasting=0.05)
    async with ticking(0.01, ticks.tick):
        await ticks.until(1)
    assert ticks.finished == ticks.count


async def test_but_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker, "LAST_TICK_SECONDS", 0.02)
    ticks = Ticks(lasting=600)
    async with asyncio.timeout(60), ticking(0.01, ticks.tick):
        await ticks.until(1)
    assert ticks.finished == 0
