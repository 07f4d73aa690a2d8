"""What delivery and ingress ask of a messenger, and the ways in which one refuses.

`bot/messengers/` implements this; tests do too. Every method may raise the failures below and
nothing else: an adapter translates its library's errors at its own door.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from handlers.messages import FileKind, Incoming, RemoteFile, Reply


class DeliveryFailed(Exception):
    """A message did not get through; the subclass says what is known."""


class NotSent(DeliveryFailed):
    """It certainly did not arrive (no connection, refused, 5xx before acceptance): try again."""


class Scope(Enum):
    """Whom a refusal for too much concerns."""

    LANE = auto()
    """Whoever uses the token."""
    UNTOLD = auto()
    """The chat or the token: the platform does not say."""
    MESSAGE = auto()
    """The message, and perhaps others like it."""
    METHOD = auto()
    """A method that not every message needs."""


class FloodWait(NotSent):
    """The platform asks to wait; `seconds` is how long, `scope` for whom, `told` its words."""

    def __init__(self, seconds: float, scope: Scope = Scope.UNTOLD, told: str = "") -> None:
        super().__init__(f"flood control: wait {seconds} s" + (f": {told}" if told else ""))
        self.seconds = seconds
        self.scope = scope


class TokenRefused(NotSent):
    """The platform does not know our token, or it lacks a right: only the operator can help."""


class PolledElsewhere(NotSent):
    """Another process receives this bot's updates (a second run, or a webhook)."""


class OutcomeUnknown(DeliveryFailed):
    """The request went out and no answer came back: it may have arrived."""


class ChatClosed(DeliveryFailed):
    """The person blocked the bot, never wrote, or is gone: use another way to reach them."""


class Rejected(DeliveryFailed):
    """The platform will never take this message: a defect of ours, kept for the operator."""


class EditRejected(DeliveryFailed):
    """The message cannot be changed any more (too old, deleted, not ours): send a new one."""


class FileRefused(Exception):
    """The messenger will not hand out the file; `too_big` says whether size is the reason."""

    def __init__(self, reason: str, *, too_big: bool = False) -> None:
        super().__init__(reason)
        self.too_big = too_big


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A stored file on its way out."""

    path: Path
    kind: FileKind
    name: str
    content_type: str
    sha256: str


class Courier(Protocol):
    """Sends to one messenger with one token."""

    lane: str

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        """Send a message and return its reference, by which it can be edited.

        `random_id` is stable for the message: a positive int32, never 0. Where the platform
        knows such a thing (VK), sending again with the same number does not send twice.
        """
        ...

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        """Change a message in place. An edit that changes nothing succeeds."""
        ...


@dataclass(frozen=True, slots=True)
class Update:
    """A raw update, as stored: `event` is None where it could not be understood or says nothing.

    `ref` is unique for the bot. `press` is the platform's handle of a button press, to be
    acknowledged at once. `error` says why the update was not understood ("" if it was).
    """

    ref: str
    raw: str
    event: Incoming | None = None
    press: str = ""
    error: str = ""


class Source(Protocol):
    """Receives from one messenger with one token."""

    lane: str

    async def poll(self) -> Sequence[Update]:
        """Wait for updates, up to the long-poll time; [] if there were none.

        Does not confirm anything: what was returned comes again until `confirm` is called.
        """
        ...

    async def confirm(self) -> None:
        """Tell the messenger that everything `poll` has returned so far is stored."""
        ...

    async def acknowledge(self, update: Update) -> None:
        """Stop the spinner of a pressed button; too late is not an error."""
        ...

    async def working(self, chat: str) -> None:
        """Show the person that the bot is busy with their files; best effort."""
        ...

    def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        """Stream a file; raises FileRefused, or NotSent where trying again makes sense."""
        ...
