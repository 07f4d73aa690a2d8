"""Whom and what a roster knows, so that a row can refer to a class, a person, a subject."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from school.roster.cells import Row, listed
from school.roster.problems import Findings
from school.roster.rows import ClassRow, GroupRow, PersonKey, PersonRow, StudentRow, person_key
from school.rules.names import ClassName, ClassNameError, fold, parse_class
from storage.people import Role

_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


def look(row_id: str) -> str:
    """Give what an id looks like: case and the alphabet of its letters do not show."""
    return row_id.upper().translate(_LOOK_ALIKE)


@dataclass(slots=True)
class Ids:
    """The ids of one sheet and whom they name."""

    sheet: str
    known: dict[str, PersonKey] = field(default_factory=dict)
    _looks: dict[str, str] = field(default_factory=dict)
    _first_rows: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> PersonKey | None:
        """Take a row's id as new; reports it and gives None if it is empty or taken."""
        row_id = row.text("id")
        if not row_id:
            return None
        if row_id in self.known:
            row.refuse("id", "roster-duplicate-id", value=row_id, first=self._first_rows[row_id])
            return None
        if twin := self._looks.get(look(row_id)):
            row.refuse("id", "roster-lookalike-id", value=row_id, meant=twin)
        self.known[row_id] = person_key(self.sheet, row_id)
        self._looks[look(row_id)] = row_id
        self._first_rows[row_id] = row.number
        return self.known[row_id]

    def find(self, text: str) -> PersonKey | None:
        """Give whom an id names."""
        return self.known.get(text)

    def lookalike(self, text: str) -> str:
        """Give the id that looks like this text, "" if none does."""
        return self._looks.get(look(text), "")


class Directory:
    """Everything that rows refer to, filled sheet by sheet; a failed look-up is reported."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.people: dict[PersonKey, PersonRow] = {}
        self.classes: dict[ClassName, ClassRow] = {}
        self.students: dict[PersonKey, StudentRow] = {}
        self.groups: dict[tuple[ClassName, str, str], GroupRow] = {}
        self.student_ids = Ids("students")
        self.teacher_ids = Ids("teachers")
        self.subjects: dict[str, str] = {}
        self._teacher_names: defaultdict[str, list[PersonKey]] = defaultdict(list)

    def add_teacher(self, person: PersonRow) -> None:
        """Make a teacher known by name."""
        self._teacher_names[fold(person.name.full)].append(person.key)

    def grant(self, key: PersonKey, role: Role) -> None:
        """Give a known person one more role."""
        person = self.people[key]
        self.people[key] = replace(person, roles=person.roles | {role})

    def class_of(self, row: Row, column: str = "класс") -> ClassName | None:
        """Find the class that a cell names; an empty cell is None without a further problem."""
        text = row.text(column)
        if not text:
            return None
        try:
            name = parse_class(text)
        except ClassNameError:
            row.refuse(column, "roster-bad-class", value=text)
            return None
        if name in self.classes:
            return name
        if "classes" not in self.findings.unusable:
            row.refuse(column, "roster-unknown-class", value=str(name))
        return None

    def student_of(self, row: Row, column: str = "ученик_id") -> PersonKey | None:
        """Find the student whose id a cell holds."""
        text = row.text(column)
        if not text or "students" in self.findings.unusable:
            return self.student_ids.find(text)
        key = self.student_ids.find(text)
        if key is None:
            self._unknown_id(row, column, self.student_ids, "roster-unknown-student")
        return key

    def teacher_of(self, row: Row, column: str = "учитель") -> PersonKey | None:
        """Find the teacher whom a cell names by id or by full name."""
        text = row.text(column)
        if not text:
            return None
        if (by_id := self.teacher_ids.find(text)) is not None:
            return by_id
        by_name = self._teacher_names.get(fold(text), [])
        if len(by_name) > 1:
            ids = ", ".join(key.partition(":")[2] for key in by_name)
            row.refuse(column, "roster-ambiguous-teacher", value=text, ids=ids)
        elif not by_name and "teachers" not in self.findings.unusable:
            self._unknown_id(row, column, self.teacher_ids, "roster-unknown-teacher")
        return by_name[0] if len(by_name) == 1 else None

    def subject(self, text: str) -> str:
        """Give the one spelling of a subject: the first that the roster used."""
        return self.subjects.setdefault(fold(text), text) if text else ""

    def subject_list(self, text: str) -> tuple[str, ...]:
        """Give a list of subjects in their one spelling, each once."""
        return tuple(dict.fromkeys(self.subject(part) for part in listed(text)))

    def group_of(self, row: Row, class_key: ClassName | None, subject: str) -> str:
        """Find the group that a cell names within class and subject; "" is the whole class."""
        text = row.text("группа")
        if not text or class_key is None or not subject or "groups" in self.findings.unusable:
            return text
        group = self.groups.get((class_key, subject, fold(text)))
        if group is None:
            row.refuse(
                "группа",
                "roster-unknown-group",
                value=text,
                subject=subject,
                class_name=str(class_key),
            )
        return group.name if group else text

    def _unknown_id(self, row: Row, column: str, ids: Ids, reason: str) -> None:
        text = row.text(column)
        meant = ids.lookalike(text)
        if meant:
            row.refuse(column, "roster-lookalike-id", value=text, meant=meant)
        else:
            row.refuse(column, reason, value=text)
