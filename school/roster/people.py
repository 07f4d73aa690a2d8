"""The people of a roster: classes, teachers, students and their guardians."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from school.roster.cells import YES_NO, Row, listed, rows_of
from school.roster.directory import Directory
from school.roster.rows import (
    ClassRow,
    GuardianshipRow,
    PersonKey,
    PersonRow,
    StudentRow,
    TeacherRow,
    person_key,
)
from school.roster.sheets import Sheet
from school.rules.modes import Mode
from school.rules.names import (
    ClassName,
    ClassNameError,
    PersonName,
    PersonNameError,
    fold,
    parse_class,
    parse_person,
)
from storage.people import Role

MODES = {
    "обычный": Mode.ORDINARY,
    "дистанционный": Mode.DISTANCE,
    "индивидуальный дистанционный": Mode.INDIVIDUAL_DISTANCE,
    "смешанный": Mode.BLENDED,
    "ИУП": Mode.INDIVIDUAL_PLAN,
    "отказ": Mode.REFUSAL,
    "без техники": Mode.NO_TECH,
}
_ROLES = {
    "учитель": Role.TEACHER,
    "завуч": Role.DEPUTY_HEAD,
    "техподдержка": Role.SUPPORT,
}
_NO_NAME = PersonName("", "")
_PRIMARY = range(1, 5)
_MOST_SHIFTS = 4


def read_classes(sheet: Sheet | None, known: Directory) -> dict[ClassName, Row]:
    """Make the classes known, still without their class teachers; returns the row of each."""
    rows: dict[ClassName, Row] = {}
    for row in rows_of(sheet, known.findings):
        week_days = row.whole("учебная_неделя", 5, 6)
        shift = row.whole("смена", 1, _MOST_SHIFTS)
        name = _class_name(row)
        if name is None:
            continue
        if name in rows:
            row.refuse("", "roster-duplicate-class", value=str(name), first=rows[name].number)
            continue
        rows[name] = row
        known.classes[name] = ClassRow(name, week_days or 5, shift or 1)
    return rows


def read_class_teachers(rows: dict[ClassName, Row], known: Directory) -> None:
    """Name the class teachers, once the teachers are known."""
    for name, row in rows.items():
        teacher = known.teacher_of(row, "классный_руководитель")
        if teacher is None:
            continue
        known.classes[name] = replace(known.classes[name], class_teacher=teacher)
        known.grant(teacher, Role.CLASS_TEACHER)


def read_teachers(sheet: Sheet | None, known: Directory) -> tuple[TeacherRow, ...]:
    """Make the staff known, by id and by name."""
    teachers = []
    for row in rows_of(sheet, known.findings):
        name = _full_name(row)
        email = row.email("email")
        roles = _roles(row)
        key = known.teacher_ids.add(row)
        if key is None:
            continue
        person = PersonRow(key, name.last, name.first, name.patronymic, email=email, roles=roles)
        known.people[key] = person
        known.add_teacher(person)
        teachers.append(TeacherRow(key, known.subject_list(row.text("предметы"))))
    return tuple(teachers)


def read_students(sheet: Sheet | None, known: Directory) -> dict[PersonKey, Row]:
    """Make the students known, each in a class; returns the row of each."""
    rows: dict[PersonKey, Row] = {}
    seen: dict[tuple[ClassName, str], int] = {}
    for row in rows_of(sheet, known.findings):
        person = PersonRow(
            PersonKey(""),
            row.text("фамилия"),
            row.text("имя"),
            row.text("отчество"),
            birth_date=row.day("дата_рождения"),
            email=row.email("email"),
            roles=frozenset({Role.STUDENT}),
        )
        mode = row.choice("режим", MODES, Mode.ORDINARY)
        class_key = known.class_of(row)
        key = known.student_ids.add(row)
        if key is None:
            continue
        rows[key] = row
        known.people[key] = replace(person, key=key)
        if class_key is None:
            continue
        known.students[key] = StudentRow(key, class_key, mode)
        first = seen.setdefault((class_key, fold(person.name.full)), row.number)
        if first != row.number:
            row.note("", "roster-namesakes", value=person.name.full, first=first)
    return rows


@dataclass(slots=True)
class _Guardian:
    """A guardian over several rows: where the first stands and what they have said so far."""

    row: Row
    person: PersonRow


def read_parents(sheet: Sheet | None, known: Directory) -> tuple[GuardianshipRow, ...]:
    """Make the guardians known; a row for each child, the same id again.

    A guardian with the id and the full name of a teacher is that teacher.
    `законный_представитель` is kept for acts on paper: whoever is listed hears (decision 0016).
    """
    guardians: dict[str, _Guardian] = {}
    pairs: dict[tuple[PersonKey, PersonKey], GuardianshipRow] = {}
    for row in rows_of(sheet, known.findings):
        student = known.student_of(row)
        legal = row.choice("законный_представитель", YES_NO, default=True)
        guardian = _guardian(row, guardians, known)
        if guardian is None or student is None:
            continue
        if (guardian, student) in pairs:
            row.refuse("ученик_id", "roster-duplicate-child", value=row.text("ученик_id"))
            continue
        relation = row.text("степень_родства")
        pairs[guardian, student] = GuardianshipRow(guardian, student, relation, legal)
    for read in guardians.values():
        _settle(read.person, known)
    return tuple(pairs.values())


def note_unguarded(
    rows: Mapping[PersonKey, Row], pairs: Iterable[GuardianshipRow], known: Directory
) -> None:
    """Point at pupils of grades 1–4 without a guardian: nobody could act for them (П1-1.1)."""
    guarded = {pair.student for pair in pairs}
    for key, row in rows.items():
        student = known.students.get(key)
        if student and student.class_key.parallel in _PRIMARY and key not in guarded:
            row.note("", "roster-no-guardian", value=known.people[key].name.full)


def _class_name(row: Row) -> ClassName | None:
    parallel = row.whole("параллель", 1, 11)
    letter = row.text("литера")
    if parallel is None or not letter:
        return None
    try:
        return parse_class(f"{parallel}{letter}")
    except ClassNameError:
        row.refuse("литера", "roster-bad-letter", value=letter)
        return None


def _full_name(row: Row) -> PersonName:
    text = row.text("фио")
    if not text:
        return _NO_NAME
    try:
        return parse_person(text)
    except PersonNameError:
        row.refuse("фио", "roster-bad-full-name", value=text)
        return _NO_NAME


def _roles(row: Row) -> frozenset[Role]:
    roles: set[Role] = set()
    for word in listed(row.text("роли")):
        if fold(word) in _ROLES:
            roles.add(_ROLES[fold(word)])
        else:
            row.refuse("роли", "roster-bad-choice", value=word, choices=", ".join(_ROLES))
    return frozenset(roles or {Role.TEACHER})


def _guardian(row: Row, guardians: dict[str, _Guardian], known: Directory) -> PersonKey | None:
    """Read who the guardian is; reports what contradicts an earlier row of the same id."""
    row_id = row.text("id")
    name = _full_name(row)
    email, phone = row.email("email"), row.phone("телефон")
    if not row_id:
        return None
    first = guardians.get(row_id)
    if first is None:
        key = person_key("parents", row_id)
        teacher = known.teacher_ids.find(row_id)
        if teacher and fold(known.people[teacher].name.full) == fold(name.full):
            key = teacher
        person = PersonRow(key, name.last, name.first, name.patronymic, email=email, phone=phone)
        guardians[row_id] = _Guardian(row, person)
        return key
    if name != _NO_NAME and fold(name.full) != fold(first.person.name.full):
        row.refuse("фио", "roster-other-name", value=row_id, first=first.row.number)
    for column, said, now in (
        ("email", first.person.email, email),
        ("телефон", first.person.phone, phone),
    ):
        if said and now and said != now:
            row.refuse(column, "roster-other-contact", value=row_id, first=first.row.number)
    first.person = replace(
        first.person, email=first.person.email or email, phone=first.person.phone or phone
    )
    return first.person.key


def _settle(guardian: PersonRow, known: Directory) -> None:
    """Put a guardian among the people, or the role and the contacts on the teacher they are."""
    staff = known.people.get(guardian.key)
    if staff is None:
        known.people[guardian.key] = replace(guardian, roles=frozenset({Role.GUARDIAN}))
        return
    known.people[guardian.key] = replace(
        staff,
        email=staff.email or guardian.email,
        phone=staff.phone or guardian.phone,
        roles=staff.roles | {Role.GUARDIAN},
    )
