"""Reminders of deadlines (П1-1.4): the evening before and two hours before, none once it is in.

One notice speaks for all tasks of a student that are to be recalled at the same instant. Which
these are is asked again when it is sent, so a work that has come in, a moved deadline and a task
taken back cancel their reminders by themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from school.hearing import Hearing, hearers_among, hearers_of, hearing_on, quiet_of
from school.notices import Notice, Said, Slice, announce_all, gathered
from school.rules import deadlines, modes
from school.rules.calendar import SchoolCalendar
from school.rules.deadlines import Reminder, ReminderKind
from school.school_year import days_of, year_of
from school.slices import classes_from, slice_of
from school.study_modes import Modes, modes_around, modes_of_classes
from storage import announcements, learners, moments, tasks, works
from storage.database import Tx
from storage.people import SchoolClass, Student
from storage.schools import School
from storage.tasks import Task

KIND = "deadlines"
MARK = "deadline"
"""How the moments are named at which deadlines were looked at."""
LOOKING = f"{MARK} looking"
BEFORE_ALL = -1
AHEAD = timedelta(hours=36)
"""How long before its instant a reminder is planned: a clock that jumps must find it in time."""
LONGEST_HOLIDAYS = timedelta(days=21)
_STAMP = "%Y%m%dT%H%M%S"


async def near_reminders(tx: Tx, school: School, now: datetime, after: int = 0) -> Slice:
    """Say the reminders whose instant lies within a day and a half.

    Called at every tick, looks once an hour: a task that is set, moved or returned meanwhile is
    looked at there and then. What `look_again` overtakes is not written.
    """
    today = school.date_of(now)
    hour, looking = (today, f"{MARK} {now.astimezone(school.zone):%H}"), (today, LOOKING)
    if await moments.is_planned(tx, school.id, *hour):
        return Slice()
    if not after:
        return Slice(go_on=BEFORE_ALL, marks=(looking,))
    classes = await classes_from(tx, school, after)
    ids = [one.id for one in classes]
    upcoming = await tasks.due_between(tx, ids, now, now + LONGEST_HOLIDAYS)
    near = await _near(tx, school, upcoming, now)
    go_on = slice_of(classes, ()).go_on
    marks = near.marks if go_on else (*near.marks, hour)
    return Slice(near.said, go_on, marks, only_while=looking)


async def look_again(tx: Tx, school: School, now: datetime) -> None:
    """Let the next tick look at every deadline anew: who learns how, and when, has changed.

    What was announced is not announced twice.
    """
    await moments.forget(tx, school.id, school.date_of(now), MARK)


async def plan_for(tx: Tx, school: School, upcoming: Sequence[Task], now: datetime) -> None:
    """Plan what is near of these tasks' reminders; each revision of a task has its own, once."""
    near = await _near(tx, school, upcoming, now)
    for one in near.said:
        await announcements.plan(tx, one, now)
    for mark in near.marks:
        await moments.mark(tx, school.id, *mark, now)


async def _near(tx: Tx, school: School, upcoming: Sequence[Task], now: datetime) -> Slice:
    if not upcoming:
        return Slice()
    year = await year_of(tx, school)
    planned = await moments.since(tx, school.id, school.date_of(now))
    fresh: defaultdict[Reminder, list[Task]] = defaultdict(list)
    known: dict[tuple[int, int, datetime], tuple[Reminder, ...]] = {}
    marks: list[tuple[date, str]] = []
    for task in upcoming:
        of_class = task.school_class
        key = (of_class.parallel, of_class.week_days, task.due_at)
        if key not in known:
            known[key] = instants(school, year, of_class, task.due_at)
        for reminder in known[key]:
            moment = _moment(school, task, reminder)
            if now <= reminder.at <= now + AHEAD and moment not in planned:
                marks.append(moment)
                fresh[reminder].append(task)
    if not fresh:
        return Slice()
    classes = {task.school_class.id for task in upcoming}
    known_of_all = year, await modes_of_classes(tx, school, classes)
    said: list[Said] = []
    for reminder, of_instant in fresh.items():
        said += await _said(tx, school, reminder, of_instant, known_of_all)
    return Slice(gathered(school, said, now), marks=marks)


