"""A roster beside what the database holds: which school it is, and what each table would change."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from school.loading.difference import Difference, Stored, difference
from school.loading.records import IDENTITY, GroupKey, Record, school_record, wanted
from school.loading.references import References
from school.loading.roles import role_changes
from school.roster.rows import Roster
from school.rules.names import ClassName, fold
from school.wide_roles import RoleChanges
from storage import roster as storage
from storage import schools
from storage.database import Tx
from storage.schools import School

REFERRED_TO = ("persons", "classes", "subjects", "groups")


class WhichSchoolError(LookupError):
    """The database holds several schools and the roster names none of them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What loading would change. `school` is None where the database has no school yet."""

    school: School | None
    settings: Record
    references: References
    tables: dict[str, Difference]
    wide_roles: RoleChanges


async def compare_tables(tx: Tx, roster: Roster) -> Comparison:
    """Compare a roster with the database, table by table."""
    school = await _find_school(tx, roster.school.name)
    settings = school_record(roster)
    if school is not None:
        if not settings["name"]:
            settings["name"] = school.name
        settings = {
            column: value for column, value in settings.items() if value != getattr(school, column)
        }
    references = References(school.id if school else 0)
    stored: dict[str, list[Stored]] = {}
    for table in REFERRED_TO:
        rows = await references.read(tx, table)
        stored[table] = _natural(table, rows, references)
    records = wanted(roster)
    for table in records:
        if table not in stored:
            rows = await storage.rows(tx, table, references.school_id)
            stored[table] = _natural(table, rows, references)
    concerned = _concerned(roster, stored)
    tables = {
        table: difference(
            records[table],
            filter(concerned.get(table, lambda _: True), stored[table]),
            IDENTITY[table],
        )
        for table in records
    }
    in_force = {table: [row.record for row in stored[table]] for table in ("persons", "roles")}
    return Comparison(
        school, settings, references, tables, wide_roles=role_changes(records, in_force)
    )


async def _find_school(tx: Tx, name: str) -> School | None:
    every = await schools.every(tx)
    named = [school for school in every if fold(school.name) == fold(name)]
    if len(named) == 1:
        return named[0]
    if len(every) > 1:
        raise WhichSchoolError(name)
    return every[0] if every else None


def _natural(table: str, rows: list[storage.Row], references: References) -> list[Stored]:
    return [Stored(storage.key_of(table, row), references.natural(row)) for row in rows]


def _concerned(
    roster: Roster, stored: dict[str, list[Stored]]
) -> dict[str, Callable[[Stored], bool]]:
    """Say which stored rows a roster speaks of.

    People who are not in it keep their roles, class, children and groups, so that a leaver who
    comes back is whole again; a leaver is not gone a second time; nor is a group or a class which
    stays in the database only because old tasks belong to it.
    """
    people = {str(person.key) for person in roster.people}
    classes = {row.key for row in roster.classes}
    groups = {GroupKey(row.class_key, fold(row.subject), fold(row.name)) for row in roster.groups}
    filled = {row.record["group_id"] for row in stored["group_members"]}
    lived_in = _lived_in(stored)

    def has_class(row: Stored) -> bool:
        name = ClassName(row.record["parallel"], row.record["letter"])
        return name in classes or name in lived_in or bool(row.record["class_teacher_id"])

    def has_group(row: Stored) -> bool:
        name = GroupKey(row.record["class_id"], row.record["subject_id"], fold(row.record["name"]))
        return name in groups or name in filled

    def is_member(row: Stored) -> bool:
        return row.record["student_id"] in people or row.record["group_id"] not in groups

    return {
        "persons": lambda row: row.record["left_on"] is None or row.record["roster_key"] in people,
        "roles": lambda row: row.record["person_id"] in people,
        "classes": has_class,
        "students": lambda row: row.record["person_id"] in people,
        "guardianships": lambda row: (
            {row.record["guardian_id"], row.record["student_id"]} <= people
        ),
        "subjects": lambda _: True,
        "groups": has_group,
        "group_members": is_member,
    }


def _lived_in(stored: dict[str, list[Stored]]) -> set[Hashable]:
    """Find the classes in which somebody studies who has not left."""
    here = {row.record["roster_key"] for row in stored["persons"] if not row.record["left_on"]}
    return {row.record["class_id"] for row in stored["students"] if row.record["person_id"] in here}
