"""Writes the letter that a message becomes: one address, a plain text, our files."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from bot.messengers.text import clean, file_name
from handlers.messages import Reply
from scheduler.messenger import ChatClosed, LocalFile, Rejected

_POLICY = SMTP.clone(cte_type="7bit")
"""Any server takes seven bits."""


async def letter(
    sender: str,
    recipient: str,
    message: Reply,
    files: Sequence[LocalFile],
    *,
    at: datetime,
    key: int,
) -> EmailMessage:
    """Write a letter; the same `key` and recipient give the same Message-ID.

    Raises ChatClosed for an address that is none and Rejected for a file that cannot be read.
    """
    written = EmailMessage(policy=_POLICY)
    name, address = parseaddr(sender)
    try:
        written["To"] = Address(addr_spec=ascii_address(recipient))
    except (ValueError, IndexError, MessageError):  # IndexError: what the parser makes of "a@"
        raise ChatClosed("this is not an e-mail address") from None
    written["From"] = Address(display_name=name, addr_spec=address)
    written["Subject"] = " ".join(clean(message.subject).split())
    written["Date"] = format_datetime(at)
    written["Message-ID"] = message_id(address, recipient, key)
    written["Auto-Submitted"] = "auto-generated"
    written["X-Auto-Response-Suppress"] = "All"
    written.set_content(clean(message.text))
    for file in files:
        try:
            content = await asyncio.to_thread(file.path.read_bytes)
        except OSError as error:
            raise Rejected(f"a stored file cannot be read: {error.strerror}") from None
        kind, _, subtype = (file.content_type or "application/octet-stream").partition("/")
        written.add_attachment(
            content,
            maintype=kind,
            subtype=subtype or "octet-stream",
            filename=file_name(file.name, file.kind, file.content_type),
        )
    return written


def message_id(sender: str, recipient: str, key: int) -> str:
    """Name a letter for ever; the recipient's address cannot be read from it."""
    digest = hashlib.sha256(f"{key}:{recipient}".encode()).hexdigest()[:24]
    return f"<{key}.{digest}@{sender.rpartition('@')[2] or 'localhost'}>"


def ascii_address(address: str) -> str:
    """Write a Cyrillic domain as every server understands it; raises ValueError."""
    local, at, domain = address.strip().rpartition("@")
    if not (local.isascii() and local and at and domain):
        raise ValueError("an address is name@domain, the name in Latin letters")
    return f"{local}@{domain.encode('idna').decode('ascii')}"
