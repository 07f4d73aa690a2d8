"""A student's homework: the tasks, what has become of each, and news about them (П1-1.4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from school import reminders
from school.hearing import Hearing, hearers_of, hearing_on
from school.notices import Notice, announce
from school.refusals import NotYours, Refusal
from school.rules import modes
from school.study_modes import modes_around, modes_of
from storage import outbox, tasks, works
from storage.database import Tx
from storage.people import Student
from storage.schools import School
from storage.tasks import Task
from storage.works import Work

SET, MOVED = "task-set", "task-moved"
SHOWN_OPEN = timedelta(days=30)
SHOWN_DONE = timedelta(days=7)


class TaskState(StrEnum):
    """What has become of a task for one student."""

    TODO = "todo"
    OVERDUE = "overdue"
    RETURNED = "returned"
    ELSEWHERE = "elsewhere"
    SENT = "sent"
    REVIEWED = "reviewed"


OPEN = frozenset({TaskState.TODO, TaskState.OVERDUE, TaskState.RETURNED, TaskState.ELSEWHERE})
_OF_WORK = {
    works.SENT: TaskState.SENT,
    works.REVIEWED: TaskState.REVIEWED,
    works.RETURNED: TaskState.RETURNED,
}


@dataclass(frozen=True, slots=True)
class Homework:
    """A task, its state for one student, and the newest work if there is one."""

    student: Student
    task: Task
    state: TaskState
    work: Work | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN


async def of_student(tx: Tx, school: School, student: Student, now: datetime) -> list[Homework]:
    """Return a student's homework: what is ahead by deadline, what is overdue, what is in.

    The overdue and what is in come newest first. What was due more than 30 days ago is left out,
    what is in after 7 days; so is a past task of another channel, because nobody here knows if it
    was handed in.
    """
    found = await tasks.of_student(tx, student, now - SHOWN_OPEN)
    every = await _judged(tx, school, student, found, now)
    ahead = [one for one in every if one.is_open and one.task.due_at > now]
    past = [one for one in every if one.is_open and one.task.due_at <= now]
    overdue = [one for one in past if one.task.is_handed_in_here]
    done = [one for one in every if not one.is_open and one.task.due_at > now - SHOWN_DONE]
    return ahead + overdue[::-1] + done[::-1]


async def one(tx: Tx, school: School, student: Student, task: Task, now: datetime) -> Homework:
    """Return what has become of one task."""
    return (await _judged(tx, school, student, [task], now))[0]


async def may_be_meant(
    tx: Tx, school: School, students: Sequence[Student], now: datetime
) -> list[Homework]:
    """Return the tasks that a file just sent may be for, the likeliest first.

    What is ahead by deadline, then the overdue, then what is in already, both newest first.
    """
    every = [
        one
        for student in students
        for one in await of_student(tx, school, student, now)
        if one.task.is_handed_in_here
    ]

    def likelihood(one: Homework) -> tuple[int, float]:
        due = one.task.due_at.timestamp()
        if one.is_open:
            return (0, due) if one.task.due_at > now else (1, -due)
        return 2, -due

    return sorted(every, key=likelihood)


async def task_for(tx: Tx, student: Student, task_id: int) -> Task:
    """Return a task that is set to a student.

    Raises Refusal("tasks-withdrawn") for one that the teacher has taken back, NotYours for others'.
    """
    task = await tasks.for_student(tx, student, task_id)
    if task is not None:
        return task
    gone = await tasks.by_id(tx, task_id)
    if gone is not None and gone.withdrawn_at is not None and await _was_for(tx, student, gone):
        raise Refusal("tasks-withdrawn", subject=gone.subject)
    raise NotYours


async def announce_task(tx: Tx, school: School, task: Task, now: datetime) -> int:
    """Tell the students about a new task, not at night and not in lessons; returns how many hear.

    Only those whose study mode asks for it hear, in grades 1–4 their guardians.
    """
    heard = 0
    for student, hearing in await _hearers(tx, school, task, now):
        for hearer in await hearers_of(tx, student):
            notice = Notice(
                SET,
                f"task:{task.id}:{student.id}",
                {"student": student.id},
                hearing.news(student, hearer, now, task.due_at),
                task.due_at,
            )
            heard += await announce(tx, school, hearer, notice, now)
    await reminders.plan_for(tx, school, [task], now)
    return heard


async def announce_moved(
    tx: Tx, school: School, task: Task, old_due: datetime, now: datetime
) -> int:
    """Tell the students once of a revision that the deadline has moved.

    `task` is as it is now. Whoever has handed in already hears nothing, and neither does one who
    is still to hear of the task at all. A correction not heard yet gives way to the newer one;
    where that only brings back the deadline they know, nothing is said. Each hearer is judged
    alone: one guardian may have heard what waits for the other. What a chat bound later would
    bring back is still to be heard too. Returns for how many students a chat will tell the new
    deadline.
    """
    heard = 0
    latest = await works.latest_of(tx, task.id)
    for student, hearing in await _hearers(tx, school, task, now):
        work = latest.get(student.id)
        if work is not None and work.state != works.RETURNED:
            continue
        first = await outbox.ahead(tx, SET, f"task:{task.id}:{student.id}", now)
        known = await _unheard(tx, task, student, now)
        about = f"task:{task.id}:{task.revision}:{student.id}"
        for hearer in await hearers_of(tx, student):
            was = known.get(hearer.id, old_due)
            if was == task.due_at or any(row.person_id == hearer.id for row in first):
                continue
            notice = Notice(
                MOVED,
                about,
                {"student": student.id, "revision": task.revision, "was": was.isoformat()},
                hearing.news(student, hearer, now, min(was, task.due_at)),
                max(was, task.due_at),
            )
            await announce(tx, school, hearer, notice, now)
        heard += _have_a_chat(first + await outbox.ahead(tx, MOVED, about, now))
    await reminders.plan_for(tx, school, [task], now)
    return heard


async def _hearers(
    tx: Tx, school: School, task: Task, now: datetime
) -> list[tuple[Student, Hearing]]:
    """Pair the students whose mode asks for news of this task with what keeps it from them."""
    addressees = await tasks.addressees(tx, task)
    today = school.date_of(now)
    hearing = await hearing_on(tx, school, addressees, today)
    of_school = await modes_of(tx, school)
    return [
        (student, hearing)
        for student in addressees
        if reminders.asks(of_school, student, task, school, today)
    ]


async def _unheard(tx: Tx, task: Task, student: Student, now: datetime) -> dict[int, datetime]:
    """Drop the corrections still ahead, with a chat or without.

    Returns which deadline each person knows of who was to hear one of them.
    """
    known: dict[int, datetime] = {}
    for revision in range(task.revision - 1, 1, -1):
        about = f"task:{task.id}:{revision}:{student.id}"
        rows = await outbox.ahead(tx, MOVED, about, now)
        if not rows:
            break
        known |= {row.person_id: datetime.fromisoformat(row.payload["was"]) for row in rows}
        await outbox.drop_planned(tx, MOVED, about, "the deadline has moved again", now=now)
    return known


def _have_a_chat(ahead: Sequence[outbox.Message]) -> bool:
    return any(row.state == outbox.PLANNED for row in ahead)


async def _judged(
    tx: Tx, school: School, student: Student, found: Sequence[Task], now: datetime
) -> list[Homework]:
    latest = await works.latest_at(tx, student.id, [task.id for task in found])
    around = await modes_around(tx, student)
    judged = []
    for task in found:
        work = latest.get(task.id)
        if work is not None:
            state = _OF_WORK[work.state]
        elif not task.is_handed_in_here:
            state = TaskState.ELSEWHERE
        else:
            due_on = school.date_of(task.due_at)
            mode = around.of(student, due_on, task.subject)
            is_over = task.due_at < now and modes.counts_overdue(mode)
            state = TaskState.OVERDUE if is_over else TaskState.TODO
        judged.append(Homework(student, task, state, work))
    return judged


async def _was_for(tx: Tx, student: Student, task: Task) -> bool:
    standing = replace(task, withdrawn_at=None)
    return any(one.id == student.id for one in await tasks.addressees(tx, standing))
