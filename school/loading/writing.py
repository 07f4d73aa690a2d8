"""Writes a comparison down, in an order that every reference survives."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from school.loading.comparison import REFERRED_TO, Comparison
from school.loading.difference import Difference, Stored
from school.loading.references import References
from school.roster.rows import Roster
from storage import accounts, schools
from storage import roster as storage
from storage.database import Tx

Told = Callable[[str], None]

PEPPER_BYTES = 32
DEPENDENT = (
    "roles",
    "students",
    "guardianships",
    "group_members",
    "teachings",
    "bells",
    "lessons",
    "substitutions",
    "periods",
    "study_modes",
    "plan_topics",
)
WITH_SCHOOL = {"persons", "classes", "subjects", "bells", "periods", "study_modes"}
STAGES = ("school", *REFERRED_TO, *DEPENDENT)


async def write(
    tx: Tx, found: Comparison, roster: Roster, now: datetime, told: Told, *, leavers: bool
) -> int:
    """Write what differs and return the school's id; ids of what tasks refer to stay."""
    told("school")
    school_id = await _write_school(tx, found)
    references = References(school_id)
    for table in DEPENDENT:
        await storage.delete(tx, table, [row.key for row in found.tables[table].gone])
    await _drop_groups(tx, found.tables["groups"])
    for table in REFERRED_TO:
        told(table)
        await _write_table(tx, table, found.tables[table], references)
        await references.read(tx, table)
    for table in DEPENDENT:
        told(table)
        await _write_table(tx, table, found.tables[table], references)
    today = now.astimezone(ZoneInfo(roster.school.time_zone)).date()
    await _welcome_back(tx, found.tables["persons"], school_id, now)
    if leavers:
        await _cut_off(tx, found.tables["persons"].gone, school_id, now, today)
        await _close_classes(tx, found.tables["classes"].gone)
    return school_id


async def _write_school(tx: Tx, found: Comparison) -> int:
    if found.school is None:
        pepper = secrets.token_bytes(PEPPER_BYTES)
        return await schools.add(tx, {**found.settings, "code_pepper": pepper})
    if found.settings:
        await schools.change(tx, found.school.id, found.settings)
    return found.school.id


async def _write_table(tx: Tx, table: str, found: Difference, references: References) -> None:
    always = {"school_id": references.school_id} if table in WITH_SCHOOL else {}
    changed = []
    for row in found.changed:
        new = {column: row.wanted[column] for column in row.columns}
        changed.append((row.stored.key, references.row(new)))
    await storage.update(tx, table, changed)
    await storage.insert(tx, table, [always | references.row(row) for row in found.added])


async def _drop_groups(tx: Tx, found: Difference) -> None:
    """Drop the groups that are gone, except those to which tasks were set."""
    ids = [row.key["id"] for row in found.gone]
    kept = await storage.needed(tx, "groups", ids)
    await storage.delete(tx, "groups", [row.key for row in found.gone if row.key["id"] not in kept])


async def _close_classes(tx: Tx, gone: Sequence[Stored]) -> None:
    """Drop the classes that are gone; one that anybody studied in stays, without its teacher."""
    await storage.update(tx, "classes", [(row.key, {"class_teacher_id": None}) for row in gone])
    kept = await storage.needed(tx, "classes", [row.key["id"] for row in gone])
    await storage.delete(tx, "classes", [row.key for row in gone if row.key["id"] not in kept])


async def _welcome_back(tx: Tx, found: Difference, school_id: int, now: datetime) -> None:
    for row in found.changed:
        if "left_on" in row.columns:
            subject = f"person:{row.stored.key['id']}"
            await accounts.record(tx, now, "person.returned", school_id=school_id, subject=subject)


async def _cut_off(
    tx: Tx, gone: Sequence[Stored], school_id: int, now: datetime, today: date
) -> None:
    """Make leavers of people: their chats and codes stop working at once (5.4)."""
    await storage.update(tx, "persons", [(row.key, {"left_on": today}) for row in gone])
    for row in gone:
        person_id = row.key["id"]
        unbound = await accounts.unbind(tx, person_id, now)
        await accounts.revoke_codes(tx, person_id, now)
        await accounts.record(
            tx,
            now,
            "person.left",
            school_id=school_id,
            subject=f"person:{person_id}",
            details={"accounts": unbound},
        )
