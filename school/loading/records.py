"""What a roster wants in each table: records that name people, classes and groups naturally."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from school.roster.rows import Roster, SubstitutionRow
from school.rules.names import ClassName, fold

Record = dict[str, Any]
"""A row by column; a reference is a roster key, a ClassName, a folded subject or a GroupKey."""


class GroupKey(NamedTuple):
    """A group within its class and subject; subject and name are folded."""

    class_key: ClassName
    subject: str
    name: str


def key_by(*columns: str) -> Callable[[Record], Hashable]:
    """Identify a record by some of its columns."""
    return lambda record: tuple(record[column] for column in columns)


IDENTITY: Mapping[str, Callable[[Record], Hashable]] = MappingProxyType(
    {
        "persons": key_by("roster_key"),
        "roles": key_by("person_id", "role"),
        "classes": key_by("parallel", "letter"),
        "students": key_by("person_id"),
        "guardianships": key_by("guardian_id", "student_id"),
        "subjects": lambda record: fold(record["name"]),
        "groups": lambda record: (record["class_id"], record["subject_id"], fold(record["name"])),
        "group_members": key_by("group_id", "student_id"),
        "teachings": key_by("teacher_id", "class_id", "subject_id", "group_id"),
        "bells": key_by("shift", "lesson"),
        "lessons": key_by(
            "class_id", "weekday", "lesson", "subject_id", "group_id", "week", "starts_on"
        ),
        "substitutions": key_by("day", "lesson", "class_id", "subject_id", "group_id"),
        "periods": key_by("kind", "name", "starts_on", "parallels"),
        "study_modes": key_by("student_id", "class_id", "starts_on", "subjects"),
        "plan_topics": key_by("class_id", "subject_id", "number"),
    }
)


def school_record(roster: Roster) -> Record:
    """Give the school's settings as columns."""
    school = roster.school
    return {
        "name": school.name,
        "time_zone": school.time_zone,
        "country": school.country,
        "morning": school.morning,
        "mail_check": school.mail_check,
        "review_nudges": ";".join(f"{moment:%H:%M}" for moment in school.review_nudges),
        "review_cutoff": school.review_cutoff,
        "digest": school.digest,
        "quiet_from": school.quiet_from,
        "quiet_until": school.quiet_until,
        "platform_url": school.platform_url,
        "informal_parallels": ",".join(map(str, school.informal_parallels)),
        "language": school.language,
    }


def wanted(roster: Roster) -> dict[str, list[Record]]:
    """Give every table's records as the roster has them."""
    return {table: list(records(roster)) for table, records in _RECORDS.items()}


def _persons(roster: Roster) -> Iterator[Record]:
    for person in roster.people:
        yield {
            "roster_key": str(person.key),
            "surname": person.surname,
            "given_name": person.given_name,
            "patronymic": person.patronymic,
            "birth_date": person.birth_date,
            "email": person.email,
            "phone": person.phone,
            "left_on": None,
        }


def _roles(roster: Roster) -> Iterator[Record]:
    for person in roster.people:
        for role in sorted(person.roles):
            yield {"person_id": str(person.key), "role": role.value}


def _classes(roster: Roster) -> Iterator[Record]:
    for row in roster.classes:
        yield {
            "parallel": row.key.parallel,
            "letter": row.key.letter,
            "week_days": row.week_days,
            "shift": row.shift,
            "class_teacher_id": row.class_teacher,
        }


def _students(roster: Roster) -> Iterator[Record]:
    for row in roster.students:
        yield {"person_id": row.person, "class_id": row.class_key, "mode": row.mode.value}


def _guardianships(roster: Roster) -> Iterator[Record]:
    for row in roster.guardianships:
        yield {
            "guardian_id": row.guardian,
            "student_id": row.student,
            "relation": row.relation,
            "is_legal": row.is_legal,
        }


def _subjects(roster: Roster) -> Iterator[Record]:
    for subject in roster.subjects:
        yield {"name": subject}


def _groups(roster: Roster) -> Iterator[Record]:
    for row in roster.groups:
        yield {"class_id": row.class_key, "subject_id": fold(row.subject), "name": row.name}


def _group_members(roster: Roster) -> Iterator[Record]:
    for row in roster.groups:
        for student in row.students:
            group = GroupKey(row.class_key, fold(row.subject), fold(row.name))
            yield {"group_id": group, "student_id": student}


def _teachings(roster: Roster) -> Iterator[Record]:
    for row in roster.teachings():
        yield {
            "teacher_id": row.teacher,
            "class_id": row.class_key,
            "subject_id": fold(row.subject),
            "group_id": _group(row.class_key, row.subject, row.group),
        }


def _bells(roster: Roster) -> Iterator[Record]:
    for row in roster.bells:
        yield {"shift": row.shift, "lesson": row.lesson, "starts": row.starts, "ends": row.ends}


def _lessons(roster: Roster) -> Iterator[Record]:
    for row in roster.lessons:
        yield {
            "class_id": row.class_key,
            "subject_id": fold(row.subject),
            "group_id": _group(row.class_key, row.subject, row.group),
            "teacher_id": row.teacher,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "weekday": row.weekday,
            "lesson": row.lesson,
            "week": row.week.value,
            "format": row.format.value,
            "link": row.link,
        }


def _substitutions(roster: Roster) -> Iterator[Record]:
    for row in roster.substitutions:
        yield {
            "class_id": row.class_key,
            "group_id": _group(row.class_key, row.subject or _planned(row, roster), row.group),
            "day": row.day,
            "lesson": row.lesson,
            "subject_id": fold(row.subject) if row.subject else None,
            "teacher_id": row.teacher,
            "instead_of": row.instead_of,
            "format": row.format.value if row.format else "",
            "link": row.link,
        }


def _periods(roster: Roster) -> Iterator[Record]:
    for row in roster.periods:
        yield {
            "kind": row.kind.value,
            "name": row.name,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "parallels": ",".join(map(str, row.parallels)),
            "note": row.note,
        }


def _study_modes(roster: Roster) -> Iterator[Record]:
    for row in roster.modes:
        yield {
            "student_id": row.student,
            "class_id": row.class_key,
            "mode": row.mode.value,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "order_ref": row.order,
            "subjects": ",".join(row.subjects),
        }


def _plan_topics(roster: Roster) -> Iterator[Record]:
    for row in roster.topics:
        yield {
            "class_id": row.class_key,
            "subject_id": fold(row.subject),
            "number": row.number,
            "topic": row.topic,
            "hours": row.hours,
        }


def _group(class_key: ClassName, subject: str, name: str) -> GroupKey | None:
    return GroupKey(class_key, fold(subject), fold(name)) if name else None


def _planned(row: SubstitutionRow, roster: Roster) -> str:
    """Find the subject that a group has at the lesson which a substitution leaves in place."""
    for lesson in roster.lessons:
        if (
            (lesson.class_key, lesson.lesson) == (row.class_key, row.lesson)
            and lesson.weekday == row.day.isoweekday()
            and fold(lesson.group) == fold(row.group)
        ):
            return lesson.subject
    return ""


_RECORDS: dict[str, Callable[[Roster], Iterator[Record]]] = {
    "persons": _persons,
    "roles": _roles,
    "classes": _classes,
    "students": _students,
    "guardianships": _guardianships,
    "subjects": _subjects,
    "groups": _groups,
    "group_members": _group_members,
    "teachings": _teachings,
    "bells": _bells,
    "lessons": _lessons,
    "substitutions": _substitutions,
    "periods": _periods,
    "study_modes": _study_modes,
    "plan_topics": _plan_topics,
}
