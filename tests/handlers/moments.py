"""The moments of a school day, let come one by one, and what tests put into them."""

from datetime import date

import sqlalchemy as sa

from scheduler.plan import Planner, carry_out
from school import mornings
from storage import letters, schools, tasks
from storage.outbox import NewMessage
from storage.tables.messages import outbox as outbox_table
from storage.tables.people import classes
from storage.tables.timetable import subjects
from storage.tables.work import day_steps
from storage.tasks import NewTask
from tests.chat import Chat, House, moscow

MONDAY = date(2026, 11, 23)


async def planned(house: House, planner: Planner, moment: str) -> None:
    """Let one moment of the day come."""
    house.clock.set(moscow(moment))
    await carried_out(house, planner)
    await house.settle()


async def carried_out(house: House, planner: Planner) -> None:
    """Plan what a planner says now, and deliver nothing yet."""
    async with house.database.read() as tx:
        every = await schools.every(tx)
    for school in every:
        await carry_out(house.database, school, planner, house.clock.now())


async def morning(house: House, day: str = "2026-11-23") -> None:
    await planned(house, mornings.morning_cards, f"{day} 07:30")


async def afternoon(house: House, day: str = "2026-11-23") -> None:
    await planned(house, mornings.mail_reminders, f"{day} 15:00")


async def set_task(house: House, subject: str, due: str, class_id: int = 0) -> int:
    """Set a task to 7Б, or to another class."""
    teacher = await house.person("T01")
    async with house.database.write() as tx:
        if not class_id:
            class_id = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == 7)) or 0
        subject_id = await tx.scalar(sa.select(subjects.c.id).where(subjects.c.name == subject))
        assert subject_id is not None
        now = house.clock.now()
        new = NewTask(1, teacher.id, class_id, None, subject_id, "№ 12", now, moscow(due))
        return await tasks.add(tx, new, [])


async def mail(house: House, roster_id: str, address: str, task_id: int, state: str) -> None:
    """Put a letter of today about a task in the outbox, with what became of it."""
    person = await house.person(roster_id)
    key = f"letter|{task_id}|{address}"
    async with house.database.write() as tx:
        now = house.clock.now()
        letter = NewMessage(
            key, "task-letter", "mail", address, {}, now, school_id=1, object=f"task:{task_id}:1"
        )
        await letters.write(tx, letter, [person.id], MONDAY, now)
        await tx.execute(
            sa.update(outbox_table).where(outbox_table.c.key == key).values(state=state)
        )


async def ticks(house: House) -> list[tuple[str, int]]:
    async with house.database.read() as tx:
        rows = await tx.execute(
            sa.select(day_steps.c.step, day_steps.c.done_by).order_by(day_steps.c.step)
        )
        return [(row[0], row[1]) for row in rows]


async def clicks(chat: Chat, at: str, label: str) -> None:
    chat.house.clock.set(moscow(at))
    await chat.presses(label)
