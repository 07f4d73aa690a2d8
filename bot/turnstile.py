"""Lets so many events of one sender in; of a flood one is answered and the rest is kept unread."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import ClassVar

from handlers.messages import Happening, Incoming

REMEMBERED = 20_000


class Passage(Enum):
    """What becomes of an event: it is handled, or answered with a word of patience, or kept."""

    IN = auto()
    ANSWERED = auto()
    KEPT = auto()


@dataclass(slots=True)
class _Tally:
    """How full a sender's measure is, as of an instant."""

    level: float
    at: datetime
    is_shut: bool = False


class Turnstile:
    """Counts what each sender sends, by the messenger's clock: a backlog after an outage is none.

    Nobody types two messages a second for a minute. What carries files weighs a quarter, because
    a work of sixty photos is sixty events. Whoever is over the measure is told once and then not
    heard until it is half empty, which takes a minute.
    """

    AT_ONCE: ClassVar[float] = 120.0
    A_SECOND: ClassVar[float] = 1.0
    WITH_FILES: ClassVar[float] = 0.25

    def __init__(self) -> None:
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()
        self._judged: OrderedDict[str, Passage] = OrderedDict()

    @property
    def remembered(self) -> int:
        """How many senders it knows of."""
        return len(self._tallies)

    def passage(self, ref: str, event: Incoming) -> Passage:
        """Judge an event; the same update (`ref`), when it comes again, is not counted again."""
        if event.happening not in {Happening.MESSAGE, Happening.PRESS}:
            return Passage.IN
        if ref not in self._judged:
            self._judged[ref] = self._count(event)
            _forget_oldest(self._judged)
        return self._judged[ref]

    def _count(self, event: Incoming) -> Passage:
        sender = event.address.sender
        tally = self._tallies.setdefault(sender, _Tally(0.0, event.sent_at))
        self._tallies.move_to_end(sender)
        _forget_oldest(self._tallies)
        passed = max((event.sent_at - tally.at).total_seconds(), 0.0)
        tally.level = max(tally.level - passed * self.A_SECOND, 0.0)
        tally.at = max(tally.at, event.sent_at)
        tally.is_shut = tally.is_shut and tally.level > self.AT_ONCE / 2
        if tally.is_shut:
            return Passage.KEPT
        weight = self.WITH_FILES if event.remote else 1.0
        if tally.level + weight > self.AT_ONCE:
            tally.is_shut = True
            return Passage.ANSWERED
        tally.level += weight
        return Passage.IN


def _forget_oldest(remembered: OrderedDict[str, _Tally] | OrderedDict[str, Passage]) -> None:
    while len(remembered) > REMEMBERED:
        remembered.popitem(last=False)
