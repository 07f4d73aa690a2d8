"""A roster as a whole: accepted when every row of it is right, otherwise every fault is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from school.roster.columns import REQUIRED_SHEETS
from school.roster.conflicts import check_conflicts
from school.roster.directory import Directory
from school.roster.people import (
    note_unguarded,
    read_class_teachers,
    read_classes,
    read_parents,
    read_students,
    read_teachers,
)
from school.roster.problems import Findings, Problem
from school.roster.rows import Roster
from school.roster.schedule import read_bells, read_groups, read_timetable
from school.roster.settings import read_school
from school.roster.sheets import Sheet, read_sheets
from school.roster.substitutions import read_substitutions
from school.roster.year import read_calendar, read_modes, read_topics


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a roster: with a single problem there is no roster at all."""

    roster: Roster | None
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]


def read_roster(path: Path) -> Reading:
    """Read and check a folder of CSV files or an XLSX workbook; touches nothing else."""
    findings = Findings()
    return check(read_sheets(path, findings), findings)


def check(sheets: Mapping[str, Sheet], findings: Findings | None = None) -> Reading:
    """Check sheets that have been read; faults come in the order of sheets and rows."""
    found = findings or Findings()
    for name in REQUIRED_SHEETS:
        if name not in sheets and name not in found.unusable:
            found.give_up(name, "roster-missing-sheet")
    roster = _roster(sheets, Directory(found))
    return Reading(
        None if found.problems else roster, _ordered(found.problems), _ordered(found.notices)
    )


def _roster(sheets: Mapping[str, Sheet], known: Directory) -> Roster:
    class_rows = read_classes(sheets.get("classes"), known)
    teachers = read_teachers(sheets.get("teachers"), known)
    read_class_teachers(class_rows, known)
    student_rows = read_students(sheets.get("students"), known)
    guardianships = read_parents(sheets.get("parents"), known)
    note_unguarded(student_rows, guardianships, known)
    read_groups(sheets.get("groups"), known)
    bells = read_bells(sheets.get("bells"), known)
    own = {teacher.person: teacher.subjects for teacher in teachers}
    placed = read_timetable(sheets.get("timetable"), known, bells, own)
    check_conflicts(placed, known, bells)
    lessons = tuple(lesson for _, lesson in placed)
    taught = {lesson.subject for lesson in lessons}
    return Roster(
        school=read_school(sheets.get("school"), known.findings),
        classes=tuple(known.classes.values()),
        students=tuple(known.students.values()),
        guardianships=guardianships,
        teachers=teachers,
        groups=tuple(known.groups.values()),
        bells=tuple(bells.by_slot.values()),
        lessons=lessons,
        substitutions=read_substitutions(sheets.get("substitutions"), known, bells, lessons),
        periods=read_calendar(sheets.get("calendar"), known),
        modes=read_modes(sheets.get("modes"), known, taught),
        topics=read_topics(sheets.get("ктп"), known, taught),
        people=tuple(known.people.values()),
        subjects=tuple(known.subjects.values()),
    )


def _ordered(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Keep the sheets in the order of their first fault, and sort the rows within each."""
    sheets = list(dict.fromkeys(problem.sheet for problem in problems))
    return tuple(sorted(problems, key=lambda one: (sheets.index(one.sheet), one.row)))
