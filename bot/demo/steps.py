"""The steps of somebody's day by the clauses of the regulation, as the database has them now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from handlers.texts import Texts
from school import day, family
from school.day import LOOK_BACK, MAIL, PLATFORM, Day, Shape
from storage import day_steps, reviews, tasks, works
from storage.database import Tx
from storage.people import Student
from storage.schools import School


class State(StrEnum):
    """Where a step stands."""

    DONE = "done"
    OPEN = "open"
    LATER = "later"
    MISSED = "missed"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: when it was done by the school's clock, and by whom, where that is known."""

    clause: str
    title: str
    state: State
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What every question about somebody's day needs."""

    tx: Tx
    school: School
    now: datetime
    t: Texts

    @property
    def midnight(self) -> datetime:
        """When the school's day began."""
        return self.school.instant(self.school.date_of(self.now), time.min)

    def local(self, at: datetime | None) -> datetime | None:
        """Give an instant by the school's clock."""
        return at.astimezone(self.school.zone) if at else None


async def of_student(ask: Asking, student: Student) -> list[Step]:
    """Return the six steps of a student's day (П1-1.1 to П1-1.6)."""
    today = await day.of_student(ask.tx, ask.school, student, ask.now)
    return [
        await registration(ask, "П1-1.1", student.id, is_asked=today.shape is Shape.REMOTE),
        _tick(ask, today, PLATFORM, is_asked=today.shape is Shape.REMOTE),
        _tick(ask, today, MAIL, is_asked=today.asks_mail),
        await _due_today(ask, today),
        await _handed_in(ask, today),
        await _answers(ask, student),
    ]


async def of_children(ask: Asking, children: Iterable[Student]) -> list[Step]:
    """Return the steps of a guardian's children, each under the child's name."""
    found = []
    seen = family.children_seen(list(children), ask.school.date_of(ask.now))
    for child in seen:
        steps = await of_student(ask, child)
        found += [
            replace(
                step,
                title=ask.t(
                    "page-step-of-child",
                    name=child.person.given_name,
                    where=child.school_class.name,
                    step=step.title,
                ),
            )
            for step in steps
        ]
    return found


async def registration(ask: Asking, clause: str, person_id: int, *, is_asked: bool) -> Step:
    """Return the registration on the platform, as it was told."""
    told = await day_steps.registration_of(ask.tx, person_id)
    if told is None:
        state = State.OPEN if is_asked else State.NOT_ASKED
        return Step(clause, ask.t("page-step-registration"), state)
    if told.state != "done":
        return Step(clause, ask.t("page-step-trouble"), State.OPEN, ask.local(told.told_at))
    by = _by(ask, told.told_by, person_id)
    title = ask.t("page-step-registration")
    return Step(clause, title, State.DONE, ask.local(told.told_at), by)


def _tick(ask: Asking, today: Day, step: str, *, is_asked: bool) -> Step:
    clause = {PLATFORM: "П1-1.2", MAIL: "П1-1.3"}[step]
    title = ask.t(f"page-step-{step}")
    done = today.steps.get(step)
    if done is not None:
        by = _by(ask, done.done_by, today.student.id)
        return Step(clause, title, State.DONE, ask.local(done.done_at), by)
    if not is_asked:
        return Step(clause, title, State.NOT_ASKED)
    morning = ask.school.instant(today.on, ask.school.morning)
    return Step(clause, title, State.LATER if ask.now < morning else State.OPEN)


async def _due_today(ask: Asking, today: Day) -> Step:
    """Return what is due by the end of today; a work that is overdue is missed (П1-1.4)."""
    ends = ask.midnight + timedelta(days=1)
    due = await tasks.of_student(ask.tx, today.student, ask.midnight, ends)
    here = [task for task in due if task.is_handed_in_here]
    undone = [task for task in today.due.today if task.is_handed_in_here]
    late = [*today.due.earlier, *(task for task in undone if task.due_at < ask.now)]
    if not here and not late:
        return Step("П1-1.4", ask.t("page-step-no-tasks"), State.NOT_ASKED)
    title = ask.t("page-step-tasks", done=str(len(here) - len(undone)), total=str(len(here)))
    if late:
        title = ask.t("page-step-tasks-late", late=str(len(late)), tasks=title)
        return Step("П1-1.4", title, State.MISSED)
    return Step("П1-1.4", title, State.OPEN if undone else State.DONE)


async def _handed_in(ask: Asking, today: Day) -> Step:
    sent = await works.of_student(ask.tx, today.student.id, ask.midnight)
    if sent:
        title = ask.t("page-step-handed-in", count=str(len(sent)))
        by = _by(ask, sent[0].author_id, today.student.id)
        return Step("П1-1.5", title, State.DONE, ask.local(sent[0].sent_at), by)
    due = (*today.due.earlier, *today.due.today, *today.due.soon)
    waits = any(task.is_handed_in_here for task in due)
    return Step("П1-1.5", ask.t("page-step-hand-in"), State.OPEN if waits else State.NOT_ASKED)


async def _answers(ask: Asking, student: Student) -> Step:
    """Return the reading of answers: due on the next working day, so today's may wait (П1-1.6)."""
    released = await reviews.released_between(ask.tx, student.id, ask.now - LOOK_BACK, ask.now)
    unread = [work for review, work in released if review.opened_at is None]
    if unread:
        today = ask.school.date_of(ask.now)
        is_due = any(work.answer_on <= today for work in unread)
        title = ask.t("page-step-answers", count=str(len(unread)))
        return Step("П1-1.6", title, State.OPEN if is_due else State.LATER)
    opened = [
        (review.opened_at, review.opened_by)
        for review, _ in released
        if review.opened_at is not None
    ]
    if not opened:
        return Step("П1-1.6", ask.t("page-step-no-answers"), State.NOT_ASKED)
    at, by = max(opened, key=lambda one: one[0])
    title = ask.t("page-step-answers-read")
    return Step("П1-1.6", title, State.DONE, ask.local(at), _by(ask, by or 0, student.id))


def _by(ask: Asking, who: int, own: int) -> str:
    return ask.t("page-by-self" if who == own else "page-by-guardian")
