"""Whose a row is and whom somebody may know, read from the tables alone.

Written apart from the rules of the house, so that a mistake there is not made here again.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from storage import people
from storage.database import Database
from storage.tables.people import guardianships, persons, roles, students
from storage.tables.timetable import group_members, teachings
from tests.handlers.crowd import Rows, as_named, changed, named
from tests.handlers.hearers import misdirected
from tests.handlers.planted import SECRETS, Actor

PERSONS = (
    "actor_id",
    "author_id",
    "done_by",
    "guardian_id",
    "opened_by",
    "person_id",
    "reviewer_id",
    "student_id",
    "teacher_id",
)
PARENTS = {
    "draft_parts": ("drafts", "draft_id"),
    "reviews": ("works", "work_id"),
    "task_files": ("tasks", "task_id"),
    "work_parts": ("works", "work_id"),
}
_WRITTEN = ("id", "outcome", "mark", "comment", "released_at", "reviewer_id")
OF_A_CLASS = {"work_numbers"}
TOLD_TO_OTHERS = {"outbox", "letters"}
"""What is planned for others to hear: `hearers.misdirected` says whether it is their business."""


async def circle_of(database: Database, actor: Actor) -> frozenset[int]:
    """Return those whose rows somebody may touch: oneself, one's children, whom one teaches."""
    me = actor.person_id
    taught = sa.select(teachings.c.class_id, teachings.c.group_id).where(
        teachings.c.teacher_id == me
    )
    async with database.read() as tx:
        found = {me, *await tx.scalars(_children(me))}
        for class_id, group_id in (await tx.execute(taught)).all():
            members = sa.select(students.c.person_id).where(students.c.class_id == class_id)
            if group_id is not None:
                members = sa.select(group_members.c.student_id).where(
                    group_members.c.group_id == group_id
                )
            found |= set(await tx.scalars(members))
    return frozenset(found)


def _children(guardian_id: int) -> sa.Select[tuple[int]]:
    return sa.select(guardianships.c.student_id).where(guardianships.c.guardian_id == guardian_id)


async def unspeakable_to(database: Database, actor: Actor) -> set[str]:
    """Return the names, addresses and words that must never stand in an answer to somebody.

    To families the staff of their school is no secret; to nobody (an outsider) everybody is. What
    staff may know of students is told by the secrets alone.
    """
    secrets = {secret for secret, may in SECRETS.items() if actor.name not in may}
    async with database.read() as tx:
        rows = await tx.execute(sa.select(*people.PERSON))
        everybody = [people.Person(*row) for row in rows]
        held = (await tx.execute(sa.select(roles.c.person_id, roles.c.role))).all()
        staff = {person_id for person_id, role in held if role in people.STAFF}
        family = {actor.person_id, *await tx.scalars(_children(actor.person_id))}
        mine = sa.select(persons.c.school_id).where(persons.c.id == actor.person_id)
        school_id = await tx.scalar(mine)
    is_outside = actor.name == "stranger" or actor.name.startswith("left")
    if is_outside:
        school_id, family, staff = -1, set(), set()
    if actor.person_id in staff:
        strange = [one for one in everybody if one.school_id != school_id]
    else:
        known = {one.id for one in everybody if one.id in family}
        known |= {one.id for one in everybody if one.id in staff and one.school_id == school_id}
        strange = [one for one in everybody if one.id not in known]
    own = {name for one in everybody if one not in strange for name in _names(one)}
    return secrets | ({name for one in strange for name in _names(one)} - own)


def _names(person: people.Person) -> list[str]:
    return [name for name in (person.short_name, person.full_name, person.email) if name]


def trespasses(
    actor: Actor, circle: Iterable[int], school_id: int, before: Rows, after: Rows
) -> list[str]:
    """Return every row that changed and is somebody else's, and every notice that goes astray.

    A family opens what a teacher has written, so there the reviewer is not asked about.
    """
    allowed, known = set(circle), _known(before, after)
    if not _is_staff(actor, before):
        allowed |= {row["reviewer_id"] for row in known["reviews"].values()}
    classes = {row["id"]: row["school_id"] for row in named("classes", before)}
    wrong = [f"{actor.name}: {one}" for one in misdirected(before, after, set(circle))]
    for table, rows in changed(before, after).items():
        for row in (as_named(table, one) for one in rows):
            whole = known[PARENTS[table][0]][row[PARENTS[table][1]]] if table in PARENTS else row
            touched = {value for one in (row, whole) for value in _people_in(one, table)}
            where = {one["school_id"] for one in (row, whole) if one.get("school_id")}
            if table in OF_A_CLASS:
                where = {classes[row["class_id"]]}
            is_own_chat = row.get("chat_ref", actor.user) == actor.user
            is_own_try = row.get("user_ref", actor.user) == actor.user
            if touched - allowed or where - {school_id} or not (is_own_chat and is_own_try):
                wrong.append(f"{actor.name} changed {table}: {row}")
    return wrong


def handed_out(rows: Rows) -> set[tuple[Any, ...]]:
    """Give what only a teacher may change: the words of reviews, and what became of works."""
    answers = {tuple(row[name] for name in _WRITTEN) for row in named("reviews", rows)}
    return answers | {(row["id"], row["state"]) for row in named("works", rows)}


def _is_staff(actor: Actor, rows: Rows) -> bool:
    held = {row["role"] for row in named("roles", rows) if row["person_id"] == actor.person_id}
    return not held.isdisjoint(people.STAFF)


def _people_in(row: dict[str, Any], table: str) -> set[int]:
    if table in TOLD_TO_OTHERS:
        return set()
    return {row[name] for name in PERSONS if row.get(name)}


def _known(before: Rows, after: Rows) -> dict[str, dict[int, dict[str, Any]]]:
    return {
        table: {row["id"]: row for rows in (before, after) for row in named(table, rows)}
        for table in {"reviews", *(parent for parent, _ in PARENTS.values())}
    }
