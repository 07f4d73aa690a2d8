"""Announces things to people other than the speaker: a notice is meaning, not text."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage import accounts, outbox
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
    lane, address = (reachable[0].messenger, reachable[0].chat) if reachable else ("", "")
    day = school.date_of(notice.send_after or now)
    added = await outbox.plan(
        tx,
        [
            NewMessage(
                key=key_of(notice.kind, person.id, notice.object, day),
                kind=notice.kind,
                lane=lane,
                address=address,
                payload=notice.params,
                send_after=notice.send_after or now,
                school_id=school.id,
                object=notice.object,
                person_id=person.id,
                useful_until=notice.useful_until,
            )
        ],
        now,
    )
    return added == 1
