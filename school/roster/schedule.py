"""The week of a roster: groups, bells and the timetable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from school.roster.cells import Row, rows_of
from school.roster.directory import Directory
from school.roster.rows import BellRow, GroupRow, LessonRow, PersonKey
from school.roster.sheets import Sheet
from school.rules.lessons import LessonFormat, Week
from school.rules.names import ClassName, fold
from storage.people import Role

_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            ("понедельник", "пн", "1"),
            ("вторник", "вт", "2"),
            ("среда", "ср", "3"),
            ("четверг", "чт", "4"),
            ("пятница", "пт", "5"),
            ("суббота", "сб", "6"),
        ),
        start=1,
    )
    for word in words
}
_WEEKS = {
    "каждая": Week.EVERY,
    "чётная": Week.EVEN,
    "нечётная": Week.ODD,
}
FORMATS = {
    "онлайн": LessonFormat.ONLINE,
    "материалы": LessonFormat.MATERIALS,
    "очно": LessonFormat.IN_PERSON,
}
_MOST_LESSONS = 20
_MOST_SHIFTS = 4


@dataclass(frozen=True, slots=True)
class Bells:
    """When lessons are; `by_slot` is keyed by shift and lesson number."""

    by_slot: dict[tuple[int, int], BellRow]
    usable: bool = True

    def needed(self, row: Row, known: Directory, class_key: ClassName | None) -> int | None:
        """Read a row's lesson number; reports one for which the class's shift has no bell."""
        lesson = row.whole("урок", 0, _MOST_LESSONS)
        studies = known.classes.get(class_key) if class_key else None
        if not self.usable or lesson is None or studies is None:
            return lesson
        if (studies.shift, lesson) not in self.by_slot:
            row.refuse("урок", "roster-no-bell", value=lesson, shift=studies.shift)
        return lesson


@dataclass(slots=True)
class _Group:
    """A group over several rows, and the row that spoke of it first."""

    row: Row
    subject: str
    name: str
    teacher: PersonKey | None
    students: dict[PersonKey, int] = field(default_factory=dict)


def read_groups(sheet: Sheet | None, known: Directory) -> None:
    """Make the groups known; a row for each member."""
    groups: dict[tuple[ClassName, str, str], _Group] = {}
    for row in rows_of(sheet, known.findings):
        class_key = known.class_of(row)
        teacher = teaching_staff(row, known)
        student = known.student_of(row)
        subject = known.subject(row.text("предмет"))
        name = row.text("группа")
        if class_key is None or not subject or not name:
            continue
        group = groups.setdefault(
            (class_key, subject, fold(name)), _Group(row, subject, name, teacher)
        )
        group.teacher = group.teacher or teacher
        if teacher and teacher != group.teacher:
            row.refuse("учитель", "roster-other-group-teacher", first=group.row.number)
        if student is not None:
            _join(row, group, student, class_key, known)
    for key, group in groups.items():
        # Without a teacher the roster is refused already; the group stays known all the same.
        teacher = group.teacher or PersonKey("")
        known.groups[key] = GroupRow(
            key[0], group.subject, group.name, teacher, tuple(group.students)
        )


def read_bells(sheet: Sheet | None, known: Directory) -> Bells:
    """Read the bells, a row for each lesson of a shift."""
    bells: dict[tuple[int, int], BellRow] = {}
    for row in rows_of(sheet, known.findings):
        shift = row.whole("смена", 1, _MOST_SHIFTS)
        lesson = row.whole("урок", 0, _MOST_LESSONS)
        starts, ends = row.clock("начало"), row.clock("конец")
        row.in_order(starts, ends, "конец")
        if shift is None or lesson is None:
            continue
        if (shift, lesson) in bells:
            row.refuse("урок", "roster-duplicate-bell", value=lesson, shift=shift)
            continue
        bell = BellRow(shift, lesson, starts or time.min, ends or time.min)
        if starts and ends:
            for other in bells.values():
                if other.shift == shift and starts < other.ends and other.starts < ends:
                    row.refuse("начало", "roster-bells-overlap", value=other.lesson)
        bells[shift, lesson] = bell
    return Bells(bells, usable="bells" not in known.findings.unusable)


def read_timetable(
    sheet: Sheet | None,
    known: Directory,
    bells: Bells,
    own: Mapping[PersonKey, Sequence[str]],
) -> list[tuple[Row, LessonRow]]:
    """Read the timetable, each lesson with its row for the checks of conflicts.

    `own` are the subjects that the sheet of staff gives each teacher.
    """
    lessons = []
    for row in rows_of(sheet, known.findings):
        lesson = _lesson(row, known, bells)
        if lesson is None:
            continue
        lessons.append((row, lesson))
        group = known.groups.get((lesson.class_key, lesson.subject, fold(lesson.group)))
        if group and group.teacher != lesson.teacher:
            row.note("учитель", "roster-not-the-group-teacher", value=lesson.group)
        if own.get(lesson.teacher) and lesson.subject not in own[lesson.teacher]:
            row.note("предмет", "roster-not-own-subject", value=lesson.subject)
    return lessons


def _lesson(row: Row, known: Directory, bells: Bells) -> LessonRow | None:
    class_key = known.class_of(row)
    lesson = bells.needed(row, known, class_key)
    weekday = _weekday(row, known, class_key)
    subject = known.subject(row.text("предмет"))
    group = known.group_of(row, class_key, subject)
    teacher = teaching_staff(row, known)
    starts_on, ends_on = row.day("дата_с"), row.day("дата_по")
    row.in_order(starts_on, ends_on, "дата_по")
    week = row.choice("неделя", _WEEKS, Week.EVERY)
    form = row.choice("формат", FORMATS, LessonFormat.IN_PERSON)
    link = row.link("ссылка")
    if form is LessonFormat.ONLINE and not row.text("ссылка"):
        row.note("ссылка", "roster-online-without-link")
    if class_key is None or lesson is None or weekday is None or teacher is None or not subject:
        return None
    return LessonRow(
        class_key, subject, teacher, weekday, lesson, group, starts_on, ends_on, week, form, link
    )


def _join(
    row: Row, group: _Group, student: PersonKey, class_key: ClassName, known: Directory
) -> None:
    if student in group.students:
        row.refuse("ученик_id", "roster-duplicate-member", first=group.students[student])
        return
    group.students[student] = row.number
    studies = known.students.get(student)
    if studies and studies.class_key != class_key:
        row.refuse(
            "ученик_id",
            "roster-member-of-other-class",
            value=row.text("ученик_id"),
            class_name=str(studies.class_key),
        )


def teaching_staff(row: Row, known: Directory) -> PersonKey | None:
    """Find who teaches; reports somebody who is on the sheet of staff but not as a teacher."""
    teacher = known.teacher_of(row)
    if teacher and Role.TEACHER not in known.people[teacher].roles:
        row.refuse("учитель", "roster-not-a-teacher", value=row.text("учитель"))
    return teacher


def _weekday(row: Row, known: Directory, class_key: ClassName | None) -> int | None:
    weekday = row.choice("день", _WEEKDAYS, None)
    studies = known.classes.get(class_key) if class_key else None
    if weekday and studies and weekday > studies.week_days:
        days = studies.week_days
        row.refuse("день", "roster-day-outside-week", value=row.text("день"), days=days)
    return weekday
