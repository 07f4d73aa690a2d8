"""Registration on the school's platform (П1-1.1, П1-2.1): told here, seen by the school."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from school.notices import Notice, Said, announce
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


async def still_helps(tx: Tx, helper: Person, person: Person) -> bool:
    """Say whether a helper may hear of a person now: of students, their class teacher and deputies.

    Of who has left the school nobody hears.
    """
    if person.left_on is not None:
        return False
    student = await people.student(tx, person.id)
    leads = student is not None and student.school_class.class_teacher_id == helper.id
    return leads or Role.DEPUTY_HEAD in await people.roles_of(tx, helper.id)


async def asked(tx: Tx, school: School, class_ids: Collection[int], now: datetime) -> list[Said]:
    """Ask the teachers of classes that learn at a distance, once each, unless they have told."""
    teaching = await timetable.teachers_of_classes(tx, list(class_ids))
    bound = await accounts.bound_among(tx, teaching)
    told = await day_steps.registrations_of(tx, list(bound))
    objects = {f"person:{teacher_id}": teacher_id for teacher_id in bound - told.keys()}
    once = await outbox.told_about(tx, ASK, list(objects))
    useful_until = school.instant(school.date_of(now), school.quiet_from)
    wanted = {number for about, number in objects.items() if about not in once}
    return [
        (teacher.id, Notice(ASK, f"person:{teacher.id}", useful_until=useful_until))
        for teacher in await people.persons_by_id(tx, wanted)
    ]
