"""The fault switches: what goes wrong with a messenger's API, for which methods, how often."""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.news import News
from bot.sandbox.nouns import Messenger


class FaultKind(StrEnum):
    """What can go wrong."""

    DOWN = "down"
    """The connection is closed and nothing is done."""
    STATUS = "status"
    """A proxy's HTML page with `status`; nothing is done."""
    FLOOD = "flood"
    """The messenger's own refusal for too many calls, with `seconds` to wait."""
    SLOW = "slow"
    """The call is done, and answered `seconds` of real time late."""
    DRIP = "drip"
    """The call is done, and its answer comes in small pieces, which takes `seconds`."""
    DROP_ANSWER = "drop_answer"
    """The call is done, then the connection is cut: the caller cannot know."""


@dataclass(slots=True)
class Fault:
    """A switch that is on. `count` is how many more calls it hits, None for all of them."""

    id: int
    kind: FaultKind
    messenger: Messenger | None
    methods: frozenset[str]
    count: int | None
    status: int
    seconds: float

    def hits(self, messenger: Messenger, method: str) -> bool:
        """Say whether the switch concerns such a call."""
        return (
            (self.messenger is None or self.messenger == messenger)
            and (not self.methods or method.lower() in self.methods)
            and (self.count is None or self.count > 0)
        )


class Faults:
    """The switches that are on, the eldest first."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._faults: list[Fault] = []
        self._last = 0

    def set(
        self,
        kind: FaultKind,
        *,
        messenger: Messenger | None = None,
        methods: frozenset[str] = frozenset(),
        count: int | None = None,
        status: int = 502,
        seconds: float = 1.0,
    ) -> Fault:
        """Switch a fault on; no methods means all of them, no messenger every messenger."""
        self._last += 1
        lowered = frozenset(method.lower() for method in methods)
        fault = Fault(self._last, kind, messenger, lowered, count, status, seconds)
        self._faults.append(fault)
        self._news.tell()
        return fault

    def clear(self, fault_id: int | None = None, messenger: Messenger | None = None) -> None:
        """Switch off one fault, a messenger's faults, or (with neither) all of them."""
        self._faults = [
            fault
            for fault in self._faults
            if (fault_id is not None and fault.id != fault_id)
            or (messenger is not None and fault.messenger != messenger)
        ]
        self._news.tell()

    def on(self) -> list[Fault]:
        """Give the switches that are on."""
        return list(self._faults)

    def take(self, messenger: Messenger, method: str) -> list[Fault]:
        """Give the faults that hit this call, and count it against them.

        SLOW goes together with one other fault; of the others only the eldest hits.
        """
        hit: list[Fault] = []
        for fault in list(self._faults):
            taken = {one.kind is FaultKind.SLOW for one in hit}
            if (fault.kind is FaultKind.SLOW) in taken or not fault.hits(messenger, method):
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self._faults.remove(fault)
            hit.append(fault)
        return hit

    def down(self, messenger: Messenger, method: str) -> bool:
        """Say whether the messenger is down for good: a long poll under way is cut then, too."""
        return any(
            fault.kind is FaultKind.DOWN and fault.count is None and fault.hits(messenger, method)
            for fault in self._faults
        )
