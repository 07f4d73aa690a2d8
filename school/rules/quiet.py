"""When not to disturb: the quiet hours of the night and, for students, their lessons."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-\u2010-\u2015\u2212]\s*(\d{1,2}):(\d{2})\s*")
_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours without messages, from `starts` to just before `ends`, over midnight or not.

    Equal ends mean that no hour is quiet.
    """

    starts: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """Read «21:00–07:00», with a hyphen or any dash; anything else raises ValueError."""
        match = _SPAN.fullmatch(text)
        if match is None:
            raise ValueError(f"not two times with a dash between: {text!r}")
        from_hour, from_minute, to_hour, to_minute = (int(part) for part in match.groups())
        return cls(time(from_hour, from_minute), time(to_hour, to_minute))

    def covers(self, local: time) -> bool:
        """Say whether the local time of day is quiet."""
        if self.starts <= self.ends:
            return self.starts <= local < self.ends
        return local >= self.starts or local < self.ends

    def ends_after(self, instant: datetime, zone: tzinfo) -> datetime:
        """Give the earliest instant, from `instant` on, that is not quiet; in UTC."""
        local = _aware(instant).astimezone(zone)
        if not self.covers(local.time()):
            return instant.astimezone(UTC)
        tomorrow = local.time() >= self.ends
        day = local.date() + timedelta(days=1) if tomorrow else local.date()
        # The fold keeps a night with a repeated hour from ending before it began.
        end = datetime.combine(day, self.ends, zone).replace(fold=local.fold)
        return end.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class LessonSlot:
    """A lesson as two aware instants; the second no longer belongs to it."""

    starts_at: datetime
    ends_at: datetime


def after_lessons(instant: datetime, slots: Sequence[LessonSlot]) -> datetime:
    """Give the earliest instant, from `instant` on, that lies in no lesson; in UTC."""
    free = _aware(instant)
    for slot in sorted(slots, key=lambda slot: slot.starts_at):
        if slot.starts_at <= free < slot.ends_at:
            free = slot.ends_at
    return free.astimezone(UTC)


def undisturbed(
    instant: datetime, zone: tzinfo, quiet: QuietHours, slots: Sequence[LessonSlot] = ()
) -> datetime:
    """Give the earliest instant, from `instant` on, neither in quiet hours nor in a lesson.

    In UTC. Should evening lessons and quiet hours keep leading into one another for fifty
    rounds, the end of the last quiet hours is given.
    """
    free = quiet.ends_after(instant, zone)
    for _ in range(_ROUNDS):
        moved = quiet.ends_after(after_lessons(free, slots), zone)
        if moved == free:
            break
        free = moved
    return free


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant
