"""What several topics say alike: names, subjects, courses, deadlines, whose matter it is."""

from collections.abc import Iterable
from datetime import date, datetime

from handlers.messages import LABEL_CHARS, Button
from handlers.texts import Texts
from handlers.turn import Turn
from school.speakers import Speaker
from school.wide_roles import WIDE
from storage.people import Person, Student
from storage.tasks import Task
from storage.timetable import Teaching

MOST_SIBLINGS = 4
MOST_NAMES = 40
EXCERPT = 60


def label(text: str) -> str:
    """Cut a label to what every messenger shows on a button."""
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1].rstrip() + "…"


def in_text(subject: str) -> str:
    """Write a subject in the middle of a sentence; abbreviations (ОБЗР) stay as they are."""
    is_abbreviation = subject[1:2].isupper()
    return subject if is_abbreviation else subject[:1].lower() + subject[1:]


def course(of: Task | Teaching, t: Texts) -> str:
    """«7Б, геометрия» or «7Б, английский язык, группа 1»."""
    named = f"{of.school_class.name}, {in_text(of.subject)}"
    return f"{named}, {t('teacher-group', group=of.group)}" if of.group_id else named


def names(students: Iterable[Student]) -> str:
    """List students by name: «Ершов Тимофей, Зимина Арина»."""
    listed = [student.person.short_name for student in students]
    return ", ".join(listed[:MOST_NAMES]) + ("…" if len(listed) > MOST_NAMES else "")


def with_initials(person: Person) -> str:
    """«Кузнецова И. П.», as a list of the staff has it."""
    initials = [f"{name[0]}." for name in (person.given_name, person.patronymic) if name]
    return " ".join([person.surname, *initials])


def child_label(student: Student, t: Texts) -> str:
    """«Миша, 1А»: how a button or a heading names a child."""
    return label(t("day-child", name=student.person.given_name, where=student.school_class.name))


def due(t: Texts, moment: datetime, now: datetime) -> str:
    """«до завтра, 15:00», «сегодня до 15:00», «до пятницы, 27 ноября, 15:00», «срок был: …»."""
    local, today = moment.astimezone(t.zone), now.astimezone(t.zone).date()
    if moment < now:
        return t("due-past", when=t.when(moment, now))
    named = {0: "due-today", 1: "due-tomorrow"}.get((local.date() - today).days)
    if named:
        return t(named, clock=t.clock(moment))
    return t(
        "due-later",
        weekday=local.isoweekday(),
        date=t.short_day(local.date()),
        clock=t.clock(moment),
    )


def by_day(t: Texts, day: date) -> str:
    """«не позже вторника, 24 ноября»: the last day of a promise."""
    return t("by-day", weekday=day.isoweekday(), date=t.short_day(day))


def reach(speaker: Speaker) -> str:
    """Return "school" for whoever may read “all” as the whole school's, else "classes"."""
    return "school" if speaker.is_any(*WIDE) else "classes"


def due_briefly(t: Texts, moment: datetime, now: datetime) -> str:
    """«завтра 15:00» or «27.11 15:00»: a deadline on a button."""
    local, today = moment.astimezone(t.zone), now.astimezone(t.zone).date()
    named = {0: "today", 1: "tomorrow"}.get((local.date() - today).days)
    day = t(named) if named else f"{local:%d.%m}"
    return f"{day} {t.clock(moment)}"


def task_label(t: Texts, task: Task, now: datetime, whose: str = "") -> str:
    """«Геометрия · завтра 15:00», with the child's name before it where that is not plain."""
    said = f"{task.subject} · {due_briefly(t, task.due_at, now)}"
    return label(f"{whose}: {said}" if whose else said)


def excerpt(task: Task) -> str:
    """Return the beginning of what a task says, in one line."""
    line = " ".join(task.text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def whose(reader_id: int, student: Student) -> str:
    """Return the child's first name, "" for one's own matters."""
    return "" if student.id == reader_id else student.person.given_name


def about(text: str, reader_id: int, student: Student) -> str:
    """Begin a text with the child's name where it is not the reader's own matter."""
    name = whose(reader_id, student)
    return f"{name}. {text}" if name else text


def siblings(turn: Turn, current: Student, action: str) -> list[Button]:
    """Give a button to the same list of every other child."""
    others = [one for one in turn.speaker.family if one.id != current.id]
    return [
        Button(
            turn.t("due-own") if one.id == turn.speaker.id else child_label(one, turn.t),
            f"{action}:{one.id}",
        )
        for one in others[:MOST_SIBLINGS]
    ]
