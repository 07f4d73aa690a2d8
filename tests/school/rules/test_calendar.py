from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from school.rules.calendar import (
    NoWorkingDayError,
    Parity,
    Period,
    PeriodKind,
    SchoolCalendar,
    UnknownCountryError,
    week_number,
    week_parity,
)

BARE = SchoolCalendar()
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
WEEKS = st.sampled_from([5, 6])
PARALLELS = st.integers(1, 11)


def period(kind: PeriodKind, starts: date, ends: date | None = None, *parallels: int) -> Period:
    return Period(kind, starts, ends or starts, frozenset(parallels))


YEAR = (
    period(PeriodKind.TERM, date(2026, 9, 1), date(2026, 10, 23)),
    period(PeriodKind.HOLIDAYS, date(2026, 10, 24), date(2026, 11, 1)),
    period(PeriodKind.TERM, date(2026, 11, 2), date(2026, 12, 29)),
    period(PeriodKind.TERM, date(2027, 1, 11), date(2027, 5, 26)),
    period(PeriodKind.HOLIDAYS, date(2027, 2, 8), date(2027, 2, 14), 1),
    period(PeriodKind.QUARANTINE, date(2026, 11, 23), date(2026, 11, 27), 7),
)
PLANNED = SchoolCalendar(YEAR)


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    kinds = st.sampled_from(list(PeriodKind))
    rows = []
    for kind in draw(st.lists(kinds, max_size=6)):
        starts = draw(DAYS)
        ends = starts + timedelta(days=draw(st.integers(0, 30)))
        rows.append(Period(kind, starts, ends, draw(st.frozensets(PARALLELS, max_size=2))))
    return SchoolCalendar(tuple(rows))


@pytest.mark.parametrize(
    ("day", "five", "six"),
    [
        (date(2026, 11, 23), True, True),  # an ordinary Monday
        (date(2026, 11, 28), False, True),  # Saturday
        (date(2026, 11, 29), False, False),  # Sunday
        (date(2026, 11, 4), False, False),  # a public holiday
        (date(2026, 12, 31), False, False),  # a day off that was moved
        (date(2027, 2, 20), False, True),  # a working Saturday, never assumed for five days
        (date(2027, 2, 22), False, False),  # and the Monday it pays for
    ],
)
def test_without_a_plan_the_week_and_the_production_calendar_decide(
    day: date, *, five: bool, six: bool
) -> None:
    assert BARE.is_working(day, 7, 5) is five
    assert BARE.is_working(day, 7, 6) is six


@pytest.mark.parametrize(
    ("day", "parallel", "working"),
    [
        (date(2026, 10, 23), 7, True),  # the last day of a term
        (date(2026, 10, 26), 7, False),  # holidays
        (date(2026, 11, 2), 7, True),
        (date(2026, 12, 30), 7, False),  # between two terms
        (date(2026, 8, 31), 7, False),
        (date(2027, 2, 8), 1, False),  # the extra week of the first grade
        (date(2027, 2, 8), 2, True),
        (date(2026, 11, 24), 7, True),  # quarantine: at a distance, but a school day
    ],
)
def test_the_plan_decides_by_parallel(day: date, parallel: int, *, working: bool) -> None:
    assert PLANNED.is_working(day, parallel, 5) is working


@pytest.mark.parametrize("week_days", [5, 6])
def test_an_override_beats_the_plan_and_the_plan_beats_the_week(week_days: int) -> None:
    monday, sunday = date(2026, 10, 26), date(2026, 11, 8)
    opened = SchoolCalendar(YEAR, overrides=(period(PeriodKind.WORKING, monday),))
    closed = SchoolCalendar(
        (*YEAR, period(PeriodKind.WORKING, sunday)),
        overrides=(period(PeriodKind.DAY_OFF, monday + timedelta(days=14)),),
    )
    assert opened.is_working(monday, 7, week_days)
    assert closed.is_working(sunday, 7, week_days)
    assert not closed.is_working(monday + timedelta(days=14), 7, week_days)


def test_the_later_override_wins() -> None:
    day = date(2026, 11, 24)
    rows = (period(PeriodKind.DAY_OFF, day), period(PeriodKind.WORKING, day))
    assert SchoolCalendar(overrides=rows).is_working(day, 7, 5)
    assert not SchoolCalendar(overrides=rows[::-1]).is_working(day, 7, 5)


