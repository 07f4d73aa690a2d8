"""Tasks: what a teacher sets, to whom, and by when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.people import CLASS, SchoolClass, Student, select_students, student_from
from storage.prepared import Prepared
from storage.tables.people import classes, persons, students
from storage.tables.timetable import group_members, groups, subjects
from storage.tables.work import files, task_files, tasks, works


class Channel(StrEnum):
    """Where the works of a task are handed in: here, on the platform, by e-mail to the teacher."""

    HERE = "bot"
    PLATFORM = "platform"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Task:
    """A task set to a class, or to one of its groups (`group_id` None: everybody).

    `revision` grows when the deadline moves.
    """

    id: int
    school_id: int
    teacher_id: int
    school_class: SchoolClass
    group_id: int | None
    group: str
    subject_id: int
    subject: str
    text: str
    set_at: datetime
    due_at: datetime
    revision: int
    channel: Channel
    withdrawn_at: datetime | None

    @property
    def is_handed_in_here(self) -> bool:
        """Whether the works come to us, so that we know who has handed in and who has not."""
        return self.channel is Channel.HERE


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task about to be set."""

    school_id: int
    teacher_id: int
    class_id: int
    group_id: int | None
    subject_id: int
    text: str
    set_at: datetime
    due_at: datetime
    channel: Channel = Channel.HERE


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file of a task or a work, in order; `kind` as in `handlers.messages.FileKind`."""

    file_id: int
    kind: str
    name: str
    size: int = 0
    sha256: str = ""


TASK: tuple[Any, ...] = (
    tasks.c.id,
    tasks.c.school_id,
    tasks.c.teacher_id,
    *CLASS,
    tasks.c.group_id,
    sa.func.coalesce(groups.c.name, ""),
    tasks.c.subject_id,
    subjects.c.name,
    tasks.c.text,
    tasks.c.set_at,
    tasks.c.due_at,
    tasks.c.revision,
    tasks.c.channel,
    tasks.c.withdrawn_at,
)


def task_from(row: Any) -> Task:
    """Read the columns of TASK."""
    cut = 3 + len(CLASS)
    *known, channel, withdrawn_at = row[cut:]
    fields = (*row[:3], SchoolClass(*row[3:cut]), *known, Channel(channel), withdrawn_at)
    return Task(*fields)


def select_tasks(*more: Any) -> sa.Select[Any]:
    """Select tasks with class, subject and group."""
    return (
        sa.select(*TASK, *more)
        .join(classes, classes.c.id == tasks.c.class_id)
        .join(subjects, subjects.c.id == tasks.c.subject_id)
        .outerjoin(groups, groups.c.id == tasks.c.group_id)
    )


def _addressed_to(student_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    in_group = sa.exists().where(
        group_members.c.group_id == tasks.c.group_id, group_members.c.student_id == student_id
    )
    in_class = sa.exists().where(
        students.c.person_id == student_id, students.c.class_id == tasks.c.class_id
    )
    return sa.and_(in_class, sa.or_(tasks.c.group_id.is_(None), in_group))


_THE_STUDENT = sa.bindparam("student", type_=sa.Integer)
_DUE_AFTER = (
    select_tasks()
    .where(
        _addressed_to(_THE_STUDENT),
        tasks.c.due_at > sa.bindparam("after"),
        tasks.c.withdrawn_at.is_(None),
    )
    .order_by(tasks.c.due_at, tasks.c.id)
)
_OF_STUDENT = Prepared(_DUE_AFTER)
_BETWEEN = Prepared(_DUE_AFTER.where(tasks.c.due_at <= sa.bindparam("before")))
_UNDONE_BY = Prepared(
    _DUE_AFTER.where(
        ~sa.exists().where(
            works.c.task_id == tasks.c.id,
            works.c.student_id == _THE_STUDENT,
            works.c.state != "returned",
        )
    )
)


async def add(tx: Tx, task: NewTask, parts: Sequence[PartFile]) -> int:
    """Set a task with its files and return its id."""
    values = {name: getattr(task, name) for name in NewTask.__slots__}
    result = await tx.execute(sa.insert(tasks).values(**values, revision=1).returning(tasks.c.id))
    task_id = int(result.scalar_one())
    for position, part in enumerate(parts):
        await tx.execute(
            sa.insert(task_files).values(
                task_id=task_id,
                position=position,
                file_id=part.file_id,
                kind=part.kind,
                name=part.name,
            )
        )
    return task_id


async def by_id(tx: Tx, task_id: int) -> Task | None:
    """Return a task, withdrawn ones included."""
    row = (await tx.execute(select_tasks().where(tasks.c.id == task_id))).one_or_none()
    return None if row is None else task_from(row)


async def files_of(tx: Tx, task_id: int) -> list[PartFile]:
    """Return a task's files in order."""
    rows = await tx.execute(
        sa.select(
            task_files.c.file_id, task_files.c.kind, task_files.c.name, files.c.size, files.c.sha256
        )
        .join(files, files.c.id == task_files.c.file_id)
        .where(task_files.c.task_id == task_id)
        .order_by(task_files.c.position)
    )
    return [PartFile(*row) for row in rows]


