"""Announces things to people other than the speaker: a notice is meaning, not text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage import accounts, outbox
from storage.accounts import Account
from storage.database import Tx
from storage.outbox import NewMessage
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


def key_of(kind: str, person_id: int, object_: str, day: date) -> str:
    """Return the business key, unique for ever: kind, recipient, object and the school's date."""
    return f"{kind}|{person_id}|{object_}|{day.isoformat()}"


async def announce(tx: Tx, school: School, person: Person, notice: Notice, now: datetime) -> bool:
    """Put a notice in the outbox for a person's last used messenger; False if it was there.

    For somebody who is bound nowhere it is kept as undeliverable, for the class teacher's list.
    """
    reachable = await accounts.reachable(tx, person.id)
    message = _message(school, person, notice, reachable[0] if reachable else None, now)
    return await outbox.plan(tx, [message], now) == 1


async def announce_all(
    tx: Tx, school: School, notices: Sequence[tuple[Person, Notice]], now: datetime
) -> int:
    """Announce to many people of a school, as `announce` does; returns how many were new."""
    if not notices:
        return 0
    accounts_used = await accounts.last_used(tx, school.id)
    messages = [
        _message(school, person, notice, accounts_used.get(person.id), now)
        for person, notice in notices
    ]
    return await outbox.plan(tx, messages, now)


async def readdress(tx: Tx, cut_off: Account) -> None:
    """Keep what is planned for a person from a chat that was cut off (5.4).

    It goes to the chat the person used last, or is given up as undeliverable.
    """
    reachable = await accounts.reachable(tx, cut_off.person_id)
    for message in await outbox.in_state(tx, cut_off.messenger, outbox.PLANNED):
        is_theirs = message.person_id == cut_off.person_id and message.address == cut_off.chat
        if not is_theirs or message.is_reply:
            continue
        if reachable:
            await outbox.reroute(tx, message.id, reachable[0].messenger, reachable[0].chat)
        else:
            await outbox.finish(tx, message.id, outbox.DEAD, "not bound")


def _message(
    school: School, person: Person, notice: Notice, account: Account | None, now: datetime
) -> NewMessage:
    send_after = notice.send_after or now
    return NewMessage(
        key=key_of(notice.kind, person.id, notice.object, school.date_of(send_after)),
        kind=notice.kind,
        lane=account.messenger if account else "",
        address=account.chat if account else "",
        payload=notice.params,
        send_after=send_after,
        school_id=school.id,
        object=notice.object,
        person_id=person.id,
        useful_until=notice.useful_until,
    )
