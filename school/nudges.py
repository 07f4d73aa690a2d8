"""Recalls the same-day review: to the teacher that day, to the deputy head next day (П1-2.3)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from school.notices import Notice, Said, Slice, gathered
from school.review import by_class
from school.rules.calendar import SchoolCalendar
from school.school_year import days_of, year_of
from storage import people, works
from storage.database import Tx
from storage.people import Person, Role, SchoolClass
from storage.schools import School
from storage.works import Work

NUDGE, SUMMARY = "review-nudge", "review-summary"
END_OF_MORNING = time(12, 0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one teacher: works received today, and the unreviewed ones due by class."""

    received: int
    classes: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many works are due."""
        return sum(count for _, count in self.classes)


@dataclass(frozen=True, slots=True)
class Left:
    """What one teacher left unreviewed after its day."""

    teacher: Person
    works: int


async def review_nudges(tx: Tx, school: School, now: datetime, _after: int = 0) -> Slice:
    """Recall the works due today to every teacher who has some, on a working day of their class.

    One message for each of the school's nudge times; one that comes late takes the name of the
    last time that has passed.
    """
    local = now.astimezone(school.zone)
    passed = [at for at in school.nudge_times if at <= local.time()]
    if not passed:
        return Slice()
    later = [at for at in school.nudge_times if at > local.time()]
    until = min(later, default=max(school.quiet_from, passed[-1]))
    year = await year_of(tx, school)
    said: list[Said] = []
    for teacher in await people.people_in_role(tx, school.id, Role.TEACHER):
        due = await _due(tx, teacher.id, local.date())
        if not _is_school_day(year, local.date(), (work.task.school_class for work in due)):
            continue
        notice = Notice(
            NUDGE,
            f"queue:{max(passed):%H:%M}",
            useful_until=_useful_until(school, until, now),
        )
        said.append((teacher.id, notice))
    return Slice(gathered(school, said, now))


async def deputy_summary(tx: Tx, school: School, now: datetime, _after: int = 0) -> Slice:
    """Tell the deputy heads, on a school day's morning, which works missed their day."""
    today = school.date_of(now)
    classes = await people.classes_of_school(tx, school.id)
    if not _is_school_day(await year_of(tx, school), today, classes):
        return Slice()
    if not await left_by(tx, school, today):
        return Slice()
    notice = Notice(
        SUMMARY, f"school:{school.id}", useful_until=_useful_until(school, END_OF_MORNING, now)
    )
    deputies = await people.people_in_role(tx, school.id, Role.DEPUTY_HEAD)
    said: list[Said] = [(deputy.id, notice) for deputy in deputies]
    return Slice(gathered(school, said, now))


async def waiting_for(tx: Tx, school: School, teacher_id: int, now: datetime) -> Waiting:
    """Count what waits for a teacher now: works whose review is due today or was before."""
    today = school.date_of(now)
    midnight = school.instant(today, time.min)
    received = await works.received_for(tx, teacher_id, midnight)
    return Waiting(received, tuple(by_class(await _due(tx, teacher_id, today))))


async def left_by(tx: Tx, school: School, today: date) -> list[Left]:
    """Count, by teacher, the works whose day of review has passed; a task's teacher owns them."""
    late = await works.waiting_in_school(tx, school.id, today - timedelta(days=1))
    counted = Counter(work.task.teacher_id for work in late)
    found = []
    for teacher_id, count in counted.items():
        teacher = await people.person(tx, teacher_id)
        if teacher is not None:
            found.append(Left(teacher, count))
    return sorted(found, key=lambda left: (left.teacher.full_name, left.teacher.id))


async def _due(tx: Tx, teacher_id: int, today: date) -> list[Work]:
    waiting = await works.waiting_for(tx, teacher_id)
    return [work for work in waiting if work.review_due_on <= today]


def _is_school_day(year: SchoolCalendar, day: date, classes: Iterable[SchoolClass]) -> bool:
    return any(days_of(year, one).is_working(day) for one in classes)


def _useful_until(school: School, until: time, now: datetime) -> datetime | None:
    end = school.instant(school.date_of(now), until)
    return end if end > now else None
