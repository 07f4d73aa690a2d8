"""The steps of the staff's day: a teacher's, a class teacher's, the deputy head's."""

from bot.demo.roster import Somebody
from bot.demo.steps import Asking, State, Step, registration
from handlers.phrases import with_initials
from school import lists, nudges, speakers, timetable
from school.rules.modes import works_online
from school.study_modes import modes_of
from storage import glass, people, tasks, works

MOST_TEACHERS = 12


async def of_teacher(ask: Asking, who: Somebody) -> list[Step]:
    """Return a teacher's steps (П1-2.1 to П1-2.4)."""
    online = await _online_classes(ask)
    is_remote = any(class_id in online for class_id in await lessons_of(ask, who))
    return [
        await registration(ask, "П1-2.1", who.person.id, is_asked=is_remote),
        await _set_today(ask, who, is_asked=is_remote),
        await _to_review(ask, who),
        await _answered(ask, who),
    ]


async def of_class_teacher(ask: Asking, who: Somebody) -> list[Step]:
    """Return who of the own classes is not in yet: here, and on the platform (5.4, П1-1.1)."""
    speaker = await speakers.load(ask.tx, who.person.id, ask.now)
    if speaker is None or not who.leads:
        return []
    found = []
    for one in await lists.of_classes(ask.tx, speaker, who.leads, ask.now):
        away = len(one.unregistered) + len(one.troubled)
        title = ask.t(
            "page-step-class",
            name=one.school_class.name,
            unbound=str(len(one.unbound)),
            away=str(away),
        )
        found.append(Step("П1-1.1", title, State.OPEN if one.unbound or away else State.DONE))
    return found


async def of_deputy(ask: Asking) -> list[Step]:
    """Return what the summary of 7:45 has: the works that missed their day (П1-2.3)."""
    left = await nudges.left_by(ask.tx, ask.school, ask.school.date_of(ask.now))
    if not left:
        return [Step("П1-2.3", ask.t("page-step-nothing-left"), State.DONE)]
    return [
        Step(
            "П1-2.3",
            ask.t("page-step-left", name=with_initials(one.teacher), count=str(one.works)),
            State.MISSED,
        )
        for one in left[:MOST_TEACHERS]
    ]


async def lessons_of(ask: Asking, who: Somebody) -> list[int]:
    """Return the classes of a teacher's lessons today, a lesson each."""
    today = ask.school.date_of(ask.now)
    lessons = await timetable.of_teacher(ask.tx, ask.school, who.person.id, today)
    return [lesson.class_id for lesson in lessons if lesson.takes_place]


async def _online_classes(ask: Asking) -> set[int]:
    """Find the classes in which somebody learns through the platform today."""
    today = ask.school.date_of(ask.now)
    modes = await modes_of(ask.tx, ask.school)
    return {
        student.school_class.id
        for student in await people.students_of_school(ask.tx, ask.school.id)
        if works_online(modes.of(student, today))
    }


async def _set_today(ask: Asking, who: Somebody, *, is_asked: bool) -> Step:
    every = await tasks.of_teacher(ask.tx, who.person.id)
    today = [task.set_at for task in every if task.set_at >= ask.midnight]
    title = ask.t("page-step-set", count=str(len(today)))
    if today:
        return Step("П1-2.2", title, State.DONE, ask.local(max(today)))
    return Step("П1-2.2", title, State.OPEN if is_asked else State.NOT_ASKED)


async def _to_review(ask: Asking, who: Somebody) -> Step:
    waiting = await works.waiting_for(ask.tx, who.person.id)
    today = ask.school.date_of(ask.now)
    late = [work for work in waiting if work.review_due_on < today]
    due = [work for work in waiting if work.review_due_on <= today]
    if waiting:
        title = ask.t("page-step-review", due=str(len(due)), total=str(len(waiting)))
        state = State.MISSED if late else State.OPEN if due else State.LATER
        return Step("П1-2.3", title, state)
    received = await works.received_for(ask.tx, who.person.id, ask.midnight)
    if received:
        return Step("П1-2.3", ask.t("page-step-reviewed", count=str(received)), State.DONE)
    return Step("П1-2.3", ask.t("page-step-no-works"), State.NOT_ASKED)


async def _answered(ask: Asking, who: Somebody) -> Step:
    count, spoken, last = await glass.released_by(ask.tx, who.person.id, ask.midnight)
    if not count:
        return Step("П1-2.4", ask.t("page-step-no-reviews"), State.NOT_ASKED)
    title = ask.t("page-step-reviews", count=str(count), spoken=str(spoken))
    return Step("П1-2.4", title, State.DONE, ask.local(last))
