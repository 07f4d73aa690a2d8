from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.calendar import ClassDays, Period, PeriodKind, SchoolCalendar
from school.rules.deadlines import (
    TWO_HOURS,
    ReminderKind,
    answer_on,
    is_late,
    publish_by,
    reminder_instants,
    review_due,
)
from school.rules.quiet import QuietHours

MOSCOW = ZoneInfo("Europe/Moscow")
CUTOFF = time(18)
NIGHT = QuietHours(time(21), time(7))
FIVE = SchoolCalendar().of(7, 5)
SIX = SchoolCalendar().of(7, 6)
CLASSES = st.sampled_from([FIVE, SIX])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)


def moscow(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.clause("П1-2.3")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        (moscow(2026, 11, 24, 17, 59), date(2026, 11, 24)),
        (moscow(2026, 11, 24, 18, 0), date(2026, 11, 24)),
        (moscow(2026, 11, 24, 18, 20), date(2026, 11, 25)),
        (moscow(2026, 11, 24, 23, 50), date(2026, 11, 25)),
        (moscow(2026, 11, 27, 18, 20), date(2026, 11, 30)),
        (moscow(2026, 11, 29, 10, 0), date(2026, 11, 30)),  # sent on a Sunday
        (datetime(2026, 11, 24, 14, 59, tzinfo=UTC), date(2026, 11, 24)),  # 17:59 in Moscow
    ],
)
def test_a_review_is_due_on_the_day_of_receipt_up_to_the_cutoff(
    received: datetime, due: date
) -> None:
    assert review_due(received, CUTOFF, MOSCOW, FIVE).day == due


@pytest.mark.clause("П1-2.3")
def test_a_review_is_late_from_midnight_after_its_day() -> None:
    due = review_due(moscow(2026, 11, 24, 17, 59), CUTOFF, MOSCOW, FIVE)
    assert due.late_from == moscow(2026, 11, 25, 0, 0)


@pytest.mark.clause("П1-2.3")
@given(INSTANTS, st.times(), CLASSES)
def test_a_review_is_due_on_a_school_day_and_never_before_receipt(
    received: datetime, cutoff: time, days: ClassDays
) -> None:
    due = review_due(received, cutoff, MOSCOW, days)
    local = received.astimezone(MOSCOW)
    assert days.is_working(due.day)
    assert due.late_from > received
    assert (due.day == local.date()) is (days.is_working(local.date()) and local.time() <= cutoff)


@pytest.mark.clause("П1-2.3")
@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=20)), CLASSES)
def test_what_comes_later_is_never_due_earlier(
    received: datetime, wait: timedelta, days: ClassDays
) -> None:
    first = review_due(received, CUTOFF, MOSCOW, days)
    second = review_due(received + wait, CUTOFF, MOSCOW, days)
    assert first.day <= second.day


@pytest.mark.clause("П1-1.6")
@pytest.mark.parametrize(
    ("sent", "five", "six"),
    [
        (moscow(2026, 11, 27), date(2026, 11, 30), date(2026, 11, 28)),
        (moscow(2026, 12, 30), date(2027, 1, 11), date(2027, 1, 9)),
        (moscow(2026, 11, 23, 14, 12), date(2026, 11, 24), date(2026, 11, 24)),
        (moscow(2026, 11, 23, 23, 50), date(2026, 11, 25), date(2026, 11, 25)),
        (moscow(2026, 11, 27, 18, 20), date(2026, 12, 1), date(2026, 11, 30)),
    ],
)
def test_the_answer_is_looked_for_on_the_school_day_after_the_review(
    sent: datetime, five: date, six: date
) -> None:
    assert answer_on(sent, CUTOFF, MOSCOW, FIVE) == five
    assert answer_on(sent, CUTOFF, MOSCOW, SIX) == six


@pytest.mark.clause("П1-1.6")
def test_winter_holidays_of_the_school_move_the_answer_of_a_six_day_class() -> None:
    winter = Period(PeriodKind.HOLIDAYS, date(2026, 12, 31), date(2027, 1, 10))
    days = SchoolCalendar((winter,)).of(7, 6)
    assert answer_on(moscow(2026, 12, 30), CUTOFF, MOSCOW, days) == date(2027, 1, 11)


@pytest.mark.clause("П1-1.6")
@given(INSTANTS, st.times(), CLASSES)
def test_the_answer_comes_after_the_day_of_the_review_and_of_sending(
    sent: datetime, cutoff: time, days: ClassDays
) -> None:
    answer = answer_on(sent, cutoff, MOSCOW, days)
    due = review_due(sent, cutoff, MOSCOW, days).day
    assert answer == days.next_working(due)
    assert answer > sent.astimezone(MOSCOW).date()


