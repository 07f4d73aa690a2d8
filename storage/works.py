"""Works: what students hand in. Attempts are numbered, and a later one never touches an earlier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.people import STUDENT, Student, student_from
from storage.prepared import Prepared
from storage.tables.people import classes, persons, students
from storage.tables.timetable import groups, subjects, teachings
from storage.tables.work import files, tasks, work_numbers, work_parts, works
from storage.tasks import TASK, Task, task_from

SENT, REVIEWED, RETURNED = "sent", "reviewed", "returned"


@dataclass(frozen=True, slots=True)
class Work:
    """A work with its task and student.

    `state` is sent, reviewed or returned; `number` is «7Б-0412»; `sent_at` is when the person
    sent it, `received_at` when the server had it; `review_due_on` and `answer_on` are school days.
    """

    id: int
    author_id: int
    attempt: int
    number: str
    state: str
    sent_at: datetime
    received_at: datetime
    is_late: bool
    review_due_on: date
    answer_on: date
    task: Task
    student: Student


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work about to be taken in."""

    school_id: int
    task_id: int
    student_id: int
    author_id: int
    sent_at: datetime
    received_at: datetime
    is_late: bool
    review_due_on: date
    answer_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a draft or a work, in the order in which it came: text or a file.

    `source` names the inbox event it came with; `file_id` is None for a text.
    """

    kind: str
    text: str = ""
    file_id: int | None = None
    name: str = ""
    source: str = ""
    size: int = 0
    sha256: str = ""


WORK: tuple[Any, ...] = (
    works.c.id,
    works.c.author_id,
    works.c.attempt,
    works.c.number,
    works.c.state,
    works.c.sent_at,
    works.c.received_at,
    works.c.is_late,
    works.c.review_due_on,
    works.c.answer_on,
)
# A student may have changed the class since: the task keeps its own.
_own_class = classes.alias("own_class")
_STUDENT: tuple[Any, ...] = tuple(
    _own_class.c[column.name] if column.table is classes else column for column in STUDENT
)


def select_works() -> sa.Select[Any]:
    """Select works with task, class, subject, group and student."""
    return (
        sa.select(*WORK, *TASK, *_STUDENT)
        .select_from(works)
        .join(tasks, tasks.c.id == works.c.task_id)
        .join(classes, classes.c.id == tasks.c.class_id)
        .join(subjects, subjects.c.id == tasks.c.subject_id)
        .outerjoin(groups, groups.c.id == tasks.c.group_id)
        .join(persons, persons.c.id == works.c.student_id)
        .join(students, students.c.person_id == persons.c.id)
        .join(_own_class, _own_class.c.id == students.c.class_id)
    )


_OF_STUDENT = Prepared(
    select_works()
    .where(works.c.student_id == sa.bindparam("student"), works.c.sent_at > sa.bindparam("after"))
    .order_by(works.c.id.desc())
)


def work_from(row: Any) -> Work:
    """Read a row of `select_works`."""
    first, second = len(WORK), len(WORK) + len(TASK)
    fields = (*row[:first], task_from(row[first:second]), student_from(row[second:]))
    return Work(*fields)


async def add(tx: Tx, work: NewWork, class_id: int, class_name: str, parts: Sequence[Part]) -> int:
    """Take a work in, number it within its class and return its id."""
    attempt = 1 + int(
        await tx.scalar(
            sa.select(sa.func.coalesce(sa.func.max(works.c.attempt), 0)).where(
                works.c.task_id == work.task_id, works.c.student_id == work.student_id
            )
        )
        or 0
    )
    number = await _next_number(tx, class_id)
    values = {name: getattr(work, name) for name in NewWork.__slots__}
    result = await tx.execute(
        sa.insert(works)
        .values(**values, attempt=attempt, number=f"{class_name}-{number:04}", state=SENT)
        .returning(works.c.id)
    )
    work_id = int(result.scalar_one())
    await add_parts(tx, work_id, parts)
    return work_id


async def add_parts(tx: Tx, work_id: int, parts: Sequence[Part]) -> None:
    """Append pieces to a work."""
    last = await tx.scalar(
        sa.select(sa.func.max(work_parts.c.position)).where(work_parts.c.work_id == work_id)
    )
    first = 0 if last is None else int(last) + 1
    for position, part in enumerate(parts, start=first):
        await tx.execute(
            sa.insert(work_parts).values(
                work_id=work_id,
                position=position,
                kind=part.kind,
                text=part.text,
                file_id=part.file_id,
                name=part.name,
                source=part.source,
            )
        )


async def _next_number(tx: Tx, class_id: int) -> int:
    changed = await tx.scalar(
        sa.update(work_numbers)
        .where(work_numbers.c.class_id == class_id)
        .values(last=work_numbers.c.last + 1)
        .returning(work_numbers.c.last)
    )
    if changed is None:
        await tx.execute(sa.insert(work_numbers).values(class_id=class_id, last=1))
        return 1
    return int(changed)


async def by_id(tx: Tx, work_id: int) -> Work | None:
    """Return a work."""
    row = (await tx.execute(select_works().where(works.c.id == work_id))).one_or_none()
    return None if row is None else work_from(row)


async def parts_of(tx: Tx, work_id: int) -> list[Part]:
    """Return a work's pieces in order."""
    rows = await tx.execute(
        sa.select(
            work_parts.c.kind,
            work_parts.c.text,
            work_parts.c.file_id,
            work_parts.c.name,
            work_parts.c.source,
            sa.func.coalesce(files.c.size, 0),
            sa.func.coalesce(files.c.sha256, ""),
        )
        .outerjoin(files, files.c.id == work_parts.c.file_id)
        .where(work_parts.c.work_id == work_id)
        .order_by(work_parts.c.position)
    )
    return [Part(*row) for row in rows]


