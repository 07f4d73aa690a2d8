"""Which days are school days: the calendar behind every «следующий рабочий день»."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

_HORIZON = timedelta(days=400)
_SIX_DAYS = 6


class NoWorkingDayError(LookupError):
    """The plan leaves no school day within 400 days, so none can be promised."""


class UnknownCountryError(ValueError):
    """No production calendar is known for the country code."""


class PeriodKind(StrEnum):
    """What a row of the school year plan says about its days."""

    TERM = "term"
    HOLIDAYS = "holidays"
    DAY_OFF = "day_off"
    WORKING = "working"
    QUARANTINE = "quarantine"


class Parity(StrEnum):
    """The week of an alternating timetable: нечётная or чётная."""

    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Period:
    """A row of the plan; both days are included, and no parallels means all of them."""

    kind: PeriodKind
    starts: date
    ends: date
    parallels: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError(f"a period ends before it starts: {self.starts} > {self.ends}")

    def speaks_to(self, parallel: int) -> bool:
        """Say whether the row is about this parallel at all."""
        return not self.parallels or parallel in self.parallels

    def covers(self, day: date, parallel: int) -> bool:
        """Say whether the row speaks about this day to this parallel."""
        return self.starts <= day <= self.ends and self.speaks_to(parallel)


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The days of one school, from its plan, its country and its administrator.

    Precedence: the administrator's override → the plan → the class's five- or six-day week → the
    production calendar. Among overrides the later in the tuple wins. In the plan WORKING and
    DAY_OFF beat HOLIDAYS (of those two, one that names the parallel beats one for all, then
    WORKING). A WORKING row of one day is taken at its word, even on a Sunday; a longer one lifts
    holidays and public holidays but not the days that the class's week leaves free. Quarantine
    changes nothing here: children learn at a distance. A day outside every term is no school day,
    unless the plan has no term for the parallel. A transferred working Saturday is never assumed
    for a five-day class: see `needs_decision`.

    `parallel` is 1–11 and `week_days` 5 or 6 everywhere; another week raises ValueError.
    """

    periods: tuple[Period, ...] = ()
    country: str = "RU"
    overrides: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        for period in self.overrides:
            if period.kind in {PeriodKind.TERM, PeriodKind.QUARANTINE}:
                raise ValueError(f"an override opens or closes days; {period.kind} does neither")
        if self.country not in holidays.list_supported_countries():
            raise UnknownCountryError(self.country)

    def is_working(self, day: date, parallel: int, week_days: int) -> bool:
        """Say whether the class has a school day, at its desks or at a distance."""
        return self._works(day, parallel, week_days, within_terms=True)

    def next_working(self, day: date, parallel: int, week_days: int) -> date:
        """Find the first school day strictly after `day`.

        Where the plan holds no later term (after the last bell), the terms stop limiting and the
        week and the production calendar decide, so that a work sent in June still gets a date.
        Raises NoWorkingDayError if even so there is none within 400 days.
        """
        return self._first_working(day, timedelta(days=1), parallel, week_days)

    def previous_working(self, day: date, parallel: int, week_days: int) -> date:
        """Find the last school day strictly before `day`, by the same rules as `next_working`."""
        return self._first_working(day, timedelta(days=-1), parallel, week_days)

    def add_working_days(self, day: date, count: int, parallel: int, week_days: int) -> date:
        """Find the `count`-th school day after `day`; zero is `day` itself, below is refused."""
        if count < 0:
            raise ValueError("working days are counted forward")
        for _ in range(count):
            day = self.next_working(day, parallel, week_days)
        return day

    def working_days_between(self, after: date, until: date, parallel: int, week_days: int) -> int:
        """Count the school days after `after`, up to `until` and including it."""
        return sum(
            self.is_working(after + timedelta(days=step), parallel, week_days)
            for step in range(1, (until - after).days + 1)
        )

    def is_quarantine(self, day: date, parallel: int) -> bool:
        """Say whether the plan keeps the children at home that day, learning at a distance."""
        return any(
            period.kind is PeriodKind.QUARANTINE and period.covers(day, parallel)
            for period in self.periods
        )

    def needs_decision(self, day: date, parallel: int, week_days: int) -> bool:
        """Say whether the administrator must decide: a day off of the class, but a working day.

        True where the production calendar has moved a working day to this one, the class's week
        leaves it free, and neither an override nor the plan has said anything (in 2027: 20.02).
        """
        return (
            day in _moved_working_days(self.country, day.year)
            and day.isoweekday() > _checked(week_days)
            and self._decided(day, parallel, week_days) is None
            and self._in_term(day, parallel)
        )

    def of(self, parallel: int, week_days: int) -> "ClassDays":
        """See the calendar as one class sees it."""
        return ClassDays(self, parallel, week_days)

    def _works(self, day: date, parallel: int, week_days: int, *, within_terms: bool) -> bool:
        in_week = day.isoweekday() <= _checked(week_days)
        decided = self._decided(day, parallel, week_days)
        if decided is not None:
            return decided
        if within_terms and not self._in_term(day, parallel):
            return False
        return in_week and day not in _days_off(self.country, day.year)

    def _decided(self, day: date, parallel: int, week_days: int) -> bool | None:
        """Give what an override or the plan says of the day, None if they are silent."""
        plan = sorted(self.periods, key=_plan_order)
        for period in (*reversed(self.overrides), *plan):
            if not period.covers(day, parallel):
                continue
            if period.kind in {PeriodKind.DAY_OFF, PeriodKind.HOLIDAYS}:
                return False
            single = period.starts == period.ends
            if period.kind is PeriodKind.WORKING and (single or day.isoweekday() <= week_days):
                return True
        return None

    def _in_term(self, day: date, parallel: int) -> bool:
        terms = [
            period
            for period in self.periods
            if period.kind is PeriodKind.TERM and period.speaks_to(parallel)
        ]
        return not terms or any(term.covers(day, parallel) for term in terms)

    def _first_working(self, day: date, step: timedelta, parallel: int, week_days: int) -> date:
        for within_terms in (True, False):
            for candidate in _days_from(day, step):
                if self._works(candidate, parallel, week_days, within_terms=within_terms):
                    return candidate
        raise NoWorkingDayError(f"no school day within {_HORIZON.days} days of {day}")


