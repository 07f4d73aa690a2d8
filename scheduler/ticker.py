"""Ticks: APScheduler calls an idempotent function now and then, and keeps nothing itself.

Its jobs live in memory; `misfire_grace_time=None` because the default of one second silently skips
a run after any pause of the loop.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler


@asynccontextmanager
async def ticking(seconds: float, tick: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `tick` every `seconds` of real time for the length of a block, never two at once."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
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
        scheduler.shutdown(wait=False)
