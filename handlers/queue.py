"""«На проверку»: the works that wait for a teacher, and what recalls them (П1-2.3)."""

from collections.abc import Sequence

from handlers.cards import placed
from handlers.messages import Button, Reply, rows
from handlers.pages import page_of
from handlers.phrases import course, in_text, label, reach, with_initials
from handlers.reader import Kind, Reader
from handlers.task_draft import put_aside
from handlers.teaching import a_page, only_teachers
from handlers.texts import Texts
from handlers.turn import Action, Answer, Handler, Turn
from school import nudges, review
from storage import people, works
from storage.people import Role
from storage.works import Work

CARD = "queue"
PAGE = 5


async def command(turn: Turn) -> Answer:
    """Show the works that wait, the one that falls due first at the head."""
    only_teachers(turn)
    put_aside(turn)
    return await show(turn, 0)


async def show(turn: Turn, page: int) -> Answer:
    """Show a page of the queue."""
    t = turn.t
    waiting = await review.queue_of(turn.tx, turn.speaker.id)
    if not waiting:
        return await placed(turn, Reply(t("queue-empty", reach=reach(turn.speaker)), card=CARD))
    here = page_of(waiting, page, PAGE)
    lines = [t("queue-title", count=len(waiting), classes=_classes(review.by_class(waiting), t))]
    day = None
    for work in here.shown:
        if work.review_due_on != day:
            day = work.review_due_on
            lines += ["", _day(turn, work)]
        lines.append(await _line(turn, work))
    buttons = [Button(_label(work, t), f"review.open:{work.id}") for work in here.shown]
    foot = here.pager("queue.page", t)
    laid = (*rows(buttons), foot) if foot else rows(buttons)
    return await placed(turn, Reply("\n".join(lines), buttons=laid, card=CARD))


def _day(turn: Turn, work: Work) -> str:
    """Head the works of a day: due today, left from an earlier day, or for a day to come."""
    due = work.review_due_on
    if due == turn.today:
        return turn.t("queue-today")
    key = "queue-earlier" if due < turn.today else "queue-later"
    return turn.t(key, day=turn.t.short_day(due))


async def _line(turn: Turn, work: Work) -> str:
    t = turn.t
    pieces = await works.parts_of(turn.tx, work.id)
    files = sum(piece.file_id is not None for piece in pieces)
    facts = [
        t("queue-work", student=work.student.person.short_name, course=course(work.task, t)),
        t("queue-number", number=work.number),
    ]
    facts += [t("teacher-files", count=files)] if files else [t("queue-text")]
    facts += [t("queue-attempt", attempt=work.attempt)] if work.attempt > 1 else []
    facts += [t("queue-late")] if work.is_late else []
    return "• " + ", ".join(facts)


def _label(work: Work, t: Texts) -> str:
    task = work.task
    return label(
        t(
            "queue-button",
            student=work.student.person.short_name,
            class_=task.school_class.name,
            subject=in_text(task.subject),
        )
    )


def _classes(counted: Sequence[tuple[str, int]], t: Texts) -> str:
    return ", ".join(t("queue-class", class_=name, count=count) for name, count in counted)


async def _nudge(reader: Reader) -> Reply | None:
    """Recall the works that wait today, as they are at this moment."""
    waiting = await nudges.waiting_for(reader.tx, reader.school, reader.person.id, reader.now)
    if not waiting.total:
        return None
    t = reader.t
    text = t(
        "queue-nudge",
        name=reader.person.polite_name,
        received=waiting.received,
        waiting=waiting.total,
        classes=_classes(waiting.classes, t),
    )
    return Reply(text, buttons=((Button(t("queue-open"), "queue.page:0"),),))


async def _summary(reader: Reader) -> Reply | None:
    """Tell a deputy head which works missed their day of review, by teacher."""
    left = await nudges.left_by(reader.tx, reader.school, reader.today)
    roles = await people.roles_of(reader.tx, reader.person.id)
    if not left or Role.DEPUTY_HEAD not in roles:
        return None
    t = reader.t
    total = sum(one.works for one in left)
    lines = [t("queue-summary", name=reader.person.polite_name, count=total)]
    lines += [
        t(
            "queue-summary-line",
            teacher=with_initials(one.teacher),
            works=t("teacher-works", count=one.works),
        )
        for one in left
    ]
    return Reply("\n".join(lines))


ACTIONS: dict[str, Action] = {"queue.page": Action(show, a_page)}
COMMANDS: dict[str, Handler] = {"queue": command}
NOTICES: dict[str, Kind] = {nudges.NUDGE: Kind(_nudge), nudges.SUMMARY: Kind(_summary)}
