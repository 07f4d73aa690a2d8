"""The pace of a lane: how often a platform may be written to, in real (monotonic) time."""

import asyncio
import heapq
import itertools
import math
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Place:
    """A message's place in the pace: when it left, and how many seconds its answer took."""

    left: float
    took: float = 0.0


class Pace:
    """Lets `per_second` messages through in any second, replies before notices.

    No second as the platform counts it holds more, whenever it begins: a message whose answer
    took longer than the quickest may have arrived by so much later than it left (the first one
    opens the connection). Notices are spread over the second, so that a reply waits for one place
    and not for a whole second. A platform that refuses
    all the same is written to more slowly, and step by step faster again. A chat gets one a
    second after a small burst, and as many changes in place.
    """

    SECOND = 1.005
    """A second and what the clocks may make of it."""
    FORGETTING = 1.002
    """How fast the quickest answer is forgotten, at each answer: a network may become slower."""
    LATE_SECONDS = 0.1
    """How long ago the places were that may be made up for when they were missed (a busy loop)."""
    SLOWER, SLOWEST, EASING = 1.25, 4.0, 0.02
    """How many times slower after a refusal, at most, and how much of that is over in a second."""
    PATIENCE_SECONDS = 2.0
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
        self._most = max(1, int(per_second))
        self._second = self.SECOND * self._most / per_second
        self._clock = clock
        self._sleep = sleep
        self._left: deque[Place] = deque(maxlen=self._most)
        self._quickest = math.inf
        self._next_notice = 0.0
        self._held_until = 0.0
        self._slow, self._slow_since = 1.0, 0.0
        self._paces_chats = chat
        self._chats: dict[tuple[str, bool], float] = {}
        self._turns = itertools.count()
        self._queue: list[tuple[bool, int]] = []
        self._moved = asyncio.Event()
        self.quarter = math.ceil(per_second / 4)

    @property
    def waiting(self) -> int:
        """How many messages wait for their place."""
        return len(self._queue)

    async def wait(self, chat: str, *, is_reply: bool, is_change: bool = False) -> Place | None:
        """Sleep until a message to the chat, or a change of one, may leave.

        None if the lane is held for so long that the message had better be planned again.
        """
        if self._paces_chats:
            await self._chat_turn((chat, is_change))
        turn = (not is_reply, next(self._turns))
        heapq.heappush(self._queue, turn)
        try:
            while (pause := self._pause(turn)) is None or pause > 0:
                if self.held() > self.PATIENCE_SECONDS:
                    return None
                if pause is None:
                    await self._moved.wait()
                else:
                    await self._sleep(pause)
            return self._taken()
        finally:
            self._queue.remove(turn)
            heapq.heapify(self._queue)
            self._moved.set()
            self._moved = asyncio.Event()

    def answered(self, place: Place) -> None:
        """Note that the platform has answered: the message arrived a moment before."""
        place.took = self._clock() - place.left
        self._quickest = min(place.took, self._quickest * self.FORGETTING)

    async def rest(self) -> None:
        """Sleep out a hold before anything is made ready."""
        left = self.held()
        if left > 0:
            await self._sleep(left)

    def now(self) -> float:
        """Return the real time by which it counts."""
        return self._clock()

    def is_busy(self) -> bool:
        """Say whether more than half of what may leave does: the limit may be near."""
        is_full = len(self._left) == self._most
        return is_full and self._clock() - self._left[0].left < 2 * self._second

    def held(self) -> float:
        """Say for how many seconds more nothing may leave."""
        return max(0.0, self._held_until - self._clock())

    def hold(self, seconds: float) -> None:
        """Let nothing through for a while."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    def refused(self, seconds: float) -> None:
        """Obey a platform that asks to wait, and go on more slowly than it was too fast for."""
        if not self.held():
            self._slow = min(self.SLOWEST, self._slowness() * self.SLOWER)
        self.hold(seconds)
        self._slow_since = self._held_until

    def _slowness(self) -> float:
        return max(1.0, self._slow - self.EASING * max(0.0, self._clock() - self._slow_since))

    def _pause(self, turn: tuple[bool, int]) -> float | None:
        """Say how long to sleep before leaving; None while another goes first."""
        if self._queue[0] != turn:
            return None
        is_notice, _ = turn
        free = self._held_until
        if len(self._left) == self._most:
            first = self._left[0]
            arrived = first.left + max(0.0, first.took - self._quickest)
            free = max(free, arrived + self._second * self._slowness())
        if is_notice:
            free = max(free, self._next_notice)
        return free - self._clock()

    def _taken(self) -> Place:
        now = self._clock()
        step = self._second * self._slowness() / self._most
        place = Place(now)
        self._left.append(place)
        # A place that was just missed is made up for; after an idle while the spread begins anew.
        is_in_step = now - self._next_notice <= self.LATE_SECONDS
        self._next_notice = (self._next_notice if is_in_step else now) + step
        return place

    async def _chat_turn(self, chat: tuple[str, bool]) -> None:
        """Sleep until a chat's next place: GCRA with a small burst."""
        if len(self._chats) > self.REMEMBERED_CHATS:
            self._chats.clear()
        now = self._clock()
        due = max(self._chats.get(chat, 0.0), now)
        self._chats[chat] = due + self.CHAT_SECONDS
        pause = due - self.CHAT_SECONDS * (self.CHAT_BURST - 1) - now
        if pause > 0:
            await self._sleep(pause)