def test_a_row_for_the_parallel_beats_a_row_for_all() -> None:
    day = date(2027, 2, 20)
    plan = (period(PeriodKind.WORKING, day), period(PeriodKind.DAY_OFF, day, None, 1))
    assert SchoolCalendar(plan).is_working(day, 7, 5)
    assert not SchoolCalendar(plan).is_working(day, 1, 5)


def test_a_long_working_period_opens_public_holidays_but_no_weekend() -> None:
    plan = (period(PeriodKind.WORKING, date(2026, 11, 2), date(2026, 11, 8)),)
    week = [date(2026, 11, 2) + timedelta(days=step) for step in range(7)]
    calendar = SchoolCalendar(plan)
    assert [calendar.is_working(day, 7, 5) for day in week] == [True] * 5 + [False] * 2
    assert [calendar.is_working(day, 7, 6) for day in week] == [True] * 6 + [False]


@given(calendars(), DAYS, PARALLELS, WEEKS)
def test_an_override_of_one_day_always_decides(
    calendar: SchoolCalendar, day: date, parallel: int, week_days: int
) -> None:
    for kind, working in ((PeriodKind.WORKING, True), (PeriodKind.DAY_OFF, False)):
        decided = SchoolCalendar(calendar.periods, overrides=(period(kind, day),))
        assert decided.is_working(day, parallel, week_days) is working


@given(calendars(), DAYS, PARALLELS, WEEKS)
def test_quarantine_changes_no_school_day(
    calendar: SchoolCalendar, day: date, parallel: int, week_days: int
) -> None:
    quarantine = period(PeriodKind.QUARANTINE, day)
    shut = SchoolCalendar((*calendar.periods, quarantine))
    assert shut.is_working(day, parallel, week_days) is calendar.is_working(
        day, parallel, week_days
    )
    assert shut.is_quarantine(day, parallel)


@given(calendars(), DAYS, PARALLELS, WEEKS)
def test_a_school_day_lies_in_a_term_or_was_opened_by_name(
    calendar: SchoolCalendar, day: date, parallel: int, week_days: int
) -> None:
    assume(calendar.is_working(day, parallel, week_days))
    rows = [row for row in calendar.periods if row.speaks_to(parallel)]
    terms = [row for row in rows if row.kind is PeriodKind.TERM]
    opened = any(row.kind is PeriodKind.WORKING and row.covers(day, parallel) for row in rows)
    assert opened or not terms or any(term.covers(day, parallel) for term in terms)


@pytest.mark.parametrize(
    ("day", "five", "six"),
    [
        (date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 3)),
        (date(2026, 11, 27), date(2026, 11, 30), date(2026, 11, 28)),
        (date(2026, 12, 30), date(2027, 1, 11), date(2027, 1, 9)),
    ],
)
def test_next_working_day(day: date, five: date, six: date) -> None:
    assert BARE.next_working(day, 7, 5) == five
    assert BARE.next_working(day, 7, 6) == six
    assert BARE.previous_working(five, 7, 5) == day


@given(DAYS, WEEKS)
def test_next_and_previous_are_neighbours(day: date, week_days: int) -> None:
    following = BARE.next_working(day, 7, week_days)
    assert following > day
    assert BARE.is_working(following, 7, week_days)
    between = range(1, (following - day).days)
    assert not any(BARE.is_working(day + timedelta(days=step), 7, week_days) for step in between)
    if BARE.is_working(day, 7, week_days):
        assert BARE.previous_working(following, 7, week_days) == day


@given(calendars(), DAYS, PARALLELS, WEEKS)
def test_some_next_day_is_always_found(
    calendar: SchoolCalendar, day: date, parallel: int, week_days: int
) -> None:
    assert calendar.next_working(day, parallel, week_days) > day
    assert calendar.previous_working(day, parallel, week_days) < day


def test_after_the_last_term_the_terms_stop_limiting() -> None:
    last_bell = date(2027, 5, 26)
    assert not PLANNED.is_working(date(2027, 5, 27), 7, 5)
    assert PLANNED.next_working(last_bell, 7, 5) == date(2027, 5, 27)
    assert PLANNED.previous_working(date(2026, 9, 1), 7, 5) == date(2026, 8, 31)


def test_a_plan_without_school_days_promises_none() -> None:
    endless = period(PeriodKind.HOLIDAYS, date(2026, 1, 1), date(2030, 1, 1))
    with pytest.raises(NoWorkingDayError):
        SchoolCalendar((endless,)).next_working(date(2026, 6, 1), 7, 5)


