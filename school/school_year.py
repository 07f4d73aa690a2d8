"""The school year of a school as its calendar: which days its classes work."""

from school.rules.calendar import ClassDays, Period, PeriodKind, SchoolCalendar
from storage import school_year
from storage.database import Tx
from storage.people import SchoolClass
from storage.school_year import YearSpan
from storage.schools import School


async def year_of(tx: Tx, school: School) -> SchoolCalendar:
    """Read the school's calendar: its plan, and its country where the plan is silent."""
    return SchoolCalendar(await plan_of(tx, school.id), school.country)


async def plan_of(tx: Tx, school_id: int) -> tuple[Period, ...]:
    """Read the plan of a school's year."""
    return tuple(_period(row) for row in await school_year.periods_of_school(tx, school_id))


def days_of(calendar: SchoolCalendar, school_class: SchoolClass) -> ClassDays:
    """See the calendar as one class sees it: its parallel, its five or six days."""
    return calendar.of(school_class.parallel, school_class.week_days)


def _period(row: YearSpan) -> Period:
    parallels = frozenset(int(part) for part in row.parallels.split(",") if part.strip())
    return Period(PeriodKind(row.kind), row.starts_on, row.ends_on, parallels)
