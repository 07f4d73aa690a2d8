"""What people do in VK, and the events that a community hears of it."""

import pytest

from bot.sandbox.vk.rules import FIRST_CHAT
from bot.sandbox.world import MessengerSide, UnknownError
from tests.bot.sandbox.vk.conftest import GROUP, Bot


async def test_the_first_message_also_allows_to_write(bot: Bot) -> None:
    vera = bot.side.add_user("Вера", "Орлова")
    bot.side.say(vera.id, "Здравствуйте")
    allow, new = await bot.events()
    assert (allow["type"], allow["object"]) == ("message_allow", {"user_id": vera.id, "key": ""})
    message = new["object"]["message"]
    assert (message["from_id"], message["peer_id"], message["text"]) == (
        vera.id,
        vera.id,
        "Здравствуйте",
    )
    assert message["date"] == int(bot.world.now().timestamp())
    assert (message["conversation_message_id"], message["out"]) == (1, 0)
    assert new["object"]["client_info"]["inline_keyboard"] is True


async def test_a_long_text_is_cut_by_the_app(bot: Bot) -> None:
    sent = bot.side.say(bot.anya, "а" * 4096 + "б" * 4096 + "в")
    assert [len(message.text) for message in sent] == [4096, 4096, 1]
    assert len(await bot.events()) == 3
    with pytest.raises(ValueError, match="empty"):
        bot.side.say(bot.anya, " \n")


async def test_a_deep_link_into_an_empty_chat_presses_start(bot: Bot) -> None:
    vera = bot.side.add_user("Вера")
    sent = bot.side.open_link(vera.id, "K7QM2XWPRT", source="slips")
    assert sent is not None
    message = await bot.message()
    assert (message["text"], message["payload"]) == ("Начать", '{"command":"start"}')
    assert (message["ref"], message["ref_source"]) == ("K7QM2XWPRT", "slips")
    bot.side.say(vera.id, "И ещё")
    assert "ref" not in await bot.message()


async def test_a_deep_link_into_a_known_chat_waits_for_the_next_message(bot: Bot) -> None:
    assert bot.side.open_link(bot.anya, "K7QM2XWPRT") is None
    assert await bot.events() == []
    bot.side.say(bot.anya, "Вот и я")
    message = await bot.message()
    assert (message["text"], message["ref"]) == ("Вот и я", "K7QM2XWPRT")
    assert "ref_source" not in message
    with pytest.raises(ValueError, match="255"):
        bot.side.open_link(bot.anya, "x" * 256)


async def test_blocking_and_unblocking_are_told_once(bot: Bot) -> None:
    bot.side.block(bot.anya)
    bot.side.block(bot.anya)
    with pytest.raises(ValueError, match="forbidden"):
        bot.side.say(bot.anya, "Ау")
    bot.side.unblock(bot.anya)
    bot.side.unblock(bot.anya)
    events = await bot.events()
    assert [(e["type"], e["object"]["user_id"]) for e in events] == [
        ("message_deny", bot.anya),
        ("message_allow", bot.anya),
    ]


async def test_a_message_changed_within_a_day_is_told(bot: Bot) -> None:
    [sent] = bot.side.say(bot.anya, "Отвтет")
    bot.side.edit(bot.anya, sent.id, "Ответ")
    event = (await bot.events())[-1]
    assert (event["type"], event["object"]["text"]) == ("message_edit", "Ответ")
    assert event["object"]["update_time"] == event["object"]["date"]
    with pytest.raises(UnknownError):
        bot.side.edit(bot.anya, 999, "x")
    with pytest.raises(ValueError, match="empty"):
        bot.side.edit(bot.anya, sent.id, " ")
    with pytest.raises(ValueError, match="4096"):
        bot.side.edit(bot.anya, sent.id, "x" * 4097)
    bot.pass_time(24 * 3600 + 1)
    with pytest.raises(ValueError, match="24 hours"):
        bot.side.edit(bot.anya, sent.id, "Поздно")


async def test_in_a_group_chat_only_a_mention_is_heard(bot: Bot) -> None:
    chat = bot.side.add_group("7Б", [bot.anya])
    [invited] = await bot.events()
    message = invited["object"]["message"]
    assert message["action"] == {"type": "chat_invite_user", "member_id": -GROUP.id}
    assert (message["peer_id"], message["id"], message["text"]) == (FIRST_CHAT + 1, 0, "")
    bot.side.say(bot.anya, "Кто сделал алгебру?", chat_id=chat.id)
    assert await bot.events() == []
    bot.side.say(bot.anya, "@dezhurny что задали?", chat_id=chat.id)
    assert (await bot.message())["peer_id"] == chat.id
    bot.rules.hears_chats = True
    bot.side.say(bot.anya, "Кто сделал физику?", chat_id=chat.id)
    assert (await bot.message())["text"] == "Кто сделал физику?"


async def test_strangers_and_impossible_people_are_refused(bot: Bot) -> None:
    chat = bot.side.add_group("7Б", [bot.anya])
    vera = bot.side.add_user("Вера")
    with pytest.raises(UnknownError):
        bot.side.say(vera.id, "Пустите", chat_id=chat.id)
    with pytest.raises(UnknownError):
        bot.side.say(404, "Ау")
    with pytest.raises(ValueError, match="first name"):
        bot.side.add_user("")
    with pytest.raises(ValueError, match="id between"):
        bot.side.add_user("Чат", user_id=FIRST_CHAT + 1)
    with pytest.raises(ValueError, match="at least one"):
        bot.side.add_group("Пусто", [])
    with pytest.raises(ValueError, match="no file"):
        bot.side.send_files(bot.anya, [])


def test_it_is_a_side_like_the_other_messengers(bot: Bot) -> None:
    side: MessengerSide = bot.side
    assert side.messenger == "vk"
