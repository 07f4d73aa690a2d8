"""Plants the people of the planted school: who they are, and the chats they are bound in."""

import sqlalchemy as sa

from storage import accounts, people
from storage.accounts import Account
from storage.database import Tx
from storage.tables.people import guardianships, persons, roles
from storage.tables.timetable import teachings
from storage.timetable import Teaching
from tests.handlers.planted import BEFORE, ROSTER, TODAY, Actor


async def actors_of_roster(tx: Tx) -> dict[str, Actor]:
    """Bind some people of the sample school; the stranger is bound nowhere."""
    found = {"stranger": Actor("stranger", 0, "telegram", "stranger")}
    for name, roster_id in ROSTER.items():
        person_id = await tx.scalar(
            sa.select(persons.c.id).where(persons.c.roster_key.like(f"%:{roster_id}"))
        )
        assert person_id is not None
        found[name] = await bound(tx, name, person_id, f"{roster_id}-telegram")
    student = found["student"].person_id
    found["student on vk"] = await bound(tx, "student on vk", student, "S701-vk", "vk")
    return found


async def bound(tx: Tx, name: str, person_id: int, user: str, messenger: str = "telegram") -> Actor:
    """Give somebody a chat."""
    person = await people.person(tx, person_id)
    assert person is not None
    account = Account(0, person.school_id, person_id, messenger, user, user)
    await accounts.bind(tx, account, BEFORE)
    return Actor(name, person_id, messenger, user)


async def add_person(tx: Tx, school_id: int, surname: str, name: str, role: str = "") -> int:
    """Add somebody to a school; students have an e-mail address."""
    row = await tx.execute(
        sa.insert(persons)
        .values(
            school_id=school_id,
            roster_key=f"planted:{surname}{name}",
            surname=surname,
            given_name=name,
            patronymic="",
            email="dalneva@semya.example" if role == "student" else "",
            phone="",
        )
        .returning(persons.c.id)
    )
    person_id = int(row.scalar_one())
    if role:
        await tx.execute(sa.insert(roles).values(person_id=person_id, role=role))
    return person_id


async def add_leavers(tx: Tx, actors: dict[str, Actor], course: Teaching) -> None:
    """Add those who would have every right, had they not left."""
    school_id = course.school_class.school_id
    teacher = await add_person(tx, school_id, "Ушедшая", "Тамара", "teacher")
    guardian = await add_person(tx, school_id, "Ушедший", "Пётр", "guardian")
    await add_teaching(tx, teacher, course)
    await make_guardian(tx, guardian, actors["student"].person_id)
    for name, person_id in (("left teacher", teacher), ("left guardian", guardian)):
        actors[name] = await bound(tx, name, person_id, f"{name}-telegram")
        await tx.execute(sa.update(persons).where(persons.c.id == person_id).values(left_on=TODAY))


async def add_teaching(tx: Tx, teacher_id: int, course: Teaching) -> None:
    """Let somebody teach what another teaches."""
    await tx.execute(
        sa.insert(teachings).values(
            teacher_id=teacher_id,
            class_id=course.school_class.id,
            subject_id=course.subject_id,
            group_id=course.group_id,
        )
    )


async def make_guardian(tx: Tx, guardian: int, student: int) -> None:
    """Make somebody a student's guardian."""
    await tx.execute(
        sa.insert(guardianships).values(
            guardian_id=guardian, student_id=student, relation="", is_legal=True
        )
    )
