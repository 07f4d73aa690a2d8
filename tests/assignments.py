"""Short ways for tests to do the teacher's part of homework: set, move, take back, answer."""

import sqlalchemy as sa

from school import answers, homework, reminders
from storage import files, outbox, reviews, schools, tasks, works
from storage.files import Blob
from storage.outbox import Message
from storage.reviews import ACCEPTED, RETURNED, Review
from storage.tables.messages import outbox as outbox_table
from storage.tables.people import classes, persons
from storage.tables.timetable import groups, subjects
from storage.tasks import Channel, NewTask, PartFile, Task
from storage.works import Work
from tests.chat import House, moscow
from tests.handlers.moments import carried_out


async def set_task(
    house: House,
    due: str,
    subject: str = "Геометрия",
    *,
    of_class: int = 7,
    text: str = "№ 214, 215: признаки равенства треугольников",
    channel: str = "bot",
    group: str = "",
    parts: tuple[PartFile, ...] = (),
    quietly: bool = True,
) -> Task:
    """Set a task by T01 to a class, named by its parallel; `quietly` leaves the news out."""
    teacher = await house.person("T01")
    now = house.clock.now()
    async with house.database.write() as tx:
        class_id = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == of_class))
        subject_id = await tx.scalar(sa.select(subjects.c.id).where(subjects.c.name == subject))
        wanted = (groups.c.class_id == class_id, groups.c.subject_id == subject_id)
        group_id = await tx.scalar(sa.select(groups.c.id).where(groups.c.name == group, *wanted))
        assert class_id
        assert subject_id
        new = NewTask(
            school_id=1,
            teacher_id=teacher.id,
            class_id=class_id,
            group_id=group_id if group else None,
            subject_id=subject_id,
            text=text,
            set_at=now,
            due_at=moscow(due),
            channel=Channel(channel),
        )
        task = await tasks.by_id(tx, await tasks.add(tx, new, parts))
        assert task is not None
        if not quietly:
            await homework.announce_task(tx, await schools.by_id(tx, 1), task, now)
    return task


async def a_file(house: House, mark: str) -> int:
    """Make a file known; nothing of it lies on the disk."""
    async with house.database.write() as tx:
        return await files.add(tx, Blob(mark * 8, len(mark), "image/jpeg"), house.clock.now())


async def move(house: House, task: Task, due: str) -> Task:
    """Move a deadline and let the students know."""
    async with house.database.write() as tx:
        old = await tasks.by_id(tx, task.id)
        assert old is not None
        await tasks.move_deadline(tx, task.id, moscow(due))
        moved = await tasks.by_id(tx, task.id)
        assert moved is not None
        school = await schools.by_id(tx, 1)
        await homework.announce_moved(tx, school, moved, old.due_at, house.clock.now())
    return moved


async def take_back(house: House, task: Task) -> None:
    """Take a task back."""
    async with house.database.write() as tx:
        await tasks.withdraw(tx, task.id, house.clock.now())


async def release(
    house: House,
    work: Work,
    *,
    mark: str = "",
    comment: str = "",
    audio: int | None = None,
    back: bool = False,
) -> Review:
    """Release a review of a work, or return the work for rework."""
    teacher, now = await house.person("T01"), house.clock.now()
    async with house.database.write() as tx:
        review = await reviews.start(tx, work.id, teacher.id, now)
        await reviews.change(
            tx,
            review.id,
            mark=mark,
            comment=comment,
            audio_file_id=audio,
            outcome=RETURNED if back else ACCEPTED,
        )
        assert await reviews.release(tx, review.id, now)
        await works.set_state(tx, work.id, works.RETURNED if back else works.REVIEWED)
        released = await reviews.by_id(tx, review.id)
        assert released is not None
        school = await schools.by_id(tx, 1)
        if back:
            await reminders.plan_for_returned(tx, school, work.student, work.task, now)
        await answers.announce_answer(tx, school, work, released, now)
    return released


async def review_again(house: House, review: Review) -> Review:
    """Read a review as it stands now."""
    async with house.database.read() as tx:
        found = await reviews.by_id(tx, review.id)
    assert found is not None
    return found


async def works_of(house: House, roster_id: str) -> list[Work]:
    """Return what a student has handed in, first to last."""
    person = await house.person(roster_id)
    async with house.database.read() as tx:
        return (await works.of_student(tx, person.id, moscow("2026-09-01")))[::-1]


async def sent_works(house: House) -> int:
    """Count all works."""
    async with house.database.read() as tx:
        return int(await tx.scalar(sa.text("SELECT count(*) FROM works")) or 0)


async def notices(house: House, kind: str, roster_id: str = "") -> list[Message]:
    """Return the notices of a kind, of one person or of all, oldest first."""
    statement = (
        sa.select(*outbox.MESSAGE).where(outbox_table.c.kind == kind).order_by(outbox_table.c.id)
    )
    if roster_id:
        whose = sa.select(persons.c.id).where(persons.c.roster_key.like(f"%:{roster_id}"))
        statement = statement.where(outbox_table.c.person_id.in_(whose))
    async with house.database.read() as tx:
        return [Message(*row) for row in await tx.execute(statement)]


async def goes_on(house: House, moment: str) -> None:
    """Go on to an instant as `House.until` does, planning nothing but reminders: much faster."""
    target = moscow(moment)
    for _ in range(50):
        await carried_out(house, reminders.near_reminders)
        async with house.database.read() as tx:
            due = await outbox.next_due(tx, house.clock.now())
        await house.settle()
        if house.clock.now() >= target:
            return
        house.clock.set(target if due is None else min(due, target))
    raise AssertionError("too many instants on the way")
