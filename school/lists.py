"""Who is not in yet (П1-1.1, П1-2.1): the lists of a class teacher and of the deputy head."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from school.refusals import NotYours
from school.registration import State
from school.rules.modes import is_offline
from school.speakers import Speaker
from school.study_modes import modes_of
from storage import accounts, day_steps, people, timetable
from storage.database import Tx
from storage.day_steps import Registration
from storage.people import Person, Role, SchoolClass, Student


@dataclass(frozen=True, slots=True)
class ClassList:
    """A class: who is not bound here, not registered on the platform yet, or in trouble with it.

    A child in grades 1–4 counts as bound once a guardian is. Students who learn without the
    platform (3.6, 3.7) are on none of the lists of registration; those in trouble are on theirs
    only.
    """

    school_class: SchoolClass
    size: int
    unbound: tuple[Person, ...]
    unregistered: tuple[Person, ...]
    troubled: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class StaffList:
    """The teachers: as `ClassList`. Of namesakes `subjects` tells what each teaches."""

    size: int
    unbound: tuple[Person, ...]
    unregistered: tuple[Person, ...]
    troubled: tuple[Person, ...]
    subjects: dict[int, tuple[str, ...]]


async def classes_seen(tx: Tx, speaker: Speaker) -> list[SchoolClass]:
    """Return the classes whose lists the speaker may see: the deputy head all, a teacher own."""
    if speaker.is_any(Role.DEPUTY_HEAD):
        return await people.classes_of_school(tx, speaker.school.id)
    return await people.classes_led_by(tx, speaker.id)


async def class_seen(tx: Tx, speaker: Speaker, class_id: int) -> SchoolClass:
    """Return a class whose lists the speaker may see; raises NotYours for any other."""
    for school_class in await classes_seen(tx, speaker):
        if school_class.id == class_id:
            return school_class
    raise NotYours


async def of_classes(
    tx: Tx, speaker: Speaker, classes: Sequence[SchoolClass], now: datetime
) -> list[ClassList]:
    """Draw up the lists of some classes, whatever their number in a few queries."""
    school = speaker.school
    students = await people.students_of_school(tx, school.id)
    bound = await accounts.bound_people(tx, school.id)
    guardians = await people.guardians_in_school(tx, school.id)
    modes = await modes_of(tx, school)
    today = school.date_of(now)
    told = await day_steps.registrations_of(tx, [student.id for student in students])
    lists = []
    for school_class in classes:
        own = [one for one in students if one.school_class.id == school_class.id]
        online = [one for one in own if not is_offline(modes.of(one, today))]
        unregistered, troubled = _by_registration([one.person for one in online], told)
        lists.append(
            ClassList(
                school_class,
                len(own),
                tuple(
                    one.person
                    for one in own
                    if not _is_bound(one, guardians.get(one.id, ()), bound)
                ),
                unregistered,
                troubled,
            )
        )
    return lists


async def of_staff(tx: Tx, speaker: Speaker) -> StaffList:
    """Draw up the list of the teachers; raises NotYours for anybody but the deputy head."""
    if not speaker.is_any(Role.DEPUTY_HEAD):
        raise NotYours
    teachers = await people.people_in_role(tx, speaker.school.id, Role.TEACHER)
    bound = await accounts.bound_people(tx, speaker.school.id)
    told = await day_steps.registrations_of(tx, [teacher.id for teacher in teachers])
    unregistered, troubled = _by_registration(teachers, told)
    unbound = tuple(teacher for teacher in teachers if teacher.id not in bound)
    subjects = await _subjects_of_namesakes(tx, teachers)
    return StaffList(len(teachers), unbound, unregistered, troubled, subjects)


async def _subjects_of_namesakes(tx: Tx, teachers: Sequence[Person]) -> dict[int, tuple[str, ...]]:
    bearers = Counter(teacher.full_name for teacher in teachers)
    return {
        teacher.id: tuple(
            dict.fromkeys(one.subject for one in await timetable.teachings_of(tx, teacher.id))
        )
        for teacher in teachers
        if bearers[teacher.full_name] > 1
    }


def _is_bound(student: Student, guardians: Sequence[Person], bound: Collection[int]) -> bool:
    if student.id in bound:
        return True
    return student.needs_guardian and any(guardian.id in bound for guardian in guardians)


def _by_registration(
    everyone: Sequence[Person], told: dict[int, Registration]
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    states = {person.id: told[person.id].state for person in everyone if person.id in told}
    unregistered = tuple(person for person in everyone if person.id not in states)
    troubled = tuple(person for person in everyone if states.get(person.id) == State.TROUBLE.value)
    return unregistered, troubled
