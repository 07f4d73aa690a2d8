"""The letters that the sandbox's mail server received, and what may go wrong with the next ones."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from enum import StrEnum

from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a letter."""

    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it arrived. `sender` and `recipients` are the envelope's."""

    seq: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    message_id: str
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]


class MailFaultKind(StrEnum):
    """What can go wrong."""

    UNKNOWN = "unknown"
    """550 5.1.1: there is no such mailbox."""
    TEMPORARY = "temporary"
    """451 4.3.0: not now."""
    DROP = "drop"
    """The connection is cut at DATA and the letter is lost."""
    DROP_ANSWER = "drop_answer"
    """The letter arrives, then the connection is cut: the sender cannot know."""


@dataclass(slots=True)
class MailFault:
    """A switch that is on. No `address` means every recipient, no `count` every time."""

    kind: MailFaultKind
    address: str | None
    count: int | None


class Mailbox:
    """All letters of all recipients, oldest first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._letters: list[Letter] = []
        self._faults: list[MailFault] = []
        self.last = 0

    def put(self, sender: str, recipients: list[str], raw: bytes) -> Letter:
        """Keep a letter and wake the watchers."""
        parsed = message_from_bytes(raw, EmailMessage, policy=default)
        text = parsed.get_body(("plain",))
        page = parsed.get_body(("html",))
        self.last += 1
        letter = Letter(
            seq=self.last,
            at=self._world.now(),
            sender=sender,
            recipients=tuple(recipients),
            subject=str(parsed["subject"] or ""),
            text=_words(text),
            html=_words(page),
            message_id=str(parsed["message-id"] or ""),
            headers=tuple((name, str(value)) for name, value in parsed.items()),
            attachments=tuple(_attachment(part) for part in parsed.iter_attachments()),
        )
        self._letters.append(letter)
        self._world.news.tell()
        return letter

    def after(self, seq: int = 0) -> list[Letter]:
        """Give the letters after `seq`."""
        return [letter for letter in self._letters if letter.seq > seq]

    def set_fault(
        self, kind: MailFaultKind, address: str | None = None, count: int | None = None
    ) -> MailFault:
        """Switch a fault on."""
        fault = MailFault(kind, address.lower() if address else None, count)
        self._faults.append(fault)
        self._world.news.tell()
        return fault

    def faults(self) -> list[MailFault]:
        """Give the switches that are on."""
        return list(self._faults)

    def clear_faults(self) -> None:
        """Switch all faults off."""
        self._faults.clear()
        self._world.news.tell()

    def clear(self) -> None:
        """Forget letters and faults; the numbering goes on."""
        self._letters.clear()
        self._faults.clear()

    def take(self, kinds: frozenset[MailFaultKind], addresses: list[str]) -> MailFaultKind | None:
        """Give the fault of these kinds that hits these recipients, and count it."""
        lowered = {address.lower() for address in addresses}
        for fault in self._faults:
            if fault.kind in kinds and (fault.address is None or fault.address in lowered):
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self._faults.remove(fault)
                    self._world.news.tell()
                return fault.kind
        return None


def _words(part: MIMEPart | None) -> str:
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _attachment(part: MIMEPart) -> Attachment:
    content = part.get_payload(decode=True)
    size = len(content) if isinstance(content, bytes) else 0
    return Attachment(part.get_filename() or "", part.get_content_type(), size)