@dataclass(slots=True)
class Trouble:
    """What has gone wrong with a message: until when it rests, and how often it failed.

    After `unknown` of its tries nobody knew whether it had arrived; `refused` of them were refused
    as too much of this message, and of no other, the latest when so many had `passed` on the lane.
    It last failed without an answer when so many had been `heard` there.
    """

    until: float
    tries: int = 0
    unknown: int = 0
    refused: int = 0
    passed: int = -1
    heard: int = -1


class Backoff:
    """Pauses between attempts, in real seconds: doubling with jitter for each message.

    The lane as a whole rests too when several messages in a row fail and none gets an answer: the
    platform may be away. Then single messages find out, further and further apart, in the end
    about two a minute. What was on its way when that was noticed fails together and is one
    failure; a message that fails alone, or again though others pass, rests alone.
    """

    FIRST, LONGEST, LONGEST_OF_LANE = 1.0, 300.0, 30.0
    APART = 3.0
    """How many first pauses the refused should be apart: some twenty of them a minute are asked."""
    MOST_DOUBLINGS = 20
    KEPT_SECONDS = 3600.0
    """How long a trouble is remembered after its pause: a message may end without an answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, scale: float = 1.0) -> None:
        self._clock = clock
        self._scale = scale
        self._troubles: dict[int, Trouble] = {}
        self._failing: set[int] = set()
        self._finding_out: dict[int, float] = {}
        self._rounds = 0
        self._passed = self._heard = 0
        self._swept_at = clock()

    def trouble(self, message_id: int) -> Trouble:
        """Return what has gone wrong with a message so far, to be added to."""
        now = self._clock()
        if now - self._swept_at > self.KEPT_SECONDS:
            self._sweep(now)
        return self._troubles.setdefault(message_id, Trouble(now))

    def pause(self, message_id: int) -> float:
        """Note a failure without an answer; returns for how long the whole lane should rest."""
        trouble = self.trouble(message_id)
        is_its_own = trouble.heard not in {-1, self._heard}
        trouble.heard = self._heard
        self.rest(message_id)
        if is_its_own:
            return 0.0
        self._failing.add(message_id)
        return self._doubled(self._rounds, self.LONGEST_OF_LANE) if self._may_be_away() else 0.0

    def rest(self, message_id: int, at_least: float = 0.0) -> None:
        """Note a failure that says nothing of other messages."""
        trouble = self.trouble(message_id)
        pause = self._doubled(trouble.tries, self.LONGEST)
        trouble.tries += 1
        trouble.until = self._clock() + max(pause, at_least)

    def _may_be_away(self) -> bool:
        return len(self._failing) > 1

    def room(self, most: int, on_its_way: int) -> int:
        """Say how many more messages may leave: one that finds out, while nobody is heard.

        Of what is on its way when a platform goes away nobody may ever know whether it arrived.
        The next one does not wait for one that hangs, and none for what left before.
        """
        if not self._may_be_away():
            return max(0, most - on_its_way)
        since = self._clock() - self._scale * self._power(self._rounds, self.LONGEST_OF_LANE)
        return 0 if any(left > since for left in self._finding_out.values()) else 1

    def leaves(self, message_id: int) -> None:
        """Note that a message leaves."""
        if self._may_be_away():
            self._rounds += 1
            self._finding_out[message_id] = self._clock()

    def is_back(self, message_id: int) -> None:
        """Note that it is over, however it ended."""
        self._finding_out.pop(message_id, None)

    def tried(self) -> list[int]:
        """Return, while nobody is heard, what had better not find out: it has failed before.

        The eldest may be those that never pass, and a try is lost with each that finds out.
        """
        return list(self._troubles) if self._may_be_away() else []

    def refused(self, message_id: int) -> int:
        """Note a refusal for too much of a message; returns how many are held against it.

        Where others are refused as well, and none has got through since it was refused before,
        that is hardly its fault.
        """
        trouble = self.trouble(message_id)
        together = sum(one.passed == self._passed for one in self._troubles.values())
        if trouble.passed != self._passed or together == 1:
            trouble.refused += 1
        trouble.passed = self._passed
        return trouble.refused

    def apart(self) -> float:
        """Say for how long one that is refused should rest, so that all who are do not press."""
        many = sum(one.refused > 0 for one in self._troubles.values())
        return many * self.APART * self._doubled(0, self.FIRST)

    def passed(self, message_id: int) -> None:
        """Note that a message has got through."""
        self._passed += 1
        self.forget(message_id)

    def forget(self, message_id: int) -> None:
        """Note an answer: the platform is there, whatever it said."""
        self._failing.clear()
        self._heard, self._rounds = self._heard + 1, 0
        self._troubles.pop(message_id, None)

    def drop(self, message_id: int) -> None:
        """Forget a message that has ended without an answer."""
        self._failing.discard(message_id)
        self._troubles.pop(message_id, None)

    def resting(self) -> list[int]:
        """Return the messages whose pause is not over."""
        now = self._clock()
        return [message_id for message_id, one in self._troubles.items() if one.until > now]

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        over = now - self.KEPT_SECONDS
        self._troubles = {key: one for key, one in self._troubles.items() if one.until > over}
        self._failing.intersection_update(self._troubles)

    def _doubled(self, times: int, most: float) -> float:
        jitter = random.uniform(0.8, 1.2) * self._scale  # noqa: S311 not a secret
        return jitter * self._power(times, most)

    def _power(self, times: int, most: float) -> float:
        return float(min(self.FIRST * 2 ** min(times, self.MOST_DOUBLINGS), most))
