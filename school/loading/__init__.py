"""Loads a checked roster into the database for one school, and says first what that changes."""

from collections.abc import Collection
from datetime import datetime

from school import reminders, wide_roles
from school.loading.changes import Change, Changes, SheetChanges
from school.loading.comparison import WhichSchoolError, compare_tables
from school.loading.references import UnknownReferenceError
from school.loading.report import changes
from school.loading.writing import STAGES, Told, write
from school.roster.rows import Roster
from storage import accounts, schools
from storage.database import Tx

__all__ = [
    "STAGES",
    "Change",
    "Changes",
    "RoleNotGranted",
    "SheetChanges",
    "Told",
    "UnknownReferenceError",
    "WhichSchoolError",
    "apply",
    "compare",
]


class RoleNotGranted(Exception):
    """A roster gives a role that sees beyond one's own classes, and nobody has said it should.

    `changes` is what loading it would have changed.
    """

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self.changes = changes


async def compare(tx: Tx, roster: Roster) -> Changes:
    """Say what loading would change; writes nothing.

    The school is the one of the same name, or the only one in the database; WhichSchoolError if
    there are several and the roster names none of them.
    """
    return changes(await compare_tables(tx, roster))


async def apply(
    tx: Tx,
    roster: Roster,
    now: datetime,
    *,
    leavers: bool = False,
    granted: Collection[str] = (),
    told: Told = lambda _: None,
) -> Changes:
    """Load a roster in the transaction that is given, and return what it changed.

    Loading again changes nothing. People who are no longer in the roster are cut off (and kept)
    only with `leavers`; one who comes back is restored. Whoever newly gets a role that sees beyond
    their own classes must be `granted` it by roster id, or RoleNotGranted is raised and nothing is
    written; a school's first roster needs no such word (docs/decisions/0015). `told` hears the
    name of every stage.
    """
    found = await compare_tables(tx, roster)
    report = changes(found)
    if found.wide_roles.unnamed(granted):
        raise RoleNotGranted(report)
    if report.count(leavers=leavers) == 0:
        return report
    school_id = await write(tx, found, roster, now, told, leavers=leavers)
    school = await schools.by_id(tx, school_id)
    await wide_roles.keep(tx, school, found.wide_roles, now, leavers=leavers)
    await reminders.look_again(tx, school, now)
    await accounts.record(
        tx,
        now,
        "roster.loaded",
        school_id=school_id,
        details={sheet.sheet: _counts(sheet) for sheet in report.sheets},
    )
    return report


def _counts(sheet: SheetChanges) -> list[int]:
    return [len(sheet.added), len(sheet.changed), len(sheet.gone), sheet.unchanged]