async def attempts(tx: Tx, task_id: int, student_id: int) -> list[Work]:
    """Return a student's attempts at a task, first to last."""
    rows = await tx.execute(
        select_works()
        .where(works.c.task_id == task_id, works.c.student_id == student_id)
        .order_by(works.c.attempt)
    )
    return [work_from(row) for row in rows]


async def latest_of(tx: Tx, task_id: int) -> dict[int, Work]:
    """Return the newest work of each student at a task, by student."""
    rows = await tx.execute(
        select_works().where(works.c.task_id == task_id).order_by(works.c.attempt)
    )
    return {work.student.id: work for work in map(work_from, rows)}


async def latest_at(tx: Tx, student_id: int, task_ids: Sequence[int]) -> dict[int, Work]:
    """Return a student's newest work at each of these tasks, by task."""
    rows = await tx.execute(
        select_works()
        .where(works.c.student_id == student_id, works.c.task_id.in_(task_ids))
        .order_by(works.c.attempt)
    )
    return {work.task.id: work for work in map(work_from, rows)}


async def newest_by(tx: Tx, author_id: int) -> Work | None:
    """Return what a person has handed in last, for oneself or for a child."""
    row = (
        await tx.execute(
            select_works()
            .where(works.c.author_id == author_id)
            .order_by(works.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else work_from(row)


async def of_student(tx: Tx, student_id: int, sent_after: datetime) -> list[Work]:
    """Return what a student handed in after an instant, newest first."""
    rows = await _OF_STUDENT.rows(tx, student=student_id, after=sent_after)
    return [work_from(row) for row in rows]


async def waiting_for(tx: Tx, teacher_id: int) -> list[Work]:
    """Return the works a teacher has to review: own tasks, and those of what the teacher teaches.

    The one that falls due first comes first; of equals, the one received first.
    """
    rows = await tx.execute(
        select_works()
        .where(works.c.state == SENT, _reviewed_by(teacher_id))
        .order_by(works.c.review_due_on, works.c.id)
    )
    return [work_from(row) for row in rows]


async def received_for(tx: Tx, teacher_id: int, since: datetime) -> int:
    """Count the works that came in for a teacher from an instant on, reviewed or not."""
    statement = (
        sa.select(sa.func.count())
        .select_from(works)
        .join(tasks, tasks.c.id == works.c.task_id)
        .where(
            works.c.received_at >= since,
            # Nothing falls due before it came: the index of this column keeps the count short.
            works.c.review_due_on >= since.date(),
            _reviewed_by(teacher_id),
        )
    )
    return int(await tx.scalar(statement) or 0)


def _reviewed_by(teacher_id: int) -> sa.ColumnElement[bool]:
    taught = sa.exists().where(
        teachings.c.teacher_id == teacher_id,
        teachings.c.class_id == tasks.c.class_id,
        teachings.c.subject_id == tasks.c.subject_id,
        sa.or_(teachings.c.group_id.is_(None), teachings.c.group_id == tasks.c.group_id),
    )
    return sa.or_(tasks.c.teacher_id == teacher_id, taught)


async def waiting_in_school(tx: Tx, school_id: int, due_until: date) -> list[Work]:
    """Return a school's unreviewed works that fall due on a date or earlier."""
    rows = await tx.execute(
        select_works()
        .where(
            works.c.school_id == school_id,
            works.c.state == SENT,
            works.c.review_due_on <= due_until,
        )
        .order_by(tasks.c.teacher_id, works.c.review_due_on, works.c.id)
    )
    return [work_from(row) for row in rows]


async def set_state(tx: Tx, work_id: int, state: str) -> None:
    """Change what has become of a work."""
    await tx.execute(sa.update(works).where(works.c.id == work_id).values(state=state))
