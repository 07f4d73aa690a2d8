"""What the school's office does about access (5.4): codes for those without, and lost phones."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from school import enrolment
from school.notices import readdress
from school.rules.names import ClassName
from storage import accounts, people, roster
from storage.database import Tx
from storage.people import STAFF, Person, Role, Student

SHEETS = ("students", "parents", "teachers")


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code just issued: it can be shown now and never again.

    `row_id` is the id in the roster; `class_name` the student's class or a guardian's child's,
    "" for staff.
    """

    person: Person
    row_id: str
    class_name: str
    roles: tuple[Role, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Someone:
    """A person under a roster key such as "students:S701"."""

    key: str
    person: Person


async def issue_codes(
    tx: Tx,
    school_id: int,
    now: datetime,
    class_name: ClassName | None = None,
    *,
    reissue: bool = False,
) -> list[IssuedCode]:
    """Issue codes for a class (students and guardians) or the whole school, staff included.

    Whoever has a bound account or a code that still works is left out, unless `reissue` asks for
    new codes for all; old ones then stop working. People come class by class, staff at the end.
    """
    chosen = await _candidates(tx, school_id, class_name)
    if not reissue:
        served = await accounts.bound_people(tx, school_id)
        served |= await accounts.live_codes(tx, school_id, now)
        chosen = {number: found for number, found in chosen.items() if number not in served}
    keys = await roster.keys(tx, school_id)
    return [
        IssuedCode(
            person,
            row_id_of(keys[person.id]),
            of_class,
            tuple(sorted(await people.roles_of(tx, person.id))),
            await enrolment.issue(tx, person, now),
        )
        for person, of_class in chosen.values()
    ]


async def find(tx: Tx, school_id: int, row_id: str) -> list[Someone]:
    """Find whom a roster id names: "S701", or "parents:P001" where several sheets have the id."""
    wanted = {row_id, *(f"{sheet}:{row_id}" for sheet in SHEETS)}
    found = []
    for number, key in (await roster.keys(tx, school_id)).items():
        if key in wanted and (person := await people.person(tx, number)) is not None:
            found.append(Someone(key, person))
    return sorted(found, key=lambda someone: someone.key)


async def lost_phone(tx: Tx, person: Person, now: datetime, messenger: str = "") -> int:
    """Cut a person's chats off, on one messenger or all; returns how many there were.

    Codes die in any case: whoever holds the phone may have asked it for one. What is planned goes
    to the chats that are left, and to nobody if there are none; replies to the phone are dropped.
    Leaves an audit row even where there was nothing to cut off.
    """
    chats = await accounts.reachable(tx, person.id)
    count = await accounts.unbind(tx, person.id, now, messenger)
    await accounts.revoke_codes(tx, person.id, now)
    for account in chats:
        if messenger in {"", account.messenger}:
            await readdress(tx, account)
    await accounts.record(
        tx,
        now,
        "account.unbound",
        school_id=person.school_id,
        subject=f"person:{person.id}",
        details={"messenger": messenger or "all", "accounts": count},
    )
    return count


def row_id_of(key: str) -> str:
    """Give the id that the school's own sheet has: S701 of "students:S701"."""
    return key.partition(":")[2]


async def _candidates(
    tx: Tx, school_id: int, class_name: ClassName | None
) -> dict[int, tuple[Person, str]]:
    students = await people.students_of_school(tx, school_id)
    if class_name is not None:
        students = [student for student in students if _is_of(student, class_name)]
    staff = {} if class_name else await _staff(tx, school_id)
    chosen: dict[int, tuple[Person, str]] = {}
    for of_class, members in groupby(students, key=lambda student: student.school_class.name):
        listed = list(members)
        chosen |= {student.id: (student.person, of_class) for student in listed}
        for student in listed:
            for guardian in await people.guardians_of(tx, student.id):
                if guardian.id not in staff:
                    chosen.setdefault(guardian.id, (guardian, of_class))
    return chosen | staff


async def _staff(tx: Tx, school_id: int) -> dict[int, tuple[Person, str]]:
    found = {
        person.id: person
        for role in sorted(STAFF)
        for person in await people.people_in_role(tx, school_id, role)
    }
    in_order = sorted(found.values(), key=lambda one: (one.surname, one.given_name, one.id))
    return {person.id: (person, "") for person in in_order}


def _is_of(student: Student, name: ClassName) -> bool:
    return (student.school_class.parallel, student.school_class.letter) == name
