"""The post of a task: it is duplicated by e-mail, one letter an address (П1-1.3, П1-2.2)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from school.notices import key_of
from school.rules.modes import works_online
from school.study_modes import modes_of
from storage import letters, outbox, people, tasks
from storage.database import Tx
from storage.letters import Letter
from storage.outbox import NewMessage
from storage.people import Person, Student
from storage.schools import School
from storage.tasks import Task

KIND = "task-letter"
LANE = "mail"
USEFUL_AFTER_DEADLINE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One address, whose it is, and the students the letter is about (siblings share one)."""

    address: str
    owner: Person
    students: tuple[Student, ...]


@dataclass(frozen=True, slots=True)
class TaskPost:
    """What becomes of a task's letters, counted in students: 26 on the way, 2 have no address.

    A student counts as delivered when one of the addresses took the letter, as failed when none
    did, and as waiting until that is known.
    """

    delivered: tuple[Student, ...] = ()
    failed: tuple[Student, ...] = ()
    waiting: tuple[Student, ...] = ()
    without_address: tuple[Student, ...] = ()

    @property
    def written(self) -> int:
        """For how many students there is a letter at all."""
        return len(self.delivered) + len(self.failed) + len(self.waiting)


def object_of(task: Task) -> str:
    """Name a task with its revision: a moved deadline is another letter."""
    return f"task:{task.id}:{task.revision}"


async def duplicate(tx: Tx, school: School, task: Task, now: datetime) -> list[Student]:
    """Write a task to the families that learn at a distance; return the students without address.

    A letter goes to the student's own e-mail, else to all guardians'. The same revision of a task
    is written once a day, however often this is called.
    """
    students = await _far_students(tx, school, task, now)
    addresses = {student.id: await _addresses(tx, student) for student in students}
    day = school.date_of(now)
    for envelope in _envelopes(students, addresses):
        message = NewMessage(
            key=key_of(KIND, envelope.owner.id, object_of(task), day),
            kind=KIND,
            lane=LANE,
            address=envelope.address,
            payload={"students": [student.id for student in envelope.students]},
            send_after=now,
            school_id=school.id,
            object=object_of(task),
            person_id=envelope.students[0].id,
            useful_until=task.due_at + USEFUL_AFTER_DEADLINE,
        )
        await letters.write(tx, message, [student.id for student in envelope.students], day, now)
    return [student for student in students if not addresses[student.id]]


async def post_of(tx: Tx, school: School, task: Task, now: datetime) -> TaskPost:
    """Tell what became of the letters about a task as it stands now."""
    of_student: defaultdict[int, list[Letter]] = defaultdict(list)
    for letter in await letters.about(tx, object_of(task)):
        of_student[letter.student_id].append(letter)
    sorted_out: defaultdict[str, list[Student]] = defaultdict(list)
    for student in await tasks.addressees(tx, task):
        if student.id in of_student:
            sorted_out[_fate(of_student[student.id])].append(student)
    without = [
        student
        for student in await _far_students(tx, school, task, now)
        if student.id not in of_student
    ]
    return TaskPost(
        delivered=tuple(sorted_out[outbox.SENT]),
        failed=tuple(sorted_out[outbox.DEAD]),
        waiting=tuple(sorted_out[outbox.PLANNED]),
        without_address=tuple(without),
    )


async def _far_students(tx: Tx, school: School, task: Task, now: datetime) -> list[Student]:
    """Return the addressees who learn this subject at a distance, today or on the last day."""
    modes = await modes_of(tx, school)
    days = {school.date_of(moment) for moment in (now, task.due_at)}
    return [
        student
        for student in await tasks.addressees(tx, task)
        if any(works_online(modes.of(student, day, task.subject)) for day in days)
    ]


async def _addresses(tx: Tx, student: Student) -> list[tuple[str, Person]]:
    if student.person.email:
        return [(student.person.email, student.person)]
    guardians = await people.guardians_of(tx, student.id)
    return [(guardian.email, guardian) for guardian in guardians if guardian.email]


def _envelopes(
    students: Iterable[Student], addresses: dict[int, list[tuple[str, Person]]]
) -> Iterator[Envelope]:
    owners: dict[str, tuple[str, Person]] = {}
    about: defaultdict[str, list[Student]] = defaultdict(list)
    for student in students:
        for address, owner in addresses[student.id]:
            box = address.strip().casefold()
            owners.setdefault(box, (address.strip(), owner))
            if student not in about[box]:
                about[box].append(student)
    for box, (address, owner) in owners.items():
        yield Envelope(address, owner, tuple(about[box]))


def _fate(found: Iterable[Letter]) -> str:
    states = {letter.state for letter in found}
    if outbox.SENT in states:
        return outbox.SENT
    return outbox.DEAD if states <= {outbox.DEAD, outbox.DROPPED} else outbox.PLANNED
