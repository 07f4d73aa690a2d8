"""What is VK's own: the bookmark, the gaps of its event queue, random_id, uploads."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.messengers import vk_history
from bot.messengers.bookmark import FileBookmark, MemoryBookmark
from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import FileKind, Messenger, NewFile
from bot.sandbox.server import Sandbox
from bot.sandbox.vk import VkSide, http
from handlers import messages
from handlers.messages import Button, RemoteFile, Reply
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
    Update,
)

from .bench import (
    BOTS,
    MONDAY,
    OGG,
    PNG,
    VK_TOKEN,
    Bench,
    answering,
    events,
    local,
    texts,
    vk,
    with_files,
)

pytestmark = pytest.mark.frameworks


@pytest.fixture
def bench(sandbox: Sandbox) -> Bench:
    return Bench(sandbox, Messenger.VK)


@pytest.fixture
def side(bench: Bench) -> VkSide:
    assert isinstance(bench.side, VkSide)
    return bench.side


@pytest.fixture(autouse=True)
def unhurried_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vk_history, "PACE_SECONDS", 0)


def queue(side: VkSide) -> Any:
    return side.state.queue(side.state.world.bot(Messenger.VK))


def beyond(found: Sequence[Update], known: Sequence[Update]) -> list[str]:
    """Give the texts of what the inbox does not know yet."""
    refs = {one.ref for one in known}
    return texts([one for one in found if one.ref not in refs])


def asked(bench: Bench, method: str) -> list[Any]:
    return [call.params for call in bench.sandbox.world.calls.after(0) if call.method == method]


async def test_the_same_random_id_sends_once(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        await courier.working(bench.chat_id)
        lost = frozenset({"messages.send"})
        bench.sandbox.world.faults.set(FaultKind.DROP_ANSWER, methods=lost, count=1)
        with pytest.raises(OutcomeUnknown):
            await courier.send(bench.chat_id, Reply("Квитанция"), [], 17)
        again = await courier.send(bench.chat_id, Reply("Квитанция"), [], 17)
        assert bench.shown() == ["Квитанция"]
        assert again == str(bench.chat.shown()[-1].number)
        await courier.send(bench.chat_id, Reply("Квитанция"), [], 18)
        assert len(bench.shown()) == 2


async def test_the_place_is_remembered_when_it_is_confirmed(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "vk"
    async with vk(bench.sandbox.vk_api_url, bookmark=FileBookmark(path)) as source:
        await source.poll()
        bench.says("раз")
        await source.poll()
        assert not path.exists()
        await source.confirm()
        first = path.read_text()
        bench.says("два")
        await source.poll()
        assert path.read_text() == first
    async with vk(bench.sandbox.vk_api_url, bookmark=FileBookmark(path)) as source:
        assert texts(await source.poll()) == ["два"]


async def test_a_bookmark_that_cannot_be_written_stops_nothing(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "vk.new").mkdir()
    async with vk(bench.sandbox.vk_api_url, bookmark=FileBookmark(tmp_path / "vk")) as source:
        await source.poll()
        bench.says("раз")
        await source.poll()
        await source.confirm()
        assert list(await source.poll()) == []


async def test_an_expired_key_is_renewed_and_the_place_kept(bench: Bench, side: VkSide) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.says("раз")
        await source.poll()
        await source.confirm()
        bench.says("два")
        queue(side).expire_keys()
        (update,) = await source.poll()
        assert update.event is not None
        assert update.event.text == "два"
        assert len(asked(bench, "groups.getLongPollServer")) == 2


async def test_what_the_queue_lost_is_found_in_the_conversations(
    bench: Bench, side: VkSide
) -> None:
    async with bench.adapter() as both:
        await both.poll()
        bench.says("давно")
        bench.pass_time(minutes=30)
        bench.says("раз")
        known = await both.poll()
        await both.confirm()
        bench.pass_time(minutes=30)
        bench.says("потеряно одно")
        await both.send(bench.chat_id, Reply("Напоминание"), [], 1)
        bench.side.send_files(
            bench.person, [NewFile(FileKind.PHOTO, "1.png", "image/png", PNG)], "потеряно два"
        )
        queue(side).trim()
        found = await both.poll()
        assert texts(found) == ["раз", "потеряно одно", "потеряно два"]
        assert beyond(found, known) == ["потеряно одно", "потеряно два"]
        assert len(events(found)[2].remote) == 1
        assert [one.ref for one in await both.poll()] == [one.ref for one in found]
        await both.confirm()
        assert list(await both.poll()) == []
        bench.says("дальше")
        assert texts(await both.poll()) == ["дальше"]


async def test_a_message_found_again_has_the_ref_that_it_had_as_an_event(
    bench: Bench, side: VkSide
) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.says("раз")
        as_event = [one for one in await source.poll() if one.event and one.event.text]
        await source.confirm()
        bench.says("два")
        queue(side).trim()
        found = await source.poll()
        assert texts(found) == ["раз", "два"]  # within the slack, to be safe
        assert found[0].ref == as_event[0].ref
        assert found[0].event == as_event[0].event


async def test_key_and_numbering_lost_at_once(bench: Bench, side: VkSide) -> None:
    async with bench.adapter() as source:
        await source.poll()
        for text in ("раз", "два", "три"):
            bench.says(text)
        known = await source.poll()
        await source.confirm()
        bench.pass_time(minutes=30)
        bench.says("потеряно")
        queue(side).lose()
        assert beyond(await source.poll(), known) == ["потеряно"]
        await source.confirm()
        bench.says("дальше")
        assert texts(await source.poll()) == ["дальше"]


async def test_a_gap_is_not_closed_before_it_is_stored(bench: Bench, side: VkSide) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.says("раз")
        known = await source.poll()
        await source.confirm()
        bench.pass_time(minutes=30)
        bench.says("потеряно")
        queue(side).trim()
        side.state.refuse(10, methods=frozenset({"messages.getHistory"}))
        with pytest.raises(NotSent):
            await source.poll()
        await source.confirm()
        assert beyond(await source.poll(), known) == ["потеряно"]
    async with bench.adapter() as source:
        assert beyond(await source.poll(), known) == ["потеряно"]


async def test_a_history_that_may_not_be_read_does_not_stop_the_events(
    bench: Bench, side: VkSide
) -> None:
    bench.says("раз")
    side.state.refuse(15, methods=frozenset({"messages.getConversations"}))
    async with bench.adapter() as source:
        assert list(await source.poll()) == []
        bench.says("два")
        assert texts(await source.poll()) == ["два"]


async def test_a_conversation_that_may_not_be_read_costs_nobody_else_anything(
    bench: Bench, side: VkSide, sandbox: Sandbox
) -> None:
    others = [Bench(sandbox, Messenger.VK) for _ in range(2)]
    async with bench.adapter() as source:
        await source.poll()
        bench.says("начало")
        known = await source.poll()
        await source.confirm()
        bench.pass_time(minutes=30)
        for one in (bench, *others):
            one.says("потеряно")
        queue(side).trim()
        side.state.refuse(917, methods=frozenset({"messages.getHistory"}))
        assert beyond(await source.poll(), known) == ["потеряно"] * 2


@pytest.mark.parametrize("code", [4, 5, 27, 28])
async def test_a_token_that_is_refused_amid_a_gap_leaves_it_open(
    bench: Bench, side: VkSide, code: int
) -> None:
    people = [bench, Bench(bench.sandbox, Messenger.VK)]
    async with bench.adapter() as source:
        await source.poll()
        bench.says("начало")
        known = await source.poll()
        await source.confirm()
        before = await bench.bookmark.read()
        bench.pass_time(minutes=30)
        for one in people:
            one.says("потеряно")
        queue(side).trim()
        for method in ("messages.getConversations", "messages.getHistory"):
            side.state.refuse(code, methods=frozenset({method}))
            with pytest.raises(TokenRefused):
                await source.poll()
            await source.confirm()
            assert await bench.bookmark.read() == before
        assert beyond(await source.poll(), known) == ["потеряно"] * 2
        await source.confirm()
        assert await bench.bookmark.read() != before


EMPTIED: dict[str, Any] = {"conversation": {"peer": {"id": 77}}}


@pytest.mark.parametrize(
    ("method", "item"),
    [
        ("messages.getConversations", EMPTIED),
        ("messages.getConversations", {**EMPTIED, "last_message": {"id": 1}}),
        ("messages.getConversations", {"last_message": {"date": 2**31}}),
        ("messages.getConversations", None),
        ("messages.getHistory", {"text": "без номера и даты"}),
        ("messages.getHistory", None),
    ],
)
async def test_what_is_malformed_in_a_history_costs_nobody_else_anything(
    bench: Bench, side: VkSide, monkeypatch: pytest.MonkeyPatch, method: str, item: object
) -> None:
    usual = http.METHODS[method]

    def told(state: Any, query: Any) -> dict[str, Any]:
        answer = usual(state, query)
        return {**answer, "items": [item, *answer["items"]]}

    monkeypatch.setitem(http.METHODS, method, told)
    async with bench.adapter() as source:
        await source.poll()
        bench.says("начало")
        known = await source.poll()
        await source.confirm()
        bench.pass_time(minutes=30)
        bench.says("потеряно")
        queue(side).trim()
        assert beyond(await source.poll(), known) == ["потеряно"]
        await source.confirm()
        bench.says("дальше")
        assert texts(await source.poll()) == ["дальше"]


async def test_the_first_start_finds_what_was_written_in_the_last_day_and_not_answered(
    sandbox: Sandbox,
) -> None:
    people = [Bench(sandbox, Messenger.VK) for _ in range(5)]
    old, answered, fresh, twice, silent = people
    old.says("позавчера")
    old.pass_time(hours=20)
    async with vk(sandbox.vk_api_url, clock=sandbox.world.now) as both:
        answered.says("вчера, с ответом")
        await both.send(answered.chat_id, Reply("Ответ"), [], 1)
        twice.says("с ответом")
        await both.send(twice.chat_id, Reply("Ответ"), [], 2)
        twice.says("и ещё вопрос")
        fresh.says("вчера")
        assert silent.chat.shown() == []
        old.pass_time(hours=10)
        assert texts(await both.poll()) == ["и ещё вопрос", "вчера"]


async def test_long_histories_are_read_page_by_page(
    bench: Bench, side: VkSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vk_history, "PAGE", 2)
    others = [Bench(bench.sandbox, Messenger.VK) for _ in range(4)]
    async with bench.adapter() as source:
        await source.poll()
        bench.says("начало")
        known = await source.poll()
        await source.confirm()
        bench.pass_time(minutes=30)
        for number in range(5):
            bench.says(f"{number}")
        for other in others:
            other.says("я тоже")
        queue(side).trim()
        found = beyond(await source.poll(), known)
        assert found == ["0", "1", "2", "3", "4"] + ["я тоже"] * 4


async def test_an_unconfirmed_batch_is_not_confirmed_by_a_later_one(
    bench: Bench, side: VkSide
) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.says("раз")
        await source.poll()
        side.state.refuse(10, count=None)
        queue(side).expire_keys()
        with pytest.raises(NotSent):
            await source.poll()
        await source.confirm()
        side.state.refuse(10, count=0)
        assert texts(await source.poll()) == ["раз"]


async def test_an_event_that_cannot_be_understood_does_not_stop_the_others(
    bench: Bench, side: VkSide
) -> None:
    async with bench.adapter() as source:
        await source.poll()
        bench.says("раз")
        queue(side).add("message_new", {"message": {"peer_id": "x"}})
        queue(side).add("message_new", {"message": None})
        bench.says("два")
        updates = await source.poll()
        assert [one.event.text for one in updates if one.event and one.event.text] == ["раз", "два"]
        assert len([one for one in updates if one.error]) == 2
        await source.confirm()
        assert list(await source.poll()) == []


async def test_after_a_day_a_message_is_not_edited_any_more(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        ref = await courier.send(bench.chat_id, Reply("Мой день"), [], 1)
        bench.pass_time(hours=25)
        with pytest.raises(EditRejected):
            await courier.edit(bench.chat_id, ref, Reply("Другой", card="d", edit=True))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (5, TokenRefused),
        (6, FloodWait),
        (9, FloodWait),
        (10, NotSent),
        (18, ChatClosed),
        (902, ChatClosed),
        (911, Rejected),
        (914, Rejected),
    ],
)
async def test_an_error_of_the_api_means(
    bench: Bench, side: VkSide, code: int, expected: type[DeliveryFailed]
) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        side.state.refuse(code, methods=frozenset({"messages.send"}))
        with pytest.raises(expected):
            await courier.send(bench.chat_id, Reply("Напоминание"), [], 1)
        await courier.send(bench.chat_id, Reply("Напоминание"), [], 1)


async def test_an_upload_that_fails_has_sent_nothing_and_can_be_repeated(
    bench: Bench, tmp_path: Path
) -> None:
    bench.says("привет")
    file = local(tmp_path, FileKind.VOICE, OGG, "", "audio/ogg")
    async with bench.adapter() as courier:
        for kind in (FaultKind.DOWN, FaultKind.STATUS, FaultKind.FLOOD, FaultKind.DROP_ANSWER):
            bench.sandbox.world.faults.set(kind, methods=frozenset({"upload"}), count=1)
            with pytest.raises(NotSent):
                await courier.send(bench.chat_id, with_files(file.kind), [file], 1)
        await courier.send(bench.chat_id, with_files(file.kind, text="Отзыв"), [file], 1)
    assert bench.shown() == ["Отзыв"]
    assert bench.chat.shown()[-1].files[0].kind is FileKind.VOICE


async def test_an_album_of_ten_stays_under_the_limit_of_calls(tmp_path: Path) -> None:
    async with Sandbox(MONDAY, bots=BOTS) as strict:
        bench = Bench(strict, Messenger.VK)
        bench.says("привет")
        files = [local(tmp_path, FileKind.PHOTO, PNG, f"{n}.png", "image/png") for n in range(10)]
        async with bench.adapter() as courier:
            reply = with_files(*[file.kind for file in files])
            await courier.send(bench.chat_id, reply, files, 1)
        assert len(bench.chat.shown()[-1].files) == 10


async def test_a_button_brings_its_action_back(bench: Bench) -> None:
    bench.says("привет")
    action = "я" * 32
    async with bench.adapter() as both:
        buttons = ((Button("Сдать", action),),)
        await both.send(bench.chat_id, Reply("Задание", buttons=buttons), [], 1)
        await both.poll()
        await both.confirm()
        bench.side.press(bench.person, label="Сдать")
        assert [one.action for one in events(await both.poll())] == [action]


async def test_mentions_and_previews_are_off(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        await courier.send(bench.chat_id, Reply("https://school.example @all"), [], 1)
    (call,) = asked(bench, "messages.send")
    assert call["dont_parse_links"] == call["disable_mentions"] == "1"
    assert call["peer_ids"] == bench.chat_id
    assert call["random_id"] == "1"


async def test_it_switches_on_the_events_that_it_needs(bench: Bench, side: VkSide) -> None:
    settings = queue(side).settings
    settings.enabled = False
    settings.events = dict.fromkeys(settings.events, False)
    async with bench.adapter() as source:
        with pytest.raises(Rejected):
            await source.poll()
        await source.introduce({}, "", "")
        assert settings.enabled
        assert [name for name, on in settings.events.items() if on] == [
            "message_new",
            "message_event",
            "message_allow",
            "message_deny",
            "message_edit",
        ]
        bench.says("раз")
        assert texts(await source.poll()) == ["раз"]


async def test_a_token_without_the_right_leaves_the_settings_alone(
    bench: Bench, side: VkSide
) -> None:
    async with bench.adapter() as source:
        side.state.refuse(15, methods=frozenset({"groups.setLongPollSettings"}))
        await source.introduce({}, "", "")
        assert source.link("ABC") == "https://vk.me/club200000001?ref=ABC"


async def test_a_group_id_that_is_given_is_not_asked_for(bench: Bench) -> None:
    async with vk(bench.sandbox.vk_api_url, group_id=200000001) as source:
        assert source.link("ABC") == "https://vk.me/club200000001?ref=ABC"
        await source.poll()
    assert not asked(bench, "groups.getById")


def told(response: object) -> web.Response:
    return web.json_response({"response": response})


@pytest.mark.parametrize("groups", [[], {"groups": []}])
async def test_a_persons_token_is_no_communitys(groups: object) -> None:
    async def answer(_: web.Request) -> web.Response:
        return told(groups)

    async with answering(answer) as url, vk(url) as source:
        with pytest.raises(TokenRefused):
            await source.identify()


@pytest.mark.parametrize("response", [True, [], {}, None, "x", [{}], {"groups": 5}])
async def test_an_answer_of_another_form_is_told(response: object, tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return told(response)

    file = local(tmp_path, FileKind.PHOTO, PNG)
    async with answering(answer) as url, vk(url, group_id=1) as both:
        with pytest.raises(DeliveryFailed):
            await both.poll()
        with pytest.raises(DeliveryFailed):
            await both.send("7", with_files(file.kind), [file], 1)
        assert await both.send("7", Reply("Привет"), [], 1) == ""


async def test_the_token_stands_in_no_address() -> None:
    seen: list[tuple[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((str(request.url), (await request.post()).get("access_token")))
        return told({"groups": [{"id": 5}]})

    async with answering(answer) as url, vk(url) as source:
        await source.identify()
    ((address, token),) = seen
    assert token == VK_TOKEN
    assert VK_TOKEN not in address


async def test_a_page_instead_of_a_file_is_refused() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="<html>Войдите</html>", content_type="text/html")

    async with answering(answer) as url, vk(url) as source:
        file = RemoteFile(messages.FileKind.DOCUMENT, url, "a.pdf", 9, "application/pdf")
        with pytest.raises(FileRefused):
            await anext(source.download(file))
        page = RemoteFile(messages.FileKind.DOCUMENT, url, "a.html", 9, "text/html")
        assert b"".join([chunk async for chunk in source.download(page)]).startswith(b"<html>")


@pytest.mark.parametrize("ref", ["", "file:///etc/passwd", "ftp://x"])
async def test_a_file_without_an_address_is_refused(ref: str) -> None:
    async with vk("http://127.0.0.1:1") as source:
        with pytest.raises(FileRefused):
            await anext(source.download(RemoteFile(messages.FileKind.VIDEO, ref)))


async def test_a_memory_bookmark_starts_where_it_is_told(bench: Bench) -> None:
    async with vk(bench.sandbox.vk_api_url) as source:
        bench.says("раз")
        bench.says("два")
        found = await source.poll()
        assert texts(found) == ["раз", "два"]
    mark = MemoryBookmark("2 0")
    async with vk(bench.sandbox.vk_api_url, bookmark=mark) as source:
        fresh = await source.poll()
        assert {json.loads(one.raw)["type"] for one in fresh} == {"message_new"}
        assert texts(fresh) == ["раз", "два"]
        assert [one.ref for one in fresh] == [one.ref for one in found]
