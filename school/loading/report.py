"""Turns differences between tables into changes of the roster's sheets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from school.loading.changes import Change, Changes, SheetChanges
from school.loading.comparison import Comparison
from school.loading.difference import Difference
from school.loading.labels import COLUMNS, person_label, row_label
from school.loading.records import GroupKey, Record
from school.rules.names import fold

PEOPLE = ("students", "parents", "teachers")
SHEETS = {
    "classes": "classes",
    "subjects": "subjects",
    "groups": "groups",
    "teachings": "teachings",
    "bells": "bells",
    "timetable": "lessons",
    "substitutions": "substitutions",
    "calendar": "periods",
    "modes": "study_modes",
    "КТП": "plan_topics",
}


def changes(found: Comparison) -> Changes:
    """Tell of a comparison sheet by sheet, in the order of the roster's description."""
    people = _People(found.tables)
    sheets = [_settings(found), *(people.sheet(sheet) for sheet in PEOPLE)]
    names = _subject_names(found.tables["subjects"])
    for sheet, table in SHEETS.items():
        if table == "groups":
            sheets.append(_groups(found.tables, names))
        else:
            sheets.append(_table(sheet, table, found.tables[table], names))
    return Changes(
        tuple(sheets),
        people.leavers,
        people.returned,
        found.wide_roles,
        people.not_legal(found.tables["guardianships"]),
    )


class _People:
    """Everything that differs about a person, gathered under the sheet of the roster key."""

    def __init__(self, tables: Mapping[str, Difference]) -> None:
        self._persons = tables["persons"]
        self._labels = {
            record["roster_key"]: person_label(record) for record in _records(self._persons)
        }
        self._fields: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for row in self._persons.changed:
            self._differs(row.wanted["roster_key"], row.columns)
        self._gather(tables["students"], "person_id", ("class_id",))
        self._gather(tables["roles"], "person_id", ("role",))
        self._gather(tables["guardianships"], "guardian_id", ("student_id",))

    @property
    def leavers(self) -> tuple[str, ...]:
        return tuple(person_label(row.record) for row in self._persons.gone)

    @property
    def returned(self) -> tuple[str, ...]:
        return tuple(
            person_label(row.wanted) for row in self._persons.changed if "left_on" in row.columns
        )

    def not_legal(self, guardianships: Difference) -> tuple[str, ...]:
        """Name, once each, who is listed as somebody's guardian without being a legal one."""
        wanted = (
            *guardianships.added,
            *(row.wanted for row in guardianships.changed),
            *(row.record for row in guardianships.unchanged),
        )
        found = {row["guardian_id"] for row in wanted if not row["is_legal"]}
        return tuple(self._labels[key] for key in sorted(found))

    def sheet(self, sheet: str) -> SheetChanges:
        added = {
            row["roster_key"]: Change(person_label(row))
            for row in self._persons.added
            if _sheet_of(row["roster_key"]) == sheet
        }
        changed = tuple(
            Change(self._labels[key], tuple(fields))
            for key, fields in self._fields.items()
            if _sheet_of(key) == sheet and key not in added
        )
        gone = tuple(
            Change(person_label(row.record))
            for row in self._persons.gone
            if _sheet_of(row.record["roster_key"]) == sheet
        )
        here = sum(_sheet_of(key) == sheet for key in self._labels)
        unchanged = here - len(added) - len(changed) - len(gone)
        return SheetChanges(sheet, tuple(added.values()), changed, gone, unchanged, keeps_gone=True)

    def _gather(self, found: Difference, owner: str, columns: tuple[str, ...]) -> None:
        for record in (*found.added, *(row.record for row in found.gone)):
            self._differs(record[owner], columns)
        for row in found.changed:
            self._differs(row.wanted[owner], row.columns)

    def _differs(self, key: str, columns: Iterable[str]) -> None:
        self._fields[key].update(dict.fromkeys(COLUMNS[column] for column in columns))


def _settings(found: Comparison) -> SheetChanges:
    if found.school is None:
        return SheetChanges("school", added=(Change(found.settings["name"]),))
    if not found.settings:
        return SheetChanges("school", unchanged=1)
    fields = dict.fromkeys(COLUMNS[column] for column in found.settings)
    return SheetChanges("school", changed=(Change(found.school.name, tuple(fields)),))


def _table(sheet: str, table: str, found: Difference, names: Mapping[str, str]) -> SheetChanges:
    gone = [row for row in found.gone if table != "subjects"]
    return SheetChanges(
        sheet,
        tuple(Change(row_label(table, record, names)) for record in found.added),
        tuple(
            Change(
                row_label(table, row.wanted, names),
                tuple(dict.fromkeys(COLUMNS[column] for column in row.columns)),
            )
            for row in found.changed
        ),
        tuple(Change(row_label(table, row.record, names)) for row in gone),
        len(found.unchanged),
        keeps_gone=table == "classes",
    )


def _groups(tables: Mapping[str, Difference], names: Mapping[str, str]) -> SheetChanges:
    """Count a group with other members as changed."""
    found, members = tables["groups"], tables["group_members"]
    regrouped = {row["group_id"] for row in members.added}
    regrouped |= {row.record["group_id"] for row in members.gone}
    shifted = [row.record for row in found.unchanged if _group_key(row.record) in regrouped]
    plain = _table("groups", "groups", found, names)
    return SheetChanges(
        "groups",
        plain.added,
        (
            *plain.changed,
            *(Change(row_label("groups", record, names), ("ученик_id",)) for record in shifted),
        ),
        plain.gone,
        plain.unchanged - len(shifted),
    )


def _group_key(record: Record) -> GroupKey:
    return GroupKey(record["class_id"], record["subject_id"], fold(record["name"]))


def _records(found: Difference) -> list[Record]:
    return [
        *found.added,
        *(row.wanted for row in found.changed),
        *(row.record for row in (*found.gone, *found.unchanged)),
    ]


def _subject_names(found: Difference) -> dict[str, str]:
    return {fold(record["name"]): record["name"] for record in _records(found)}


def _sheet_of(roster_key: str) -> str:
    return roster_key.partition(":")[0]
