"""A bot's queue of updates: what getUpdates gives, gives again, and forgets."""

import json
import math
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.nouns import Messenger
from bot.sandbox.telegram.rules import QUIET_UNTIL_RANDOM_ID, UPDATE_LIFETIME, Refusal
from bot.sandbox.world import World

FIRST_UPDATE_ID = 100_000_001
LARGEST_RANDOM_ID = 2_000_000_000
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FUTURE = 10
"""An offset so far beyond the newest update is taken for a mistake and confirms nothing."""

CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(frozen=True, slots=True)
class Update:
    """An update that waits for the bot; it is lost at `expires_at` by the sandbox's clock.

    A press is lost earlier: at `steady_until` by `SandboxClock.steady`.
    """

    id: int
    body: dict[str, Any]
    expires_at: datetime
    steady_until: float

    def is_over(self, now: datetime, steady: float) -> bool:
        """Say whether the bot has lost it."""
        return self.expires_at <= now or self.steady_until <= steady


class UpdateQueue:
    """The updates of one bot, oldest first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._updates: deque[Update] = deque()
        self._next_id = FIRST_UPDATE_ID
        self._last_at: datetime | None = None
        self._allowed: frozenset[str] | None = None
        self._poller: object | None = None

    def add(self, kind: str, content: dict[str, Any], seconds: float = math.inf) -> None:
        """Put an update of a kind that the bot wants into the queue, for `seconds` or a day.

        After a week without updates the next id is random, so it may be smaller than the last.
        """
        if kind in NOT_BY_DEFAULT if self._allowed is None else kind not in self._allowed:
            return
        now = self._world.now()
        if self._last_at is not None and now - self._last_at >= QUIET_UNTIL_RANDOM_ID:
            self._updates.clear()
            self._next_id = secrets.randbelow(LARGEST_RANDOM_ID) + 1
        self._last_at = now
        body = {"update_id": self._next_id, kind: content}
        until = self._world.clock.steady() + seconds
        self._updates.append(Update(self._next_id, body, now + UPDATE_LIFETIME, until))
        self._next_id += 1
        self._world.news.tell()

    def pending(self) -> int:
        """Count what waits."""
        self._expire()
        return len(self._updates)

    def drop(self) -> None:
        """Forget everything that waits."""
        self._updates.clear()

    def allow(self, kinds: str | None) -> None:
        """Take over `allowed_updates`: a JSON list, where empty means the default.

        Left out or unreadable, it leaves the earlier choice as it was.
        """
        if kinds is None:
            return
        try:
            wanted = json.loads(kinds)
        except ValueError:
            return
        if isinstance(wanted, list):
            self._allowed = frozenset(str(kind).lower() for kind in wanted) or None

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Confirm everything below `offset` and give what waits, or wait `seconds` for it.

        A negative offset forgets all but the last ones. A second poll that has to wait ends the
        first, which is refused with 409.
        """
        self._confirm(offset)
        batch = self._batch(limit)
        if batch or not seconds:
            return batch
        mine = self._poller = object()
        self._world.news.tell()
        try:
            await self._world.news.until(lambda: self._wakes(mine), seconds)
            if self._poller is not mine:
                raise Refusal(409, CONFLICT)
            return self._batch(limit)
        finally:
            if self._poller is mine:
                self._poller = None

    def _wakes(self, mine: object) -> bool:
        return (
            self._poller is not mine
            or bool(self._updates)
            or self._world.faults.down(Messenger.TELEGRAM, "getUpdates")
        )

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._updates) > -offset:
                self._updates.popleft()
        elif offset <= self._next_id + FUTURE:
            while self._updates and self._updates[0].id < offset:
                self._updates.popleft()

    def _batch(self, limit: int) -> list[dict[str, Any]]:
        self._expire()
        return [update.body for _, update in zip(range(limit), self._updates, strict=False)]

    def _expire(self) -> None:
        now, steady = self._world.now(), self._world.clock.steady()
        if any(update.is_over(now, steady) for update in self._updates):
            self._updates = deque(u for u in self._updates if not u.is_over(now, steady))
