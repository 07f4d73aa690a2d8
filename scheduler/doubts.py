"""Takes back what a commit of which nobody heard may have noted as `sending`: it never left."""

import time
from collections.abc import Callable, Collection, Iterable

from storage import queue
from storage.database import Tx
from storage.outbox import Message


class Doubts:
    """Messages that were to leave when the database failed, of one lane.

    PostgreSQL may have committed although its answer was lost, or may do so a moment later; then
    they stand as `sending`, and whoever is written to next waits for them. What is on its way is
    never among them.
    """

    KEPT_SECONDS = 60.0
    """A commit that has not come to pass by then never will."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[int, tuple[Message, float]] = {}

    def arose(self, messages: Iterable[Message]) -> None:
        """Note messages that were to be `sending`, and of which nobody knows whether they are."""
        now = self._clock()
        self._since |= {message.id: (message, now) for message in messages}

    def ended(self, message_ids: Collection[int]) -> None:
        """Note that these are known to be `sending` now, and that old doubts are over."""
        over = self._clock() - self.KEPT_SECONDS
        self._since = {
            number: (message, since)
            for number, (message, since) in self._since.items()
            if since > over and number not in message_ids
        }

    async def take_back(self, tx: Tx) -> None:
        """Plan again what of them stands as `sending`."""
        for message, _ in self._since.values():
            await queue.take_back(tx, message)
