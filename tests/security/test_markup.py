"""HTML, Markdown, template and header injection (ASVS 1.1.2, 1.2.1, 1.2.3): text stays text.

Names, tasks, works and comments go to Telegram and VK without a parse mode, and to mail as plain
text; no placeable is looked into, and no line of theirs becomes a header.
"""

import email.policy
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.messengers.mail_letter import letter
from bot.messengers.vk_mentions import unlinked
from handlers.messages import FileKind, Reply
from handlers.texts import LANGUAGES, Texts
from scheduler.messenger import ChatClosed, LocalFile
from storage.tables.people import persons
from tests.chat import Chat, House
from tests.handlers.crowd import failures
from tests.handlers.teaching import hands_in, sets_task
from tests.security.hostile import EVERYTHING, MARKUP
from tests.words import words

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
OF_PAGE = "page.ftl"
UNREAD = ("{ $form }", "%(name)s", "${HOME}")


def spoken(text: str) -> str:
    """Give a text as it is kept: without what only surrounds it."""
    return " ".join(text.split())


def said_to(chat: Chat) -> str:
    return spoken("\n".join(shown.message.text for shown in chat.messages))


async def test_what_is_written_is_shown_as_it_was_written(house: House) -> None:
    """A task, a work and a comment, each with everything in it, on both messengers."""
    for first in range(0, len(EVERYTHING), 15):
        written = "\n".join(EVERYTHING[first : first + 15]).replace("\r", "")
        task = await sets_task(house, course="7Б, геометрия", text=written)
        anya = await hands_in(house, "S701", task, text=f"сдаю {written}")
        teacher = await house.chat("T01")
        await teacher.says("На проверку")
        await teacher.presses("Соколова")
        assert spoken(f"сдаю {written}") in said_to(teacher)
        await teacher.presses("Комментарий")
        await teacher.says(f"пишу {written}")
        await teacher.presses("Готово")
        await anya.says("Ответы учителей")
        await anya.presses("Геометрия")
        assert spoken(f"пишу {written}") in said_to(anya)
        letters = house.letters["mariya.sokolova@pochta.example"]
        assert any(spoken(written) in spoken(one.message.text) for one in letters)
    assert failures(house) == []


async def test_a_name_is_only_a_name(house: House) -> None:
    """A class in which everybody is called «<b>» or «{ $form }», as teacher and head see it."""
    called = {f"S7{number:02}": spoken(name) for number, name in enumerate(MARKUP[:13], start=1)}
    async with house.database.write() as tx:
        for roster_id, name in called.items():
            change = sa.update(persons).where(persons.c.roster_key == f"students:{roster_id}")
            await tx.execute(change.values(surname="Гвоздь", given_name=name, patronymic=name))
    task = await sets_task(house, text="№ 1")
    for roster_id in list(called)[:4]:
        await hands_in(house, roster_id, task, text="вот")
    teacher = await house.chat("T01")
    for command in ("На проверку", "Кто не сдал", "Списки"):
        await teacher.says(command)
    await teacher.acts(f"missing.open:{task.id}")
    shown = said_to(teacher)
    for name in called.values():
        assert f"Гвоздь {name}" in shown, shown
    letters = [spoken(one.message.text) for sent in house.letters.values() for one in sent]
    assert sum(any(name in one for one in letters) for name in called.values()) > 8
    assert failures(house) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_looks_into_what_it_is_given(language: str) -> None:
    """Every text of the house, with placeables and templates in the place of each parameter."""
    t = Texts(language)
    for hostile in (*UNREAD, "{ $subject }\n*[vy] x"):
        for key, word in words(language).items():
            texts = word.params - word.numbers - set(word.choices)
            if not texts or word.file == OF_PAGE:
                continue
            for params in word.samples(plain=hostile):
                assert hostile in t(key, **params), key


@pytest.mark.parametrize(
    "text",
    ["[club1|Оценки]", "[id1|Директор]", "[https://evil.example|vk.com]", "@id1", "*club2 (x)"],
)
def test_nothing_becomes_a_link_with_other_words_on_vk(text: str) -> None:
    shown = unlinked(f"Вот: {text} и {text}")
    assert len(shown) == len(f"Вот: {text} и {text}")
    assert text not in shown
    assert unlinked(shown) == shown


@pytest.mark.parametrize("text", ["[1; 2]", "x ∈ [0, 1] | y", "a@b.example", "5 * 4", "[ ]"])
def test_what_is_no_link_on_vk_stays(text: str) -> None:
    assert unlinked(text) == text


@pytest.mark.parametrize("hostile", EVERYTHING)
async def test_a_letter_is_plain_text_to_one_address(hostile: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"%PDF")
    attached = LocalFile(file, FileKind.DOCUMENT, hostile, "application/pdf", "00")
    reply = Reply(f"Здравствуйте!\n{hostile}\nконец", subject=f"Задание: {hostile}")
    written = await letter("Школа <a@b.example>", "m@b.example", reply, [attached], at=NOW, key=1)
    read = message_from_bytes(written.as_bytes(), policy=email.policy.default)
    assert {str(name).lower() for name in read} == {
        "to",
        "from",
        "subject",
        "date",
        "message-id",
        "auto-submitted",
        "x-auto-response-suppress",
        "mime-version",
        "content-type",
    }
    assert read["to"].addresses[0].addr_spec == "m@b.example"
    assert len(read["to"].addresses) == len(read.get_all("to") or ()) == 1
    kinds = [part.get_content_type() for part in read.walk()]
    assert kinds == ["multipart/mixed", "text/plain", "application/pdf"]
    body = read.get_body(("plain",))
    assert body is not None
    kept = spoken(body.get_content().replace("\r", ""))
    assert kept == spoken(f"Здравствуйте! {hostile} конец".replace("\r", "").replace("\x00", ""))
    (part,) = read.iter_attachments()
    assert not set('\r\n"\\/:*?<>|') & set(part.get_filename() or "")


@pytest.mark.parametrize(
    "address",
    [
        "m@b.example\r\nBcc: all@evil.example",
        "m@b.example, all@evil.example",
        "m@b.example;all@evil.example",
        '"x" <all@evil.example>, m@b.example',
        "m@b.example\x00",
        "<script>@b.example",
        "a b@c.example",
        "@b.example",
        "m@",
        "",
    ],
)
async def test_an_address_is_one_address_or_none(address: str) -> None:
    reply = Reply("Здравствуйте!", subject="Задание")
    try:
        written = await letter("a@b.example", address, reply, [], at=NOW, key=1)
    except ChatClosed:
        return
    read = message_from_bytes(written.as_bytes(), policy=email.policy.default)
    assert len(read["to"].addresses) == 1
    assert "bcc" not in read
    assert "evil" not in read["to"]
