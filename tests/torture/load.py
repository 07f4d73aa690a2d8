"""The load: a school's students and teachers on both messengers, all at work at once."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

import sqlalchemy as sa

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox
from school import setting, speakers
from school.setting import Order
from school.speakers import Speaker
from storage import accounts, tasks, timetable
from storage.accounts import Account
from storage.database import Database, Tx
from storage.tables.people import classes, persons
from storage.tables.people import students as students_table
from storage.tasks import Channel, NewTask
from storage.timetable import Teaching
from tests.bot.phones import SandboxPhone
from tests.school_template import MOSCOW
from tests.torture.ledger import Ledger
from tests.torture.people import Pace, Person
from tests.torture.students import Student
from tests.torture.teachers import Teacher

AFTERNOON = datetime(2026, 11, 23, 16, 0, tzinfo=MOSCOW)
"""After the lessons of the first distance day: news are told at once."""
COURSES = (
    ("5А", "Математика", "Гаврилов"),
    ("5А", "Русский язык", "Фёдорова"),
    ("7Б", "Геометрия", "Кузнецова"),
    ("7Б", "Физика", "Тимофеев"),
    ("9А", "История", "Журавлёв"),
    ("11А", "География", "Орлова"),
)
REMOTE = {"5А", "7Б", "11А"}
TASKS = 3
"""Of each course; the first of them is announced to its class."""


@dataclass
class Crowd:
    """The people of one school, and what they did."""

    ledger: Ledger
    people: list[Person] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    """What was set before anybody came."""

    async def work_until(self, enough: asyncio.Event) -> None:
        """Let everybody work until it is enough, and finish what they began."""
        async with asyncio.TaskGroup() as group:
            for teacher in self.teachers:
                group.create_task(teacher.teach_until(enough))
            for student in self.students:
                group.create_task(student.learn_until(enough))

    async def work_for(self, seconds: float) -> None:
        """Let everybody work for so many real seconds, and finish what they began."""
        enough = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, enough.set)
        await self.work_until(enough)

    @property
    def students(self) -> Sequence[Student]:
        return [person for person in self.people if isinstance(person, Student)]

    @property
    def teachers(self) -> Sequence[Teacher]:
        return [person for person in self.people if isinstance(person, Teacher)]

    def of(self, messenger: Messenger) -> Sequence[Person]:
        """Those on one messenger."""
        return [person for person in self.people if person.phone.messenger == messenger]


async def crowd_of(
    sandbox: Sandbox, database: Database, rate: float, seed: int, most: int = 1000
) -> Crowd:
    """Bind students (`most` of each class) and their teachers, every other one on VK; set tasks."""
    chance, crowd = random.Random(seed), Crowd(Ledger())
    messengers, pace = cycle(Messenger), Pace(rate)

    async def bind(tx: Tx, key: str, kind: type[Person]) -> Person:
        messenger = next(messengers)
        phone = SandboxPhone(sandbox, messenger, key)
        phone.chat.started = True
        who = await speaker(tx, key)
        chat = str(phone.id)
        account = Account(0, who.school.id, who.person.id, messenger.value, chat, chat)
        await accounts.bind(tx, account, AFTERNOON)
        made = kind(key, phone, random.Random(chance.random()), crowd.ledger, pace)
        crowd.people.append(made)
        return made

    async with database.write() as tx:
        for name in dict.fromkeys(course[0] for course in COURSES):
            for key in (await _students(tx, name))[:most]:
                student = await bind(tx, key, Student)
                assert isinstance(student, Student)
                student.walks = name in REMOTE
        for name, subject, surname in COURSES:
            teacher = await bind(tx, await _teacher(tx, surname), Teacher)
            assert isinstance(teacher, Teacher)
            teacher.course = f"{name}, {subject[:1].lower()}{subject[1:]}"
    async with database.write() as tx:
        for name, subject, surname in COURSES:
            teacher_there = await speaker(tx, await _teacher(tx, surname))
            crowd.tasks += await _set_tasks(tx, teacher_there, name, subject)
    return crowd


async def speaker(tx: Tx, key: str) -> Speaker:
    """Give somebody of the roster."""
    found = sa.select(persons.c.id).where(persons.c.roster_key == key)
    loaded = await speakers.load(tx, int(await tx.scalar(found) or 0), AFTERNOON)
    assert loaded is not None
    return loaded


async def _students(tx: Tx, class_name: str) -> list[str]:
    parallel, letter = int(class_name[:-1]), class_name[-1]
    wanted = (
        sa.select(persons.c.roster_key)
        .join(students_table, students_table.c.person_id == persons.c.id)
        .join(classes, classes.c.id == students_table.c.class_id)
        .where(classes.c.parallel == parallel, classes.c.letter == letter)
        .order_by(persons.c.id)
    )
    return [row[0] for row in await tx.execute(wanted)]


async def _teacher(tx: Tx, surname: str) -> str:
    wanted = sa.select(persons.c.roster_key).where(
        persons.c.surname == surname, persons.c.roster_key.like("teachers:%")
    )
    return str((await tx.execute(wanted)).scalar_one())


async def _set_tasks(tx: Tx, teacher: Speaker, class_name: str, subject: str) -> list[str]:
    courses = await timetable.teachings_of(tx, teacher.id)
    course = next(
        one for one in courses if (one.school_class.name, one.subject) == (class_name, subject)
    )
    for number in range(TASKS):
        due_at = AFTERNOON + timedelta(days=1 + number, minutes=number)
        order = Order(course, f"Задача {number}", (), due_at, Channel.HERE)
        if number:
            await tasks.add(tx, _unannounced(order, course, teacher), [])
        else:
            await setting.give(tx, teacher.school, teacher, order, AFTERNOON)
    return [f"Задача {number}" for number in range(TASKS)]


def _unannounced(order: Order, course: Teaching, teacher: Speaker) -> NewTask:
    return NewTask(
        school_id=teacher.school.id,
        teacher_id=teacher.id,
        class_id=course.school_class.id,
        group_id=None,
        subject_id=course.subject_id,
        text=order.text,
        set_at=AFTERNOON,
        due_at=order.due_at,
    )
