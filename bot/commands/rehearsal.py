"""When a rehearsal begins: on the next working Monday of the school whose sheets are shown."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.commands import findings
from bot.commands.terminal import FAILURE
from school.roster.rows import Roster
from school.roster.validate import read_roster
from school.rules.calendar import Period, SchoolCalendar

MONDAY = 1
WEEKS = 60
BEGINS = time(7, 5)
"""Before the first message of a school day."""

SAMPLE_BEGINS = datetime(2026, 11, 23, 7, 5, tzinfo=ZoneInfo("Europe/Moscow"))
"""The first day of distance learning in the sample school."""


def beginning(school: Path | None, asked: datetime | None, today: datetime) -> datetime:
    """Tell the instant at which a school's clock starts, in its zone; None is the sample school.

    `asked` is what the operator said. Sheets with faults end the command, every fault named.
    """
    if school is None:
        return asked.astimezone(SAMPLE_BEGINS.tzinfo) if asked else SAMPLE_BEGINS
    reading = read_roster(school)
    findings.tell_notices(reading.notices)
    if reading.roster is None:
        findings.tell_problems(reading.problems)
        raise typer.Exit(FAILURE)
    zone = ZoneInfo(reading.roster.school.time_zone)
    if asked is not None:
        return asked.astimezone(zone)
    day = working_monday(reading.roster, today.astimezone(zone).date())
    return datetime.combine(day, BEGINS, zone)


def working_monday(roster: Roster, today: date) -> date:
    """Find the first Monday, today included, on which some class has lessons.

    A plan that has no such Monday ahead gives the first one.
    """
    periods = tuple(
        Period(row.kind, row.starts_on, row.ends_on, frozenset(row.parallels))
        for row in roster.periods
    )
    calendar = SchoolCalendar(periods, roster.school.country)
    first = today + timedelta(days=-(today.isoweekday() - MONDAY) % 7)
    for week in range(WEEKS):
        day = first + timedelta(weeks=week)
        if any(calendar.is_working(day, one.key.parallel, one.week_days) for one in roster.classes):
            return day
    return first
