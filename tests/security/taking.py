"""Rights that end, as a roster ends them, and a house whose messengers are away for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa

from scheduler.delivery import Lane
from scheduler.messenger import NotSent
from school import loading
from school.roster.rows import PersonKey, Roster
from school.rules.names import ClassName
from storage import outbox
from storage.outbox import Message
from storage.people import Role
from storage.tables.messages import outbox as outbox_table
from tests.chat import House
from tests.school_template import sample_roster

ROSTER = sample_roster()
HEIR = PersonKey("teachers:T06")
"""Who takes over from a teacher."""
SHEETS = {"S": "students", "P": "parents", "T": "teachers"}

Taking = Callable[[Roster], Roster]


def key_of(row_id: str) -> PersonKey:
    """Name somebody of the sample school: students:S701 of S701."""
    return PersonKey(f"{SHEETS[row_id[0]]}:{row_id}")


def unguarded(guardian: str, student: str) -> Taking:
    """Somebody is a child's guardian no more."""
    pair = (key_of(guardian), key_of(student))

    def guardianship_ends(roster: Roster) -> Roster:
        left = tuple(one for one in roster.guardianships if (one.guardian, one.student) != pair)
        assert len(left) == len(roster.guardianships) - 1
        return replace(roster, guardianships=left)

    return guardianship_ends


def gone(row_id: str) -> Taking:
    """Somebody leaves the school; a colleague takes the lessons over."""
    key = key_of(row_id)

    def leaves(roster: Roster) -> Roster:
        return replace(
            _handed_over(roster, key),
            people=tuple(one for one in roster.people if one.key != key),
            students=tuple(one for one in roster.students if one.person != key),
            guardianships=tuple(
                one for one in roster.guardianships if key not in (one.guardian, one.student)
            ),
            teachers=tuple(one for one in roster.teachers if one.person != key),
            modes=tuple(one for one in roster.modes if one.student != key),
        )

    return leaves


def led_by_another(class_key: ClassName) -> Taking:
    """A class gets another class teacher."""

    def class_teacher_changes(roster: Roster) -> Roster:
        led = (
            replace(one, class_teacher=HEIR) if one.key == class_key else one
            for one in roster.classes
        )
        return replace(roster, classes=tuple(led))

    return class_teacher_changes


def taught_by_another(teacher: str) -> Taking:
    """A teacher stays, and gives every lesson away."""

    def lessons_are_given_away(roster: Roster) -> Roster:
        return replace(_handed_over(roster, key_of(teacher)), classes=roster.classes)

    return lessons_are_given_away


def without_role(row_id: str, role: Role) -> Taking:
    """Somebody stays without a role."""
    key = key_of(row_id)

    def role_ends(roster: Roster) -> Roster:
        held = (
            replace(one, roles=one.roles - {role}) if one.key == key else one
            for one in roster.people
        )
        return replace(roster, people=tuple(held))

    return role_ends


def _handed_over(roster: Roster, key: PersonKey) -> Roster:
    return replace(
        roster,
        classes=tuple(
            replace(one, class_teacher=HEIR) if one.class_teacher == key else one
            for one in roster.classes
        ),
        lessons=tuple(
            replace(one, teacher=HEIR) if one.teacher == key else one for one in roster.lessons
        ),
        groups=tuple(
            replace(
                one,
                teacher=HEIR if one.teacher == key else one.teacher,
                students=tuple(student for student in one.students if student != key),
            )
            for one in roster.groups
        ),
        substitutions=tuple(
            replace(one, teacher=HEIR) if one.teacher == key else one
            for one in roster.substitutions
        ),
    )


async def take(house: House, taking: Taking) -> None:
    """Load the sample roster with a right less."""
    async with house.database.write() as tx:
        await loading.apply(tx, taking(ROSTER), house.clock.now(), leavers=True)


@contextmanager
def away(house: House) -> Iterator[None]:
    """Let no messenger and no mail server be there: whatever is planned waits."""
    lanes, house.lanes = house.lanes, []
    yield
    house.lanes = lanes


async def refused(house: House) -> None:
    """Let every messenger and the mail server refuse what is due, and begin another life."""
    for messenger in house.messengers.values():
        messenger.failures = [NotSent("away")] * 50
    for lane in house.lanes:
        await lane.deliver_due()
    for messenger in house.messengers.values():
        messenger.failures = []
    house.lanes = [
        Lane(messenger, house.database, house.store, house.clock.now, keeps_random_id=name == "vk")
        for name, messenger in house.messengers.items()
    ]


async def rows_to(house: House, address: str, kind: str) -> list[Message]:
    """Return what of a kind was ever planned for an address, oldest first."""
    wanted = sa.select(*outbox.MESSAGE).where(
        outbox_table.c.address == address, outbox_table.c.kind == kind
    )
    async with house.database.read() as tx:
        return [Message(*row) for row in await tx.execute(wanted.order_by(outbox_table.c.id))]


async def due(house: House, message: Message) -> None:
    """Let the instant come at which a message may be sent."""
    wanted = sa.select(outbox_table.c.send_after).where(outbox_table.c.id == message.id)
    async with house.database.read() as tx:
        send_after = (await tx.execute(wanted)).scalar_one()
    house.clock.set(max(house.clock.now(), send_after))
