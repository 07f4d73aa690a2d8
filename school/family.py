"""What a family sees of its children: each one's day, and one digest in the evening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from school import day
from school.day import Day, Shape
from school.notices import Notice, Slice, announcement
from school.rules.ages import ADULT, is_adult
from school.rules.modes import ASKS
from school.school_year import days_of, year_of
from school.slices import classes_from, slice_of
from storage import learners, people, reviews, tasks, works
from storage.database import Tx
from storage.people import Person, Student
from storage.reviews import Review
from storage.schools import School
from storage.tasks import Task
from storage.works import Work

DIGEST = "digest"
LOOK_BACK = timedelta(days=60)
"""How long before its deadline a work may have been handed in and still be found."""


@dataclass(frozen=True, slots=True)
class ChildDay:
    """A child's day for the family.

    Of the works due today `handed_in` have come and `on_review` of these wait for the teacher;
    `waited_for` are the ones that have not: due today, then by the next school day; `earlier` are
    those the child's own card still waits for from the days before. `returned` are the ids of the
    tasks whose newest work came back for rework, `again` of those where a further attempt waits for
    the teacher. `answers` are those released since the last evening digest; of a corrected one only
    the newest.
    """

    day: Day
    handed_in: int
    on_review: int
    waited_for: tuple[Task, ...]
    earlier: tuple[Task, ...]
    returned: frozenset[int]
    again: frozenset[int]
    due_today: int
    answers: tuple[tuple[Review, Work], ...]


def children_seen(children: Sequence[Student], on: date) -> list[Student]:
    """Return the children whose day a guardian may look at.

    A student of 18 decides alone whether the parents go on seeing it, and that decision is not
    asked for here yet: until it is, nothing is shown.
    """
    return [child for child in children if not is_adult(child.person.birth_date, on)]


async def child_day(tx: Tx, school: School, child: Student, now: datetime) -> ChildDay:
    """See a child's day as it stands now."""
    of_child = await day.of_student(tx, school, child, now)
    ends = day.end_of(of_child.on, school)
    begins = day.end_of(of_child.on - timedelta(days=1), school)
    newest: dict[int, Work] = {}
    for work in await works.of_student(tx, child.id, begins - LOOK_BACK):
        newest.setdefault(work.task.id, work)
    due_today = [
        task for task in await tasks.of_student(tx, child, begins, ends) if task.is_handed_in_here
    ]
    states = [newest[task.id].state for task in due_today if task.id in newest]
    due = of_child.due
    since = await _last_digest(tx, school, child, of_child.on)
    answers = await reviews.released_between(tx, child.id, since, now)
    return ChildDay(
        day=of_child,
        handed_in=sum(state != works.RETURNED for state in states),
        on_review=states.count(works.SENT),
        waited_for=tuple(task for task in (*due.today, *due.soon) if task.is_handed_in_here),
        earlier=due.earlier,
        returned=frozenset(
            number for number, work in newest.items() if work.state == works.RETURNED
        ),
        again=frozenset(
            number
            for number, work in newest.items()
            if work.state == works.SENT and work.attempt > 1
        ),
        due_today=len(due_today),
        answers=tuple(reviews.newest_of_each(answers)),
    )


async def evening_digests(tx: Tx, school: School, now: datetime, after: int = 0) -> Slice:
    """Say one evening digest to each guardian of a child who learns at a distance today.

    For the moment `school.digest`. A child of 18 is nobody's reason for a digest (see
    `children_seen`).
    """
    today = school.date_of(now)
    classes = await classes_from(tx, school, after)
    ids = [one.id for one in classes]
    guardians = await learners.guardians_of(tx, ids)
    births = await learners.births_until(tx, ids, date(today.year - ADULT, 12, 31))
    readers = {
        guardian_id: f"guardian:{guardian_id}"
        for circle in await day.at_a_distance(tx, school, classes, today)
        if ASKS[circle.mode].daily_digest
        for child_id in circle.student_ids
        if not is_adult(births.get(child_id), today)
        for guardian_id in guardians.get(child_id, ())
    }
    useful_until = school.instant(today, school.quiet_from)
    digest = Notice(DIGEST, "", useful_until=useful_until)
    return slice_of(classes, [announcement(school, digest, list(readers.items()), now)])


async def digest_of(tx: Tx, school: School, guardian: Person, now: datetime) -> list[ChildDay]:
    """Return the days of a guardian's children who learn at a distance today."""
    today = school.date_of(now)
    children = children_seen(await people.children_of(tx, guardian.id), today)
    days = [await child_day(tx, school, child, now) for child in children]
    return [one for one in days if one.day.shape is Shape.REMOTE]


async def _last_digest(tx: Tx, school: School, child: Student, today: date) -> datetime:
    """Return when the digest of the school day before was due: what came later is new."""
    days = days_of(await year_of(tx, school), child.school_class)
    before = days.previous_working(today)
    return school.instant(before, school.digest)