async def due_then(
    tx: Tx, school: School, student: Student, reminder: Reminder, now: datetime
) -> list[Task]:
    """Return what a student is to be reminded of: still undone, still ahead, still recalled then.

    Nothing where the study mode has changed and no longer asks for reminders.
    """
    year = await year_of(tx, school)
    around = await modes_around(tx, student)
    return [
        task
        for task in await tasks.undone_by(tx, student, now)
        if reminder in instants(school, year, student.school_class, task.due_at)
        and asks(around, student, task, school, school.date_of(reminder.at))
    ]


async def plan_for_returned(
    tx: Tx, school: School, student: Student, task: Task, now: datetime
) -> None:
    """Plan the reminders of one student whose work came back: it may have been in before them."""
    year, of_student = await year_of(tx, school), await modes_around(tx, student)
    for reminder in instants(school, year, task.school_class, task.due_at):
        day = school.date_of(reminder.at)
        if now <= reminder.at <= now + AHEAD and asks(of_student, student, task, school, day):
            hearing = await hearing_on(tx, school, [student], day, year)
            hearers = [one.id for one in await hearers_of(tx, student)]
            said = _to_hearers(hearing, student, hearers, reminder, task.due_at)
            await announce_all(tx, school, said, now)


def instants(
    school: School, year: SchoolCalendar, school_class: SchoolClass, due_at: datetime
) -> tuple[Reminder, ...]:
    """Return the reminders of a deadline of a class."""
    days = days_of(year, school_class)
    return deadlines.reminder_instants(due_at, school.zone, quiet_of(school), days)


def read(about: str) -> Reminder:
    """Read which reminder a notice is, from what it is about ("student:7:two_hours:…")."""
    _, _, kind, stamp = about.split(":")
    at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    return Reminder(ReminderKind(kind), at)


def asks(of_school: Modes, student: Student, task: Task, school: School, day: date) -> bool:
    """Say whether the study mode asks for reminders, that day or on the day of the deadline."""
    return any(
        modes.asks_reminders(of_school.of(student, on, task.subject))
        for on in {day, school.date_of(task.due_at)}
    )


async def _said(
    tx: Tx,
    school: School,
    reminder: Reminder,
    of_instant: Sequence[Task],
    known: tuple[SchoolCalendar, Modes],
) -> list[Said]:
    year, of_school = known
    day = school.date_of(reminder.at)
    until: dict[int, datetime] = {}
    students: dict[int, Student] = {}
    for task in of_instant:
        for student in await _undone(tx, task):
            if asks(of_school, student, task, school, day):
                students[student.id] = student
                until[student.id] = max(task.due_at, until.get(student.id, task.due_at))
    hearing = await hearing_on(tx, school, list(students.values()), day, year)
    young = {one.school_class.id for one in students.values() if one.needs_guardian}
    guardians = await learners.guardians_of(tx, young)
    said: list[Said] = []
    for student in students.values():
        hearers = hearers_among(student, guardians.get(student.id, ()))
        said += _to_hearers(hearing, student, hearers, reminder, until[student.id])
    return said


def _to_hearers(
    hearing: Hearing,
    student: Student,
    hearers: Sequence[int],
    reminder: Reminder,
    until: datetime,
) -> list[Said]:
    about = f"student:{student.id}:{reminder.kind}:{reminder.at:{_STAMP}}"
    return [
        (
            hearer,
            Notice(
                KIND,
                about,
                send_after=hearing.not_disturbing(student, hearer, reminder.at),
                useful_until=until,
            ),
        )
        for hearer in hearers
    ]


async def _undone(tx: Tx, task: Task) -> Iterable[Student]:
    latest = await works.latest_of(tx, task.id)
    return (
        student
        for student in await tasks.addressees(tx, task)
        if student.id not in latest or latest[student.id].state == works.RETURNED
    )


def _moment(school: School, task: Task, reminder: Reminder) -> tuple[date, str]:
    return school.date_of(reminder.at), f"{MARK} {task.id}:{task.revision} {reminder.kind}"
