"""A page of a long list, and the buttons to the pages around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from handlers.messages import Button
from handlers.texts import Texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What one page shows, its number (from 0), and how many pages there are (at least one)."""

    shown: Sequence[T]
    number: int
    count: int

    def pager(self, action: str, t: Texts) -> tuple[Button, ...]:
        """Give the buttons to the pages around, `action:<number>` each; none if there are none."""
        around = []
        if self.number > 0:
            around.append(Button(t("page-earlier"), f"{action}:{self.number - 1}"))
        if self.number + 1 < self.count:
            around.append(Button(t("page-later"), f"{action}:{self.number + 1}"))
        return tuple(around)


def page_of(every: Sequence[T], number: int, size: int) -> Page[T]:
    """Cut a page of `size` out of a list; a number beyond the last page gives the last one."""
    count = max(1, -(-len(every) // size))
    number = min(number, count - 1)
    return Page(every[number * size : (number + 1) * size], number, count)
