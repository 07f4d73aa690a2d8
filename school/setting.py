"""A teacher sets a task, moves its deadline, takes it back (П1-1.4, П1-2.2)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from school import homework, letters, timetable
from school.refusals import Refusal
from school.school_year import days_of, year_of
from school.speakers import Speaker
from storage import tasks
from storage import timetable as kept
from storage.database import Tx
from storage.people import Student
from storage.schools import School
from storage.tasks import Channel, NewTask, PartFile, Task
from storage.timetable import Teaching

END_OF_DAY = time(18, 0)
LONGEST = timedelta(days=366)
SOONEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Order:
    """A task as the teacher has put it together."""

    teaching: Teaching
    text: str
    files: tuple[PartFile, ...]
    due_at: datetime
    channel: Channel


@dataclass(frozen=True, slots=True)
class Given:
    """A task that is set: for how many, how many letters leave, who has no address.

    `unsent` are those for whom none leaves because mail is off.
    """

    task: Task
    addressees: int
    letters: int
    without_address: tuple[Student, ...]
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A task with its new deadline, and of how many students somebody hears of it in a chat."""

    task: Task
    told: int


@dataclass(frozen=True, slots=True)
class DueChoices:
    """The deadlines that are offered, aware UTC; None where one makes no sense now.

    `soon` is tomorrow, or the class's next school day where tomorrow is none.
    """

    today: datetime | None
    soon: datetime
    next_lesson: datetime | None


async def choices(tx: Tx, school: School, teacher_id: int, now: datetime) -> list[Teaching]:
    """Return what a teacher teaches, today's lessons first and in their order."""
    day = school.date_of(now)
    order: dict[tuple[int, int, int | None], int] = {}
    for lesson in await timetable.of_teacher(tx, school, teacher_id, day):
        key = (lesson.class_id, lesson.subject_id, lesson.group_id)
        order.setdefault(key, len(order))
    teachings = await kept.teachings_of(tx, teacher_id)
    last = len(order)
    return sorted(
        teachings,
        key=lambda one: order.get((one.school_class.id, one.subject_id, one.group_id), last),
    )


async def companions(tx: Tx, teaching: Teaching) -> list[Teaching]:
    """Return where else the teacher teaches the subject: one lesson may be for two classes."""
    return [
        one
        for one in await kept.teachings_of(tx, teaching.teacher_id)
        if one.subject_id == teaching.subject_id and one.id != teaching.id
    ]


async def due_choices(tx: Tx, school: School, teaching: Teaching, now: datetime) -> DueChoices:
    """Offer deadlines: the end of today, of the next school day, the next lesson after today."""
    today = school.date_of(now)
    days = days_of(await year_of(tx, school), teaching.school_class)
    evening = school.instant(today, END_OF_DAY)
    night = school.instant(today, time.max)
    lesson = await timetable.next_lesson(tx, school, teaching, night)
    return DueChoices(
        today=evening if now + SOONEST < evening else None,
        soon=school.instant(days.next_working(today), END_OF_DAY),
        next_lesson=lesson.starts_at if lesson else None,
    )


def refuse_deadline(due_at: datetime, now: datetime) -> None:
    """Refuse a deadline that is past, or further away than a year."""
    if due_at <= now:
        raise Refusal("set-task-due-past")
    if due_at > now + LONGEST:
        raise Refusal("set-task-due-far")


def taught_in(task: Task) -> Teaching:
    """See a task as what is taught there: its class, subject and group, by the one who set it."""
    return Teaching(
        0,
        task.teacher_id,
        task.school_class,
        task.subject_id,
        task.subject,
        task.group_id,
        task.group,
    )


async def give(tx: Tx, school: School, teacher: Speaker, order: Order, now: datetime) -> Given:
    """Set a task: it is announced to the students and written to the families.

    Refuses one without text and files, with an impossible deadline, or for nobody.
    """
    if not order.text and not order.files:
        raise Refusal("set-task-empty")
    refuse_deadline(order.due_at, now)
    teaching = order.teaching
    new = NewTask(
        school_id=school.id,
        teacher_id=teacher.id,
        class_id=teaching.school_class.id,
        group_id=teaching.group_id,
        subject_id=teaching.subject_id,
        text=order.text,
        set_at=now,
        due_at=order.due_at,
        channel=order.channel,
    )
    task = await _again(tx, await tasks.add(tx, new, order.files))
    addressees = await tasks.addressees(tx, task)
    if not addressees:
        raise Refusal("set-task-nobody")
    await homework.announce_task(tx, school, task, now)
    without = await letters.duplicate(tx, school, task, now)
    post = await letters.post_of(tx, school, task, now)
    return Given(task, len(addressees), post.written, tuple(without), len(post.unsent))


async def move(tx: Tx, school: School, task: Task, due_at: datetime, now: datetime) -> Moved:
    """Move a deadline: the students hear one correction, the families get a letter with it."""
    refuse_deadline(due_at, now)
    if due_at == task.due_at:
        return Moved(task, 0)
    await tasks.move_deadline(tx, task.id, due_at)
    moved = await _again(tx, task.id)
    told = await homework.announce_moved(tx, school, moved, task.due_at, now)
    await letters.duplicate(tx, school, moved, now)
    return Moved(moved, told)


async def take_back(tx: Tx, task: Task, now: datetime) -> None:
    """Take a task back. Works that came in stay, and so do their reviews."""
    if task.withdrawn_at is None:
        await tasks.withdraw(tx, task.id, now)


async def _again(tx: Tx, task_id: int) -> Task:
    task = await tasks.by_id(tx, task_id)
    if task is None:
        raise LookupError(task_id)
    return task
