"""Bots Long Poll: what is given, given again, lost, and how it says so."""

import asyncio

import pytest
from aiohttp import ClientConnectionError

from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.vk.longpoll import EventQueue
from bot.sandbox.world import World
from tests.bot.sandbox.vk.conftest import GROUP, START, Bot


async def test_nothing_new_is_an_empty_answer_with_the_same_ts(bot: Bot) -> None:
    assert await bot.check() == {"ts": bot.ts, "updates": []}
    asked = {"act": "a_check", "key": bot.key, "ts": bot.ts, "wait": "0"}
    async with bot.session.get(f"{bot.url}/vk/lp/{GROUP.id}", params=asked) as response:
        assert await response.json() == {"ts": bot.ts, "updates": []}
    async with bot.session.get(f"{bot.url}/vk/lp/{GROUP.id}", params=asked | {"act": ""}) as other:
        assert other.status == 400


async def test_an_older_ts_gets_the_same_events_again(bot: Bot) -> None:
    bot.side.say(bot.anya, "раз")
    bot.side.say(bot.anya, "два")
    first = await bot.check()
    assert [u["object"]["message"]["text"] for u in first["updates"]] == ["раз", "два"]
    assert await bot.check() == first
    middle = str(int(bot.ts) + 1)
    assert (await bot.check(ts=middle))["updates"] == first["updates"][1:]
    assert (await bot.check(ts=first["ts"]))["updates"] == []
    assert len({u["event_id"] for u in first["updates"]}) == 2
    assert {(u["group_id"], u["v"], u["type"]) for u in first["updates"]} == {
        (GROUP.id, "5.199", "message_new")
    }


async def test_a_poll_waits_and_wakes_at_once(bot: Bot) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(bot.check(wait=30))
        await asyncio.sleep(0.05)
        assert not polling.done()
        bot.side.say(bot.anya, "Ау")
    assert [u["type"] for u in polling.result()["updates"]] == ["message_new"]
    assert loop.time() - began < 29, "before its time was up"
    empty = await bot.check(ts=polling.result()["ts"], wait=1)
    assert empty["updates"] == []
    assert loop.time() - began >= 1


async def test_a_restarted_bot_goes_on_from_its_own_ts_with_a_new_key(bot: Bot) -> None:
    seen = bot.ts
    bot.side.say(bot.anya, "пока бота не было")
    await bot.open()
    assert int(bot.ts) == int(seen) + 1
    assert (await bot.check())["updates"] == []
    [event] = (await bot.check(ts=seen))["updates"]
    assert event["object"]["message"]["text"] == "пока бота не было"


async def test_two_pollers_both_get_everything(bot: Bot) -> None:
    old_key, old_ts = bot.key, bot.ts
    await bot.open()
    bot.side.say(bot.anya, "Ау")
    assert await bot.check(key=old_key, ts=old_ts) == await bot.check()


async def test_a_wrong_or_expired_key_fails_with_2_and_loses_nothing(bot: Bot) -> None:
    assert await bot.check(key="wrong") == {"failed": 2}
    seen = bot.ts
    bot.side.say(bot.anya, "Ау")
    await bot.switch("expire")
    assert await bot.check() == {"failed": 2}
    await bot.open()
    assert len((await bot.check(ts=seen))["updates"]) == 1


async def test_a_trimmed_history_fails_with_1_and_tells_where_to_go_on(bot: Bot) -> None:
    bot.side.say(bot.anya, "потеряно")
    await bot.switch("trim")
    failed = await bot.check()
    assert failed == {"failed": 1, "ts": int(bot.ts) + 1}
    bot.ts = str(failed["ts"])
    bot.side.say(bot.anya, "дошло")
    assert (await bot.message())["text"] == "дошло"


@pytest.mark.parametrize("ts", ["999999", "-1", "вчера"])
async def test_a_ts_that_never_was_fails_with_1(bot: Bot, ts: str) -> None:
    assert await bot.check(ts=ts) == {"failed": 1, "ts": int(bot.ts)}


