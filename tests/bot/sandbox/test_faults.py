import asyncio
import time
from datetime import timedelta

import pytest
from aiohttp import ClientError, ClientSession, ServerDisconnectedError

from bot.sandbox.client import SandboxClient
from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox

from .phone import Api, Person, Refused

TELEGRAM = Messenger.TELEGRAM
PATIENCE = 50


async def test_down_closes_the_connection_and_does_nothing(
    api: Api, anya: Person, client: SandboxClient
) -> None:
    await client.set_fault(FaultKind.DOWN, TELEGRAM)
    with pytest.raises(ServerDisconnectedError):
        await api("sendMessage", chat_id=anya.id, text="!")
    assert anya.chat.messages == []
    await client.clear_faults()
    assert (await api("sendMessage", chat_id=anya.id, text="!"))["text"] == "!"
    down, sent = (await client.calls()).calls
    assert (down.status, down.delivered, sent.status, sent.delivered) == (0, False, 200, True)


async def test_a_proxy_answers_with_a_page(
    api: Api, session: ClientSession, client: SandboxClient
) -> None:
    await client.set_fault(FaultKind.STATUS, TELEGRAM, status=502, count=1)
    async with session.get(f"{api.url}/getMe") as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "502 Bad Gateway" in await response.text()
    assert (await api("getMe"))["is_bot"]


async def test_a_flood_refuses_so_many_calls_of_a_method(
    api: Api, anya: Person, client: SandboxClient
) -> None:
    await client.set_fault(FaultKind.FLOOD, TELEGRAM, methods=["sendMessage"], count=2, seconds=7)
    assert (await api("getMe"))["is_bot"]
    answers = [await api("sendMessage", chat_id=anya.id, text=str(n)) for n in range(3)]
    assert answers[:2] == [Refused(429, "Too Many Requests: retry after 7")] * 2
    assert answers[2]["text"] == "2"


async def test_slow_is_late(api: Api, client: SandboxClient) -> None:
    await client.set_fault(FaultKind.SLOW, TELEGRAM, seconds=0.2, count=1)
    before = time.monotonic()
    await api("getMe")
    assert time.monotonic() - before >= 0.2


async def test_a_dropped_answer_leaves_the_thing_done(
    api: Api, anya: Person, client: SandboxClient
) -> None:
    await client.set_fault(FaultKind.DROP_ANSWER, TELEGRAM, methods=["sendMessage"], count=1)
    with pytest.raises(ServerDisconnectedError):
        await api("sendMessage", chat_id=anya.id, text="дошло?")
    assert [message.text for message in anya.chat.messages] == ["дошло?"]
    call = (await client.calls()).calls[-1]
    assert (call.delivered, call.answer["result"]["text"]) == (False, "дошло?")


async def test_a_poll_under_way_is_cut_when_the_messenger_goes_down(
    api: Api, sandbox: Sandbox, anya: Person
) -> None:
    async with asyncio.TaskGroup() as group:
        known = sandbox.world.news.count
        poll = group.create_task(_cut(api))
        assert await sandbox.world.news.after(known, PATIENCE)
        sandbox.world.faults.set(FaultKind.DOWN)
    assert poll.result()
    sandbox.world.faults.clear()
    anya.says("после")
    assert len(await api.updates()) == 1


async def _cut(api: Api) -> bool:
    try:
        await api.updates(timeout=PATIENCE)
    except ClientError:
        return True
    return False


async def test_a_download_can_fail_too(api: Api, anya: Person, client: SandboxClient) -> None:
    sent = await api.upload("sendDocument", {"document": ("a.bin", b"12")}, chat_id=anya.id)
    await client.set_fault(FaultKind.DOWN, TELEGRAM, methods=["download"])
    with pytest.raises(ServerDisconnectedError):
        await api.download(sent["document"]["file_id"])
    await client.clear_faults()
    assert await api.download(sent["document"]["file_id"]) == b"12"


async def test_switches_are_told_counted_and_cleared(
    sandbox: Sandbox, client: SandboxClient
) -> None:
    faults = sandbox.world.faults
    fault = await client.set_fault(FaultKind.DOWN, TELEGRAM, count=2)
    assert (fault.kind, fault.count) == (FaultKind.DOWN, 2)
    assert faults.take(Messenger.VK, "messages.send") == []
    slow = faults.set(FaultKind.SLOW)
    assert {hit.kind for hit in faults.take(TELEGRAM, "getMe")} == {
        FaultKind.DOWN,
        FaultKind.SLOW,
    }
    faults.clear(messenger=TELEGRAM)
    assert faults.on() == [slow]
    faults.clear(fault_id=slow.id)
    assert faults.on() == []


async def test_calls_can_be_waited_for(
    api: Api, sandbox: Sandbox, client: SandboxClient, anya: Person
) -> None:
    await api.updates()
    await api("sendMessage", chat_id=anya.id, text="раз", reply_markup={"keyboard": [["Да"]]})
    calls = await client.calls(wait=1)
    assert [call.method for call in calls.calls] == ["sendMessage"]
    assert calls.calls[0].params["reply_markup"] == {"keyboard": [["Да"]]}
    assert sandbox.world.now() - calls.calls[0].at < timedelta(minutes=1)
    polls = await client.calls(polls=True)
    assert [call.method for call in polls.calls] == ["getUpdates", "sendMessage"]
    assert (await client.calls(after=calls.last)).calls == []


async def test_an_answer_that_drips_is_late_and_whole(api: Api, client: SandboxClient) -> None:
    await client.set_fault(FaultKind.DRIP, TELEGRAM, seconds=0.2, count=1)
    before = time.monotonic()
    assert (await api("getMe"))["is_bot"]
    assert time.monotonic() - before >= 0.2
