"""The moments worth jumping to: what the school's day holds next, and what kind of day it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.phrases import in_text
from handlers.texts import Texts
from scheduler.plan import MOMENTS
from school.rules.calendar import NoWorkingDayError, PeriodKind, SchoolCalendar
from school.school_year import days_of, year_of
from storage import glass, people, school_year
from storage.database import Tx
from storage.people import SchoolClass
from storage.school_year import YearSpan
from storage.schools import School

SATURDAY = 6
OFF = (PeriodKind.DAY_OFF, PeriodKind.HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant ahead, by the school's clock."""

    at: datetime
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class DayKind:
    """What kind of day a date is, and why."""

    date: date
    title: str
    is_working: bool
    why: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a school: working is one on which at least one class has lessons."""

    school: School
    year: SchoolCalendar
    plan: Sequence[YearSpan]
    classes: Sequence[SchoolClass]

    def working(self, day: date) -> list[SchoolClass]:
        """Return the classes that have a school day."""
        return [one for one in self.classes if days_of(self.year, one).is_working(day)]

    def next_working(self, day: date) -> date | None:
        """Find the first working day after a date, None where the plan has no more."""
        found = []
        for one in self.classes:
            try:
                found.append(days_of(self.year, one).next_working(day))
            except NoWorkingDayError:
                continue
        return min(found, default=None)

    def off(self, day: date) -> YearSpan | None:
        """Find the row of the plan that makes a day free."""
        return next(
            (
                span
                for kind in OFF
                for span in self.plan
                if span.kind == kind and span.starts_on <= day <= span.ends_on
            ),
            None,
        )

    def is_in_term(self, day: date) -> bool:
        """Say whether a day lies in a term of anybody; a plan without terms has no outside."""
        terms = [span for span in self.plan if span.kind == PeriodKind.TERM]
        return not terms or any(span.starts_on <= day <= span.ends_on for span in terms)


async def days_of_school(tx: Tx, school: School) -> Days:
    """Read the plan of the year and the classes."""
    return Days(
        school,
        await year_of(tx, school),
        await school_year.periods_of_school(tx, school.id),
        await people.classes_of_school(tx, school.id),
    )


def kind_of(days: Days, day: date, t: Texts) -> DayKind:
    """Tell what kind of day a date is for the school, and why."""
    working = days.working(day)
    return DayKind(day, t.day(day), bool(working), _why(days, day, working, t))


async def ahead(tx: Tx, days: Days, now: datetime, t: Texts) -> list[Moment]:
    """Return the next moment of each kind in order of time; what is planned by day, on school days.

    Of a kind that comes several times a day (the recalls of reviews) each is there.
    """
    school = days.school
    found = []
    for moment in MOMENTS:
        for clock in moment.at(school):
            day = school.date_of(now)
            if not days.working(day) or school.instant(day, clock) <= now:
                later = days.next_working(day)
                if later is None:
                    continue
                day = later
            found.append(_moment(school, school.instant(day, clock), moment.name, t))
    deadline = await glass.next_deadline(tx, school.id, now)
    if deadline is not None:
        at, subject = deadline
        found.append(_moment(school, at, "deadline", t, subject=in_text(subject)))
    tomorrow = days.next_working(school.date_of(now))
    if tomorrow is not None:
        at = school.instant(tomorrow, school.morning)
        found.append(_moment(school, at, "working-day", t, day=t.day(tomorrow)))
    return sorted(found, key=lambda one: one.at)


def _moment(school: School, at: datetime, kind: str, t: Texts, **params: str) -> Moment:
    local = at.astimezone(school.zone)
    return Moment(local, kind, t(f"page-moment-{kind}", clock=t.clock(local), **params))


def _why(days: Days, day: date, working: Sequence[SchoolClass], t: Texts) -> str:
    if working:
        some = ", ".join(one.name for one in working)
        return t("page-day-works") if working == days.classes else t("page-day-some", classes=some)
    span = days.off(day)
    if span is not None and span.kind == PeriodKind.HOLIDAYS:
        return t("page-day-holidays", name=span.name)
    if span is not None:
        return t("page-day-off", name=span.name)
    if day.isoweekday() >= SATURDAY:
        return t("page-day-weekend")
    return t("page-day-public" if days.is_in_term(day) else "page-day-outside")
