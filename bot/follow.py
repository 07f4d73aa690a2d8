"""Follows another clock, such as the sandbox's: `dezhurny run --clock URL`.

The bot is a process of its own; a jump of that clock visits every due instant on the way, in
order, and the bot comes to rest at each before it goes on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog

WAIT_SECONDS = 20
MOST_INSTANTS = 5000
PAUSE_SECONDS = 0.5
TELL_SECONDS = 10

log = structlog.get_logger(__name__)


class FollowedClock:
    """The instant of a clock elsewhere, between its news running at its last known rate."""

    def __init__(self, start: datetime) -> None:
        self._anchor = start.astimezone(UTC)
        self._anchored_at = time.monotonic()
        self._rate = 0.0
        self._is_known = asyncio.Event()

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        ran = (time.monotonic() - self._anchored_at) * self._rate
        return self._anchor + timedelta(seconds=ran)

    def set(self, now: datetime, rate: float) -> None:
        """Learn where the clock is and how many of its seconds pass in one."""
        self._anchor, self._rate = now.astimezone(UTC), rate
        self._anchored_at = time.monotonic()
        self._is_known.set()

    async def known(self, seconds: float) -> None:
        """Wait until the other clock has told its instant, for so many seconds at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_known.wait()
        except TimeoutError:
            log.warning("clock.unknown", seconds=seconds)


class Follower:
    """Asks the clock at `url` for news; `visit` makes the bot do what is due and come to rest.

    `next_due` gives the next instant after one at which something falls due.
    """

    def __init__(
        self,
        url: str,
        clock: FollowedClock,
        visit: Callable[[datetime], Awaitable[None]],
        next_due: Callable[[datetime], Awaitable[datetime | None]],
    ) -> None:
        self._url = f"{url.rstrip('/')}/clock"
        self._clock = clock
        self._visit = visit
        self._next_due = next_due

    async def run(self) -> None:
        """Follow until cancelled; while the other clock cannot be reached, time stands."""
        seen = 0
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    state = await self._ask(session, seen)
                    await self._obey(session, state)
                    # Not before: asking with a jump's version says that it was seen through.
                    seen = state["version"]
                except (aiohttp.ClientError, TimeoutError) as error:
                    log.warning("clock.unreachable", cause=type(error).__name__)
                    await asyncio.sleep(PAUSE_SECONDS)
                except Exception:
                    log.exception("clock.not_followed")
                    await asyncio.sleep(PAUSE_SECONDS)

    async def _ask(self, session: aiohttp.ClientSession, seen: int) -> dict[str, Any]:
        query = {"seen": str(seen), "wait": str(WAIT_SECONDS)}
        limit = aiohttp.ClientTimeout(total=WAIT_SECONDS + 10)
        async with session.get(self._url, params=query, timeout=limit) as answer:
            answer.raise_for_status()
            state: dict[str, Any] = await answer.json()
            return state

    async def _obey(self, session: aiohttp.ClientSession, state: dict[str, Any]) -> None:
        now = datetime.fromisoformat(state["now"])
        if not state["jump_to"]:
            self._clock.set(now, state["rate"])
            return
        target = datetime.fromisoformat(state["jump_to"])
        for _ in range(MOST_INSTANTS):
            due = await self._next_due(now)
            instant = target if due is None else min(due, target)
            self._clock.set(instant, 0)
            await self._tell(session, instant, state["version"])
            await self._visit(instant)
            now = instant
            if instant >= target:
                return
        log.warning("clock.jump_too_long", instants=MOST_INSTANTS)

    async def _tell(self, session: aiohttp.ClientSession, instant: datetime, version: int) -> None:
        body = {"now": instant.isoformat(), "version": version}
        limit = aiohttp.ClientTimeout(total=TELL_SECONDS)
        async with session.post(f"{self._url}/at", json=body, timeout=limit) as answer:
            if answer.status >= 400:  # noqa: PLR2004 HTTP's own border
                log.info("clock.visit_refused", status=answer.status)
