"""Makes a message of the outbox ready to leave: rendered once, its files found, its card known."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter, ValidationError

from handlers import notices
from handlers.messages import Reply
from handlers.texts import Texts
from scheduler import detour
from scheduler.messenger import LocalFile
from school.notices import readdress
from storage import accounts, cards, files, outbox
from storage.accounts import Account
from storage.database import Tx
from storage.failures import is_in_trouble
from storage.files import FileStore
from storage.outbox import Message, NewMessage
from storage.prepared import savepoint

OUTDATED = "outdated"
"""The kind of what takes the buttons from a card that came anew below; its object: the message."""

EDITABLE = timedelta(hours=24)
"""How long VK lets a message be changed."""

REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message made ready: what to send, and the message to change in place ("" for a new one)."""

    message: Message
    reply: Reply
    files: tuple[LocalFile, ...]
    edits: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that does not leave, and why; one that stays planned goes another way."""

    message: Message
    state: str
    reason: str


async def packed(tx: Tx, message: Message, store: FileStore, now: datetime) -> Parcel | Unsent:
    """Render a message (once) and find what goes with it; nothing is written yet."""
    if message.useful_until is not None and message.useful_until <= now:
        return Unsent(message, outbox.DROPPED, "no longer useful")
    if message.card and message.is_reply and await cards.is_superseded(tx, message):
        return Unsent(message, outbox.DROPPED, "a newer version is on its way")
    try:
        reply = await _worded(tx, message, now)
        words = REPLY.dump_json(reply, exclude_defaults=True).decode() if reply else ""
    except Exception as error:
        if is_in_trouble(error):
            raise
        log.exception("notice.unrenderable", kind=message.kind, message=message.id)
        return Unsent(message, outbox.DEAD, "cannot be rendered")
    if reply is None:
        return Unsent(message, outbox.DROPPED, "its reason is gone")
    if await _is_lost(tx, message):
        state = outbox.DROPPED if message.is_reply else outbox.PLANNED
        return Unsent(message, state, outbox.CUT_OFF)
    message = replace(message, rendered=words)
    edits = message.object if message.kind == OUTDATED else ""
    if reply.edit:
        edits = await cards.message_of(tx, message.lane, message.address, reply.card)
    return Parcel(message, reply, await _local(tx, reply, store), edits)


def outdating(newer: Message, message_ref: str, words: str, now: datetime) -> NewMessage | None:
    """Plan what is left of the card's version before, None where it has nothing to take away.

    `message_ref` is the message that shows it, `words` is how it was rendered.
    """
    before = _legible(words)
    if before is None or not before.outdated:
        return None
    return NewMessage(
        key=f"{OUTDATED}|{newer.id}",
        kind=OUTDATED,
        lane=newer.lane,
        address=newer.address,
        payload={"text": before.outdated},
        send_after=now,
        school_id=newer.school_id,
        object=message_ref,
        person_id=newer.person_id,
        is_reply=True,
        useful_until=now + EDITABLE,
    )


async def sealed(tx: Tx, ready: Parcel | Unsent, now: datetime) -> Parcel | None:
    """Write down what becomes of a packed message, and return it if it now must leave."""
    if isinstance(ready, Parcel):
        is_still_planned = await outbox.sending(tx, ready.message, ready.message.rendered)
        return ready if is_still_planned else None
    if ready.state == outbox.DEAD:
        await given_up(tx, ready.message, ready.reason, now)
    elif ready.state == outbox.PLANNED and ready.message.lane == detour.MAIL:
        await detour.take(tx, ready.message, "the address is no longer theirs")
    elif ready.state == outbox.PLANNED:
        await readdress(tx, _the_lost(ready.message))
    else:
        await outbox.finish(tx, ready.message.id, ready.state, ready.reason)
    return None


async def _is_lost(tx: Tx, message: Message) -> bool:
    """Say whether the chat or the mailbox of a message is its person's no more."""
    if message.lane == detour.MAIL:
        return await detour.is_astray(tx, message)
    return await accounts.is_cut_off(tx, message.person_id, message.lane, message.address)


def _the_lost(message: Message) -> Account:
    """Name the chat for which a message was planned, and which is its person's no more."""
    chat = message.address
    return Account(0, message.school_id, message.person_id, message.lane, chat, chat)


async def given_up(tx: Tx, message: Message, cause: str, now: datetime, *, by: str = "") -> None:
    """Write down that nobody will ever see a message that is planned, or that lane `by` tried.

    Who waits for an answer hears, once an event, that a part of it cannot be shown.
    """
    is_over = await outbox.finish(tx, message.id, outbox.DEAD, cause, by=by)
    kind, _, rest = message.key.partition("|")
    if not is_over or not message.is_reply or kind != "reply":
        return
    word = NewMessage(
        key=f"unshown|{rest.partition('|')[0]}",
        kind="reply",
        lane=message.lane,
        address=message.address,
        payload={"text": Texts()("reply-unshown")},
        send_after=now,
        school_id=message.school_id,
        person_id=message.person_id,
        is_reply=True,
    )
    await outbox.plan(tx, [word], now)


async def _worded(tx: Tx, message: Message, now: datetime) -> Reply | None:
    """Give a message its words: those in which it went out before, if it did.

    A notice that goes out again is asked again for its reason, too: while a messenger or the mail
    is away, the right to hear it may end.
    """
    said = REPLY.validate_json(message.rendered) if message.rendered else None
    if message.is_reply:
        return said or REPLY.validate_python(message.payload)
    async with savepoint(tx):
        fresh = await _rendered(tx, message, now)
    if fresh is None or said is None:
        return fresh
    return _anew(fresh, said) if notices.KINDS[message.kind].of_several else said


def _anew(fresh: Reply, said: Reply) -> Reply:
    """Keep of the earlier words only that they may have arrived."""
    if not said.text.startswith(Texts()("repeat-mark")):
        return fresh
    return REPLY.validate_json(marked(REPLY.dump_json(fresh, exclude_defaults=True).decode()))


def _legible(rendered: str) -> Reply | None:
    """Read words that another version may have written; None where nobody can any more."""
    try:
        return REPLY.validate_json(rendered) if rendered else None
    except ValidationError:
        return None


async def _rendered(tx: Tx, message: Message, now: datetime) -> Reply | None:
    reply = await notices.render(tx, message, now)
    if reply is not None and message.lane == detour.MAIL and not reply.subject:
        reply = Reply(reply.text or "—", subject=Texts()("letter-subject"))
    return reply


async def _local(tx: Tx, reply: Reply, store: FileStore) -> tuple[LocalFile, ...]:
    local = []
    for stored in reply.files:
        row = await files.by_id(tx, stored.file_id)
        if row is not None:
            path = store.path(row.sha256)
            local.append(LocalFile(path, stored.kind, stored.name, row.content_type, row.sha256))
    return tuple(local)


def marked(rendered: str) -> str:
    """Mark rendered words as a repeat, once, and only where there is room for the mark."""
    reply, mark = _legible(rendered), Texts()("repeat-mark")
    if reply is None or reply.text.startswith(mark):
        return rendered
    try:
        reply = replace(reply, text=f"{mark} {reply.text}".strip())
    except ValueError:  # longer than a platform shows
        return rendered
    return REPLY.dump_json(reply, exclude_defaults=True).decode()
