"""Whose files are fetched: those of a private chat that is bound. Nobody else fills our disk."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from handlers.messages import Incoming, RemoteFile
from school import enrolment
from storage import inbox
from storage.database import Tx
from storage.inbox import Event

INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)


@dataclass(frozen=True, slots=True)
class Errand:
    """An event whose files lie at the messenger; what does not come from one of us is left there.

    `id` and `sender` are the event's.
    """

    id: int
    sender: str
    chat: str = ""
    remote: tuple[RemoteFile, ...] = ()
    is_ours: bool = False


async def judged(tx: Tx, event: Event) -> Errand | None:
    """Say what to fetch for an event, None as long as that hangs on what its sender said before.

    Who has just pressed «Да, это я» is one of us as soon as a handler has had that, and sends the
    first photo in the same breath. What cannot be read any more is left to the worker, without
    files.
    """
    try:
        incoming = INCOMING.validate_json(event.event)
    except ValidationError:
        return Errand(event.id, event.sender)
    address = incoming.address
    is_ours = False
    if incoming.is_private:
        is_ours = await enrolment.is_bound(tx, address.messenger, address.user)
        if not is_ours and await inbox.waits_for_words(tx, event):
            return None
    return Errand(event.id, event.sender, address.chat, incoming.remote, is_ours)
