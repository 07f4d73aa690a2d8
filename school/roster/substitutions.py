"""What single days of a roster have instead of their lessons."""

from collections.abc import Sequence
from datetime import date

from school.roster.cells import Row, rows_of
from school.roster.directory import Directory
from school.roster.rows import LessonRow, SubstitutionRow
from school.roster.schedule import FORMATS, Bells, teaching_staff
from school.roster.sheets import Sheet
from school.rules.lessons import LessonFormat
from school.rules.names import ClassName, fold

_FORMATS = {**FORMATS, "отмена": LessonFormat.CANCELLED}


def read_substitutions(
    sheet: Sheet | None, known: Directory, bells: Bells, lessons: Sequence[LessonRow]
) -> tuple[SubstitutionRow, ...]:
    """Read what single days have instead of their lessons."""
    found: dict[tuple[date, int, ClassName, str, str], int] = {}
    substitutions = []
    for row in rows_of(sheet, known.findings):
        read = _substitution(row, known, bells)
        if read is None:
            continue
        subject = read.subject or "" if read.group else ""
        place = (read.day, read.lesson, read.class_key, subject, fold(read.group))
        first = found.setdefault(place, row.number)
        if first != row.number:
            row.refuse("", "roster-duplicate-substitution", first=first)
        if "timetable" not in known.findings.unusable:
            _check_planned(row, read, lessons)
        substitutions.append(read)
    return tuple(substitutions)


def _substitution(row: Row, known: Directory, bells: Bells) -> SubstitutionRow | None:
    class_key = known.class_of(row)
    lesson = bells.needed(row, known, class_key)
    day = row.day("дата")
    subject = known.subject(row.text("предмет"))
    group = known.group_of(row, class_key, subject) if subject else row.text("группа")
    teacher = teaching_staff(row, known)
    form = row.choice("формат", _FORMATS, None)
    link = row.link("ссылка")
    if class_key is None or lesson is None or day is None:
        return None
    return SubstitutionRow(
        day, lesson, class_key, group, subject or None, teacher, row.text("вместо"), form, link
    )


def _check_planned(row: Row, read: SubstitutionRow, lessons: Sequence[LessonRow]) -> None:
    """Hold a substitution against the timetable, whose subject and group it may leave in place."""
    if any(_stands(lesson, read) for lesson in lessons):
        return
    cancelled = read.format is LessonFormat.CANCELLED
    if read.subject is None and (read.group or not cancelled):
        row.refuse("предмет", "roster-substitution-of-nothing", value=read.lesson)
    elif cancelled:
        row.note("урок", "roster-cancels-nothing", value=read.lesson)


def _stands(lesson: LessonRow, substitution: SubstitutionRow) -> bool:
    """Say whether the timetable has this lesson on the day, in one week of two at least."""
    day = substitution.day
    return (
        lesson.class_key == substitution.class_key
        and lesson.lesson == substitution.lesson
        and lesson.weekday == day.isoweekday()
        and fold(substitution.group) in ("", fold(lesson.group))
        and (lesson.starts_on is None or lesson.starts_on <= day)
        and (lesson.ends_on is None or day <= lesson.ends_on)
    )
