"""Ticks: APScheduler calls an idempotent function now and then, and keeps nothing itself.

Its jobs live in memory; `misfire_grace_time=None` because the default of one second silently skips
a run after any pause of the loop.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

LAST_TICK_SECONDS = 10.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def ticking(seconds: float, tick: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `tick` every `seconds` of real time for the length of a block, never two at once.

    A tick under way at the end of the block is seen through, because the scheduler would cancel
    it and call that an error.
    """
    at_rest = asyncio.Event()
    at_rest.set()

    async def once() -> None:
        at_rest.clear()
        try:
            await tick()
        finally:
            at_rest.set()

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        once,
        "interval",
        seconds=seconds,
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        try:
            async with asyncio.timeout(LAST_TICK_SECONDS):
                await at_rest.wait()
        except TimeoutError:
            log.warning("tick.cancelled", seconds=LAST_TICK_SECONDS)
        scheduler.shutdown(wait=False)
