"""When things fall due: reviews (П1-2.3), answers (П1-1.6), reminders (П1-1.4), notice (5.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from school.rules.calendar import ClassDays, SchoolCalendar
from school.rules.quiet import QuietHours

EVENING = time(19, 0)
TWO_HOURS = timedelta(hours=2)
AN_HOUR = timedelta(hours=1)
_NOTICE_WORKING_DAYS = 10
_ANY_PARALLEL = 11
_FIVE_DAYS = 5


class ReminderKind(StrEnum):
    """Which of the two reminders of a deadline."""

    EVENING_BEFORE = "evening_before"
    TWO_HOURS = "two_hours"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder and its instant in UTC."""

    kind: ReminderKind
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """The school's date on which a work is to be reviewed, and the instant that ends that date.

    `late_from` is the local midnight after `day`, in UTC: the regulation asks for the review in
    the day of receipt, so an evening review is still in time, and the cut-off decides only which
    day that is.
    """

    day: date
    late_from: datetime


def review_due(received_at: datetime, cutoff: time, zone: tzinfo, days: ClassDays) -> ReviewDue:
    """Tell by when the teacher reviews a work received at this aware instant (П1-2.3).

    At or before the cut-off on a school day: the same day. Later, or on another day: the next
    school day. The cut-off is the one in force at receipt; a later edit moves no past day.
    """
    local = _local(received_at, zone)
    in_time = local.time() <= cutoff and days.is_working(local.date())
    day = local.date() if in_time else days.next_working(local.date())
    return ReviewDue(day, _instant(day + timedelta(days=1), time.min, zone))


def answer_on(received_at: datetime, cutoff: time, zone: tzinfo, days: ClassDays) -> date:
    """Tell the school day on which the student looks for the answer (П1-1.6).

    It is the school day after the one on which the review is due, so that the receipt never
    promises a day on which the review may still be under way.
    """
    return days.next_working(review_due(received_at, cutoff, zone, days).day)


def is_late(sent_at: datetime, due_at: datetime) -> bool:
    """Say whether a work came after its deadline; at the very instant it is in time (П1-1.4)."""
    return sent_at > due_at


def reminder_instants(
    due_at: datetime,
    zone: tzinfo,
    quiet: QuietHours,
    days: ClassDays,
    evening: time = EVENING,
) -> tuple[Reminder, ...]:
    """Plan the reminders of a deadline, earliest first; each before it and none in quiet hours.

    The first stands on the evening of the last school day before the deadline's date: nothing is
    said on days off, so Monday's deadline is recalled on Friday (six-day week: Saturday). An
    evening hour that lies in quiet hours gives way to an hour before they begin. The second
    stands two hours before the deadline; in quiet hours or on a day off the first one speaks for
    it and it is left out. Lessons are not looked at: whoever delivers waits them out
    (`quiet.after_lessons`).
    """
    return tuple(_reminders(due_at, zone, quiet, days, evening))


def publish_by(decided_on: date, country: str = "RU") -> date:
    """Tell the last day to publish a decision on exclusively distance learning (5.2).

    Ten working days after the decision by the five-day production calendar, whatever holidays the
    school itself has.
    """
    production = SchoolCalendar(country=country)
    return production.add_working_days(decided_on, _NOTICE_WORKING_DAYS, _ANY_PARALLEL, _FIVE_DAYS)


def _reminders(
    due_at: datetime, zone: tzinfo, quiet: QuietHours, days: ClassDays, evening: time
) -> Iterator[Reminder]:
    two_hours_at = due_at.astimezone(UTC) - TWO_HOURS
    local = two_hours_at.astimezone(zone)
    speaks_twice = days.is_working(local.date()) and not quiet.covers(local.time())
    last_word = two_hours_at if speaks_twice else due_at
    evening_at = _evening_before(_local(due_at, zone).date(), zone, quiet, days, evening)
    if evening_at is not None and evening_at < last_word:
        yield Reminder(ReminderKind.EVENING_BEFORE, evening_at)
    if speaks_twice:
        yield Reminder(ReminderKind.TWO_HOURS, two_hours_at)


def _evening_before(
    due_day: date, zone: tzinfo, quiet: QuietHours, days: ClassDays, evening: time
) -> datetime | None:
    day = days.previous_working(due_day)
    at = datetime.combine(day, evening)
    if quiet.covers(evening):
        at = datetime.combine(day, quiet.starts) - AN_HOUR
    return None if quiet.covers(at.time()) else _instant(at.date(), at.time(), zone)


def _local(instant: datetime, zone: tzinfo) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(zone)


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
