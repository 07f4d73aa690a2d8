"""A courier that does what a test says, and real time that passes when somebody sleeps."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from handlers.messages import Reply
from scheduler.lanes import Backoff
from scheduler.messenger import LocalFile


class RealTime:
    """Monotonic seconds."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


class Watched(Backoff):
    """Pauses whose end a test can wait for."""

    def next_end(self) -> float:
        """Return when the next pause ends, infinity if nothing rests."""
        now = self._clock()
        ends = (one.until for one in self._troubles.values())
        return min((until for until in ends if until > now), default=math.inf)

    def remembered(self) -> int:
        """Return of how many messages it knows."""
        return max(len(self._troubles), len(self._failing))


@dataclass(frozen=True)
class Call:
    """A request as it reached the platform; `edits` is the message it was to change."""

    chat: str
    text: str
    random_id: int
    edits: str = ""
    files: tuple[LocalFile, ...] = ()


@dataclass
class Courier:
    """Sends to one messenger. `failures` are met by the requests to a chat, in order."""

    lane: str = "telegram"
    failures: dict[str, list[Exception]] = field(default_factory=dict)
    edit_failures: dict[str, list[Exception]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    before: Callable[[str], Awaitable[None]] | None = None
    at_once: int = 0
    most_at_once: int = 0

    @property
    def said(self) -> list[str]:
        """The texts of all requests, in order."""
        return [call.text for call in self.calls]

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        self.calls.append(Call(chat, message.text, random_id, files=tuple(files)))
        await self._pass(chat, self.failures)
        return f"message {len(self.calls)}"

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        self.calls.append(Call(chat, message.text, 0, edits=message_ref))
        await self._pass(chat, self.edit_failures)

    async def _pass(self, chat: str, failures: dict[str, list[Exception]]) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.before is not None:
                await self.before(chat)
            if failures.get(chat):
                raise failures[chat].pop(0)
        finally:
            self.at_once -= 1
