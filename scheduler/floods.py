"""Decides for whom a platform's refusal for too much holds: for a chat or for everybody."""

from dataclasses import dataclass

from scheduler.lanes import Pace
from scheduler.messenger import FloodWait, Scope


@dataclass(frozen=True, slots=True)
class Refusal:
    """When a chat was refused, and until when it rests."""

    at: float
    until: float


class Floods:
    """The refusals for too much on one lane, in real seconds.

    Where the platform means its limit for the token, the lane is held. Telegram does not say whom
    it means: the chat rests for as long as was asked, and the lane only when others are refused as
    well. One other is enough while the lane is written to at more than half its pace; while it is
    not, its limit is hardly the cause, and it takes two. The first refusal at such a pace costs
    the lane a breath, in case the limit was meant after all.
    """

    BREATH_SECONDS = 1.0
    TOGETHER_SECONDS, LONGEST_TOGETHER = 10.0, 60.0
    """How long after its rest, or after so much of it, a chat counts as one refused as well."""
    LONGEST_OF_LANE, LONGEST_OF_CHAT = 600.0, 3600.0
    """However long was asked: then one more request shows whether it still holds."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._chats: dict[str, Refusal] = {}

    def refused(self, chat: str, failure: FloodWait) -> None:
        """Note that a message to a chat was refused, and let rest whom that concerns."""
        if failure.scope is Scope.LANE:
            self._hold(failure.seconds)
        elif failure.scope is Scope.UNTOLD:
            self._hold(self._for_all(chat, failure.seconds))
            now = self._pace.now()
            self._chats[chat] = Refusal(now, now + min(failure.seconds, self.LONGEST_OF_CHAT))

    def resting(self) -> list[str]:
        """Return the chats that rest."""
        now = self._pace.now()
        return [chat for chat, one in self._chats.items() if one.until > now]

    def _hold(self, seconds: float) -> None:
        if seconds > 0:
            self._pace.refused(min(seconds, self.LONGEST_OF_LANE))

    def _for_all(self, chat: str, seconds: float) -> float:
        """Say for how long the lane should rest for what was said to one chat."""
        now = self._pace.now()
        recent = now - self.TOGETHER_SECONDS
        self._chats = {key: one for key, one in self._chats.items() if one.until > recent}
        others = [
            one.until - now
            for key, one in self._chats.items()
            if key != chat and min(one.until, one.at + self.LONGEST_TOGETHER) > recent
        ]
        is_busy = self._pace.is_busy()
        if len(others) >= (1 if is_busy else 2):
            return min(seconds, max(*others, self.BREATH_SECONDS))
        is_first = chat not in self._chats
        return min(seconds, self.BREATH_SECONDS) if is_busy and is_first else 0.0
