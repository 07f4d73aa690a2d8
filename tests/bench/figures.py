"""What a bench found, in figures: medians of rounds, ratios to a peer, and the bar beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median


class Unit(Enum):
    """How an amount is written."""

    PERCENT = "%"
    TIMES = "×"
    PER_SECOND = "/s"
    SECONDS = "s"
    MILLISECONDS = "ms"
    MEBIBYTES = "MiB"
    MEBIBYTES_PER_HOUR = "MiB/h"
    COUNT = ""

    def written(self, amount: float) -> str:
        """Write an amount; shares are kept as parts of one, milliseconds as they are."""
        match self:
            case Unit.PERCENT:
                return f"{100 * amount:.{1 if abs(amount) >= 0.01 else 2}f} %"
            case Unit.TIMES:
                return f"{amount:.2f}×"
            case Unit.COUNT:
                return f"{amount:,.0f}"
            case Unit.PER_SECOND:
                return f"{amount:,.0f}{self.value}"
            case _:
                return f"{amount:.{_places(amount)}f} {self.value}"


def _places(amount: float) -> int:
    """Give three significant digits, and no more than three places."""
    if not amount:
        return 0
    return min(3, max(0, 2 - math.floor(math.log10(abs(amount)))))


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure, or its ratio to the peer, is to reach (`at_least`) or to keep below."""

    limit: float
    at_least: bool = False
    of_ratio: bool = False

    def written(self, unit: Unit) -> str:
        """Write the bar."""
        shown = Unit.TIMES.written(self.limit) if self.of_ratio else unit.written(self.limit)
        return f"{'≥' if self.at_least else '≤'} {shown}"

    def verdict(self, reached: float) -> str:
        """Say whether it is met, and if not, by how much of the bar."""
        if reached >= self.limit if self.at_least else reached <= self.limit:
            return "met"
        missing = abs(reached - self.limit)
        if not self.limit:
            return f"**not met** by {missing:g}"
        return f"**not met** by {missing / self.limit:.0%}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table. `ours` and `peer` are the rounds in the order in which they ran."""

    what: str
    unit: Unit
    ours: Sequence[float]
    peer: Sequence[float] = ()
    bar: Bar | None = None
    unjudged: str = ""
    """Why there is no verdict, although there is a bar."""

    @property
    def ratios(self) -> list[float]:
        """Ours to the peer's, round by round; none where the peer found nothing."""
        if not self.peer or not all(self.peer):
            return []
        return [mine / other for mine, other in zip(self.ours, self.peer, strict=True)]

    @property
    def verdict(self) -> str:
        """What the bar says; empty without one."""
        if self.bar is None or self.unjudged:
            return self.unjudged
        return self.bar.verdict(median(self.ratios if self.bar.of_ratio else self.ours))

    def cells(self) -> tuple[str, ...]:
        """Write the line: figure, ours, peer, ratio, bar, verdict."""
        peer = self.unit.written(median(self.peer)) if self.peer else ""
        bar = self.bar.written(self.unit) if self.bar else ""
        mine = self.unit.written(median(self.ours))
        if not peer and len(set(self.ours)) > 1:
            written = self.unit.written
            mine += f" ({written(min(self.ours))}…{written(max(self.ours))})"
        return (self.what, mine, peer, _spread(self.ratios), bar, self.verdict)


def _spread(ratios: Sequence[float]) -> str:
    """Write the median of ratios, and how far the rounds lie apart."""
    if not ratios:
        return ""
    middle = Unit.TIMES.written(median(ratios))
    low, high = min(ratios), max(ratios)
    return middle if len(ratios) == 1 else f"{middle} ({low:.2f}…{high:.2f})"


@dataclass(frozen=True, slots=True)
class Table:
    """What a bench tells beside one peer; `notes` are what one has to know to believe it, in
    paragraphs.
    """

    title: str
    peer: str
    figures: Sequence[Figure]
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """How much to measure. `quick` is for trying out that a bench works; it proves nothing."""

    rounds: int = 4
    quick: bool = False
    steady: float = 60.0
    events: int = 50_000

    @property
    def long_rounds(self) -> int:
        """How often what takes minutes a time is done."""
        return max(1, self.rounds // 4)

    def sized(self, whole: int, quick: int) -> int:
        """Choose a size."""
        return quick if self.quick else whole


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least such a share of all does not exceed."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through points: its slope, and the standard error of that."""

    slope: float
    error: float


def fitted(xs: Sequence[float], ys: Sequence[float]) -> Line:
    """Fit a line by least squares; needs three points that do not all stand at one place."""
    n = len(xs)
    x_mean, y_mean = sum(xs) / n, sum(ys) / n
    spread = sum((x - x_mean) ** 2 for x in xs)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / spread
    rest = sum((y - y_mean - slope * (x - x_mean)) ** 2 for x, y in zip(xs, ys, strict=True))
    return Line(slope, math.sqrt(rest / (n - 2) / spread))
