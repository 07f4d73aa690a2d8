"""Registration on the school's platform (П1-1.1, П1-2.1): told here, seen by the school."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from school.hearing import quiet_of
from school.notices import Notice, Said, announce
from storage import accounts, day_steps, outbox, people, timetable
from storage.database import Tx
from storage.day_steps import Registration
from storage.people import Person, Role
from storage.schools import School

ASK = "registration"
TROUBLE_TOLD = "registration-trouble"
A_DAY = timedelta(days=1)


class State(StrEnum):
    """What a person may tell."""

    DONE = "done"
    TROUBLE = "trouble"


async def tell(
    tx: Tx, school: School, person: Person, state: State, by: Person, now: datetime
) -> None:
    """Keep what was told about a person's registration; the newest word counts.

    Trouble of a student is told to the class teacher, or to the deputy heads while that one is not
    here; trouble of a teacher is told to the deputy heads. At night it waits for the morning.
    """
    before = await day_steps.registration_of(tx, person.id)
    if before is not None and before.state == state:
        return
    await day_steps.tell_registration(tx, Registration(person.id, state.value, now, by.id))
    if state is State.TROUBLE:
        waking = quiet_of(school).ends_after(now, school.zone)
        # A night's trouble that is over by morning is dropped, and must not stand for the day's.
        about = _by_day(person.id) if waking == now else _by_night(person.id)
        notice = Notice(TROUBLE_TOLD, about, send_after=waking)
        for helper in await helpers_of(tx, person):
            await announce(tx, school, helper, notice, now)


async def is_heard(tx: Tx, told: Registration | None) -> bool:
    """Say whether somebody hears, or has heard, of the trouble that was told; False if none was."""
    if told is None or told.state != State.TROUBLE:
        return False
    rows = [
        *await outbox.about(tx, TROUBLE_TOLD, _by_day(told.person_id)),
        *await outbox.about(tx, TROUBLE_TOLD, _by_night(told.person_id)),
    ]
    return any(
        row.state in {outbox.PLANNED, outbox.SENDING}
        or (row.state == outbox.SENT and row.created_at >= told.told_at)
        for row in rows
    )


async def helpers_of(tx: Tx, person: Person) -> list[Person]:
    """Return who helps a person to register."""
    student = await people.student(tx, person.id)
    teacher_id = student.school_class.class_teacher_id if student else None
    teacher = await people.person(tx, teacher_id) if teacher_id else None
    if teacher is None or teacher.id not in await accounts.bound_people(tx, person.school_id):
        return await people.people_in_role(tx, person.school_id, Role.DEPUTY_HEAD)
    return [teacher]


async def still_helps(tx: Tx, helper: Person, person: Person) -> bool:
    """Say whether a helper may hear of a person now: of students, their class teacher and deputies.

    Of who has left the school nobody hears.
    """
    if person.left_on is not None:
        return False
    student = await people.student(tx, person.id)
    leads = student is not None and student.school_class.class_teacher_id == helper.id
    return leads or Role.DEPUTY_HEAD in await people.roles_of(tx, helper.id)


async def ask_newcomer(tx: Tx, school: School, teacher: Person, now: datetime) -> None:
    """Ask a teacher who has just been bound, unless it was told."""
    if await day_steps.registration_of(tx, teacher.id) is None:
        notice = Notice(ASK, _on_binding(teacher.id, school.date_of(now)))
        await announce(tx, school, teacher, notice, now)


async def asked(tx: Tx, school: School, class_ids: Collection[int], now: datetime) -> list[Said]:
    """Ask the teachers of classes that learn at a distance, once each, unless they have told.

    Who was asked when bound, today or yesterday, is not asked again so soon.
    """
    teaching = await timetable.teachers_of_classes(tx, list(class_ids))
    bound = await accounts.bound_among(tx, teaching)
    told = await day_steps.registrations_of(tx, list(bound))
    objects = {f"person:{teacher_id}": teacher_id for teacher_id in bound - told.keys()}
    today = school.date_of(now)
    lately = {
        _on_binding(teacher_id, day): teacher_id
        for teacher_id in objects.values()
        for day in (today - A_DAY, today)
    }
    once = await outbox.told_about(tx, ASK, [*objects, *lately])
    spared = {(objects | lately)[about] for about in once}
    send_after = quiet_of(school).ends_after(now, school.zone)
    useful_until = school.instant(today, school.quiet_from)
    return [
        (teacher.id, Notice(ASK, f"person:{teacher.id}", {}, send_after, useful_until))
        for teacher in await people.persons_by_id(tx, set(objects.values()) - spared)
    ]


def _on_binding(person_id: int, day: date) -> str:
    return f"person:{person_id}:bound:{day.isoformat()}"


def _by_day(person_id: int) -> str:
    return f"person:{person_id}"


def _by_night(person_id: int) -> str:
    return f"person:{person_id}:night"