async def move_deadline(tx: Tx, task_id: int, due_at: datetime) -> None:
    """Move a deadline; the revision grows, so that each move is announced once."""
    await tx.execute(
        sa.update(tasks)
        .where(tasks.c.id == task_id)
        .values(due_at=due_at, revision=tasks.c.revision + 1)
    )


async def withdraw(tx: Tx, task_id: int, now: datetime) -> None:
    """Take a task back."""
    await tx.execute(sa.update(tasks).where(tasks.c.id == task_id).values(withdrawn_at=now))


async def of_student(
    tx: Tx, student: Student, due_after: datetime, due_before: datetime | None = None
) -> list[Task]:
    """Return the tasks addressed to a student whose deadline lies in the span, by deadline."""
    if due_before is None:
        rows = await _OF_STUDENT.rows(tx, student=student.id, after=due_after)
    else:
        rows = await _BETWEEN.rows(tx, student=student.id, after=due_after, before=due_before)
    return [task_from(row) for row in rows]


async def undone_by(tx: Tx, student: Student, due_after: datetime) -> list[Task]:
    """Return the student's tasks with a later deadline than `due_after` and no work handed in.

    A work returned for rework does not count as handed in.
    """
    rows = await _UNDONE_BY.rows(tx, student=student.id, after=due_after)
    return [task_from(row) for row in rows]


async def for_student(tx: Tx, student: Student, task_id: int) -> Task | None:
    """Return a task if it is addressed to the student and was not taken back."""
    row = (
        await tx.execute(
            select_tasks().where(
                tasks.c.id == task_id, _addressed_to(student.id), tasks.c.withdrawn_at.is_(None)
            )
        )
    ).one_or_none()
    return None if row is None else task_from(row)


async def of_teacher(tx: Tx, teacher_id: int, limit: int = 30) -> list[Task]:
    """Return the tasks a teacher has set, the latest deadline first."""
    rows = await tx.execute(
        select_tasks()
        .where(tasks.c.teacher_id == teacher_id, tasks.c.withdrawn_at.is_(None))
        .order_by(tasks.c.due_at.desc(), tasks.c.id.desc())
        .limit(limit)
    )
    return [task_from(row) for row in rows]


async def due_between(
    tx: Tx, class_ids: Collection[int], after: datetime, until: datetime
) -> list[Task]:
    """Return the tasks of some classes whose deadline lies after `after` and not after `until`."""
    rows = await tx.execute(
        select_tasks()
        .where(
            tasks.c.class_id.in_(class_ids),
            tasks.c.due_at > after,
            tasks.c.due_at <= until,
            tasks.c.withdrawn_at.is_(None),
        )
        .order_by(tasks.c.due_at, tasks.c.id)
    )
    return [task_from(row) for row in rows]


async def addressees(tx: Tx, task: Task) -> list[Student]:
    """Return the students a task is set to."""
    statement = select_students().where(classes.c.id == task.school_class.id)
    if task.group_id is not None:
        statement = statement.join(group_members, group_members.c.student_id == persons.c.id).where(
            group_members.c.group_id == task.group_id
        )
    return [student_from(row) for row in await tx.execute(statement)]
