"""Announces things to people other than the speaker: a notice is meaning, not text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage import accounts, announcements, outbox
from storage.accounts import Account
from storage.announcements import Announcement
from storage.database import Tx
from storage.people import Person
from storage.schools import School


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is to hear.

    `kind` names how it reads (`handlers/notices.py`), `object` what it is about ("work:12",
    with its revision where it has one: "task:7:2"). A notice of one kind to one person about one
    object goes out at most once a local day. It is not sent after `useful_until`.
    """

    kind: str
    object: str
    params: dict[str, Any] = field(default_factory=dict)
    send_after: datetime | None = None
    useful_until: datetime | None = None


Said = tuple[int, Notice]
"""Who is told (the person's id), and what."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of what a whole school is to hear, and where the next part begins (0: nowhere).

    A school is read and written in slices so that nobody who presses a button waits for it.
    `marks` are the moments (date, name) that are planned once this part is written. It may be
    written `only_while` another moment is noted: after that it speaks of what was.
    """

    said: Sequence[Announcement] = ()
    go_on: int = 0
    marks: Sequence[tuple[date, str]] = ()
    only_while: tuple[date, str] | None = None


def key_of(kind: str, person_id: int, object_: str, day: date) -> str:
    """Return the business key, unique for ever: kind, recipient, object and the school's date."""
    return _key(kind, person_id, object_, day.isoformat())


async def announce(tx: Tx, school: School, person: Person, notice: Notice, now: datetime) -> bool:
    """Put a notice in the outbox for a person's last used messenger; False if it was there.

    For somebody who is bound nowhere it is kept as undeliverable, for the class teacher's list.
    """
    return await announce_all(tx, school, [(person.id, notice)], now) == 1


async def announce_all(tx: Tx, school: School, said: Sequence[Said], now: datetime) -> int:
    """Announce to many people of a school, as `announce` does; returns how many were new."""
    return sum([await announcements.plan(tx, one, now) for one in gathered(school, said, now)])


async def readdress(tx: Tx, cut_off: Account) -> None:
    """Keep what is planned for a person from a chat that was cut off (5.4).

    A notice goes to the chat the person used last, or is given up as undeliverable until another
    is bound (`outbox.revive`). A reply is dropped: it answers whoever held the chat, and is
    nobody's while they were not known yet.
    """
    reachable = await accounts.reachable(tx, cut_off.person_id)
    for message in await outbox.planned_to(tx, cut_off.messenger, cut_off.chat):
        if message.person_id not in {cut_off.person_id, outbox.STRANGER}:
            continue
        if message.is_reply:
            await outbox.finish(tx, message.id, outbox.DROPPED, outbox.CUT_OFF)
        elif reachable:
            await outbox.reroute(tx, message.id, reachable[0].messenger, reachable[0].chat)
        else:
            await outbox.finish(tx, message.id, outbox.DEAD, outbox.NOT_BOUND)


def gathered(school: School, said: Sequence[Said], now: datetime) -> list[Announcement]:
    """Gather the notices that differ only in who hears them and what they are about."""
    alike: dict[tuple[object, ...], tuple[Notice, list[tuple[int, str]]]] = {}
    for person_id, notice in said:
        params = json.dumps(notice.params, sort_keys=True)
        same = (notice.kind, notice.send_after, notice.useful_until, params)
        alike.setdefault(same, (notice, []))[1].append((person_id, notice.object))
    return [announcement(school, notice, told, now) for notice, told in alike.values()]


def announcement(
    school: School, notice: Notice, told: Sequence[tuple[int, str]], now: datetime
) -> Announcement:
    """Make one announcement of a notice to many (person, object); its own object does not count."""
    send_after = notice.send_after or now
    day = school.date_of(send_after).isoformat()
    return Announcement(
        school_id=school.id,
        kind=notice.kind,
        payload=notice.params,
        send_after=send_after,
        useful_until=notice.useful_until,
        told=[
            (_key(notice.kind, person_id, object_, day), person_id, object_)
            for person_id, object_ in told
        ],
    )


def _key(kind: str, person_id: int, object_: str, day: str) -> str:
    return f"{kind}|{person_id}|{object_}|{day}"
