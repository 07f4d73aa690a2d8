"""«Дети сегодня» and the evening digest: all children of a guardian in one message."""

from collections.abc import Iterable
from datetime import datetime

from handlers import menu
from handlers.messages import INLINE_BUTTONS, Button, Reply, parts, rows
from handlers.phrases import child_label, in_text
from handlers.reader import Kind, Reader
from handlers.texts import Texts
from handlers.turn import Answer, Handler, Turn
from school import enrolment, family
from school.day import MAIL, PLATFORM, Shape
from school.family import ChildDay
from storage import reviews
from storage.reviews import Review
from storage.tasks import Task

MOST_LISTED = 6
PAIR = 2


async def children_today(turn: Turn) -> Answer:
    """Show each child's day: done, not done, what is waited for, new answers."""
    children = turn.speaker.children
    if not children:
        is_grown = await enrolment.has_only_grown(turn.tx, turn.speaker)
        return Reply(turn.t("enrol-grown" if is_grown else "family-nobody"), menu=menu.of(turn))
    days = [await family.child_day(turn.tx, turn.school, child, turn.now) for child in children]
    heading = turn.t("family-today", day=turn.t.day(turn.today))
    return _message(heading, days, turn.t, turn.now)


async def _digest(reader: Reader) -> Reply | None:
    """Sum the day up in the evening; None if no child was at a distance after all."""
    days = await family.digest_of(reader.tx, reader.school, reader.person, reader.now)
    if not days:
        return None
    return _message(
        reader.t("family-digest", day=reader.t.day(reader.today)), days, reader.t, reader.now
    )


def _message(heading: str, days: list[ChildDay], t: Texts, now: datetime) -> Reply:
    text = "\n\n".join((heading, *("\n".join(_child(one, t, now)) for one in days)))
    buttons = [
        Button(child_label(one.day.student, t), f"day.show:{one.day.student.id}")
        for one in days[:INLINE_BUTTONS]
    ]
    return Reply(parts(text)[0], buttons=rows(buttons, PAIR))


def _child(one: ChildDay, t: Texts, now: datetime) -> list[str]:
    day = one.day
    label = child_label(day.student, t)
    lines = [label]
    if day.shape is Shape.REMOTE:
        lines.append(_steps(one, t))
    else:
        lines.append(t(f"family-{day.shape}"))
    if one.due_today:
        lines.append(
            t(
                "family-works",
                done=one.handed_in,
                total=one.due_today,
                review=one.on_review,
            )
        )
    if one.waited_for:
        lines.append(t("family-waiting", works=_works(one, one.waited_for, t, now)))
    if one.earlier:
        lines.append(t("family-earlier", works=_works(one, one.earlier, t, now)))
    if one.answers:
        lines.append(t("family-answers", answers=_answers(one, t)))
    return lines


def _steps(one: ChildDay, t: Texts) -> str:
    day = one.day
    steps = [PLATFORM, MAIL] if day.asks_mail or MAIL in day.steps else [PLATFORM]
    said = [t(f"family-{step}", done="yes" if step in day.steps else "no") for step in steps]
    return "; ".join(said)


def _works(one: ChildDay, tasks: Iterable[Task], t: Texts, now: datetime) -> str:
    return _listed(
        [
            t(
                "family-work",
                subject=in_text(task.subject),
                when=t.when(task.due_at, now),
                returned="yes" if task.id in one.returned else "no",
            )
            for task in tasks
        ]
    )


def _answers(one: ChildDay, t: Texts) -> str:
    return _listed(
        [
            t(
                "family-answer",
                subject=in_text(work.task.subject),
                mark=_verdict(review, is_again=work.task.id in one.again),
            )
            for review, work in one.answers
        ]
    )


def _verdict(review: Review, *, is_again: bool) -> str:
    """Name what an answer says; a returned work may be with the teacher again by now."""
    if review.outcome == reviews.RETURNED:
        return "again" if is_again else "returned"
    return review.mark or "none"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:MOST_LISTED]) + ("…" if len(names) > MOST_LISTED else "")


COMMANDS: dict[str, Handler] = {"children": children_today}
NOTICES: dict[str, Kind] = {family.DIGEST: Kind(_digest, of_several=True)}
