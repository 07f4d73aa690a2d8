"""A real SMTP server on loopback, in the sandbox's own event loop, that keeps what it is sent."""

import asyncio
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.mail import Mailbox, MailFaultKind

REFUSED = frozenset({MailFaultKind.UNKNOWN, MailFaultKind.TEMPORARY})
CUT = frozenset({MailFaultKind.DROP, MailFaultKind.DROP_ANSWER})


class SmtpServer:
    """Listens while its block runs; `port` 0 takes a free one."""

    def __init__(self, mailbox: Mailbox, host: str, port: int) -> None:
        self._mailbox = mailbox
        self._host = host
        self._port = port
        self._sessions: set[_Session] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Tell the port that is listened on."""
        return self._port

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            for session in list(self._sessions):
                session.cut()
            await self._server.wait_closed()

    def _session(self) -> "_Session":
        return _Session(_Handler(self._mailbox), self._sessions)


class _Session(SMTP):
    """One connection, which the server can cut."""

    def __init__(self, handler: "_Handler", sessions: set["_Session"]) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(handler, enable_SMTPUTF8=True, hostname="sandbox.test", loop=loop)
        self._open = sessions
        self._wire: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = transport
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Close the connection without a word."""
        if isinstance(self._wire, asyncio.WriteTransport):
            self._wire.abort()


class _Handler:
    """What aiosmtpd asks; the names of the methods are its own."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: _Session,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        match self._mailbox.take(REFUSED, [address]):
            case MailFaultKind.UNKNOWN:
                return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
            case MailFaultKind.TEMPORARY:
                return "451 4.3.0 Temporary lookup failure"
            case _:
                envelope.rcpt_tos.append(address)
                return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: _Session, _session: Session, envelope: Envelope
    ) -> str:
        fault = self._mailbox.take(CUT, envelope.rcpt_tos)
        if fault is not MailFaultKind.DROP:
            raw = envelope.original_content or b""
            self._mailbox.put(envelope.mail_from or "", envelope.rcpt_tos, raw)
        if fault is not None:
            server.cut()
        return "250 2.0.0 Ok: queued"
