"""Reads a deadline as people type it: «27.11 15:00», «в пятницу 15:00», «завтра»."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel.dates import get_day_names, get_month_names

from handlers.texts import Texts, spoken

EVENING = time(18, 0)
HALF_A_YEAR = timedelta(days=183)
NOON = 12
_STEM = 4
_MONTH_STEM = 3

_CLOCK = re.compile(r"(?<![\d.])(\d{1,2}):(\d{2})(?![\d:])")
_LOOSE_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})[.\-](\d{2})(?![\d.])")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<![\d.:])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?(?![\d:])")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]{3,})\.?|([^\W\d_]{3,})\s+(\d{1,2})(?![\d:])")
_WORD = re.compile(r"[^\W\d_]+")
_MONTHS = 12


@dataclass(slots=True)
class _Reading:
    """What is left of the text, and what was found in it so far."""

    rest: str
    today: date
    day: date | None = None
    at: time | None = None
    by_weekday: bool = False

    def cut(self, match: re.Match[str]) -> None:
        self.rest = f"{self.rest[: match.start()]} {self.rest[match.end() :]}"


def read(text: str, now: datetime, t: Texts) -> datetime | None:
    """Return the instant a person means (UTC), past or not; None for what is no date or time.

    Without a time it is 18:00, without a date today; a date without a year is the one that lies
    nearest, rather ahead. Words that say nothing are passed over, numbers are not.
    """
    reading = _Reading(spoken(text), now.astimezone(t.zone).date())
    steps: tuple[Callable[[_Reading, Texts], None], ...] = (
        _iso_date,
        _clock,
        _dotted_date,
        _named_date,
        _day_word,
        _hour,
    )
    try:
        for step in steps:
            step(reading, t)
        return _meant(reading, now, t)
    except (OverflowError, ValueError):
        return None


def _meant(reading: _Reading, now: datetime, t: Texts) -> datetime | None:
    """Put together what was read; raises OverflowError for the ends of the calendar, in UTC."""
    is_silent = reading.day is None and reading.at is None
    if is_silent or re.search(r"\d", reading.rest):
        return None
    local = datetime.combine(reading.day or reading.today, reading.at or EVENING, t.zone)
    if reading.by_weekday and local <= now:
        local += timedelta(days=7)
    return local.astimezone(UTC)


def _iso_date(reading: _Reading, _: Texts) -> None:
    match = _ISO.search(reading.rest)
    if match:
        reading.day = date(*map(int, match.groups()))
        reading.cut(match)


def _clock(reading: _Reading, _: Texts) -> None:
    match = _CLOCK.search(reading.rest)
    if match:
        reading.at = time(int(match[1]), int(match[2]))
        reading.cut(match)


def _dotted_date(reading: _Reading, _: Texts) -> None:
    match = _DOTTED.search(reading.rest) if reading.day is None else None
    if match is None or not 1 <= int(match[2]) <= _MONTHS:
        return
    year = int(match[3]) if match[3] else None
    if year is not None and match[3] and len(match[3]) == len("26"):
        year += reading.today.year // 100 * 100
    reading.day = _dated(reading.today, int(match[1]), int(match[2]), year)
    reading.cut(match)


def _named_date(reading: _Reading, t: Texts) -> None:
    for match in _NAMED.finditer(reading.rest) if reading.day is None else ():
        day, word = (match[1], match[2]) if match[1] else (match[4], match[3])
        month = _month(word, t)
        if month:
            reading.day = _dated(reading.today, int(day), month, None)
            reading.cut(match)
            year = re.search(rf"(?<!\d){reading.today.year // 100}\d\d(?!\d)", reading.rest)
            if year:
                reading.day = reading.day.replace(year=int(year[0]))
                reading.cut(year)
            return


def _day_word(reading: _Reading, t: Texts) -> None:
    if reading.day is not None:
        return
    words = f" {' '.join(_WORD.findall(reading.rest))} "
    for distance, key in enumerate(("yesterday", "today", "tomorrow", "deadline-day-after"), -1):
        if f" {spoken(t(key))} " in words:
            reading.day = reading.today + timedelta(days=distance)
    weekday = _weekday_in(reading.rest, t)
    if reading.day is None and weekday:
        ahead = (weekday - reading.today.isoweekday()) % 7
        reading.day, reading.by_weekday = reading.today + timedelta(days=ahead), True


def _hour(reading: _Reading, t: Texts) -> None:
    """Read «в 15», «15 часов», «в 6 вечера», «15.00»: only beside a word or in full."""
    if reading.at is not None:
        return
    loose = _LOOSE_CLOCK.search(reading.rest)
    if loose:
        reading.at = time(int(loose[1]), int(loose[2]))
        reading.cut(loose)
        return
    before, after, evening = (
        "|".join(map(re.escape, t(f"deadline-{key}").split()))
        for key in ("before-hour", "after-hour", "evening")
    )
    pattern = rf"(?:\b(?:{before})\s+(\d{{1,2}})\b(?:\s*(?:{after}|{evening})\b)*"
    pattern += rf"|\b(\d{{1,2}})\s*(?:{after}|{evening})\b)"
    match = re.search(pattern, reading.rest)
    if match:
        hour = int(match[1] or match[2])
        is_evening = re.search(rf"\b(?:{evening})\b", reading.rest) is not None
        reading.at = time(hour + NOON if is_evening and hour < NOON else hour)
        reading.cut(match)


def _dated(today: date, day: int, month: int, year: int | None) -> date:
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return date(today.year + 1, month, day) if today - this_year > HALF_A_YEAR else this_year


def _month(word: str, t: Texts) -> int:
    for context in ("format", "stand-alone"):
        for number, name in get_month_names("wide", context, t.language).items():
            if word[:_MONTH_STEM] == spoken(name)[:_MONTH_STEM]:
                return int(number)
    return 0


def _weekday_in(text: str, t: Texts) -> int:
    """Return the first weekday a text names, 1 for Monday; 0 if it names none."""
    wide = get_day_names("wide", locale=t.language)
    brief = get_day_names("abbreviated", locale=t.language)
    for word in _WORD.findall(spoken(text)):
        for number in range(7):
            if word == spoken(brief[number]) or word[:_STEM] == spoken(wide[number])[:_STEM]:
                return number + 1
    return 0
