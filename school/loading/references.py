"""Between what a roster calls things and the ids that the database gave them."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from school.loading.records import GroupKey, Record
from school.rules.names import ClassName, fold
from storage import roster as storage
from storage.database import Tx
from storage.roster import Row

REFERENCES = {
    "person_id": "persons",
    "teacher_id": "persons",
    "student_id": "persons",
    "guardian_id": "persons",
    "class_teacher_id": "persons",
    "class_id": "classes",
    "subject_id": "subjects",
    "group_id": "groups",
}


class UnknownReferenceError(LookupError):
    """A roster row points at something that neither the roster nor the database has."""


@dataclass(slots=True)
class References:
    """The natural names of a school's people, classes, subjects and groups, both ways."""

    school_id: int
    _ids: dict[str, dict[Hashable, int]] = field(default_factory=dict)
    _names: dict[str, dict[int, Hashable]] = field(default_factory=dict)

    async def read(self, tx: Tx, table: str) -> list[Row]:
        """Read a table that others refer to and learn its names; returns its rows."""
        rows = await storage.rows(tx, table, self.school_id)
        self._names[table] = {row["id"]: self._name(table, row) for row in rows}
        self._ids[table] = {name: number for number, name in self._names[table].items()}
        return rows

    def natural(self, row: Row) -> Record:
        """Put natural names in the place of ids."""
        return {
            column: self._names[REFERENCES[column]][value]
            if column in REFERENCES and value is not None
            else value
            for column, value in row.items()
        }

    def row(self, record: Record) -> Row:
        """Put ids in the place of natural names; raises UnknownReferenceError."""
        return {
            column: self._id(REFERENCES[column], value)
            if column in REFERENCES and value is not None
            else value
            for column, value in record.items()
        }

    def _id(self, table: str, name: Hashable) -> int:
        try:
            return self._ids[table][name]
        except KeyError:
            raise UnknownReferenceError(f"{table}: {name}") from None

    def _name(self, table: str, row: Row) -> Hashable:
        if table == "persons":
            return str(row["roster_key"])
        if table == "classes":
            return ClassName(row["parallel"], row["letter"])
        if table == "subjects":
            return fold(row["name"])
        group = self.natural(row)
        return GroupKey(group["class_id"], group["subject_id"], fold(row["name"]))
