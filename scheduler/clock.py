"""The school's clock: the only place that reads the wall clock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the instant at which the school is."""

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        ...


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return datetime.now(UTC)  # noqa: TID251 the one place


class ShiftedClock:
    """Starts at another instant and runs at real speed: `dezhurny run --now …`."""

    def __init__(self, start: datetime) -> None:
        self._wall = WallClock()
        self._shift: timedelta = start - self._wall.now()

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return self._wall.now() + self._shift


class SetClock:
    """Shows the instant it was set to; never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move to an instant; an earlier one is ignored."""
        self._now = max(self._now, now.astimezone(UTC))
