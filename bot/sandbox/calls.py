"""The log of every API call that the sandbox received, in the order in which they ended."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.sandbox.news import News
from bot.sandbox.nouns import Messenger

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `status` is the HTTP status, 0 where the connection was cut instead.

    `answer` is what the method came to, also when the connection was cut before the bot could
    read it (`delivered` is false then). A file among `params` is told as name, size and sha256.
    """

    messenger: Messenger
    bot_id: int | None
    method: str
    params: Mapping[str, Any]
    answer: Any
    status: int
    delivered: bool
    at: datetime
    seq: int = 0


class CallLog:
    """Append-only; the last `KEPT` calls stay in memory."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self.last = 0

    def add(self, call: Call) -> Call:
        """Append a call under the next number and wake the watchers."""
        self.last += 1
        numbered = replace(call, seq=self.last)
        self._calls.append(numbered)
        self._news.tell()
        return numbered

    def after(self, seq: int, without: Collection[str] = ()) -> list[Call]:
        """Give the calls after `seq`, oldest first, leaving out the methods in `without`."""
        fresh: list[Call] = []
        for call in reversed(self._calls):
            if call.seq <= seq:
                break
            if call.method not in without:
                fresh.append(call)
        fresh.reverse()
        return fresh

    def clear(self) -> None:
        """Forget the calls; the numbering goes on."""
        self._calls.clear()