@dataclass(frozen=True, slots=True)
class ClassDays:
    """The school days of one class: what the deadlines ask of a calendar."""

    calendar: SchoolCalendar
    parallel: int
    week_days: int

    def is_working(self, day: date) -> bool:
        """Say whether the class has a school day."""
        return self.calendar.is_working(day, self.parallel, self.week_days)

    def next_working(self, day: date) -> date:
        """Find the first school day strictly after `day`."""
        return self.calendar.next_working(day, self.parallel, self.week_days)

    def previous_working(self, day: date) -> date:
        """Find the last school day strictly before `day`."""
        return self.calendar.previous_working(day, self.parallel, self.week_days)


def week_number(day: date) -> int:
    """Count the week of the school year: the Monday–Sunday week of 1 September is number 1.

    The days of that week before 1 September already belong to it. Where 1 September is a Sunday
    (2030), week 1 is the week that ends on it and lessons begin in week 2.
    """
    sunday = day + timedelta(days=7 - day.isoweekday())
    year = sunday.year if sunday >= date(sunday.year, 9, 1) else sunday.year - 1
    first = date(year, 9, 1)
    first_sunday = first + timedelta(days=7 - first.isoweekday())
    return (sunday - first_sunday).days // 7 + 1


def week_parity(day: date) -> Parity:
    """Tell чётная from нечётная; the week of 1 September is number 1, hence odd."""
    return Parity.ODD if week_number(day) % 2 else Parity.EVEN


def _plan_order(period: Period) -> tuple[bool, bool, bool]:
    special = period.kind in {PeriodKind.WORKING, PeriodKind.DAY_OFF}
    return not special, not period.parallels, period.kind is not PeriodKind.WORKING


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    for count in range(1, _HORIZON.days + 1):
        yield day + step * count


def _checked(week_days: int) -> int:
    if week_days not in {5, _SIX_DAYS}:
        raise ValueError(f"a school week has 5 or 6 days, not {week_days}")
    return week_days


@cache
def _days_off(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year, language="ru", expand=False))


@cache
def _moved_working_days(country: str, year: int) -> frozenset[date]:
    calendar = holidays.country_holidays(country, years=year, language="ru", expand=False)
    return frozenset(calendar.weekend_workdays)
