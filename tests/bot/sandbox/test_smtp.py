from collections.abc import AsyncIterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib
import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.mail import MailFaultKind
from bot.sandbox.server import Sandbox


@pytest.fixture
async def smtp(sandbox: Sandbox) -> AsyncIterator[aiosmtplib.SMTP]:
    url = urlsplit(sandbox.smtp_url)
    client = aiosmtplib.SMTP(hostname=url.hostname, port=url.port, timeout=5)
    await client.connect()
    yield client
    client.close()


def letter(to: str = "mama@example.test") -> EmailMessage:
    written = EmailMessage()
    written["From"] = "school@example.test"
    written["To"] = to
    written["Subject"] = "Задание по математике"
    written["Message-ID"] = "<task-1@example.test>"
    written.set_content("Решить № 5.\nСрок: сегодня.")
    written.add_attachment(
        b"%PDF-1.4", maintype="application", subtype="pdf", filename="карточка.pdf"
    )
    return written


async def test_a_letter_is_kept_as_it_came(smtp: aiosmtplib.SMTP, client: SandboxClient) -> None:
    await smtp.send_message(letter())
    kept = (await client.letters()).letters[0]
    assert kept.sender == "school@example.test"
    assert kept.recipients == ["mama@example.test"]
    assert kept.subject == "Задание по математике"
    assert kept.text == "Решить № 5.\nСрок: сегодня.\n"
    assert kept.message_id == "<task-1@example.test>"
    assert [(a.name, a.mime, a.size) for a in kept.attachments] == [
        ("карточка.pdf", "application/pdf", 8)
    ]
    assert (await client.letters(after=kept.seq)).letters == []


@pytest.mark.parametrize(
    ("kind", "code"), [(MailFaultKind.UNKNOWN, 550), (MailFaultKind.TEMPORARY, 451)]
)
async def test_an_address_is_refused(
    smtp: aiosmtplib.SMTP, client: SandboxClient, kind: MailFaultKind, code: int
) -> None:
    await client.set_mail_fault(kind, "Mama@example.test", count=1)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await smtp.send_message(letter())
    assert refused.value.recipients[0].code == code
    await smtp.send_message(letter("papa@example.test"))
    await smtp.send_message(letter())
    assert [kept.recipients for kept in (await client.letters()).letters] == [
        ["papa@example.test"],
        ["mama@example.test"],
    ]


@pytest.mark.parametrize(
    ("kind", "kept"), [(MailFaultKind.DROP, 0), (MailFaultKind.DROP_ANSWER, 1)]
)
async def test_a_session_is_cut(
    smtp: aiosmtplib.SMTP, client: SandboxClient, kind: MailFaultKind, kept: int
) -> None:
    await client.set_mail_fault(kind)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await smtp.send_message(letter())
    assert len((await client.letters()).letters) == kept
    await client.clear_mail_faults()
    await smtp.connect()
    await smtp.send_message(letter())
    assert len((await client.letters()).letters) == kept + 1
