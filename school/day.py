"""A student's school day (П1-1.2, П1-1.3): its lessons, its ticks, and what waits in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from school import registration, timetable
from school.post import Post, post_of
from school.rules.lessons import LessonFormat
from school.rules.modes import (
    Mode,
    asks_mail_tick,
    asks_morning_card,
    counts_overdue,
    lesson_is_remote,
)
from school.school_year import days_of, year_of
from school.study_modes import Modes, modes_around, modes_of_classes
from school.timetable import DayLesson, Timetables
from storage import day_steps, learners, reviews, tasks
from storage.database import Tx
from storage.day_steps import DayStep, Registration
from storage.learners import Cohort, Learner
from storage.people import Pupil, SchoolClass, Student
from storage.reviews import Review
from storage.schools import School
from storage.tasks import Task
from storage.works import Work

PLATFORM, MAIL = "platform", "mail"
STEPS = (PLATFORM, MAIL)
LOOK_BACK = timedelta(days=14)
"""For how long a work that has not come in is still recalled."""


class Shape(StrEnum):
    """What kind of day it is for a student."""

    REMOTE = "remote"
    FREE = "free"
    NO_LESSONS = "no-lessons"
    ORDINARY = "ordinary"
    REFUSAL = "refusal"
    NO_TECH = "no-tech"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of the day, and whether it is remote for this student (5.7)."""

    slot: DayLesson
    is_remote: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What has not come in yet: from earlier days, by the end of today, by the next school day.

    `passed` are those of `today` whose deadline is over.
    """

    earlier: tuple[Task, ...]
    today: tuple[Task, ...]
    passed: tuple[Task, ...]
    soon: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of one student as it stands now. `next_day` is the next school day.

    `answers` are the unread ones; of a corrected one only the newest.
    `is_trouble_heard` says that somebody hears of trouble with the registration.
    """

    student: Student
    on: date
    next_day: date
    mode: Mode
    shape: Shape
    lessons: tuple[Lesson, ...]
    steps: dict[str, DayStep]
    post: Post
    due: Due
    answers: tuple[tuple[Review, Work], ...]
    registration: Registration | None
    is_trouble_heard: bool

    @property
    def asks_mail(self) -> bool:
        """Whether the mail is to be ticked today: the mode asks, and there is a mailbox."""
        return self.shape is Shape.REMOTE and asks_mail_tick(self.mode) and self.post.has_mailbox

    @property
    def open_steps(self) -> tuple[str, ...]:
        """The steps that still wait for their tick."""
        asked = {PLATFORM: self.shape is Shape.REMOTE, MAIL: self.asks_mail}
        return tuple(step for step in STEPS if asked[step] and step not in self.steps)

    @property
    def is_registered(self) -> bool:
        """Whether the registration on the platform was told to be done (П1-1.1)."""
        return self.registration is not None and self.registration.state == "done"


@dataclass(frozen=True, slots=True)
class Circle:
    """Students of one class who learn at a distance on a day and have the same lessons remote.

    `one` stands for all of them.
    """

    one: Learner
    student_ids: Sequence[int]
    mode: Mode
    lessons: tuple[DayLesson, ...]


async def of_student(tx: Tx, school: School, student: Student, now: datetime) -> Day:
    """See a student's day as it stands now; the date is the school's."""
    today = school.date_of(now)
    days = days_of(await year_of(tx, school), student.school_class)
    next_day = days.next_working(today)
    modes = await modes_around(tx, student)
    on_today = await timetable.of_student(tx, school, student, today)
    lessons = _judged(modes, student, on_today)
    mode = modes.of(student, today)
    told = await day_steps.registration_of(tx, student.id)
    return Day(
        student=student,
        on=today,
        next_day=next_day,
        mode=mode,
        shape=_shape(mode, lessons, is_working=days.is_working(today)),
        lessons=lessons,
        steps=await day_steps.of_day(tx, student.id, today),
        post=await post_of(tx, student, today),
        due=await _due(tx, school, student, mode, next_day, now),
        answers=tuple(reviews.newest_of_each(await reviews.unread_by(tx, student.id))),
        registration=told,
        is_trouble_heard=await registration.is_heard(tx, told),
    )


