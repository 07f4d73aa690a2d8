"""The rows that a roster fills, in bulk: a school's table read whole, written by the thousand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.tables import metadata
from storage.tables.people import classes, guardianships, persons, roles, schools, students
from storage.tables.timetable import group_members

Row = dict[str, Any]
Key = Mapping[str, Any]

OWNED_BY_A_PERSON = {
    roles: roles.c.person_id,
    students: students.c.person_id,
    guardianships: guardianships.c.guardian_id,
    group_members: group_members.c.student_id,
}
MOST_IDS = 500


async def rows(tx: Tx, table: str, school_id: int) -> list[Row]:
    """Return every row of a school in one table, in the order of the primary key."""
    found = metadata.tables[table]
    statement = sa.select(found).where(_of_school(found, school_id)).order_by(*found.primary_key)
    return [dict(row) for row in (await tx.execute(statement)).mappings()]


async def insert(tx: Tx, table: str, new: Sequence[Row]) -> None:
    """Insert rows that have the same columns."""
    if new:
        await tx.execute(sa.insert(metadata.tables[table]), list(new))


async def update(tx: Tx, table: str, changes: Iterable[tuple[Key, Row]]) -> None:
    """Change rows found by their primary key, each in the columns that are given with it."""
    by_columns: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for key, values in changes:
        parameters = {f"key_{name}": value for name, value in key.items()}
        parameters |= {f"new_{name}": value for name, value in values.items()}
        by_columns[tuple(values)].append(parameters)
    found = metadata.tables[table]
    for columns, many in by_columns.items():
        new = {name: sa.bindparam(f"new_{name}", type_=found.c[name].type) for name in columns}
        await tx.execute(sa.update(found).where(_by_key(found)).values(new), many)


async def delete(tx: Tx, table: str, keys: Sequence[Key]) -> None:
    """Delete rows by their primary key."""
    if keys:
        found = metadata.tables[table]
        parameters = [{f"key_{name}": value for name, value in key.items()} for key in keys]
        await tx.execute(sa.delete(found).where(_by_key(found)), parameters)


def key_of(table: str, row: Key) -> Key:
    """Return the part of a row that is its primary key."""
    return {column.name: row[column.name] for column in metadata.tables[table].primary_key}


async def needed(tx: Tx, table: str, ids: Sequence[int]) -> set[int]:
    """Return those of the ids to which some row of any table still points."""
    found: set[int] = set()
    for column in _pointing_at(table):
        for start in range(0, len(ids), MOST_IDS):
            some = ids[start : start + MOST_IDS]
            found.update(await tx.scalars(sa.select(column).where(column.in_(some)).distinct()))
    return found


async def keys(tx: Tx, school_id: int) -> dict[int, str]:
    """Return the roster key of everyone in a school by the person's id, leavers included."""
    found = sa.select(persons.c.id, persons.c.roster_key).where(persons.c.school_id == school_id)
    return {row.id: row.roster_key for row in await tx.execute(found)}


def _by_key(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(*(c == sa.bindparam(f"key_{c.name}", type_=c.type) for c in table.primary_key))


def _of_school(table: sa.Table, school_id: int) -> sa.ColumnElement[bool]:
    if table is schools:
        return schools.c.id == school_id
    if "school_id" in table.c:
        return table.c.school_id == school_id
    if table in OWNED_BY_A_PERSON:
        own = sa.select(persons.c.id).where(persons.c.school_id == school_id)
        return OWNED_BY_A_PERSON[table].in_(own)
    own = sa.select(classes.c.id).where(classes.c.school_id == school_id)
    return table.c.class_id.in_(own)


def _pointing_at(table: str) -> list[sa.Column[Any]]:
    return [
        column
        for other in metadata.tables.values()
        for column in other.columns
        for target in column.foreign_keys
        if target.target_fullname == f"{table}.id"
    ]
