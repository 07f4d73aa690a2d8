"""The way round: what cannot go where it was planned takes another way that runs, or is given up.

Who plans something takes a lane that runs, if the person has one. What waits for another all the
same is found here when it is overdue: else it would wait for ever.
"""

from datetime import datetime, timedelta

import structlog

from handlers import notices
from school import letters
from storage import accounts, outbox, people
from storage.database import Database, Tx, lanes_off
from storage.outbox import Message

MAIL = letters.LANE
PATIENCE = timedelta(minutes=10)
"""So long what is due waits for its lane: a variable that is missing by mistake is put right."""
AT_ONCE = 100
MOST_BATCHES = 100
"""What is left then is found again at the next tick."""

log = structlog.get_logger(__name__)


async def take(tx: Tx, message: Message, cause: str, *, by: str = "") -> None:
    """Use the person's other messenger, then e-mail; else give the message up, and say so.

    It is planned, or lane `by` had it on its way. A reply goes nowhere else. A mailbox is the last
    way: after it there is only the class teacher's list, unless the address has changed.
    """
    may_move = not message.is_reply and (message.lane != MAIL or await is_astray(tx, message))
    person = await people.person(tx, message.person_id) if may_move else None
    others = await accounts.reachable(tx, person.id) if person else []
    may_mail = MAIL not in lanes_off(tx) and not _has_letter(message)
    if others:
        await outbox.reroute(tx, message.id, others[0].messenger, others[0].chat, by=by)
    elif person and person.email and may_mail:
        await outbox.reroute(tx, message.id, MAIL, person.email, by=by)
    else:
        await outbox.finish(tx, message.id, outbox.DEAD, cause, by=by)


async def is_astray(tx: Tx, message: Message) -> bool:
    """Say whether a notice waits for a mailbox that is its person's no more.

    A letter about a task may be for a guardian's: `school.letters.still_told` judges it.
    """
    if message.lane != MAIL or message.kind == letters.KIND:
        return False
    person = await people.person(tx, message.person_id)
    return person is not None and letters.box_of(person.email) != letters.box_of(message.address)


class Detour:
    """The way round in one life of the bot, which begins with the first look."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begun: datetime | None = None

    async def clear(self, now: datetime) -> int:
        """Move what is overdue on lanes that do not run; returns how many messages that were.

        Whatever waited when the life began has the same patience. What is due later stays: by then
        its person may have another chat, or the lane may run again.
        """
        self._begun = min(self._begun or now, now)
        due = now - PATIENCE
        return await _cleared(self._database, due) if self._begun <= due else 0


async def _cleared(database: Database, due: datetime) -> int:
    moved = 0
    for _ in range(MOST_BATCHES if database.off else 0):
        found = await database.read_whole(lambda tx: outbox.stranded(tx, due, AT_ONCE))
        if not found:
            break
        moved += await database.write_whole(lambda tx: _batch(tx, due))
    if moved:
        log.info("lanes.off.cleared", messages=moved, off=sorted(database.off))
    return moved


async def _batch(tx: Tx, due: datetime) -> int:
    found = await outbox.stranded(tx, due, AT_ONCE)
    for message in found:
        if message.state == outbox.SENDING:  # when the last life ended
            reason, lane = outbox.SWITCHED_OFF, message.lane
            await outbox.finish(tx, message.id, outbox.UNKNOWN, reason, by=lane)
        else:
            await take(tx, message, outbox.SWITCHED_OFF)
    return len(found)


def _has_letter(message: Message) -> bool:
    kind = notices.KINDS.get(message.kind)
    return kind is not None and kind.has_letter
