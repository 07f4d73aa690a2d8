"""The post of a task: it is duplicated by e-mail, one letter an address (П1-1.3, П1-2.2)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from school.notices import key_of
from school.rules.ages import is_adult
from school.rules.modes import works_online
from school.study_modes import modes_of
from storage import letters, outbox, people, tasks
from storage.database import Tx, lanes_off
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
    did, and as waiting until that is known. Unsent is what no letter leaves for: mail is off here.
    """

    delivered: tuple[Student, ...] = ()
    failed: tuple[Student, ...] = ()
    waiting: tuple[Student, ...] = ()
    unsent: tuple[Student, ...] = ()
    without_address: tuple[Student, ...] = ()

    @property
    def written(self) -> int:
        """For how many students a letter leaves at all."""
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
    day = school.date_of(now)
    addresses = {student.id: await _addresses(tx, student, day) for student in students}
    for envelope in _envelopes(students, addresses):
        message = NewMessage(
            key=key_of(KIND, envelope.owner.id, object_of(task), day),
            kind=KIND,
            lane=LANE,
            address=envelope.address,
            payload={
                "students": [student.id for student in envelope.students],
                "address": envelope.address,
            },
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
    is_off = LANE in lanes_off(tx)
    for student in await tasks.addressees(tx, task):
        if student.id in of_student:
            sorted_out[_fate(of_student[student.id], is_off=is_off)].append(student)
    without = [
        student
        for student in await _far_students(tx, school, task, now)
        if student.id not in of_student
    ]
    return TaskPost(
        delivered=tuple(sorted_out[outbox.SENT]),
        failed=tuple(sorted_out[outbox.DEAD]),
        waiting=tuple(sorted_out[outbox.PLANNED]),
        unsent=tuple(sorted_out[outbox.SWITCHED_OFF]),
        without_address=tuple(without),
    )


async def still_told(
    tx: Tx, task: Task, student_ids: Sequence[int], address: str | None, today: date
) -> list[Student]:
    """Return the students of a waiting letter of whose task its address may be told now.

    That is no guardian's any more once the guardianship has ended or the student is of age. None
    for a letter that an earlier version wrote, which does not know its address.
    """
    found = [await people.student(tx, number) for number in student_ids]
    return [
        student
        for student in found
        if student is not None
        and await tasks.for_student(tx, student, task.id) is not None
        and (address is None or box_of(address) in await _boxes(tx, student, today))
    ]


async def guardians_written_to(tx: Tx, student: Student, today: date) -> list[Person]:
    """Return the guardians to whom letters about a student may go.

    A student of 18 decides alone whether they go on, and that decision is not asked for here yet.
    """
    is_of_age = is_adult(student.person.birth_date, today)
    return [] if is_of_age else await people.guardians_of(tx, student.id)


def box_of(address: str) -> str:
    """Return an address as it is compared: two that differ in capitals are one mailbox."""
    return address.strip().casefold()


async def _far_students(tx: Tx, school: School, task: Task, now: datetime) -> list[Student]:
    """Return the addressees who learn this subject at a distance, today or on the last day."""
    modes = await modes_of(tx, school)
    days = {school.date_of(moment) for moment in (now, task.due_at)}
    return [
        student
        for student in await tasks.addressees(tx, task)
        if any(works_online(modes.of(student, day, task.subject)) for day in days)
    ]


async def _addresses(tx: Tx, student: Student, today: date) -> list[tuple[str, Person]]:
    if student.person.email:
        return [(student.person.email, student.person)]
    guardians = await guardians_written_to(tx, student, today)
    return [(guardian.email, guardian) for guardian in guardians if guardian.email]


async def _boxes(tx: Tx, student: Student, today: date) -> set[str]:
    family = [student.person, *await guardians_written_to(tx, student, today)]
    return {box_of(person.email) for person in family if person.email}


def _envelopes(
    students: Iterable[Student], addresses: dict[int, list[tuple[str, Person]]]
) -> Iterator[Envelope]:
    owners: dict[str, tuple[str, Person]] = {}
    about: defaultdict[str, list[Student]] = defaultdict(list)
    for student in students:
        for address, owner in addresses[student.id]:
            box = box_of(address)
            owners.setdefault(box, (address.strip(), owner))
            if student not in about[box]:
                about[box].append(student)
    for box, (address, owner) in owners.items():
        yield Envelope(address, owner, tuple(about[box]))


def _fate(found: Collection[Letter], *, is_off: bool) -> str:
    """Sum letters up; while mail is off, one that waits for it does not leave."""
    states = {letter.state for letter in found}
    if outbox.SENT in states:
        return outbox.SENT
    if not states <= {outbox.DEAD, outbox.DROPPED, *((outbox.PLANNED,) if is_off else ())}:
        return outbox.PLANNED
    is_unsent = any(letter.error == outbox.SWITCHED_OFF for letter in found)
    return outbox.SWITCHED_OFF if is_unsent or outbox.PLANNED in states else outbox.DEAD
