"""How much is written at once: as much as the writer takes a moment for, on whatever machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from storage.announcements import Announcement


@dataclass(slots=True)
class Portion:
    """How many notices go into one transaction, by how long the last one took.

    Whoever presses a button waits for the transaction that is under way, and for no other: the
    writer's turns go in the order of asking.
    """

    SECONDS: ClassVar[float] = 0.02
    FEWEST: ClassVar[int] = 200
    MOST: ClassVar[int] = 1000

    size: int = 250

    def took(self, written: int, seconds: float) -> None:
        """Learn from a transaction; one that was not nearly full says nothing.

        One slow sync of the disk halves the next at most, and the one after may be as before.
        """
        if 2 * written < self.size:
            return
        fair = int(written * self.SECONDS / max(seconds, 1e-6))
        size = min(max(fair, self.size // 2), self.size * 2)
        self.size = min(max(size, self.FEWEST), self.MOST)


def cut(
    said: Sequence[Announcement], room: int
) -> tuple[list[Announcement], Sequence[Announcement]]:
    """Take the first notices, as many as there is room for; return them and the rest."""
    taken: list[Announcement] = []
    for place, one in enumerate(said):
        taken.append(replace(one, told=one.told[:room]))
        if len(one.told) > room:
            return taken, [replace(one, told=one.told[room:]), *said[place + 1 :]]
        room -= len(one.told)
        if not room:
            return taken, said[place + 1 :]
    return taken, ()
