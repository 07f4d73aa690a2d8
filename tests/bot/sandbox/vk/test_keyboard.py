"""Which keyboards VK takes, which it refuses with 911, and what a press becomes."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.nouns import Message, Press
from bot.sandbox.world import UnknownError
from tests.bot.sandbox.vk.conftest import GROUP, Bot, button, keyboard

LINK = {"action": {"type": "open_link", "label": "Открыть", "link": "http://127.0.0.1/"}}
PLACE = {"action": {"type": "location", "payload": "{}"}}


def grid(rows: int, columns: int) -> list[list[dict[str, Any]]]:
    return [[button() for _ in range(columns)] for _ in range(rows)]


GOOD = {
    "label of 40": keyboard([button("ы" * 40)]),
    "payload of 255": keyboard([button(payload="x" * 253)]),
    "payload as an object": keyboard(
        [{"action": {"type": "text", "label": "Да", "payload": {"a": 1}}}]
    ),
    "inline 2 × 5": keyboard(*grid(2, 5)),
    "inline 6 rows": keyboard(*grid(6, 1)),
    "normal 40 buttons": keyboard(*grid(8, 5), inline=False),
    "normal 10 rows": keyboard(*grid(10, 4), inline=False),
    "a link": keyboard([LINK, button()]),
    "a place alone in its row": keyboard([PLACE], [button()]),
    "no buttons": keyboard(inline=False),
}
BAD = {
    "label of 41": keyboard([button("ы" * 41)]),
    "no label": keyboard([button("")]),
    "payload of 256": keyboard([button(payload="x" * 254)]),
    "payload not JSON": keyboard(
        [{"action": {"type": "text", "label": "Да", "payload": "{'a': 1}"}}]
    ),
    "payload null": keyboard([{"action": {"type": "text", "label": "Да", "payload": None}}]),
    "inline 11 buttons": keyboard(*grid(2, 5), [button()]),
    "inline 7 rows": keyboard(*grid(7, 1)),
    "6 in a row": keyboard(*grid(1, 6)),
    "inline one_time": keyboard([button()], one_time=True),
    "normal 41 buttons": keyboard(*grid(8, 5), [button()], inline=False),
    "normal 11 rows": keyboard(*grid(11, 1), inline=False),
    "an empty row": keyboard([]),
    "an unknown type": keyboard([button(kind="teleport")]),
    "an unknown field": keyboard([button() | {"style": "danger"}]),
    "an unknown field of the action": keyboard(
        [{"action": {"type": "text", "label": "Да", "link": "http://127.0.0.1/"}}]
    ),
    "an unknown colour": keyboard([button() | {"color": "pink"}]),
    "a link that leads nowhere": keyboard([{"action": {"type": "open_link", "label": "Открыть"}}]),
    "a place in company": keyboard([PLACE, button()]),
    "not an object": "[]",
    "no rows": "{}",
    "a flag as text": json.dumps({"inline": "yes", "buttons": []}),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
async def test_taken(bot: Bot, body: str) -> None:
    assert await bot.send("Выберите", keyboard=body) > 0


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
async def test_refused(bot: Bot, body: str) -> None:
    asked = {"peer_id": bot.anya, "random_id": 1, "message": "Выберите", "keyboard": body}
    assert await bot.refused("messages.send", **asked) == 911
    assert len(bot.chat.messages) == 1


async def test_a_keyboard_that_is_no_json_is_a_bad_parameter(bot: Bot) -> None:
    asked = {"peer_id": bot.anya, "random_id": 1, "message": "x", "keyboard": "{"}
    assert await bot.refused("messages.send", **asked) == 100


async def test_without_the_abilities_of_a_bot_a_keyboard_is_refused(bot: Bot) -> None:
    assert await bot.call("groups.setSettings", group_id=GROUP.id, bots_capabilities=0) == 1
    asked = {"peer_id": bot.anya, "message": "x", "keyboard": keyboard([button()])}
    assert await bot.refused("messages.send", random_id=1, **asked) == 912
    assert await bot.call("groups.setSettings", group_id=GROUP.id, bots_capabilities=1) == 1
    assert await bot.call("messages.send", random_id=1, **asked) > 0


async def test_a_callback_button_becomes_an_event_that_is_answered_once(bot: Bot) -> None:
    await bot.send("Почта?", keyboard=keyboard([button("Проверена", payload={"do": "mail:7"})]))
    press = bot.side.press(bot.anya, label="Проверена")
    assert isinstance(press, Press)
    [event] = await bot.events()
    assert event["type"] == "message_event"
    assert event["object"] == {
        "user_id": bot.anya,
        "peer_id": bot.anya,
        "event_id": press.id,
        "payload": {"do": "mail:7"},
        "conversation_message_id": bot.chat.messages[-1].number,
    }
    asked = {"event_id": press.id, "user_id": bot.anya, "peer_id": bot.anya}
    shown = json.dumps({"type": "show_snackbar", "text": "Отмечено"})
    assert await bot.refused("messages.sendMessageEventAnswer", **asked | {"user_id": 1}) == 100
    assert await bot.call("messages.sendMessageEventAnswer", event_data=shown, **asked) == 1
    assert (press.answer, press.answered_at) == ("Отмечено", bot.world.now())
    body = await bot.raw("messages.sendMessageEventAnswer", **asked)
    assert body["error"]["error_msg"].endswith("invalid event_id")


async def test_a_press_outlives_a_clock_that_runs_fast(bot: Bot) -> None:
    await bot.send("Почта?", keyboard=keyboard([button("Проверена")]))
    press = bot.side.press(bot.anya, label="Проверена")
    assert isinstance(press, Press)
    bot.world.clock.set_rate(3600)
    await asyncio.sleep(0.05)
    assert bot.world.now() - press.at > timedelta(minutes=1)
    asked = {"event_id": press.id, "user_id": bot.anya, "peer_id": bot.anya}
    assert await bot.call("messages.sendMessageEventAnswer", **asked) == 1


async def test_a_press_can_be_answered_for_a_minute(bot: Bot) -> None:
    await bot.send("Почта?", keyboard=keyboard([button("Проверена")]))
    early = bot.side.press(bot.anya, label="Проверена")
    late = bot.side.press(bot.anya, label="Проверена")
    assert isinstance(early, Press)
    assert isinstance(late, Press)
    asked = {"user_id": bot.anya, "peer_id": bot.anya}
    bot.pass_time(55)
    assert await bot.call("messages.sendMessageEventAnswer", event_id=early.id, **asked) == 1
    bot.pass_time(5)
    assert await bot.refused("messages.sendMessageEventAnswer", event_id=late.id, **asked) == 100


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[]",
        '{"type": "show_snackbar"}',
        '{"type": "dance"}',
        json.dumps({"type": "show_snackbar", "text": "x" * 91}),
        json.dumps({"type": "open_link", "link": "x" * 1000}),
    ],
)
async def test_an_answer_to_a_press_has_to_make_sense(bot: Bot, data: str) -> None:
    await bot.send("Почта?", keyboard=keyboard([button("Проверена")]))
    press = bot.side.press(bot.anya, label="Проверена")
    assert isinstance(press, Press)
    asked = {"event_id": press.id, "user_id": bot.anya, "peer_id": bot.anya, "event_data": data}
    assert await bot.refused("messages.sendMessageEventAnswer", **asked) == 100
    assert press.answered_at is None


async def test_a_text_button_is_written_with_its_payload(bot: Bot) -> None:
    below = keyboard([button("Мой день", "text", {"do": "day"})], inline=False)
    await bot.send("Меню", keyboard=below)
    sent = bot.side.press(bot.anya, label="Мой день")
    assert isinstance(sent, Message)
    message = await bot.message()
    assert (message["text"], message["payload"]) == ("Мой день", '{"do": "day"}')
    assert bot.chat.keyboard is not None
    bot.side.press(bot.anya, data='{"do": "day"}')
    assert (await bot.message())["text"] == "Мой день"


async def test_a_keyboard_below_hides_once_and_is_taken_away(bot: Bot) -> None:
    below = keyboard([button("Да", "text")], inline=False, one_time=True)
    await bot.send("Точно?", keyboard=below)
    bot.side.press(bot.anya, label="Да")
    assert bot.chat.keyboard is None
    await bot.send("Точно?", keyboard=keyboard([button("Да", "text")], inline=False))
    await bot.send("Спасибо", keyboard=keyboard(inline=False))
    assert bot.chat.keyboard is None
    with pytest.raises(UnknownError):
        bot.side.press(bot.anya, label="Да")


async def test_a_callback_of_the_keyboard_below_names_no_message(bot: Bot) -> None:
    await bot.send("Меню", keyboard=keyboard([button("Мой день")], inline=False))
    press = bot.side.press(bot.anya, label="Мой день")
    assert isinstance(press, Press)
    [event] = await bot.events()
    assert "conversation_message_id" not in event["object"]


async def test_a_link_sends_the_community_nothing(bot: Bot) -> None:
    await bot.send("Платформа", keyboard=keyboard([LINK]))
    with pytest.raises(ValueError, match="open_link"):
        bot.side.press(bot.anya, label="Открыть")
    assert await bot.events() == []


async def test_in_a_group_chat_a_text_button_mentions_the_community(bot: Bot) -> None:
    chat = bot.side.add_group("7Б", [bot.anya])
    below = keyboard([button("Мой день", "text")], inline=False)
    await bot.send("Меню", peer_id=chat.id, keyboard=below)
    bot.side.press(bot.anya, label="Мой день", chat_id=chat.id)
    message = await bot.message()
    assert message["text"] == "[club200000001|@dezhurny] Мой день"
    assert (message["peer_id"], message["id"]) == (chat.id, 0)
