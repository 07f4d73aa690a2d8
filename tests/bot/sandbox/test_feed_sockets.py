"""The sockets of the feed: who may open one, what is refused, and that none holds up another."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import SO_RCVBUF, SOL_SOCKET, socket

import pytest
from aiohttp import ClientSession, WSCloseCode, WSMsgType

from bot.sandbox.client import SandboxClient, SandboxRefusedError
from bot.sandbox.control import feed as feeds
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Rules, Sandbox

from .phone import MONDAY, Api, Person

TELEGRAM = Messenger.TELEGRAM
SOON = 8.0
"""Less than what one who reads nothing may take (`feeds.PATIENCE_SECONDS`)."""
HANDSHAKE = (
    b"GET /control/feed HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.mark.parametrize(
    "origin",
    ["http://school.test", "null", "http://localhost:1", "http://127.0.0.1", "http://[", ""],
)
async def test_a_page_from_elsewhere_is_refused(client: SandboxClient, origin: str) -> None:
    with pytest.raises(SandboxRefusedError) as refused:
        async with client.feed(origin=origin):
            pass
    assert refused.value.status == 403


async def test_its_own_page_is_let_in(client: SandboxClient, sandbox: Sandbox) -> None:
    async with client.feed(origin=sandbox.url) as feed:
        assert "clock" in (await anext(feed)).model_fields_set


async def test_a_feed_is_a_websocket(sandbox: Sandbox, session: ClientSession) -> None:
    async with session.get(f"{sandbox.control_url}/feed") as response:
        assert response.status == 426


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("{", "Invalid JSON"),
        ("{}", "watch: Field required"),
        ('{"watch": [{"messenger": "icq", "chat_id": 1}]}', "watch.0.messenger"),
        ('{"watch": [], "else": 1}', "else: Extra inputs are not permitted"),
        (json.dumps({"watch": [{"messenger": "vk", "chat_id": n} for n in range(33)]}), "watch"),
    ],
)
async def test_a_question_that_makes_no_sense_closes_with_the_reason(
    sandbox: Sandbox, session: ClientSession, question: str, reason: str
) -> None:
    async with session.ws_connect(f"{sandbox.control_url}/feed") as opened:
        assert (await opened.receive()).type is WSMsgType.TEXT
        await opened.send_str(question)
        closed = await opened.receive()
        assert (closed.type, closed.data) == (WSMsgType.CLOSE, WSCloseCode.INVALID_TEXT)
        assert reason in (closed.extra or "")


async def test_bytes_and_endless_questions_close_it(
    sandbox: Sandbox, session: ClientSession
) -> None:
    for question, code in (
        (b"{}", WSCloseCode.UNSUPPORTED_DATA),
        (b" " * 20_000, WSCloseCode.MESSAGE_TOO_BIG),
    ):
        async with session.ws_connect(f"{sandbox.control_url}/feed") as opened:
            await opened.receive()
            await opened.send_bytes(question)
            assert (await opened.receive()).data == code


async def test_only_so_many_are_open_and_a_closed_one_makes_room(
    client: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_SOCKETS", 2)
    async with client.feed() as first, client.feed() as second:
        await anext(first)
        await anext(second)
        async with client.feed() as third:
            closed = await third.socket.receive()
            assert (closed.data, closed.extra) == (1013, "too many pages are open")
    for _ in range(600):
        async with client.feed() as again:
            opened = await again.socket.receive()
        if opened.type is WSMsgType.TEXT:
            break
        await asyncio.sleep(0.05)
    assert opened.type is WSMsgType.TEXT
    assert "clock" in json.loads(opened.data)


async def test_several_pages_see_the_same_and_each_what_it_watches(
    client: SandboxClient, sandbox: Sandbox, anya: Person
) -> None:
    boris = Person(sandbox, "Борис")
    both, one = (TELEGRAM, anya.id), (TELEGRAM, boris.id)
    async with client.feed(both) as first, client.feed(both, one) as second:
        await first.chat()
        await second.shows(lambda frame: len(frame.chats) == 2)
        boris.says("раз")
        anya.says("два")
        assert [news.id for news in (await second.shows(lambda f: bool(f.chats))).chats] == [
            anya.id,
            boris.id,
        ]
        assert (await first.chat()).id == anya.id
        await first.watch(one)
        turned = await first.chat()
        assert (turned.id, turned.whole, turned.messages[0].text) == (boris.id, True, "раз")
        anya.says("три")
        boris.says("четыре")
        assert [m.text for m in (await first.chat()).messages] == ["четыре"]


async def test_the_sandbox_closes_its_feeds_at_once(session: ClientSession) -> None:
    async with Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox:
        opened = [await session.ws_connect(f"{sandbox.control_url}/feed") for _ in range(3)]
        for one in opened:
            await one.receive()
        async with asyncio.timeout(SOON):
            await sandbox.__aexit__()
    for one in opened:
        assert (await one.receive()).data == WSCloseCode.GOING_AWAY
        await one.close()


@asynccontextmanager
async def deaf(sandbox: Sandbox, person: Person) -> AsyncIterator[None]:
    """Open a feed that watches somebody's chat and never read it."""
    port = int(sandbox.url.rpartition(":")[2])
    question = json.dumps({"watch": [{"messenger": "telegram", "chat_id": person.id}]}).encode()
    with socket() as opened:
        opened.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
        opened.connect(("127.0.0.1", port))
        opened.sendall(HANDSHAKE % port)
        opened.sendall(bytes([0x81, 0x80 | len(question), 0, 0, 0, 0]) + question)
        await asyncio.sleep(0.1)
        yield


def shout(person: Person) -> None:
    for _ in range(100):
        person.says("ё" * 4000)


async def test_who_reads_nothing_holds_up_nobody_and_is_cut_off(
    client: SandboxClient, api: Api, sandbox: Sandbox, anya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(feeds, "MOST_SOCKETS", 2)
    async with deaf(sandbox, anya), client.feed((TELEGRAM, anya.id)) as feed:
        await feed.chat()
        for _ in range(40):
            shout(anya)
            await api("sendMessage", chat_id=anya.id, text="живой")
            assert (await feed.chat()).messages
            async with client.feed() as third:
                if (await third.socket.receive()).type is WSMsgType.TEXT:
                    return
    pytest.fail("who reads nothing is still there")


async def test_who_reads_nothing_does_not_hold_up_the_end() -> None:
    async with Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox:
        anya = Person(sandbox, "Аня")
        async with deaf(sandbox, anya):
            for _ in range(30):
                shout(anya)
                await asyncio.sleep(0.05)
            async with asyncio.timeout(SOON):
                await sandbox.__aexit__()
