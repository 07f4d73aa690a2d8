"""After a restore: what the old life may have said since the backup is not said twice.

Where the old database can still be read, it knows. Where it cannot, everything due by now may have
been sent, and the rule of an unknown outcome holds (docs/decisions/0003): replies and what must be
heard go out, nudges do not; and no moment of the day that has passed is planned again. A slip
that was lost or used since then stays worthless, if the old database can tell.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import notices
from scheduler.plan import MOMENTS
from storage import outbox, schools
from storage.backups import sequel
from storage.backups.sequel import Moment
from storage.database import Tx
from storage.outbox import Message

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the old database knows: fates by key, the moments it planned, its last number.

    And the fingerprints of the codes that work in the restored one and no longer worked in it.
    """

    fates: dict[str, dict[str, object]]
    moments: list[Moment]
    last: int
    closed_codes: list[str]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Of how many messages the old database told the fate, and of how many nobody knows it.

    `revoked` codes work no longer, because they had ceased to in the old database.
    """

    known: int
    unknown: int
    revoked: int = 0


async def recall(old: Tx, restored: Tx, made_at: datetime) -> Memory:
    """Ask the old database about what a restored one takes for unsent."""
    waiting = await sequel.open_ends(restored)
    names = tuple(f"{moment.name} " for moment in MOMENTS)
    planned = await sequel.moments_since(old, (made_at - DAY).date())
    return Memory(
        await sequel.fates_in(old, [message.key for message in waiting]),
        [one for one in planned if one.moment.startswith(names)],
        await sequel.last_number(old),
        await sequel.closed_codes(old, await sequel.open_codes(restored)),
    )


async def make_up(tx: Tx, memory: Memory | None, made_at: datetime, now: datetime) -> Aftermath:
    """Settle in a restored database what happened between the backup and now."""
    known, unknown = 0, 0
    due = await sequel.due_among(tx, now)
    for message in await sequel.open_ends(tx):
        fate = memory.fates.get(message.key) if memory else None
        if fate is not None:
            await sequel.take_over(tx, message.id, fate)
            known += 1
        elif message.id in due and not _goes_again(message):
            lane = message.lane if message.state == outbox.SENDING else ""
            cause = "the database was restored"
            await outbox.finish(tx, message.id, outbox.UNKNOWN, cause, by=lane)
            unknown += 1
    planned = memory.moments if memory else await _passed(tx, made_at, now)
    await sequel.add_moments(tx, planned)
    await sequel.leap(tx, now, memory.last if memory else 0)
    revoked = await sequel.close_codes(tx, memory.closed_codes if memory else [], now)
    return Aftermath(known, unknown, revoked)


async def _passed(tx: Tx, made_at: datetime, now: datetime) -> list[Moment]:
    """Return the moments between the backup and now that might still be planned late."""
    passed = []
    for school in await schools.every(tx):
        for day in (school.date_of(now - DAY), school.date_of(now)):
            for moment in MOMENTS:
                for at in moment.at(school):
                    if made_at < school.instant(day, at) <= now:
                        name = f"{moment.name} {at:%H:%M}"
                        passed.append(Moment(school.id, day, name, now))
    return passed


def _goes_again(message: Message) -> bool:
    kind = notices.KINDS.get(message.kind)
    return message.is_reply or (kind is not None and kind.repeats)