@pytest.mark.clause("П1-1.4")
@given(INSTANTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=9)))
def test_late_begins_just_after_the_deadline(due: datetime, wait: timedelta) -> None:
    assert not is_late(due, due)
    assert not is_late(due - wait, due)
    assert is_late(due + wait, due)
    assert is_late((due + wait).astimezone(MOSCOW), due)


EVENING, TWO = ReminderKind.EVENING_BEFORE, ReminderKind.TWO_HOURS


@pytest.mark.clause("П1-1.4")
@pytest.mark.parametrize(
    ("due", "reminders"),
    [
        (
            moscow(2026, 11, 25, 15),
            [(EVENING, moscow(2026, 11, 24, 19)), (TWO, moscow(2026, 11, 25, 13))],
        ),
        # 06:30 would be quiet: the evening before speaks for it.
        (moscow(2026, 11, 25, 8, 30), [(EVENING, moscow(2026, 11, 24, 19))]),
        (moscow(2026, 11, 25, 23, 30), [(EVENING, moscow(2026, 11, 24, 19))]),
        (
            moscow(2026, 11, 25, 9, 0),
            [(EVENING, moscow(2026, 11, 24, 19)), (TWO, moscow(2026, 11, 25, 7))],
        ),
        # Monday's deadline is recalled on Friday.
        (
            moscow(2026, 11, 30, 15),
            [(EVENING, moscow(2026, 11, 27, 19)), (TWO, moscow(2026, 11, 30, 13))],
        ),
        # A deadline on a Saturday of a five-day class: nothing on the day itself.
        (moscow(2026, 11, 28, 15), [(EVENING, moscow(2026, 11, 27, 19))]),
        # Half past midnight: two hours before is the quiet end of a school day.
        (moscow(2026, 11, 25, 0, 30), [(EVENING, moscow(2026, 11, 24, 19))]),
    ],
)
def test_reminders_of_a_five_day_class(
    due: datetime, reminders: list[tuple[ReminderKind, datetime]]
) -> None:
    found = reminder_instants(due, MOSCOW, NIGHT, FIVE)
    assert [(each.kind, each.at) for each in found] == reminders


@pytest.mark.clause("П1-1.4")
def test_a_six_day_class_hears_of_monday_on_saturday() -> None:
    found = reminder_instants(moscow(2026, 11, 30, 15), MOSCOW, NIGHT, SIX)
    assert found[0].at == moscow(2026, 11, 28, 19)


@pytest.mark.clause("П1-1.4")
def test_an_evening_hour_in_quiet_time_comes_an_hour_before_it() -> None:
    early = QuietHours(time(18), time(7))
    found = reminder_instants(moscow(2026, 11, 25, 15), MOSCOW, early, FIVE)
    assert found[0].at == moscow(2026, 11, 24, 17)


@pytest.mark.clause("П1-1.4")
@given(INSTANTS, st.builds(QuietHours, st.times(), st.times()), st.times(), CLASSES)
def test_a_reminder_disturbs_nobody_and_comes_in_time(
    due: datetime, quiet: QuietHours, evening: time, days: ClassDays
) -> None:
    found = reminder_instants(due, MOSCOW, quiet, days, evening)
    kinds = [each.kind for each in found]
    instants = [each.at for each in found]
    assert kinds == sorted(set(kinds), key=list(ReminderKind).index)
    assert instants == sorted(instants)
    for at in instants:
        assert at < due
        assert not quiet.covers(at.astimezone(MOSCOW).time())
    assert not found or found[-1].kind is EVENING or due - instants[-1] == TWO_HOURS


@pytest.mark.clause("П1-1.4")
@given(INSTANTS, CLASSES)
def test_by_default_the_evening_before_is_never_missing_and_all_is_on_school_days(
    due: datetime, days: ClassDays
) -> None:
    found = reminder_instants(due, MOSCOW, NIGHT, days)
    assert found[0].kind is EVENING
    assert all(days.is_working(each.at.astimezone(MOSCOW).date()) for each in found)


@pytest.mark.clause("5.2")
def test_ten_working_days_to_publish_a_decision() -> None:
    assert publish_by(date(2026, 10, 23)) == date(2026, 11, 9)


@pytest.mark.clause("5.2")
@given(st.dates(date(2025, 1, 1), date(2027, 11, 1)))
def test_publication_has_ten_working_days_whatever_the_school_plans(decided: date) -> None:
    last = publish_by(decided)
    assert SchoolCalendar().working_days_between(decided, last, 7, 5) == 10
    assert FIVE.is_working(last)


def test_a_naive_instant_is_refused() -> None:
    naive = moscow(2026, 11, 24).replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        review_due(naive, CUTOFF, MOSCOW, FIVE)
