import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messengers.mail import MailCourier, options
from bot.messengers.mail_letter import message_id
from bot.sandbox.mail import Letter, MailFaultKind
from bot.sandbox.server import Sandbox
from handlers.messages import FileKind, Reply, StoredFile
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

PATIENCE = 60.0
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SENDER = "Школа № 5 <dezhurny@school.example>"
MOTHER = "mama@example.org"
LETTER = Reply("Задание\n.\nпо алгебре 🙂", subject="Задание по алгебре: §12, до 18:00")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(NOW) as running:
        yield running


@pytest.fixture
async def courier(sandbox: Sandbox) -> AsyncIterator[MailCourier]:
    async with MailCourier(sandbox.smtp_url, SENDER, clock=lambda: NOW, timeout=PATIENCE) as opened:
        yield opened


def letters(sandbox: Sandbox) -> list[Letter]:
    return sandbox.mailbox.after()


async def test_a_letter(sandbox: Sandbox, courier: MailCourier, tmp_path: Path) -> None:
    path = tmp_path / "hash"
    path.write_bytes(b"%PDF-1.7 work")
    file = LocalFile(path, FileKind.DOCUMENT, "Задание 3.pdf", "application/pdf", "00")
    stored = StoredFile(1, FileKind.DOCUMENT)
    message = Reply(LETTER.text, subject=LETTER.subject, files=(stored,))
    ref = await courier.send(MOTHER, message, [file], 17)
    (letter,) = letters(sandbox)
    headers = dict(letter.headers)
    assert letter.sender == "dezhurny@school.example"
    assert letter.recipients == (MOTHER,)
    assert letter.subject == LETTER.subject
    assert letter.text.strip() == LETTER.text
    assert letter.message_id == ref
    assert ref.endswith("@school.example>")
    assert headers["From"] == SENDER
    assert headers["To"] == MOTHER
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Date"] == "Mon, 23 Nov 2026 04:00:00 +0000"
    assert [(one.name, one.mime, one.size) for one in letter.attachments] == [
        ("Задание 3.pdf", "application/pdf", 13)
    ]


async def test_a_letter_sent_again_has_the_same_id(sandbox: Sandbox, courier: MailCourier) -> None:
    first = await courier.send(MOTHER, LETTER, [], 17)
    again = await courier.send(MOTHER, LETTER, [], 17)
    other = await courier.send(MOTHER, LETTER, [], 18)
    papa = await courier.send("papa@example.org", LETTER, [], 17)
    assert first == again
    assert len({first, other, papa}) == 3
    assert len(letters(sandbox)) == 4
    assert "mama" not in first
    assert message_id("a@b", "c@d", 17) == message_id("a@b", "c@d", 17)


async def test_a_cyrillic_domain_is_written_as_servers_understand_it(
    sandbox: Sandbox, courier: MailCourier
) -> None:
    await courier.send("mama@почта.рф", LETTER, [], 1)
    assert letters(sandbox)[0].recipients == ("mama@xn--80a1acny.xn--p1ai",)


@pytest.mark.parametrize(
    "address", ["", "mama", "@example.org", "mama@", "мама@example.org", "a@b\nBcc: c@d", "a b@c.d"]
)
async def test_what_is_no_address_is_closed(
    sandbox: Sandbox, courier: MailCourier, address: str
) -> None:
    with pytest.raises(ChatClosed):
        await courier.send(address, LETTER, [], 1)
    assert letters(sandbox) == []


async def test_an_unknown_address_is_closed_and_not_repeated_in_the_error(
    sandbox: Sandbox, courier: MailCourier
) -> None:
    sandbox.mailbox.set_fault(MailFaultKind.UNKNOWN, MOTHER)
    with pytest.raises(ChatClosed) as caught:
        await courier.send(MOTHER, LETTER, [], 1)
    assert "550" in str(caught.value)
    assert MOTHER not in str(caught.value)
    await courier.send("papa@example.org", LETTER, [], 2)
    assert len(letters(sandbox)) == 1


async def test_a_server_that_says_later_has_not_sent(
    sandbox: Sandbox, courier: MailCourier
) -> None:
    sandbox.mailbox.set_fault(MailFaultKind.TEMPORARY, count=1)
    with pytest.raises(NotSent):
        await courier.send(MOTHER, LETTER, [], 1)
    await courier.send(MOTHER, LETTER, [], 1)
    assert len(letters(sandbox)) == 1


@pytest.mark.parametrize(
    ("fault", "arrived"), [(MailFaultKind.DROP, 0), (MailFaultKind.DROP_ANSWER, 1)]
)
async def test_a_connection_lost_after_the_letter_tells_nothing(
    sandbox: Sandbox, courier: MailCourier, fault: MailFaultKind, arrived: int
) -> None:
    sandbox.mailbox.set_fault(fault, count=1)
    with pytest.raises(OutcomeUnknown):
        await courier.send(MOTHER, LETTER, [], 1)
    assert len(letters(sandbox)) == arrived
    await courier.send(MOTHER, LETTER, [], 1)
    assert len({letter.message_id for letter in letters(sandbox)}) == 1


