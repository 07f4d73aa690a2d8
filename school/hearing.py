"""Who hears a student's news, and when they may be disturbed (П1-1.4, П1-1.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from school import timetable
from school.rules.calendar import SchoolCalendar
from school.rules.quiet import LessonSlot, QuietHours, undisturbed
from school.school_year import days_of, year_of
from school.timetable import DayLesson
from storage import people
from storage.database import Tx
from storage.people import Person, Pupil, Student
from storage.schools import School

AFTER_THE_CARD = timedelta(minutes=5)
"""News kept over the night follow the morning card, which may tell them already."""


def hearers_among(student: Student, guardians: Sequence[int]) -> Sequence[int]:
    """Choose who hears what is said to a student: in grades 1–4 the guardians, if there are any."""
    return guardians if student.needs_guardian and guardians else (student.id,)


async def hearers_of(tx: Tx, student: Student) -> Sequence[Person]:
    """Read who hears what is said to one student."""
    guardians = await people.guardians_of(tx, student.id) if student.needs_guardian else ()
    return guardians or (student.person,)


def quiet_of(school: School) -> QuietHours:
    """Return the hours in which a school is silent."""
    return QuietHours(school.quiet_from, school.quiet_until)


@dataclass(frozen=True, slots=True)
class Hearing:
    """The quiet hours of a school, and the lessons of some students on one day."""

    school: School
    calendar: SchoolCalendar
    lessons: Mapping[int, Sequence[DayLesson]]

    def not_disturbing(self, student: Pupil, hearer_id: int, wanted: datetime) -> datetime:
        """Return the earliest instant from `wanted` on that is neither night nor lesson.

        Lessons are the student's own: they do not keep a guardian from reading.
        """
        if hearer_id != student.id:
            return self.not_disturbing_others(wanted)
        slots = self._slots(student, wanted)
        return undisturbed(wanted, self.school.zone, quiet_of(self.school), slots)

    def not_disturbing_others(self, wanted: datetime) -> datetime:
        """Return the earliest instant from `wanted` on that is not night, whatever the lessons."""
        return undisturbed(wanted, self.school.zone, quiet_of(self.school), ())

    def news(
        self, student: Student, hearer: Person, wanted: datetime, until: datetime | None = None
    ) -> datetime:
        """Return when news may be told: besides, nothing on a day off and nothing before the card.

        What falls into a night or a day off is told on the next school day, five minutes after the
        school's morning. Only where that would be too late (`until`) is it told on a day off.
        """
        at = self.not_disturbing(student, hearer.id, wanted)
        day = self.school.date_of(at)
        days = days_of(self.calendar, student.school_class)
        if days.is_working(day):
            later = max(at, self._morning(day)) if at > wanted else at
        else:
            later = self._morning(days.next_working(day))
        return at if until is not None and later >= until else later

    def _morning(self, day: date) -> datetime:
        return self.school.instant(day, self.school.morning) + AFTER_THE_CARD

    def _slots(self, student: Pupil, wanted: datetime) -> list[LessonSlot]:
        day = self.school.date_of(wanted)
        if not days_of(self.calendar, student.school_class).is_working(day):
            return []
        return [
            LessonSlot(lesson.starts_at, lesson.ends_at)
            for lesson in self.lessons.get(student.id, ())
            if lesson.takes_place and lesson.starts_at is not None and lesson.ends_at is not None
        ]


async def hearing_on(
    tx: Tx,
    school: School,
    students: Sequence[Student],
    day: date,
    year: SchoolCalendar | None = None,
) -> Hearing:
    """Read what decides when some students may be disturbed on a day, in a few queries for all."""
    calendar = year or await year_of(tx, school)
    return Hearing(school, calendar, await timetable.of_students(tx, school, students, day))
