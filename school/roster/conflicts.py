"""Lessons that cannot both take place: one class, one teacher or one student in two of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, time
from itertools import combinations

from school.roster.cells import Row
from school.roster.directory import Directory
from school.roster.rows import LessonRow, PersonKey
from school.roster.schedule import Bells
from school.rules.lessons import Week
from school.rules.names import fold

Placed = tuple[Row, LessonRow]


def check_conflicts(lessons: Iterable[Placed], known: Directory, bells: Bells) -> None:
    """Report lessons that clash; of two rows the lower one carries the report.

    Two lessons of a class at once are a problem; a teacher or a student in two places is a notice,
    for the school may have its reasons. Two classes that one teacher takes together (one subject,
    one lesson, one link) do not clash.
    """
    by_class: defaultdict[Hashable, list[Placed]] = defaultdict(list)
    by_teacher: defaultdict[Hashable, list[Placed]] = defaultdict(list)
    for row, lesson in lessons:
        by_class[lesson.class_key, lesson.weekday, lesson.lesson].append((row, lesson))
        by_teacher[lesson.teacher, lesson.weekday].append((row, lesson))
    for (first, one), (row, other) in _pairs(by_class.values()):
        _check_class(first, one, row, other, known)
    for (first, one), (row, other) in _pairs(by_teacher.values()):
        if not _together(one, other) and _meet(one, other, known, bells):
            row.note("учитель", "roster-teacher-twice", first=first.number)


def _pairs(slots: Iterable[list[Placed]]) -> Iterator[tuple[Placed, Placed]]:
    for slot in slots:
        for one, other in combinations(slot, 2):
            if _same_weeks(one[1], other[1]):
                yield one, other


def _check_class(first: Row, one: LessonRow, row: Row, other: LessonRow, known: Directory) -> None:
    same_group = one.subject == other.subject and one.group == other.group
    if not one.group or not other.group or same_group:
        row.refuse("урок", "roster-two-lessons", value=other.lesson, first=first.number)
        return
    both = _members(one, known) & _members(other, known)
    if both:
        names = ", ".join(sorted(known.people[key].name.listed for key in both))
        row.note("группа", "roster-student-twice", value=names, first=first.number)


def _members(lesson: LessonRow, known: Directory) -> set[PersonKey]:
    group = known.groups.get((lesson.class_key, lesson.subject, fold(lesson.group)))
    return set(group.students) if group else set()


def _same_weeks(one: LessonRow, other: LessonRow) -> bool:
    if Week.EVERY not in (one.week, other.week) and one.week != other.week:
        return False
    starts = max(one.starts_on or date.min, other.starts_on or date.min)
    return starts <= min(one.ends_on or date.max, other.ends_on or date.max)


def _together(one: LessonRow, other: LessonRow) -> bool:
    return (one.subject, one.lesson, one.link) == (other.subject, other.lesson, other.link) and (
        one.class_key != other.class_key
    )


def _meet(one: LessonRow, other: LessonRow, known: Directory, bells: Bells) -> bool:
    """Say whether two lessons overlap by the clock, whatever their shifts and numbers."""
    (starts, ends), (other_starts, other_ends) = (
        _clock(lesson, known, bells) for lesson in (one, other)
    )
    return starts < other_ends and other_starts < ends


def _clock(lesson: LessonRow, known: Directory, bells: Bells) -> tuple[time, time]:
    bell = bells.by_slot.get((known.classes[lesson.class_key].shift, lesson.lesson))
    return (bell.starts, bell.ends) if bell else (time.max, time.min)