async def at_a_distance(
    tx: Tx, school: School, classes: Sequence[SchoolClass], day: date
) -> list[Circle]:
    """Return who of some classes has a remote lesson on a day: those whom the morning card greets.

    Reads in a fixed number of queries, and judges once what is the same for many.
    """
    calendar = await year_of(tx, school)
    working = [one for one in classes if days_of(calendar, one).is_working(day)]
    ids = [one.id for one in working]
    modes = await modes_of_classes(tx, school, ids)
    timetables = await timetable.of_classes(tx, school, ids, day)
    circles = []
    for cohort in await learners.cohorts(tx, working):
        for alike in _alike(cohort, modes, timetables):
            one = Learner(alike[0], cohort.school_class, cohort.mode)
            mode = modes.of(one, day)
            judged = _judged(modes, one, timetables.of(one)) if asks_morning_card(mode) else ()
            remote = tuple(each.slot for each in judged if each.is_remote and each.slot.takes_place)
            if remote:
                circles.append(Circle(one, alike, mode, remote))
    return circles


def _alike(cohort: Cohort, modes: Modes, timetables: Timetables) -> Iterable[Sequence[int]]:
    """Part a cohort by its groups; whoever has an order of their own stands alone."""
    apart = (timetables.groups, modes.of_students)
    if all(known.keys().isdisjoint(cohort.student_ids) for known in apart):
        return [cohort.student_ids]
    alike: defaultdict[tuple[frozenset[int], int], list[int]] = defaultdict(list)
    for student_id in cohort.student_ids:
        own = student_id if student_id in modes.of_students else 0
        alike[timetables.groups_of(student_id), own].append(student_id)
    return alike.values()


async def goes_remote(tx: Tx, student: Student, day: Day) -> bool:
    """Say whether the student learns at a distance today or on the next school day."""
    modes = await modes_around(tx, student)
    return any(asks_morning_card(modes.of(student, on)) for on in (day.on, day.next_day))


async def tick(tx: Tx, day: Day, step: str, by: int, now: datetime) -> bool:
    """Tick a step of today for its student; False if it is not asked for or was ticked before.

    The first tick stays, with its time and who made it.
    """
    if step not in day.open_steps:
        return False
    return await day_steps.done(tx, day.student.id, day.on, step, by, now)


def end_of(day: date, school: School) -> datetime:
    """Return the local midnight that ends a date, in UTC."""
    return school.instant(day + timedelta(days=1), time.min)


def _judged(modes: Modes, student: Pupil, lessons: Sequence[DayLesson]) -> tuple[Lesson, ...]:
    """Tell which lessons of one day are remote for a student."""
    if not lessons:
        return ()
    in_mode = modes.of_each(student, lessons[0].day, [lesson.subject for lesson in lessons])
    remote = {LessonFormat.ONLINE, LessonFormat.MATERIALS}
    return tuple(
        Lesson(
            lesson, lesson_is_remote(in_mode[lesson.subject], remote_slot=lesson.format in remote)
        )
        for lesson in lessons
    )


def _shape(mode: Mode, lessons: tuple[Lesson, ...], *, is_working: bool) -> Shape:
    if not is_working:
        return Shape.FREE
    if mode is Mode.REFUSAL:
        return Shape.REFUSAL
    if mode is Mode.NO_TECH:
        return Shape.NO_TECH
    held = [lesson for lesson in lessons if lesson.slot.takes_place]
    if not asks_morning_card(mode):
        return Shape.ORDINARY
    if any(lesson.is_remote for lesson in held):
        return Shape.REMOTE
    return Shape.ORDINARY if held else Shape.NO_LESSONS


async def _due(
    tx: Tx, school: School, student: Student, mode: Mode, next_day: date, now: datetime
) -> Due:
    """Sort what waits by its deadline; what goes to another channel nobody here can call late."""
    today = school.date_of(now)
    begins = end_of(today - timedelta(days=1), school)
    waiting = await tasks.undone_by(tx, student, begins - LOOK_BACK)
    ends, ends_soon = end_of(today, school), end_of(next_day, school)
    over = [task for task in waiting if task.due_at <= now and task.is_handed_in_here]
    late = over if counts_overdue(mode) else []
    return Due(
        earlier=tuple(task for task in late if task.due_at < begins),
        today=tuple(task for task in waiting if begins <= task.due_at < ends),
        passed=tuple(task for task in late if begins <= task.due_at),
        soon=tuple(task for task in waiting if ends <= task.due_at < ends_soon),
    )
