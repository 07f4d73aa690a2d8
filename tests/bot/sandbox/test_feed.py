"""What a feed tells: a chat whole first, then only what has changed."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import sandbox as package
from bot.sandbox.client import SandboxClient
from bot.sandbox.faults import FaultKind
from bot.sandbox.feed import Feed
from bot.sandbox.mail import MailFaultKind
from bot.sandbox.nouns import ChatChange, Draft, MessageChange, Messenger
from bot.sandbox.server import Rules, Sandbox
from bot.sandbox.telegram import sending
from bot.sandbox.wire import ClockView, FaultView

from .phone import MONDAY, PHOTO, Api, Person

TELEGRAM, VK = Messenger.TELEGRAM, Messenger.VK
HOSTILE = (
    "</script><img src=x onerror=alert(1)>\u202e\u2028\x00 «{name}» \U0001f469\u200d\U0001f52c"
)


async def test_a_chat_comes_whole_first_and_then_only_what_changes(
    client: SandboxClient, api: Api, anya: Person
) -> None:
    for number in range(100):
        anya.says(str(number))
    async with client.feed((TELEGRAM, anya.id)) as feed:
        first = await feed.chat()
        assert (first.whole, first.total, first.gone) == (True, 100, [])
        assert [one.text for one in first.messages] == [str(number) for number in range(40, 100)]
        sent = await api("sendMessage", chat_id=anya.id, text="вот")
        news = await feed.chat()
        assert (news.whole, news.total, news.unread) == (False, 101, 1)
        assert [one.text for one in news.messages] == ["вот"]
        await api("editMessageText", chat_id=anya.id, message_id=sent["message_id"], text="нет")
        news = await feed.chat()
        assert [(one.id, one.text) for one in news.messages] == [(sent["message_id"], "нет")]
        await api("deleteMessage", chat_id=anya.id, message_id=first.messages[0].id)
        news = await feed.chat()
        assert (news.messages, news.gone, news.total) == ([], [first.messages[0].id], 100)


async def test_buttons_that_go_and_keyboards_that_come_are_told(
    client: SandboxClient, api: Api, anya: Person
) -> None:
    inline = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    sent = await api("sendMessage", chat_id=anya.id, text="?", reply_markup=inline)
    async with client.feed((TELEGRAM, anya.id)) as feed:
        assert (await feed.chat()).messages[0].buttons is not None
        await api("editMessageReplyMarkup", chat_id=anya.id, message_id=sent["message_id"])
        (card,) = (await feed.chat()).messages
        assert card.buttons is None
        markup = {"keyboard": [["Мой день"]]}
        await api("sendMessage", chat_id=anya.id, text="меню", reply_markup=markup)
        news = await feed.chat()
        assert news.keyboard is not None
        assert news.keyboard.rows[0][0].label == "Мой день"


async def test_vk_is_told_by_the_same_feed(client: SandboxClient, sandbox: Sandbox) -> None:
    boris = await client.add_user(VK, "Борис")
    async with client.feed((VK, boris.id)) as feed:
        assert (await feed.chat()).messages == []
        written = (await client.say(VK, boris.id, "раз"))[0]
        assert [one.text for one in (await feed.chat()).messages] == ["раз"]
        await client.edit(VK, boris.id, written.id, "два")
        assert [one.text for one in (await feed.chat()).messages] == ["два"]
        await client.block(VK, boris.id)
        news = await feed.chat()
        assert (news.blocked, news.messages) == (True, [])
        sandbox.world.sides[VK].unblock(boris.id)
        assert not (await feed.chat()).blocked


async def test_blocking_tells_no_message_again(client: SandboxClient, anya: Person) -> None:
    anya.says("раз")
    async with client.feed((TELEGRAM, anya.id)) as feed:
        assert not (await feed.chat()).blocked
        await client.block(TELEGRAM, anya.id)
        news = await feed.chat()
        assert (news.blocked, news.messages, news.whole) == (True, [], False)


async def test_what_happens_together_is_one_frame(client: SandboxClient, anya: Person) -> None:
    async with client.feed((TELEGRAM, anya.id)) as feed:
        await feed.chat()
        for number in range(200):
            anya.says(str(number))
        assert len((await feed.chat()).messages) == 200
        for number in range(301):
            anya.says(str(number))
        flood = await feed.chat()
        assert (flood.whole, len(flood.messages), flood.total) == (True, 60, 501)


async def test_an_album_and_its_files_are_told(client: SandboxClient, anya: Person) -> None:
    async with client.feed((TELEGRAM, anya.id)) as feed:
        await feed.chat()
        await client.send_files(TELEGRAM, anya.id, [PHOTO, PHOTO], "задание")
        one, two = (await feed.chat()).messages
        assert one.album == two.album is not None
        assert await client.file(one.files[0].id) == PHOTO.content


async def test_hostile_text_passes_untouched(client: SandboxClient, anya: Person) -> None:
    anya.world.add_message(anya.chat, "in", anya.id, Draft(HOSTILE))
    async with client.feed((TELEGRAM, anya.id)) as feed:
        assert (await feed.chat()).messages[0].text == HOSTILE


async def test_typing_ends_by_itself_also_when_the_clock_stands(
    client: SandboxClient, api: Api, anya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TYPING_SECONDS", 1.5)
    await client.set_rate(0)
    async with client.feed((TELEGRAM, anya.id)) as feed:
        await feed.chat()
        await api("sendChatAction", chat_id=anya.id, action="typing")
        assert (await feed.chat()).typing
        news = await feed.chat()
        assert (news.typing, news.messages) == (False, [])
        await api("sendChatAction", chat_id=anya.id, action="typing")
        assert (await feed.chat()).typing
        await api("sendMessage", chat_id=anya.id, text="вот")
        assert not (await feed.chat()).typing


async def test_typing_outlasts_a_clock_that_runs_fast(
    client: SandboxClient, api: Api, anya: Person
) -> None:
    await client.set_rate(600)
    await api("sendChatAction", chat_id=anya.id, action="typing")
    seen = await client.chat(TELEGRAM, anya.id, news=-1)
    seen = await client.chat(TELEGRAM, anya.id, news=seen.news, wait=0.1)
    assert seen.typing


async def test_all_that_is_unread_is_told_whole(
    client: SandboxClient, api: Api, sandbox: Sandbox, anya: Person
) -> None:
    boris = Person(sandbox, "Борис")
    boris.says("/start")
    async with client.feed() as feed:
        assert (await anext(feed)).unread == {}
        for person in (anya, boris, anya):
            await api("sendMessage", chat_id=person.id, text="!")
        expected = {f"telegram:{anya.id}": 2, f"telegram:{boris.id}": 1}
        await feed.shows(lambda frame: frame.unread == expected)
        await client.seen(TELEGRAM, anya.id)
        news = await feed.shows(lambda frame: "unread" in frame.model_fields_set)
        assert news.unread == {f"telegram:{boris.id}": 1}


async def test_the_first_frame_tells_the_stage_and_others_only_what_changed(
    client: SandboxClient, sandbox: Sandbox
) -> None:
    stage = {"unread", "clock", "faults", "mail_faults", "letters", "calls"}
    async with client.feed() as feed:
        first = await anext(feed)
        assert first.model_fields_set == stage
        assert (first.faults, first.letters, first.calls) == ([], 0, 0)
        fault = await client.set_fault(FaultKind.FLOOD, TELEGRAM, count=3, seconds=7)
        news = await anext(feed)
        assert news.model_fields_set == {"faults"}
        assert news.faults == [FaultView.model_validate(fault)]
        await client.clear_faults()
        assert (await anext(feed)).model_dump(exclude_unset=True) == {"faults": []}
        await client.set_mail_fault(MailFaultKind.UNKNOWN, "a@school.test")
        assert (await anext(feed)).mail_faults[0].address == "a@school.test"
        await client.clear_mail_faults()
        assert (await anext(feed)).model_dump(exclude_unset=True) == {"mail_faults": []}
        sandbox.mailbox.put("a@school.test", ["b@school.test"], b"Subject: x\r\n\r\nx")
        assert (await anext(feed)).model_dump(exclude_unset=True) == {"letters": 1}


async def test_a_call_is_told_by_its_number_and_counts_its_fault_down(
    client: SandboxClient, api: Api
) -> None:
    async with client.feed() as feed:
        await anext(feed)
        await client.set_fault(FaultKind.STATUS, TELEGRAM, methods=["sendMessage"], count=2)
        assert (await anext(feed)).faults[0].count == 2
        async with api.session.get(f"{api.url}/sendMessage") as response:
            assert response.status == 502
        news = await anext(feed)
        assert (news.calls, news.faults[0].count) == (1, 1)


async def test_a_jump_is_told_instant_by_instant(
    client: SandboxClient, sandbox: Sandbox, session: ClientSession
) -> None:
    url = f"{sandbox.control_url}/clock"
    async with session.get(url, params={"seen": "0"}):
        pass
    async with client.feed() as feed:
        await anext(feed)
        stopped = (await client.set_rate(0)).version
        clock = await _clock(feed)
        assert (clock.version, clock.rate) == (stopped, 0)
        goal = clock.now + timedelta(hours=3)
        async with session.post(url, json={"to": goal.isoformat()}) as response:
            version = (await response.json())["version"]
        assert (await _clock(feed)).jump_to == goal
        for hours in (1, 2):
            instant = clock.now + timedelta(hours=hours)
            body = {"now": instant.isoformat(), "version": version}
            async with session.post(f"{url}/at", json=body) as response:
                assert response.status == 200
            assert (await _clock(feed)).now == instant
        async with session.get(url, params={"seen": str(version)}):
            pass
        landed = await _clock(feed)
        assert (landed.now, landed.jump_to) == (goal, None)


async def test_a_clock_that_only_runs_is_not_told_again(
    client: SandboxClient, anya: Person
) -> None:
    async with client.feed((TELEGRAM, anya.id)) as feed:
        await feed.chat()
        anya.says("раз")
        assert (await anext(feed)).model_fields_set == {"chats"}


async def test_a_chat_that_is_not_there_is_told_as_lost_until_it_comes(
    client: SandboxClient, anya: Person
) -> None:
    anya.says("раз")
    async with client.feed((TELEGRAM, anya.id), (TELEGRAM, 5)) as feed:
        first = await feed.shows(lambda frame: bool(frame.chats))
        assert [one.chat_id for one in first.lost] == [5]
        await client.reset()
        gone = await feed.shows(lambda frame: bool(frame.lost))
        assert [one.chat_id for one in gone.lost] == [anya.id, 5]
        await client.add_user(TELEGRAM, "Вера", user_id=5)
        came = await feed.shows(lambda frame: bool(frame.chats))
        assert [(one.id, one.whole) for one in came.chats] == [(5, True)]
        assert [one.chat_id for one in came.lost] == [anya.id]


async def test_what_the_host_adds_is_told_when_it_changes() -> None:
    state = {"bot": {"state": "running", "kills": 0}}
    async with (
        Sandbox(MONDAY, rules=Rules.unhurried(), host_news=lambda: state) as sandbox,
        SandboxClient(sandbox.control_url) as client,
        client.feed() as feed,
    ):
        assert (await anext(feed)).host == {"bot": {"state": "running", "kills": 0}}
        state["bot"]["state"] = "dead"
        sandbox.world.news.tell()
        told = await anext(feed)
        assert told.model_dump(exclude_unset=True) == {
            "host": {"bot": {"state": "dead", "kills": 0}}
        }


async def test_earlier_messages_are_read_page_by_page(client: SandboxClient, anya: Person) -> None:
    for number in range(10):
        anya.says(str(number))
    anya.world.amend_message(anya.chat, anya.chat.messages[5], deleted=True)
    page = await client.chat(TELEGRAM, anya.id, last=3)
    assert [one.text for one in page.messages] == ["7", "8", "9"]
    page = await client.chat(TELEGRAM, anya.id, before=page.messages[0].id, last=3)
    assert ([one.text for one in page.messages], page.total) == (["3", "4", "6"], 9)
    page = await client.chat(TELEGRAM, anya.id, before=page.messages[0].id, last=30)
    assert [one.text for one in page.messages] == ["0", "1", "2"]
    assert (await client.chat(TELEGRAM, anya.id, before=page.messages[0].id, last=3)).messages == []


def test_only_the_world_changes_what_a_feed_tells() -> None:
    told = set(ChatChange.__annotations__ | MessageChange.__annotations__)
    for path in Path(package.__file__).parent.rglob("*.py"):
        if path.name == "world.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
                assert node.attr not in told, f"{path.name}:{node.lineno} changes .{node.attr}"


async def _clock(feed: Feed) -> ClockView:
    told = (await feed.shows(lambda frame: frame.clock is not None)).clock
    assert told is not None
    return told
