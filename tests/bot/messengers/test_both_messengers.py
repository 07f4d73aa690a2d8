"""What both messengers promise to ingress and delivery, by real HTTP against the sandbox."""

from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.messengers import wire
from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import FileKind, Messenger, NewFile, Press
from handlers import messages
from handlers.messages import Button, Happening, RemoteFile, Reply
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    FileRefused,
    FloodWait,
    NotSent,
    OutcomeUnknown,
    Rejected,
    TokenRefused,
)

from .bench import (
    MP3,
    OGG,
    PNG,
    Bench,
    events,
    local,
    telegram,
    texts,
    vk,
    with_files,
)

pytestmark = pytest.mark.frameworks

VOICE = NewFile(FileKind.VOICE, mime="audio/ogg", content=OGG)
PHOTO = NewFile(FileKind.PHOTO, "1.png", "image/png", PNG)
CARD = Reply("Мой день", buttons=((Button("Почта проверена", "mail:1"),),))


async def test_what_is_not_confirmed_comes_again(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.says("раз")
        bench.says("два")
        first = await source.poll()
        again = await source.poll()
        assert texts(first) == texts(again) == ["раз", "два"]
        assert [one.ref for one in first] == [one.ref for one in again]
        await source.confirm()
        assert list(await source.poll()) == []
        bench.says("три")
        assert texts(await source.poll()) == ["три"]


async def test_a_killed_process_gets_again_what_it_had_not_confirmed(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        await source.confirm()
        bench.says("раз")
        first = await source.poll()
        await source.confirm()
        bench.says("два")
        await source.poll()
    bench.says("три")
    async with bench.adapter() as source:
        fresh = await source.poll()
        assert texts(fresh) == ["два", "три"]
        assert not {one.ref for one in first} & {one.ref for one in fresh}


async def test_an_event_is_dated_by_the_messenger(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.pass_time(minutes=5)
        bench.says("поздно")
        bench.pass_time(minutes=5)
        (event,) = [one for one in events(await source.poll()) if one.text]
        assert event.sent_at == datetime(2026, 11, 23, 4, 5, tzinfo=UTC)
        assert event.address == messages.Address(bench.name.value, bench.chat_id, bench.chat_id)
        assert event.is_private


async def test_a_press_names_the_message_that_was_sent_and_is_acknowledged(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as both:
        ref = await both.send(bench.chat_id, CARD, [], 1)
        await both.poll()
        await both.confirm()
        press = bench.side.press(bench.person, label="Почта проверена")
        assert isinstance(press, Press)
        (update,) = await both.poll()
        assert update.event is not None
        assert update.event.happening is Happening.PRESS
        assert (update.event.action, update.event.message_ref) == ("mail:1", ref)
        await both.acknowledge(update)
        assert press.answered_at is not None


async def test_acknowledging_too_late_is_no_error(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as both:
        await both.send(bench.chat_id, CARD, [], 1)
        await both.poll()
        await both.confirm()
        press = bench.side.press(bench.person, label="Почта проверена")
        assert isinstance(press, Press)
        (update,) = await both.poll()
        bench.pass_time(minutes=10)
        await both.acknowledge(update)
        assert press.answered_at is None


async def test_files_come_whole(bench: Bench) -> None:
    pdf = NewFile(FileKind.DOCUMENT, "Работа.pdf", "application/pdf", b"%PDF-1.7" * 30_000)
    async with bench.adapter() as source:
        await source.poll()
        for sent in ([PHOTO], [pdf], [VOICE]):
            bench.side.send_files(bench.person, sent)
        remote = [file for event in events(await source.poll()) for file in event.remote]
        got = [b"".join([chunk async for chunk in source.download(file)]) for file in remote]
        assert [file.kind.value for file in remote] == ["photo", "document", "voice"]
        assert remote[1].name == "Работа.pdf"
        assert remote[1].size == len(b"%PDF-1.7" * 30_000)
        assert remote[2].content_type == "audio/ogg"
        assert got[1:] == [pdf.content, OGG]
        assert got[0] == PNG


async def test_an_album_and_its_caption(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.side.send_files(bench.person, [PHOTO, PHOTO, PHOTO], "Задание 3")
        found = [one for one in events(await source.poll()) if one.remote]
        assert sum(len(one.remote) for one in found) == 3
        assert [one.text for one in found if one.text] == ["Задание 3"]
        assert len({one.album for one in found}) == 1


async def test_a_sticker_is_unfetchable(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.side.send_files(bench.person, [NewFile(FileKind.STICKER, content=b"webp")])
        found = [one for one in events(await source.poll()) if one.remote]
        assert [one.remote for one in found] == [(RemoteFile(messages.FileKind.STICKER, ""),)]


async def test_a_file_that_is_gone_is_refused(bench: Bench) -> None:
    async with bench.adapter() as source:
        gone = f"{bench.sandbox.url}/vk/files/none/doc"
        ref = gone if bench.name is Messenger.VK else "no-such-file"
        with pytest.raises(FileRefused) as caught:
            async for _ in source.download(RemoteFile(messages.FileKind.DOCUMENT, ref)):
                pass
        assert not caught.value.too_big


async def test_a_download_that_breaks_off_is_tried_again(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.side.send_files(bench.person, [PHOTO])
        (file,) = [file for one in events(await source.poll()) for file in one.remote]
        bench.sandbox.world.faults.set(FaultKind.DOWN, methods=frozenset({"download"}), count=2)
        with pytest.raises(NotSent):
            async for _ in source.download(file):
                pass
        bench.sandbox.world.faults.clear()
        bench.sandbox.world.faults.set(FaultKind.STATUS, methods=frozenset({"download"}), count=1)
        with pytest.raises(NotSent):
            async for _ in source.download(file):
                pass
        assert b"".join([chunk async for chunk in source.download(file)]) == PNG


async def test_an_edit_by_the_person(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        message = bench.side.say(bench.person, "Првиет")[0]
        sent = [one for one in events(await source.poll()) if one.text]
        await source.confirm()
        bench.side.edit(bench.person, message.id, "Привет")
        (edited,) = events(await source.poll())
        assert edited.is_edit
        assert edited.text == "Привет"
        assert edited.message_ref == sent[0].message_ref


async def test_the_deep_link_brings_its_payload(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.poll()
        await source.identify()
        assert source.link("ABC-12_x").endswith("=ABC-12_x")
        bench.side.open_link(bench.person, "ABC-12_x")
        starts = [one for one in events(await source.poll()) if one.action]
        assert [(one.action, one.text) for one in starts] == [("start:ABC-12_x", "")]


def test_a_link_needs_to_know_whose_it_is() -> None:
    for source in (telegram("http://127.0.0.1:1"), vk("http://127.0.0.1:1")):
        with pytest.raises(LookupError):
            source.link("ABC")


async def test_blocking_is_told_and_closes_the_chat(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as both:
        await both.poll()
        await both.confirm()
        bench.side.block(bench.person)
        with pytest.raises(ChatClosed):
            await both.send(bench.chat_id, Reply("Напоминание"), [], 1)
        bench.side.unblock(bench.person)
        await both.send(bench.chat_id, Reply("С возвращением"), [], 2)
        told = [one.happening for one in events(await both.poll())]
        assert told == [Happening.BLOCKED, Happening.ALLOWED]


@pytest.mark.parametrize("chat", ["700000001", "123", "-5"])
async def test_who_never_wrote_cannot_be_written_to(bench: Bench, chat: str) -> None:
    async with bench.adapter() as courier:
        with pytest.raises(ChatClosed):
            await courier.send(chat, Reply("Привет"), [], 1)


async def test_a_group_chat_is_not_private(bench: Bench) -> None:
    group = bench.side.add_group("7Б", [bench.person])
    mention = "/day" if bench.name is Messenger.TELEGRAM else "@dezhurny что задано?"
    async with bench.adapter() as source:
        await source.poll()
        bench.side.say(bench.person, mention, chat_id=group.id)
        (event,) = [one for one in events(await source.poll()) if one.text]
        assert not event.is_private
        assert event.address.chat == str(group.id)
        assert event.address.user == bench.chat_id


async def test_texts_keyboards_and_links(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        menu = Reply("Меню", menu=(("Мой день", "Задания"), ("Ответы",)))
        await courier.send(bench.chat_id, menu, [], 1)
        assert bench.chat.keyboard is not None
        labels = [[button.label for button in row] for row in bench.chat.keyboard.rows]
        assert labels == [["Мой день", "Задания"], ["Ответы"]]
        link = Button("Открыть урок", url="https://lesson.example/7b?x=1&y=2")
        await courier.send(bench.chat_id, Reply("Урок", buttons=((link, *CARD.buttons[0]),)), [], 2)
        shown = bench.chat.shown()[-1]
        assert shown.buttons is not None
        assert [button.url for button in shown.buttons.buttons()] == [link.url, None]
        await courier.send(bench.chat_id, Reply("<b>&amp; *не* _разметка_ @all"), [], 3)
        assert bench.shown() == ["Меню", "Урок", "<b>&amp; *не* _разметка_ @all"]
    bench.side.press(bench.person, label="Задания")
    async with bench.adapter() as source:
        assert texts(await source.poll())[-1] == "Задания"


async def test_a_card_changes_in_place(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        ref = await courier.send(bench.chat_id, CARD, [], 1)
        done = Reply("Мой день ✓", buttons=((Button("Отменить", "mail:0"),),), card="d", edit=True)
        await courier.edit(bench.chat_id, ref, done)
        await courier.edit(bench.chat_id, ref, done)
        message = bench.chat.shown()[-1]
        assert message.text == "Мой день ✓"
        assert message.buttons is not None
        assert [button.label for button in message.buttons.buttons()] == ["Отменить"]
        await courier.edit(bench.chat_id, ref, Reply("Всё", card="d", edit=True))
        assert bench.chat.shown()[-1].buttons is None
        assert len(bench.shown()) == 1


@pytest.mark.parametrize("ref", ["999999", "", "x"])
async def test_a_card_that_is_not_there_is_not_edited(bench: Bench, ref: str) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        with pytest.raises(EditRejected):
            await courier.edit(bench.chat_id, ref, Reply("Мой день", card="d", edit=True))


async def test_a_message_of_the_person_is_not_edited(bench: Bench) -> None:
    message = bench.side.say(bench.person, "моё")[0]
    ref = message.id if bench.name is Messenger.TELEGRAM else message.number
    async with bench.adapter() as courier:
        with pytest.raises(EditRejected):
            await courier.edit(bench.chat_id, str(ref), Reply("Не моё", card="d", edit=True))


async def test_files_go_out_in_their_own_form(bench: Bench, tmp_path: Path) -> None:
    bench.says("привет")
    names = 'Работа "Ани"\n№1.pdf'
    async with bench.adapter() as courier:
        for kind, content, name, content_type in (
            (FileKind.PHOTO, PNG, "", "image/png"),
            (FileKind.DOCUMENT, b"%PDF-1.7 work", names, "application/pdf"),
            (FileKind.VOICE, OGG, "", "audio/ogg"),
        ):
            file = local(tmp_path, kind, content, name, content_type)
            reply = with_files(file.kind, text="Подпись")
            assert await courier.send(bench.chat_id, reply, [file], 1 + len(bench.shown()))
    sent = [one for one in bench.chat.shown() if one.direction == "out"]
    assert [one.text for one in sent] == ["Подпись"] * 3
    assert [one.files[0].kind for one in sent] == [
        FileKind.PHOTO,
        FileKind.DOCUMENT,
        FileKind.VOICE,
    ]
    assert [one.files[0].content for one in sent] == [PNG, b"%PDF-1.7 work", OGG]
    assert sent[1].files[0].name == "Работа _Ани_№1.pdf"


async def test_a_voice_crosses_from_one_messenger_to_the_other(
    bench: Bench, tmp_path: Path
) -> None:
    other = Bench(bench.sandbox, next(one for one in Messenger if one is not bench.name))
    other.says("привет")
    async with bench.adapter() as source, other.adapter() as courier:
        await source.poll()
        bench.side.send_files(bench.person, [VOICE])
        (remote,) = [file for one in events(await source.poll()) for file in one.remote]
        content = b"".join([chunk async for chunk in source.download(remote)])
        file = local(tmp_path, FileKind.VOICE, content, remote.name, remote.content_type)
        await courier.send(other.chat_id, with_files(remote.kind), [file], 1)
    heard = other.chat.shown()[-1].files[0]
    assert (heard.kind, heard.content) == (FileKind.VOICE, OGG)


async def test_an_album_goes_out_with_its_text(bench: Bench, tmp_path: Path) -> None:
    bench.says("привет")
    files = [local(tmp_path, FileKind.PHOTO, PNG, f"{n}.png", "image/png") for n in range(3)]
    async with bench.adapter() as courier:
        reply = with_files(*[file.kind for file in files], text="Работа")
        assert await courier.send(bench.chat_id, reply, files, 1)
    sent = [one for one in bench.chat.shown() if one.direction == "out"]
    assert sum(len(one.files) for one in sent) == 3
    assert [one.text for one in sent if one.text] == ["Работа"]


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [(FileKind.PHOTO, "image/jpeg"), (FileKind.VOICE, "audio/ogg"), (FileKind.AUDIO, "audio/wav")],
)
async def test_what_is_refused_in_its_form_goes_as_a_document(
    bench: Bench, tmp_path: Path, kind: FileKind, content_type: str
) -> None:
    bench.says("привет")
    file = local(tmp_path, kind, b"not what it says", "x.dat", content_type)
    async with bench.adapter() as courier:
        await courier.send(bench.chat_id, with_files(file.kind), [file], 1)
    sent = bench.chat.shown()[-1].files[0]
    assert sent.content == b"not what it says"
    if kind is not FileKind.AUDIO:
        assert sent.kind is FileKind.DOCUMENT


async def test_a_song_arrives(bench: Bench, tmp_path: Path) -> None:
    bench.says("привет")
    file = local(tmp_path, FileKind.AUDIO, MP3, "Гимн.mp3", "audio/mpeg")
    async with bench.adapter() as courier:
        try:
            await courier.send(bench.chat_id, with_files(file.kind), [file], 1)
        except Rejected:
            assert bench.name is Messenger.VK  # takes no music from a bot in any form
        else:
            assert bench.chat.shown()[-1].files[0].content == MP3


async def test_a_stored_file_that_is_gone_is_told(bench: Bench, tmp_path: Path) -> None:
    bench.says("привет")
    file = local(tmp_path, FileKind.PHOTO, PNG)
    file.path.unlink()
    async with bench.adapter() as courier:
        with pytest.raises(Rejected):
            await courier.send(bench.chat_id, with_files(file.kind), [file], 1)


async def test_the_person_sees_that_the_bot_is_busy(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as source:
        await source.working(bench.chat_id)
        assert bench.chat.typing_until is not None
        await source.working("12345")


@pytest.mark.parametrize(
    ("fault", "expected", "arrived"),
    [
        (FaultKind.DOWN, OutcomeUnknown, False),
        (FaultKind.STATUS, OutcomeUnknown, False),
        (FaultKind.FLOOD, FloodWait, False),
        (FaultKind.DROP_ANSWER, OutcomeUnknown, True),
    ],
)
async def test_a_failed_send_says_what_is_known(
    bench: Bench, fault: FaultKind, expected: type[DeliveryFailed], *, arrived: bool
) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        await courier.working(bench.chat_id)
        bench.sandbox.world.faults.set(
            fault, methods=frozenset({"sendMessage", "messages.send"}), count=1
        )
        with pytest.raises(DeliveryFailed) as caught:
            await courier.send(bench.chat_id, Reply("Квитанция"), [], 17)
        assert type(caught.value) is expected
        assert bench.shown() == ["Квитанция"] * arrived


@pytest.mark.parametrize("fault", [FaultKind.DOWN, FaultKind.STATUS, FaultKind.DROP_ANSWER])
async def test_a_failed_poll_or_edit_is_simply_tried_again(bench: Bench, fault: FaultKind) -> None:
    bench.says("привет")
    async with bench.adapter() as both:
        await both.poll()
        await both.confirm()
        ref = await both.send(bench.chat_id, CARD, [], 1)
        bench.says("ещё")
        bench.sandbox.world.faults.set(fault, count=2)
        with pytest.raises(NotSent):
            await both.poll()
        with pytest.raises(NotSent):
            await both.edit(bench.chat_id, ref, Reply("Иначе", card="d", edit=True))
        await both.edit(bench.chat_id, ref, Reply("Иначе", card="d", edit=True))
        assert bench.shown() == ["Иначе"]
        assert texts(await both.poll()) == ["ещё"]


async def test_an_answer_that_does_not_come_in_time_tells_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        await courier.working(bench.chat_id)
        bench.sandbox.world.faults.set(FaultKind.SLOW, seconds=2, count=1)
        monkeypatch.setattr(wire, "timeout", lambda _: aiohttp.ClientTimeout(total=0.3))
        with pytest.raises(OutcomeUnknown):
            await courier.send(bench.chat_id, Reply("Квитанция"), [], 17)


async def test_no_connection_means_not_sent(bench: Bench) -> None:
    dead = "http://127.0.0.1:1/"
    make = telegram if bench.name is Messenger.TELEGRAM else vk
    async with make(dead) as both:
        with pytest.raises(NotSent):
            await both.send("1", Reply("Привет"), [], 1)
        with pytest.raises(NotSent):
            await both.poll()


async def test_a_wrong_token_is_the_operators_business(bench: Bench) -> None:
    if bench.name is Messenger.TELEGRAM:
        wrong = telegram(bench.sandbox.telegram_api_url, token="7000000001:wrong")
        async with wrong as both:
            await _refuse_the_token(both.poll, both.identify)
    else:
        async with vk(bench.sandbox.vk_api_url, token="wrong") as other:
            await _refuse_the_token(other.poll, other.identify)


async def _refuse_the_token(*calls: object) -> None:
    for call in calls:
        assert callable(call)
        with pytest.raises(TokenRefused):
            await call()


async def test_introducing_itself_can_be_repeated(bench: Bench) -> None:
    async with bench.adapter() as source:
        for _ in range(2):
            await source.introduce({"help": "Что умеет бот"}, "Дежурный по школе", "Дежурный")
        assert source.link("x")
