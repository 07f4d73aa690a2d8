"""Which study mode a student is in: the year's own, a dated order's, or that of a quarantine."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from school.rules import modes
from school.rules.calendar import Period, PeriodKind
from school.rules.modes import Mode, Scope
from school.rules.names import fold
from school.school_year import plan_of
from storage import study_modes
from storage.database import Tx
from storage.people import Pupil, Student
from storage.schools import School
from storage.study_modes import StudyMode


@dataclass(frozen=True, slots=True)
class Modes:
    """The orders about some students and their classes, read once and asked often.

    A quarantine in the plan of the year stands for an order of distance learning for its parallels.
    """

    of_students: dict[int, list[modes.ModeSpan]]
    of_classes: dict[int, list[modes.ModeSpan]]
    quarantines: tuple[Period, ...] = ()

    @classmethod
    def of_rows(cls, rows: Iterable[StudyMode], plan: Iterable[Period]) -> "Modes":
        """Sort the orders by whom they were made for."""
        of_students: defaultdict[int, list[modes.ModeSpan]] = defaultdict(list)
        of_classes: defaultdict[int, list[modes.ModeSpan]] = defaultdict(list)
        for row in rows:
            if row.student_id is not None:
                of_students[row.student_id].append(_span(row, Scope.STUDENT))
            elif row.class_id is not None:
                of_classes[row.class_id].append(_span(row, Scope.CLASS))
        quarantines = tuple(one for one in plan if one.kind is PeriodKind.QUARANTINE)
        return cls(dict(of_students), dict(of_classes), quarantines)

    def of(self, student: Pupil, day: date, subject: str = "") -> Mode:
        """Tell the mode of a student's day, or of one subject of it (its name)."""
        spans = self._spans(student)
        return modes.mode_on(day, Mode(student.mode), spans, fold(subject) if subject else None)

    def of_each(self, student: Pupil, day: date, subjects: Iterable[str]) -> dict[str, Mode]:
        """Tell the mode of some subjects of a day; most days it is the same in all of them."""
        if any(span.subjects for span in self._spans(student)):
            return {subject: self.of(student, day, subject) for subject in set(subjects)}
        return dict.fromkeys(subjects, self.of(student, day))

    def _spans(self, student: Pupil) -> list[modes.ModeSpan]:
        return [
            *self._quarantines(student.school_class.parallel),
            *self.of_classes.get(student.school_class.id, ()),
            *self.of_students.get(student.id, ()),
        ]

    def _quarantines(self, parallel: int) -> list[modes.ModeSpan]:
        return [
            modes.ModeSpan(Mode.DISTANCE, Scope.CLASS, period.starts, period.ends)
            for period in self.quarantines
            if period.speaks_to(parallel)
        ]


async def modes_of(tx: Tx, school: School) -> Modes:
    """Read the orders of a whole school, whatever its size in two queries."""
    return Modes.of_rows(
        await study_modes.of_school(tx, school.id),
        await plan_of(tx, school.id),
    )


async def modes_of_classes(tx: Tx, school: School, class_ids: Collection[int]) -> Modes:
    """Read the orders that touch some classes and their students, in two queries."""
    return Modes.of_rows(
        await study_modes.of_classes(tx, class_ids),
        await plan_of(tx, school.id),
    )


async def modes_around(tx: Tx, student: Student) -> Modes:
    """Read the orders that touch one student."""
    school_class = student.school_class
    return Modes.of_rows(
        await study_modes.of_student(tx, student.id, school_class.id),
        await plan_of(tx, school_class.school_id),
    )


def _span(row: StudyMode, scope: Scope) -> modes.ModeSpan:
    subjects = frozenset(fold(name) for name in row.subjects.split(",") if name.strip())
    return modes.ModeSpan(Mode(row.mode), scope, row.starts_on, row.ends_on, subjects)
