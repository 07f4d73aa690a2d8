"""Registration on the school's platform (П1-1.1, П1-2.1): told here, seen by the school."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from school.notices import Notice, announce
from storage import accounts, day_steps, outbox, people, timetable
from storage.database import Tx
from storage.day_steps import Registration
from storage.people import Person, Role
from storage.schools import School

ASK = "registration"
TROUBLE_TOLD = "registration-trouble"


class State(StrEnum):
    """What a person may tell."""

    DONE = "done"
    TROUBLE = "trouble"


async def tell(
    tx: Tx, school: School, person: Person, state: State, by: Person, now: datetime
) -> None:
    """Keep what was told about a person's registration; the newest word counts.

    Trouble of a student is told to the class teacher, or to the deputy heads while that one is not
    here; trouble of a teacher is told to the deputy heads.
    """
    before = await day_steps.registration_of(tx, person.id)
    if before is not None and before.state == state:
        return
    await day_steps.tell_registration(tx, Registration(person.id, state.value, now, by.id))
    if state is State.TROUBLE:
        notice = Notice(TROUBLE_TOLD, f"person:{person.id}")
        for helper in await helpers_of(tx, person):
            await announce(tx, school, helper, notice, now)


async def helpers_of(tx: Tx, person: Person) -> list[Person]:
    """Return who helps a person to register."""
    student = await people.student(tx, person.id)
    teacher_id = student.school_class.class_teacher_id if student else None
    teacher = await people.person(tx, teacher_id) if teacher_id else None
    if teacher is None or teacher.id not in await accounts.bound_people(tx, person.school_id):
        return await people.people_in_role(tx, person.school_id, Role.DEPUTY_HEAD)
    return [teacher]


async def ask_teachers(tx: Tx, school: School, class_ids: Collection[int], now: datetime) -> None:
    """Ask the teachers of classes that learn at a distance, once each, unless they have told."""
    teaching = await timetable.teachers_of_classes(tx, list(class_ids))
    told = await day_steps.registrations_of(tx, list(teaching))
    asked = await outbox.people_told(tx, school.id, ASK)
    bound = await accounts.bound_people(tx, school.id)
    useful_until = school.instant(school.date_of(now), school.quiet_from)
    for teacher_id in sorted(teaching & bound - asked - told.keys()):
        teacher = await people.person(tx, teacher_id)
        if teacher is not None and teacher.left_on is None:
            notice = Notice(ASK, f"person:{teacher_id}", useful_until=useful_until)
            await announce(tx, school, teacher, notice, now)