async def test_no_server_has_not_sent() -> None:
    async with MailCourier(
        "smtp://127.0.0.1:1", SENDER, clock=lambda: NOW, timeout=PATIENCE
    ) as courier:
        with pytest.raises(NotSent):
            await courier.send(MOTHER, LETTER, [], 1)


async def test_a_letter_is_not_edited(courier: MailCourier) -> None:
    with pytest.raises(EditRejected):
        await courier.edit(MOTHER, "<1@x>", LETTER)


async def test_a_stored_file_that_is_gone_is_told(courier: MailCourier, tmp_path: Path) -> None:
    gone = LocalFile(tmp_path / "no", FileKind.DOCUMENT, "a.pdf", "application/pdf", "00")
    with pytest.raises(Rejected):
        await courier.send(MOTHER, LETTER, [gone], 1)


class ScriptedServer:
    """Answers each line by its verb, and counts connections; "-" hangs up instead."""

    def __init__(self, **answers: str) -> None:
        self.answers = {
            "EHLO": "250-scripted\r\n250 AUTH PLAIN",
            "AUTH": "235 ok",
        } | answers
        self.connections = 0
        self.quiet = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.quiet.clear()
        writer.write(b"220 ready\r\n")
        try:
            while line := await reader.readline():
                if line == b"DATA\r\n":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                answer = self.answers.get(line[:4].decode(), "250 ok")
                if answer == "-":
                    break
                writer.write(f"{answer}\r\n".encode())
        finally:
            writer.close()
            self.quiet.set()


@asynccontextmanager
async def scripted(
    server: ScriptedServer, user: str = "", idle: float = 2 * PATIENCE
) -> AsyncIterator[MailCourier]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    url = f"smtp://{user}127.0.0.1:{port}"
    async with listening, asyncio.timeout(PATIENCE):
        async with MailCourier(
            url, SENDER, clock=lambda: NOW, idle=idle, timeout=PATIENCE
        ) as courier:
            yield courier
        await server.quiet.wait()


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"AUTH": "535 5.7.8 wrong"}, TokenRefused),
        ({"AUTH": "454 4.7.0 later"}, NotSent),
        ({"MAIL": "550 5.7.1 not your address"}, TokenRefused),
        ({"MAIL": "451 later"}, NotSent),
        ({"RCPT": "554 5.7.1 relaying denied"}, Rejected),
        ({"RCPT": "550 5.1.1 nobody"}, ChatClosed),
        ({"RCPT": "450 4.2.1 greylisted"}, NotSent),
        ({"RCPT": "-"}, NotSent),
        ({"DATA": "554 5.7.1 spam"}, Rejected),
        ({"DATA": "452 4.3.1 disk"}, NotSent),
        ({"DATA": "-"}, OutcomeUnknown),
    ],
)
async def test_a_servers_word_means(
    answers: dict[str, str], expected: type[DeliveryFailed]
) -> None:
    async with scripted(ScriptedServer(**answers), user="bot:s3cr3t-pass@") as courier:
        with pytest.raises(DeliveryFailed) as caught:
            await courier.send(MOTHER, LETTER, [], 1)
    assert type(caught.value) is expected
    assert MOTHER not in str(caught.value)
    assert "s3cr3t-pass" not in str(caught.value)


async def test_a_connection_serves_several_letters() -> None:
    server = ScriptedServer()
    async with scripted(server) as courier:
        for number in range(3):
            await courier.send(MOTHER, LETTER, [], number)
        assert server.connections == 1


async def test_a_connection_is_closed_when_idle() -> None:
    server = ScriptedServer()
    async with scripted(server, idle=0.2) as courier:
        await courier.send(MOTHER, LETTER, [], 1)
        await server.quiet.wait()
        await courier.send(MOTHER, LETTER, [], 2)
        assert server.connections == 2


async def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    server = ScriptedServer()
    async with scripted(server) as courier:
        await courier.send(MOTHER, LETTER, [], 1)
        server.answers["MAIL"] = "-"
        with pytest.raises(NotSent):
            await courier.send(MOTHER, LETTER, [], 2)
        assert server.connections == 2
        del server.answers["MAIL"]
        await courier.send(MOTHER, LETTER, [], 2)


def test_a_server_is_read_from_its_url() -> None:
    assert options("smtp://u%40x:p%3A1@host:587?starttls=1") == {
        "hostname": "host",
        "port": 587,
        "use_tls": False,
        "start_tls": True,
        "username": "u@x",
        "password": "p:1",
    }
    assert options("smtps://host")["use_tls"] is True
    assert options("smtps://host")["start_tls"] is False
    assert options("smtp://127.0.0.1:2525") == {
        "hostname": "127.0.0.1",
        "port": 2525,
        "use_tls": False,
        "start_tls": None,
    }


@pytest.mark.parametrize("url", ["", "host:25", "http://u:s3cr3t@host", "smtp://host?starttls=x"])
def test_a_url_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP URL") as caught:
        options(url)
    assert "s3cr3t" not in str(caught.value)
