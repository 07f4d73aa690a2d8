"""The sandbox's clock: it runs at a rate, stands, or jumps forward past a follower, never back.

The bot is another process and follows this clock. A jump is a conversation: the follower sees
`jump_to`, visits every due instant on the way (telling each by `visit`), and asks again with the
version of that jump, which ends it.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.news import News

PRESENT_SECONDS = 5.0
"""How long after its last word, in real time, a follower still counts as there."""


class ClockRefusedError(ValueError):
    """The clock cannot do that: it never runs backwards."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a follower is told. `rate` is school seconds in a real second, 0 when stopped."""

    version: int
    now: datetime
    rate: float
    jump_to: datetime | None
    followed: bool


class SandboxClock:
    """The clock of one sandbox. Instants are aware and keep the zone of `start`."""

    def __init__(self, start: datetime, news: News, rate: float = 1.0) -> None:
        if start.tzinfo is None:
            raise ClockRefusedError("the start needs a zone")
        self._news = news
        self._zone = start.tzinfo
        self._anchor = start
        self._anchored_at = time.monotonic()
        self._rate = rate
        self._jump_to: datetime | None = None
        self._jumped = 0.0
        self._version = 1
        self._heard_at: float | None = None
        self._waiting = 0

    def now(self) -> datetime:
        """Tell the instant; during a jump, the one that the follower is visiting."""
        if self._jump_to is not None:
            return self._anchor
        ran = (time.monotonic() - self._anchored_at) * self._rate
        return self._anchor + timedelta(seconds=ran)

    def steady(self) -> float:
        """Tell an instant in seconds for what a messenger counts by its own clock.

        These seconds are real ones, so that at rate 600 a button lives as long as for real. A jump
        counts as far as nobody followed it: a bot that follows has been there all along.
        """
        return time.monotonic() + self._jumped

    def state(self) -> ClockState:
        """Tell what a follower needs."""
        return ClockState(
            self._version, self.now(), self._rate, self._jump_to, followed=self.followed()
        )

    def followed(self) -> bool:
        """Say whether somebody follows: waits for news now or was heard of just before."""
        heard = self._heard_at
        return self._waiting > 0 or (
            heard is not None and time.monotonic() - heard < PRESENT_SECONDS
        )

    def set_rate(self, rate: float) -> ClockState:
        """Run `rate` school seconds in a real second; 0 stops the clock."""
        if rate < 0:
            raise ClockRefusedError("the clock never runs backwards")
        self._set(self.now())
        self._rate = rate
        return self._changed()

    def jump(self, target: datetime) -> None:
        """Start a jump, or lengthen the one under way.

        With no follower there is nobody to wait for, and the clock lands at once. A target in the
        past, or before the end of a jump that is under way, is refused.
        """
        if target.tzinfo is None:
            raise ClockRefusedError("the instant needs a zone")
        target = target.astimezone(self._zone)
        now = self.now()
        if target < now or (self._jump_to is not None and target < self._jump_to):
            raise ClockRefusedError("the clock never runs backwards")
        self._set(now)
        self._jump_to = target
        self._changed()
        if not self.followed():
            self.land()

    def visit(self, now: datetime, version: int) -> None:
        """Hear from the follower which instant of the jump it is visiting."""
        self._heard_at = time.monotonic()
        if now.tzinfo is None:
            raise ClockRefusedError("the instant needs a zone")
        if self._jump_to is None or version > self._version:
            raise ClockRefusedError("there is no such jump")
        now = now.astimezone(self._zone)
        if not self._anchor <= now <= self._jump_to:
            raise ClockRefusedError("that instant is not ahead on this jump")
        self._set(now)
        self._news.tell()

    def land(self) -> None:
        """End the jump at its target, because nobody is there to see it through."""
        if self._jump_to is not None:
            self._jumped += (self._jump_to - self._anchor).total_seconds()
            self._end_jump(self._jump_to)

    def landed(self) -> bool:
        """Say whether no jump is under way."""
        return self._jump_to is None

    async def follow(self, seen: int, seconds: float) -> ClockState:
        """Answer a follower that has seen `seen`: at once if there is news, else when there is.

        Asking with the version of a jump says that everything due until its end was visited.
        """
        if self._jump_to is not None and seen == self._version:
            self._end_jump(self._jump_to)
        self._waiting += 1
        self._news.tell()
        try:
            await self._news.until(lambda: self._version != seen, seconds)
        finally:
            self._waiting -= 1
            self._heard_at = time.monotonic()
        return self.state()

    def _end_jump(self, target: datetime) -> None:
        self._set(target)
        self._jump_to = None
        self._changed()

    def _set(self, now: datetime) -> None:
        self._anchor = now
        self._anchored_at = time.monotonic()

    def _changed(self) -> ClockState:
        self._version += 1
        self._news.tell()
        return self.state()
