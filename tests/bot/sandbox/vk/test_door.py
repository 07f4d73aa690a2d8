"""Who may call what, how often, and what happens when VK itself is ill."""

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from tests.bot.sandbox.vk.conftest import GROUP, Bot


async def test_a_wrong_token_a_missing_one_and_a_bearer(bot: Bot) -> None:
    assert await bot.refused("users.get", access_token="stolen") == 5
    assert await bot.refused("users.get", access_token=None) == 5
    headers = {"Authorization": f"Bearer {GROUP.token}"}
    async with bot.session.get(
        f"{bot.url}/vk/method/users.get", params={"v": "5.199"}, headers=headers
    ) as response:
        assert await response.json() == {"response": []}


async def test_an_error_repeats_the_request_but_not_the_token(bot: Bot) -> None:
    body = await bot.raw("messages.send", peer_id=bot.anya, message="x")
    error = body["error"]
    assert error["error_code"] == 100
    assert error["error_msg"] == (
        "One of the parameters specified was missing or invalid: random_id is a required parameter"
    )
    assert {"key": "method", "value": "messages.send"} in error["request_params"]
    assert {"key": "message", "value": "x"} in error["request_params"]
    assert GROUP.token not in json.dumps(body)
    assert GROUP.token not in str([call.params for call in bot.world.calls.after(0)])


async def test_an_unknown_method_one_not_for_groups_and_the_version(bot: Bot) -> None:
    assert await bot.refused("messages.sendTelepathy") == 3
    assert await bot.refused("docs.getUploadServer") == 27
    assert await bot.refused("users.get", v=None) == 8
    assert await bot.refused("users.get", v="5.50") == 8
    assert await bot.refused("users.get", v="latest") == 8


async def test_groups_get_by_id_has_two_shapes(bot: Bot) -> None:
    new = await bot.call("groups.getById")
    assert [one["id"] for one in new["groups"]] == [GROUP.id]
    old = await bot.call("groups.getById", v="5.131")
    assert old == new["groups"]
    assert (await bot.call("groups.getById", group_id="dezhurny")) == new
    assert await bot.refused("groups.getById", group_id=404) == 100


async def test_people_who_do_not_exist_are_left_out(bot: Bot) -> None:
    people = await bot.call("users.get", user_ids=f"{bot.anya},999")
    assert [(one["id"], one["first_name"]) for one in people] == [(bot.anya, "Аня")]


async def test_the_twenty_first_call_of_a_second_is_refused_and_the_next_second_is_new(
    bot: Bot,
) -> None:
    bot.rules.pace, bot.rules.second = True, 20.0
    bodies = await asyncio.gather(*(bot.raw("users.get") for _ in range(25)))
    codes = [body["error"]["error_code"] for body in bodies if "error" in body]
    assert codes == [6] * 5
    bot.rules.second = 0.05
    await asyncio.sleep(0.1)
    assert await bot.call("users.get") == []
    await bot.switch("pace", on=False)
    assert [await bot.call("users.get") for _ in range(25)] == [[]] * 25


@pytest.mark.parametrize("code", [6, 9, 10])
async def test_planned_errors_hit_so_many_calls_and_leave_no_message(bot: Bot, code: int) -> None:
    before = len(bot.chat.messages)
    await bot.switch("refuse", code=code, count=2, methods=["messages.send"])
    asked = {"peer_id": bot.anya, "message": "x", "random_id": 7}
    assert [await bot.refused("messages.send", **asked) for _ in range(2)] == [code, code]
    assert len(bot.chat.messages) == before
    assert await bot.call("messages.send", **asked) > 0


async def test_a_switch_that_makes_no_sense_is_refused(bot: Bot) -> None:
    for name, body, status in (
        ("refuse", {"cod": 1}, 400),
        ("trim", {"group_id": 1}, 400),
        ("explode", {}, 404),
    ):
        async with bot.session.post(f"{bot.url}/vk/switch/{name}", json=body) as response:
            assert response.status == status


async def test_a_dropped_answer_is_a_message_that_was_sent(bot: Bot) -> None:
    bot.world.faults.set(
        FaultKind.DROP_ANSWER,
        messenger=Messenger.VK,
        methods=frozenset({"messages.send"}),
        count=1,
    )
    with pytest.raises(ClientConnectionError):
        await bot.send("Работа принята", random_id=77)
    again = await bot.send("Работа принята", random_id=77)
    assert [m.id for m in bot.chat.messages if m.text == "Работа принята"] == [again]


async def test_down_a_gateway_page_flood_and_slowness(bot: Bot) -> None:
    faults = bot.world.faults
    only = frozenset({"users.get"})
    faults.set(FaultKind.DOWN, messenger=Messenger.VK, methods=only, count=1)
    with pytest.raises(ClientConnectionError):
        await bot.raw("users.get")
    faults.set(FaultKind.STATUS, messenger=Messenger.VK, methods=only, count=1, status=502)
    async with bot.session.post(f"{bot.url}/vk/method/users.get") as response:
        assert (response.status, response.content_type) == (502, "text/html")
    faults.set(FaultKind.FLOOD, messenger=Messenger.VK, methods=only, count=1)
    assert await bot.refused("users.get") == 6
    faults.set(FaultKind.SLOW, messenger=Messenger.VK, methods=only, count=1, seconds=0.1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await bot.call("users.get") == []
    assert loop.time() - began >= 0.1


async def test_execute_runs_calls_and_tells_which_failed(bot: Bot) -> None:
    good = json.dumps({"peer_id": bot.anya, "message": "раз; [два]", "random_id": 1})
    code = f"return [API.messages.send({good}), API.messages.send({{}}), API.groups.getById()];"
    body = await bot.raw("execute", code=code)
    sent, failed, groups = body["response"]
    assert bot.chat.messages[-1].id == sent
    assert bot.chat.messages[-1].text == "раз; [два]"
    assert failed is False
    assert groups["groups"][0]["id"] == GROUP.id
    assert [(e["method"], e["error_code"]) for e in body["execute_errors"]] == [
        ("messages.send", 100)
    ]
    one = f'return API.users.get({{"user_ids": [{bot.anya}]}});'
    assert [user["id"] for user in await bot.call("execute", code=one)] == [bot.anya]


async def test_execute_refuses_other_scripts_and_the_twenty_sixth_call(bot: Bot) -> None:
    assert await bot.refused("execute") == 100
    assert await bot.refused("execute", code="var a = 1; return a;") == 12
    assert await bot.refused("execute", code="return [API.users.get({broken})];") == 12
    calls = ",".join(["API.users.get()"] * 25)
    assert await bot.call("execute", code=f"return [{calls}];") == [[]] * 25
    assert await bot.refused("execute", code=f"return [{calls},API.users.get()];") == 13


def test_no_module_of_the_sandbox_imports_a_messenger_library() -> None:
    sources = Path(__file__).parents[4].joinpath("bot/sandbox/vk").glob("*.py")
    assert not [path for path in sources if "vkbottle" in path.read_text(encoding="utf-8")]
