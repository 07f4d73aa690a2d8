"""Behind the glass: the outbox as it stands in the database, every row with its reason in words."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.demo.phones import Phones
from bot.demo.roster import Everybody, about
from bot.logs import redacted
from handlers.texts import Texts
from storage import glass, outbox
from storage.database import Tx
from storage.glass import NOWHERE, Seen

MOST_ROWS = 100
TEXT_CHARS = 200
UNBOUND = "unbound"

WHY_DEAD = {
    "not bound": "unbound",
    "the chat is closed": "closed",
    "cannot be rendered": "broken",
    "the lane is off": "off",
    "the address is no longer theirs": "moved-out",
}
WHY_DROPPED = {
    "no longer useful": "late",
    "a newer version is on its way": "newer",
    "its reason is gone": "gone",
    "the deadline has moved again": "moved",
    "the chat was cut off": "cut-off",
}
"""What the delivery writes down, and the text that tells it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message of the outbox as the panel shows it; instants are the school's."""

    id: int
    who: str
    who_id: str
    about: str
    kind: str
    title: str
    lane: str
    is_reply: bool
    created_at: datetime
    send_after: datetime
    sent_at: datetime | None
    state: str
    state_title: str
    why: str
    attempts: int
    text: str


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks through the glass, and what is known there beside the database."""

    everybody: Everybody
    phones: Phones
    t: Texts
    now: datetime
    bot_lives: bool


async def rows(tx: Tx, eyes: Onlooker, person_id: int = 0) -> list[Row]:
    """Read the newest messages, newest first; of the unbound only that person's."""
    return [_row(seen, eyes) for seen in await glass.newest(tx, MOST_ROWS, person_id)]


async def counts(tx: Tx) -> dict[str, int]:
    """Count the messages by state; `unbound` are those for people who are bound nowhere."""
    found: Counter[str] = Counter()
    for (lane, state), many in (await glass.counts(tx)).items():
        if lane != NOWHERE:
            found[state] += many
        elif state == outbox.DEAD:  # a gap in the numbers is no message
            found[UNBOUND] += many
    return dict(found)


def _row(seen: Seen, eyes: Onlooker) -> Row:
    t, zone = eyes.t, eyes.everybody.school.zone
    who = eyes.everybody.by_number.get(seen.person_id) or eyes.everybody.by_id.get(
        eyes.phones.holder(seen.lane, seen.address)
    )
    return Row(
        id=seen.id,
        who=who.person.full_name if who else t("page-who-stranger"),
        who_id=who.id if who else "",
        about=about(who, t) if who else "",
        kind=seen.kind,
        title=t(f"page-kind-{seen.kind}"),
        lane=seen.lane,
        is_reply=seen.is_reply,
        created_at=seen.created_at.astimezone(zone),
        send_after=seen.send_after.astimezone(zone),
        sent_at=seen.sent_at.astimezone(zone) if seen.sent_at else None,
        state=seen.state,
        state_title=t(f"page-state-{seen.state}"),
        why=_why(seen, eyes),
        attempts=seen.attempts,
        text=_text(seen)[:TEXT_CHARS],
    )


def _why(seen: Seen, eyes: Onlooker) -> str:
    """Say in a sentence what a message waits for, or why it never arrived; "" where all is well."""
    t = eyes.t
    reason = redacted(seen.error)
    match seen.state:
        case outbox.PLANNED:
            return _waits(seen, eyes, reason)
        case outbox.SENDING:
            return t("page-why-sending" if eyes.bot_lives else "page-why-interrupted")
        case outbox.SENT:
            return t("page-why-again", attempt=seen.attempts) if seen.attempts > 1 else ""
        case outbox.DROPPED:
            known = WHY_DROPPED.get(seen.error)
            return t(f"page-dropped-{known}") if known else reason
        case outbox.UNKNOWN:
            return t("page-why-unknown")
    known = WHY_DEAD.get(seen.error)
    return t(f"page-dead-{known}") if known else t("page-why-rejected", reason=reason)


def _waits(seen: Seen, eyes: Onlooker, reason: str) -> str:
    t = eyes.t
    if seen.send_after > eyes.now:
        return t("page-why-later", when=t.when(seen.send_after, eyes.now))
    if not eyes.bot_lives:
        return t("page-why-bot-dead")
    if seen.waits_for_earlier:
        return t("page-why-queue")
    if seen.error:
        return t("page-why-retry", attempt=seen.attempts, reason=reason)
    return t("page-why-next")


def _text(seen: Seen) -> str:
    """Give the words in which a message goes out; a notice has none before it is rendered."""
    said: object = json.loads(seen.rendered) if seen.rendered else seen.payload
    if not isinstance(said, dict) or not (seen.rendered or seen.is_reply):
        return ""
    parts: Sequence[object] = (said.get("subject"), said.get("text"))
    return "\n".join(str(part) for part in parts if part)