@given(DAYS, st.integers(0, 40), WEEKS)
def test_adding_days_is_the_inverse_of_counting_them(day: date, count: int, week_days: int) -> None:
    later = BARE.add_working_days(day, count, 7, week_days)
    assert BARE.working_days_between(day, later, 7, week_days) == count


@given(DAYS, st.integers(0, 15), st.integers(0, 15), WEEKS)
def test_adding_days_adds_up(day: date, first: int, second: int, week_days: int) -> None:
    halfway = BARE.add_working_days(day, first, 7, week_days)
    assert BARE.add_working_days(halfway, second, 7, week_days) == BARE.add_working_days(
        day, first + second, 7, week_days
    )


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        BARE.add_working_days(date(2026, 11, 23), -1, 7, 5)
    assert BARE.working_days_between(date(2026, 11, 27), date(2026, 11, 23), 7, 5) == 0


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_a_russian_year_has_247_working_days_with_the_moved_ones(year: int) -> None:
    last, first = date(year, 12, 31), date(year - 1, 12, 31)
    decided = sum(BARE.needs_decision(first + timedelta(days=step), 7, 5) for step in range(1, 367))
    assert BARE.working_days_between(first, last, 7, 5) + decided == 247


def test_a_moved_working_saturday_asks_the_administrator() -> None:
    saturday = date(2027, 2, 20)
    assert BARE.needs_decision(saturday, 7, 5)
    assert not BARE.needs_decision(saturday, 7, 6)
    assert not BARE.needs_decision(date(2027, 2, 27), 7, 5)
    for kind in (PeriodKind.WORKING, PeriodKind.DAY_OFF):
        answer = (period(kind, saturday),)
        assert not SchoolCalendar(overrides=answer).needs_decision(saturday, 7, 5)
        assert not SchoolCalendar(answer).needs_decision(saturday, 7, 5)


@given(calendars(), DAYS, PARALLELS, WEEKS)
def test_what_needs_a_decision_is_not_worked(
    calendar: SchoolCalendar, day: date, parallel: int, week_days: int
) -> None:
    assert not (
        calendar.needs_decision(day, parallel, week_days)
        and calendar.is_working(day, parallel, week_days)
    )


@given(calendars(), DAYS, PARALLELS, WEEKS)
def test_a_class_sees_its_school_calendar(
    calendar: SchoolCalendar, day: date, parallel: int, week_days: int
) -> None:
    days = calendar.of(parallel, week_days)
    assert days.is_working(day) is calendar.is_working(day, parallel, week_days)
    assert days.next_working(day) == calendar.next_working(day, parallel, week_days)
    assert days.previous_working(day) == calendar.previous_working(day, parallel, week_days)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        period(PeriodKind.TERM, date(2026, 9, 2), date(2026, 9, 1))
    with pytest.raises(ValueError, match="override"):
        SchoolCalendar(overrides=(period(PeriodKind.TERM, date(2026, 9, 1)),))
    with pytest.raises(ValueError, match="5 or 6"):
        BARE.is_working(date(2026, 9, 1), 7, 7)
    with pytest.raises(UnknownCountryError):
        SchoolCalendar(country="XX")


def test_another_country_has_its_own_holidays() -> None:
    minsk = SchoolCalendar(country="BY")
    assert minsk.needs_decision(date(2026, 4, 25), 7, 5)
    assert minsk.is_working(date(2026, 11, 4), 7, 5)


@pytest.mark.parametrize(
    ("day", "number", "parity"),
    [
        (date(2026, 8, 30), 52, Parity.EVEN),  # 52 whole weeks after Monday, 1 September 2025
        (date(2026, 8, 31), 1, Parity.ODD),  # the Monday of 1 September's week
        (date(2026, 9, 1), 1, Parity.ODD),
        (date(2026, 9, 7), 2, Parity.EVEN),
        (date(2026, 11, 23), 13, Parity.ODD),
        (date(2030, 9, 2), 2, Parity.EVEN),
    ],
)
def test_weeks_count_from_the_first_of_september(day: date, number: int, parity: Parity) -> None:
    assert (week_number(day), week_parity(day)) == (number, parity)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_week_has_one_parity_and_the_next_another(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    assert {week_number(monday + timedelta(days=step)) for step in range(7)} == {week_number(day)}
    following = week_number(monday + timedelta(days=7))
    assert following in {week_number(day) + 1, 1}
    assert 1 <= week_number(day) <= 53
