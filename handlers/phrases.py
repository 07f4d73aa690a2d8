"""What the student's topics say alike: deadlines, whose it is, ways to the other children."""

from datetime import datetime

from handlers.day_buttons import child_label
from handlers.messages import Button, Happening
from handlers.teaching import label
from handlers.texts import Texts
from handlers.turn import Turn
from school.speakers import Speaker
from storage import outbox
from storage.people import Student
from storage.tasks import Task

MOST_SIBLINGS = 4
EXCERPT = 60


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


def family(speaker: Speaker) -> tuple[Student, ...]:
    """Return everybody whose homework the speaker may see: first those for whom one acts."""
    wards = speaker.wards
    acting = {student.id for student in wards}
    return (*wards, *(child for child in speaker.children if child.id not in acting))


def siblings(turn: Turn, current: Student, action: str) -> list[Button]:
    """Give a button to the same list of every other child."""
    others = [one for one in family(turn.speaker) if one.id != current.id]
    return [
        Button(
            turn.t("due-own") if one.id == turn.speaker.id else child_label(one, turn.t),
            f"{action}:{one.id}",
        )
        for one in others[:MOST_SIBLINGS]
    ]


async def is_in_place(turn: Turn, card: str) -> bool:
    """Say whether the press was on the newest message of a card: it may change there."""
    if turn.incoming.happening is not Happening.PRESS:
        return False
    address = turn.incoming.address
    newest = await outbox.card_message(turn.tx, address.messenger, address.chat, card)
    return bool(newest) and newest == turn.incoming.message_ref
