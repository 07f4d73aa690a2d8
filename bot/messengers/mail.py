"""The only door to aiosmtplib: letters, one for each address."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import structlog

from bot.messengers.checkup import Checkup
from bot.messengers.mail_letter import ascii_address, letter
from handlers.messages import Reply
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    LocalFile,
    NotSent,
    OutcomeUnknown,
    Rejected,
    TokenRefused,
)

IDLE_SECONDS = 20.0
TIMEOUT_SECONDS = 60.0
_PERMANENT = range(500, 600)
_TOO_LARGE = 552
_SAFE = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}

_log = structlog.get_logger(__name__)


class MailCourier:
    """Sends through one SMTP server.

    `url` is smtp://user:password@host:587?starttls=1, or smtps://…; without `starttls` the
    connection is encrypted if the server can. `sender` is what stands in From. A connection
    serves letter after letter and is closed after `idle` seconds.
    """

    lane = "mail"

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        clock: Callable[[], datetime],
        idle: float = IDLE_SECONDS,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._sender = sender
        self._address = ascii_address(parseaddr(sender)[1])
        self._client = aiosmtplib.SMTP(
            **options(url), timeout=timeout, local_hostname=self._address.rpartition("@")[2]
        )
        self._clock = clock
        self._idle = idle
        self._one_at_a_time = asyncio.Lock()
        self._hang_up: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        async with self._one_at_a_time:
            self._drop()

    async def checkup(self) -> Checkup:
        """Greet the server and log in; raises NotSent and its kinds."""
        async with self._one_at_a_time:
            try:
                await self._client.connect()
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                trouble = before_data(error, self._address)
            else:
                return Checkup(self._address.rpartition("@")[2], None)
            finally:
                self._drop()
        raise trouble

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        """Send a letter to the address `chat` and give its Message-ID.

        ChatClosed is an address that the server does not know.
        """
        written = await letter(self._sender, chat, message, files, at=self._clock(), key=random_id)
        recipient = ascii_address(chat)
        async with self._one_at_a_time:
            if self._hang_up is not None:
                self._hang_up.cancel()
            try:
                await self._deliver(recipient, written)
            except BaseException:
                self._drop()
                raise
            loop = asyncio.get_running_loop()
            self._hang_up = loop.call_later(self._idle, self._client.close)
        return str(written["Message-ID"])

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        """Refuse: a letter cannot be changed."""
        del chat, message_ref, message
        raise EditRejected("a letter cannot be changed")

    async def _deliver(self, recipient: str, written: EmailMessage) -> None:
        try:
            try:
                await self._envelope(recipient)
            except aiosmtplib.SMTPServerDisconnected:
                # A server may close an idle connection whenever it likes.
                self._client.close()
                await self._envelope(recipient)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            trouble: DeliveryFailed | None = before_data(error, recipient)
        else:
            trouble = await self._body(recipient, written)
        if trouble is not None:
            raise trouble

    async def _envelope(self, recipient: str) -> None:
        if not self._client.is_connected:
            await self._client.connect()
        await self._client.mail(self._address)
        await self._client.rcpt(recipient)

    async def _body(self, recipient: str, written: EmailMessage) -> DeliveryFailed | None:
        """Hand over the letter itself; from here on a lost connection tells nothing."""
        try:
            await self._client.data(written.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            told = _told(error, recipient)
            return Rejected(told) if error.code in _PERMANENT else NotSent(told)
        except (aiosmtplib.SMTPException, OSError) as error:
            return OutcomeUnknown(_told(error, recipient))
        return None

    def _drop(self) -> None:
        if self._hang_up is not None:
            self._hang_up.cancel()
            self._hang_up = None
        self._client.close()


def options(url: str) -> dict[str, Any]:
    """Read the server's URL; raises ValueError, without repeating it, for one that is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("the SMTP URL is smtp://[user:password@]host[:port] or smtps://…")
    wanted = parse_qs(parts.query).get("starttls", [""])[0].lower()
    if wanted and wanted not in _SAFE:
        raise ValueError("starttls in the SMTP URL is 1 or 0")
    read: dict[str, Any] = {
        "hostname": parts.hostname,
        "port": parts.port,
        "use_tls": parts.scheme == "smtps",
        "start_tls": _SAFE.get(wanted) if parts.scheme == "smtp" else False,
    }
    if parts.username:
        read |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return read


def before_data(error: Exception, recipient: str) -> DeliveryFailed:
    """Say what a failure means while the letter itself is still here: it has not been sent."""
    told = _told(error, recipient)
    match error:
        case aiosmtplib.SMTPAuthenticationError() if error.code in _PERMANENT:
            _log.error("mail.login_refused", code=error.code)
            return TokenRefused(told)
        case aiosmtplib.SMTPRecipientRefused() if error.code in _PERMANENT:
            # 5.7.x speaks of the sender (relaying denied, policy), not of the address.
            about_us = error.message.startswith("5.7.") or error.code == _TOO_LARGE
            return Rejected(told) if about_us else ChatClosed(told)
        case aiosmtplib.SMTPSenderRefused() if error.code in _PERMANENT:
            _log.error("mail.sender_refused", code=error.code)
            return TokenRefused(told)
        case _:
            return NotSent(told)


def _told(error: Exception, recipient: str) -> str:
    """Word a failure without the address, which is personal."""
    code = f" {error.code}" if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    reason = error.message if isinstance(error, aiosmtplib.SMTPException) else str(error)
    return f"smtp: {type(error).__name__}{code}: {reason}".replace(recipient, "•••")
