"""The lessons of a day as they take place: by week, parity, group, substitution and bell."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from school.rules.calendar import week_parity
from school.rules.lessons import LessonFormat, Week
from school.school_year import days_of, year_of
from storage import learners, timetable
from storage.database import Tx
from storage.people import Pupil, Student
from storage.schools import School
from storage.timetable import Bell, Lesson, Substitution, Teaching

HORIZON_DAYS = 150
"""How far a next lesson is looked for: longer than the summer holidays."""
_NO_GROUPS: frozenset[int] = frozenset()
_NEVER = datetime.max.replace(tzinfo=UTC)
_UNHEARD = None, None

Instants = Mapping[int, tuple[datetime, datetime]]
"""When lessons begin and end, by their numbers; of those without a bell nothing is known."""
NO_BELLS: Instants = {}


class Change(StrEnum):
    """What a substitution made of a lesson."""

    NONE = ""
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DayLesson:
    """A lesson on one day. `instead_of` is the planned subject where another one takes its place.

    `teacher_id` None means that nobody teaches it. Where there is no bell for the lesson's number
    both instants are None; else they are aware UTC.
    """

    day: date
    number: int
    class_id: int
    group_id: int | None
    subject_id: int
    subject: str
    teacher_id: int | None
    format: str
    link: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    change: Change = Change.NONE
    instead_of: str = ""

    @property
    def takes_place(self) -> bool:
        """Whether it was not cancelled."""
        return self.change is not Change.CANCELLED


@dataclass(frozen=True, slots=True)
class Bells:
    """A school's bells in its time zone."""

    school: School
    by_number: Mapping[tuple[int, int], Bell]
    instants: dict[tuple[date, int], Instants] = field(default_factory=dict)

    def on(self, day: date, shift: int) -> Instants:
        """Tell when the lessons of a shift begin and end on a day, by their numbers."""
        known = self.instants.get((day, shift))
        if known is not None:
            return known
        rung = {
            number: (self.school.instant(day, bell.starts), self.school.instant(day, bell.ends))
            for (of_shift, number), bell in self.by_number.items()
            if of_shift == shift
        }
        return self.instants.setdefault((day, shift), rung)


async def of_student(tx: Tx, school: School, student: Student, day: date) -> list[DayLesson]:
    """Return a student's lessons of a day in order, cancelled ones among them.

    Only the timetable is asked: whether the day is a school day at all, the calendar says.
    """
    bells = await bells_of(tx, school)
    class_id = student.school_class.id
    planned = await timetable.lessons_of_class(tx, class_id, day.isoweekday())
    changes = await timetable.substitutions_of_class(tx, class_id, day, day)
    groups = await timetable.groups_of_student(tx, student.id)
    return lessons_on(day, planned, changes, groups, bells.on(day, student.school_class.shift))


@dataclass(frozen=True, slots=True)
class Timetables:
    """The lessons of one day in some classes, laid out once for all who are in the same groups."""

    day: date
    bells: Bells
    planned: Mapping[int, Sequence[Lesson]]
    changes: Mapping[int, Sequence[Substitution]]
    groups: Mapping[int, frozenset[int]]
    laid_out: dict[tuple[int, frozenset[int]], Sequence[DayLesson]] = field(default_factory=dict)

    def of(self, student: Pupil) -> Sequence[DayLesson]:
        """Return a student's lessons in order, cancelled ones among them."""
        groups, school_class = self.groups_of(student.id), student.school_class
        known = self.laid_out.get((school_class.id, groups))
        if known is not None:
            return known
        planned = self.planned.get(school_class.id, ())
        changes = self.changes.get(school_class.id, ())
        bells = self.bells.on(self.day, school_class.shift)
        lessons = lessons_on(self.day, planned, changes, groups, bells)
        return self.laid_out.setdefault((school_class.id, groups), lessons)

    def groups_of(self, student_id: int) -> frozenset[int]:
        """Return the groups a student is in."""
        return self.groups.get(student_id, _NO_GROUPS)


async def of_classes(tx: Tx, school: School, class_ids: Collection[int], day: date) -> Timetables:
    """Read the lessons of a day of some classes, in four queries for all."""
    planned: defaultdict[int, list[Lesson]] = defaultdict(list)
    changes: defaultdict[int, list[Substitution]] = defaultdict(list)
    for lesson in await timetable.lessons_of_classes(tx, class_ids, day.isoweekday()):
        planned[lesson.class_id].append(lesson)
    for change in await timetable.substitutions_of_classes(tx, class_ids, day):
        changes[change.class_id].append(change)
    groups = await learners.groups_of(tx, class_ids)
    return Timetables(day, await bells_of(tx, school), planned, changes, groups)


async def of_students(
    tx: Tx, school: School, students: Collection[Student], day: date
) -> dict[int, Sequence[DayLesson]]:
    """Return the lessons of a day of some students, by student, in four queries for all."""
    classes = {student.school_class.id for student in students}
    timetables = await of_classes(tx, school, classes, day)
    return {student.id: timetables.of(student) for student in students}