async def test_a_lost_queue_fails_with_3_until_key_and_ts_are_new(bot: Bot) -> None:
    bot.side.say(bot.anya, "потеряно")
    await bot.switch("lose")
    assert await bot.check() == {"failed": 3}
    await bot.open()
    bot.side.say(bot.anya, "дошло")
    assert (await bot.message())["text"] == "дошло"
    lost = await bot.call("messages.getHistory", peer_id=bot.anya)
    assert [m["text"] for m in lost["items"]] == ["дошло", "потеряно", "Привет"]


async def test_a_failure_wakes_a_poll_under_way(bot: Bot) -> None:
    async with asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(bot.check(wait=30))
        await asyncio.sleep(0.05)
        await bot.switch("lose")
    assert polling.result() == {"failed": 3}


async def test_when_vk_goes_down_a_poll_under_way_is_cut(bot: Bot) -> None:
    with pytest.RaisesGroup(pytest.RaisesExc(ClientConnectionError)):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.check(wait=30))
            await asyncio.sleep(0.05)
            bot.world.faults.set(FaultKind.DOWN, messenger=Messenger.VK)
    bot.world.faults.clear()
    bot.side.say(bot.anya, "Ау")
    assert len(await bot.events()) == 1


async def test_a_dropped_answer_is_asked_for_again(bot: Bot) -> None:
    only = frozenset({"a_check"})
    bot.world.faults.set(FaultKind.DROP_ANSWER, messenger=Messenger.VK, methods=only, count=1)
    bot.side.say(bot.anya, "Ау")
    with pytest.raises(ClientConnectionError):
        await bot.check()
    assert (await bot.message())["text"] == "Ау"


def test_a_queue_keeps_so_many_events_and_no_more() -> None:
    queue = EventQueue(GROUP.id, World(START).news, kept=3)
    start = queue.ts
    key = queue.open()
    for _ in range(4):
        queue.add("message_deny", {"user_id": 1})

    async def check(ts: int) -> dict[str, object]:
        return await queue.check(key, str(ts), 0, lambda: False)

    assert asyncio.run(check(start)) == {"failed": 1, "ts": start + 4}
    assert len(asyncio.run(check(start + 1))["updates"]) == 3  # type: ignore[arg-type]  # JSON


async def test_settings_choose_the_events(bot: Bot) -> None:
    asked = {"group_id": GROUP.id}
    settings = await bot.call("groups.getLongPollSettings", **asked)
    assert settings["is_enabled"] is True
    assert settings["events"]["message_new"] == 1
    assert settings["events"]["message_reply"] == 0
    assert (
        await bot.call("groups.setLongPollSettings", message_new=0, message_reply=1, **asked) == 1
    )
    bot.side.say(bot.anya, "не слышно")
    await bot.send("слышу себя")
    [event] = await bot.events()
    assert (event["type"], event["object"]["text"]) == ("message_reply", "слышу себя")
    await bot.call("groups.setLongPollSettings", enabled=0, **asked)
    body = await bot.raw("groups.getLongPollServer", **asked)
    assert body["error"]["error_msg"].endswith("longpoll for this group is not enabled")


async def test_long_poll_belongs_to_the_tokens_own_group(bot: Bot) -> None:
    for method in (
        "getLongPollServer",
        "getLongPollSettings",
        "setLongPollSettings",
        "setSettings",
    ):
        assert await bot.refused(f"groups.{method}") == 100
        assert await bot.refused(f"groups.{method}", group_id=1) == 15


async def test_starting_over_goes_on_with_the_key(bot: Bot) -> None:
    bot.side.say(bot.anya, "прежнее")
    bot.world.reset()
    bot.ts = str((await bot.check())["ts"])
    anya = bot.side.add_user("Аня")
    bot.side.say(anya.id, "новое")
    assert (await bot.message())["text"] == "новое"
