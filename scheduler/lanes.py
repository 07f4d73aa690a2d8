"""The pace of a lane: how often a platform may be written to, in real (monotonic) time."""

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable


class Pace:
    """Lets `per_second` messages through, and one a second to a chat after a small burst.

    A reply takes the next free place; a notice leaves the last of the platform's rate to replies.
    `quarter` is how many pass in a quarter of a second.
    """

    CHAT_SECONDS = 1.0
    CHAT_BURST = 8
    REMEMBERED_CHATS = 10_000

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        chat: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._step = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._free_at = 0.0
        self._held_until = 0.0
        self._paces_chats = chat
        self.quarter = math.ceil(per_second / 4)
        self._chats: dict[str, float] = {}

    async def wait(self, chat: str, *, is_reply: bool) -> None:
        """Sleep until a message to the chat may leave; "" is a change in place, unpaced there."""
        now = self._clock()
        start = max(now, self._free_at)
        self._free_at = start + self._step * (1 if is_reply else 1.1)
        if self._paces_chats and chat:
            start = max(start, self._chat_slot(chat, start))
        if start > now:
            await self._sleep(start - now)

    async def rest(self) -> None:
        """Sleep out a hold before anything is made ready."""
        left = self.held()
        if left > 0:
            await self._sleep(left)

    def held(self) -> float:
        """Say for how many seconds more nothing may leave."""
        return max(0.0, self._held_until - self._clock())

    def hold(self, seconds: float) -> None:
        """Let nothing through for a while: the platform asked to wait."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    def _chat_slot(self, chat: str, start: float) -> float:
        """Give a chat its next place: GCRA with a small burst."""
        if len(self._chats) > self.REMEMBERED_CHATS:
            self._chats.clear()
        due = max(self._chats.get(chat, 0.0), start)
        self._chats[chat] = due + self.CHAT_SECONDS
        return max(start, due - self.CHAT_SECONDS * (self.CHAT_BURST - 1))


class Backoff:
    """Pauses between attempts, in real seconds: doubling with jitter for each message.

    The lane as a whole rests too when several messages in a row fail and none gets through, so
    that a platform that is away is asked about twice a minute; a message that fails alone, or
    among others that pass, rests alone.
    """

    FIRST, LONGEST, LONGEST_OF_LANE = 1.0, 300.0, 30.0
    MOST_DOUBLINGS = 20

    def __init__(self, clock: Callable[[], float] = time.monotonic, scale: float = 1.0) -> None:
        self._clock = clock
        self._scale = scale
        self._tries: dict[int, int] = {}
        self._until: dict[int, float] = {}
        self._failing: set[int] = set()

    def pause(self, message_id: int) -> float:
        """Note a failure; returns for how long the whole lane should rest."""
        tries = self._tries[message_id] = self._tries.get(message_id, 0) + 1
        jitter = random.uniform(0.8, 1.2) * self._scale  # noqa: S311 not a secret
        self._until[message_id] = self._clock() + jitter * self._doubled(tries - 1, self.LONGEST)
        self._failing.add(message_id)
        others = len(self._failing) - 1
        return jitter * self._doubled(others, self.LONGEST_OF_LANE) if others else 0.0

    def forget(self, message_id: int) -> None:
        """Note an answer: the platform is there."""
        self._failing.clear()
        self._tries.pop(message_id, None)
        self._until.pop(message_id, None)

    def resting(self) -> list[int]:
        """Return the messages whose pause is not over."""
        now = self._clock()
        return [message_id for message_id, until in self._until.items() if until > now]

    def _doubled(self, times: int, most: float) -> float:
        return float(min(self.FIRST * 2 ** min(times, self.MOST_DOUBLINGS), most))