async def of_teacher(tx: Tx, school: School, teacher_id: int, day: date) -> list[DayLesson]:
    """Return the lessons a teacher gives on a day, in order: own ones, and those taken over.

    A lesson somebody else takes over is left out; a cancelled one stays, and says so.
    """
    bells = await bells_of(tx, school)
    planned = await timetable.lessons_of_teacher(tx, teacher_id, day.isoweekday())
    changes = await timetable.substitutions_of_school(tx, school.id, day)
    taken_over = {change.class_id for change in changes if change.teacher_id == teacher_id}
    every = {
        class_id: await timetable.lessons_of_class(tx, class_id, day.isoweekday())
        for class_id in taken_over | {lesson.class_id for lesson in planned}
    }
    shifts = await timetable.shifts_of_classes(tx, school.id)
    lessons: dict[tuple[int, int, int | None], DayLesson] = {}
    for class_id, of_class in every.items():
        own = [change for change in changes if change.class_id == class_id]
        groups = {lesson.group_id for lesson in of_class if lesson.teacher_id == teacher_id}
        groups |= {change.group_id for change in own if change.teacher_id == teacher_id}
        for group in groups:
            in_groups = () if group is None else {group}
            rung = bells.on(day, shifts[class_id])
            for lesson in lessons_on(day, of_class, own, in_groups, rung):
                if lesson.teacher_id == teacher_id:
                    lessons[class_id, lesson.number, lesson.group_id] = lesson
    return sorted(lessons.values(), key=lambda one: (one.starts_at or _NEVER, one.number))


async def next_lesson(
    tx: Tx, school: School, teaching: Teaching, after: datetime
) -> DayLesson | None:
    """Return the first lesson of a teaching that begins after an instant, by the timetable.

    Days off, cancelled lessons and those given to another subject are passed over. None if there
    is no such lesson within 150 days, or no bell for it.
    """
    school_class = teaching.school_class
    days = days_of(await year_of(tx, school), school_class)
    first = school.date_of(after)
    last = first + timedelta(days=HORIZON_DAYS)
    bells = await bells_of(tx, school)
    planned = await timetable.lessons_of_class(tx, school_class.id)
    changes = await timetable.substitutions_of_class(tx, school_class.id, first, last)
    groups = () if teaching.group_id is None else {teaching.group_id}
    for distance in range(HORIZON_DAYS + 1):
        day = first + timedelta(days=distance)
        if not days.is_working(day):
            continue
        rung = bells.on(day, school_class.shift)
        for lesson in lessons_on(day, planned, changes, groups, rung):
            starts_at = lesson.starts_at
            if _is_of(lesson, teaching) and starts_at is not None and starts_at > after:
                return lesson
    return None


async def bells_of(tx: Tx, school: School) -> Bells:
    """Read the bells of a school."""
    return Bells(school, await timetable.bells_of_school(tx, school.id))


def lessons_on(
    day: date,
    planned: Sequence[Lesson],
    changes: Sequence[Substitution],
    groups: Collection[int],
    bells: Instants = NO_BELLS,
) -> list[DayLesson]:
    """Lay one class's day out for somebody who is in these groups of it.

    A substitution for one of the groups wins over one for the whole class; where it names another
    subject it stands once, whatever was planned there. `bells` are those of that day and class.
    """
    lessons: dict[tuple[int, int], DayLesson] = {}
    own = {
        change.lesson: change
        for change in sorted(changes, key=lambda change: change.group_id is not None)
        if change.day == day and change.group_id in (None, *groups)
    }
    for lesson in planned:
        if _is_held(lesson, day) and lesson.group_id in (None, *groups):
            made = _changed(_as_planned(lesson, day, bells), own.get(lesson.lesson))
            lessons[made.number, made.subject_id] = made
    for number, change in own.items():
        if not any(at == number for at, _ in lessons):
            added = _added(change, bells)
            if added is not None:
                lessons[number, added.subject_id] = added
    return [lessons[at] for at in sorted(lessons)]


def _is_held(lesson: Lesson, day: date) -> bool:
    return (
        lesson.weekday == day.isoweekday()
        and (lesson.starts_on is None or lesson.starts_on <= day)
        and (lesson.ends_on is None or day <= lesson.ends_on)
        and (lesson.week == Week.EVERY or lesson.week == week_parity(day))
    )


def _is_of(lesson: DayLesson, teaching: Teaching) -> bool:
    return (
        lesson.takes_place
        and lesson.subject_id == teaching.subject_id
        and lesson.group_id in (None, teaching.group_id)
    )


def _as_planned(lesson: Lesson, day: date, bells: Instants) -> DayLesson:
    starts_at, ends_at = bells.get(lesson.lesson, _UNHEARD)
    return DayLesson(
        day=day,
        number=lesson.lesson,
        class_id=lesson.class_id,
        group_id=lesson.group_id,
        subject_id=lesson.subject_id,
        subject=lesson.subject,
        teacher_id=lesson.teacher_id,
        format=lesson.format,
        link=lesson.link,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _changed(lesson: DayLesson, change: Substitution | None) -> DayLesson:
    if change is None:
        return lesson
    if change.format == LessonFormat.CANCELLED:
        return replace(lesson, change=Change.CANCELLED, link="")
    is_other = change.subject_id not in (None, lesson.subject_id)
    keeps_link = not is_other and change.format != LessonFormat.MATERIALS
    return replace(
        lesson,
        subject_id=change.subject_id or lesson.subject_id,
        subject=change.subject or lesson.subject,
        group_id=change.group_id if is_other else lesson.group_id,
        teacher_id=change.teacher_id,
        format=change.format or lesson.format,
        link=change.link or (lesson.link if keeps_link else ""),
        change=Change.CHANGED,
        instead_of=lesson.subject if is_other else "",
    )


def _added(change: Substitution, bells: Instants) -> DayLesson | None:
    if change.subject_id is None or change.subject is None:
        return None
    if change.format == LessonFormat.CANCELLED:
        return None
    starts_at, ends_at = bells.get(change.lesson, _UNHEARD)
    return DayLesson(
        day=change.day,
        number=change.lesson,
        class_id=change.class_id,
        group_id=change.group_id,
        subject_id=change.subject_id,
        subject=change.subject,
        teacher_id=change.teacher_id,
        format=change.format or LessonFormat.MATERIALS,
        link=change.link,
        starts_at=starts_at,
        ends_at=ends_at,
        change=Change.CHANGED,
    )
