"""The mail of a day (П1-1.3): what was written about a student's tasks, where to, and its fate."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from school.letters import LANE, guardians_written_to
from storage import letters, outbox, tasks
from storage.database import Tx, lanes_off
from storage.letters import Letter
from storage.people import Person, Student


class Fate(StrEnum):
    """What became of a letter, as far as the mail server told."""

    SENT = "sent"
    ON_ITS_WAY = "on-its-way"
    LOST = "lost"
    UNKNOWN = "unknown"


_FATES = {
    outbox.SENT: Fate.SENT,
    outbox.PLANNED: Fate.ON_ITS_WAY,
    outbox.SENDING: Fate.ON_ITS_WAY,
    outbox.UNKNOWN: Fate.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Mailing:
    """Letters of one fate to one address, by the subjects of their tasks."""

    address: str
    fate: Fate
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """The mail of a day; without a mailbox there is nothing to look into."""

    has_mailbox: bool
    mailings: tuple[Mailing, ...]

    def went_to(self, address: str) -> bool:
        """Say whether something was written to this address today."""
        own = address.strip().casefold()
        return bool(own) and any(one.address.casefold() == own for one in self.mailings)


async def post_of(tx: Tx, student: Student, day: date) -> Post:
    """Read the mail of a student's day."""
    written = await letters.of_day(tx, student.id, day)
    has_mailbox = bool(written) or bool(student.person.email)
    if not has_mailbox:
        guardians = await guardians_written_to(tx, student, day)
        has_mailbox = any(guardian.email for guardian in guardians)
    return Post(has_mailbox, await _mailings(tx, written))


def shown_address(address: str, reader: Person) -> str:
    """Write an address in full to its owner; anybody else sees how it begins: «el•••@pochta.ru»."""
    if reader.email.strip().casefold() == address.casefold():
        return address
    box, _, host = address.partition("@")
    return f"{box[:2]}•••@{host}"


async def _mailings(tx: Tx, written: list[Letter]) -> tuple[Mailing, ...]:
    grouped: dict[tuple[str, Fate], list[str]] = {}
    is_off = LANE in lanes_off(tx)
    for letter in written:
        waits_in_vain = is_off and letter.state == outbox.PLANNED
        fate = Fate.LOST if waits_in_vain else _FATES.get(letter.state, Fate.LOST)
        grouped.setdefault((letter.address, fate), []).append(await _subject(tx, letter.object))
    return tuple(
        Mailing(address, fate, tuple(subjects)) for (address, fate), subjects in grouped.items()
    )


async def _subject(tx: Tx, object_: str) -> str:
    """Name the subject of a letter about a task ("task:7:1"), "" for any other letter."""
    kind, _, rest = object_.partition(":")
    number = rest.partition(":")[0]
    task = await tasks.by_id(tx, int(number)) if kind == "task" and number.isdecimal() else None
    return "" if task is None else task.subject
