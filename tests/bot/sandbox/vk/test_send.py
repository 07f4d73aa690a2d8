"""What a community may write, to whom, and what it is refused for."""

import time

import pytest

from bot.sandbox.nouns import Messenger
from tests.bot.sandbox.vk.conftest import GROUP, Bot, button, keyboard

CHAT_PEER = 2_000_000_001


async def test_a_message_reaches_the_person_and_its_id_finds_it(bot: Bot) -> None:
    sent = await bot.send("Доброе утро")
    last = bot.chat.messages[-1]
    assert (last.id, last.text, last.direction, last.sender_id) == (
        sent,
        "Доброе утро",
        "out",
        -GROUP.id,
    )
    found = (await bot.call("messages.getById", message_ids=sent))["items"]
    assert [(m["id"], m["text"], m["out"]) for m in found] == [(sent, "Доброе утро", 1)]


async def test_the_same_random_id_sends_once_for_each_peer(bot: Bot) -> None:
    boris = bot.side.add_user("Борис")
    bot.side.say(boris.id, "Привет")
    first = await bot.send("Один раз", random_id=42)
    assert await bot.send("Один раз", random_id=42) == first
    other = await bot.send("Один раз", random_id=42, peer_id=boris.id)
    assert other != first
    assert [m.text for m in bot.chat.messages if m.direction == "out"] == ["Один раз"]
    assert await bot.send("ноль", random_id=0) != await bot.send("ноль", random_id=0)


@pytest.mark.parametrize("value", ["", "2147483648", "-2147483649", "abc"])
async def test_random_id_is_required_and_fits_32_bits(bot: Bot, value: str) -> None:
    asked = {"peer_id": bot.anya, "message": "x", "random_id": value}
    assert await bot.refused("messages.send", **asked) == 100


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_an_empty_message_is_refused(bot: Bot, text: str) -> None:
    assert await bot.refused("messages.send", peer_id=bot.anya, random_id=1, message=text) == 100


async def test_4096_characters_pass_and_one_more_does_not(bot: Bot) -> None:
    await bot.send("ы" * 4096)
    assert (
        await bot.refused("messages.send", peer_id=bot.anya, random_id=1, message="ы" * 4097) == 914
    )


async def test_nobody_is_written_to_who_never_wrote_or_has_forbidden_it(bot: Bot) -> None:
    stranger = bot.side.add_user("Вера")
    asked = {"random_id": 5, "message": "x"}
    assert await bot.refused("messages.send", peer_id=stranger.id, **asked) == 901
    assert await bot.refused("messages.send", peer_id=12345, **asked) == 901
    bot.side.block(bot.anya)
    assert await bot.refused("messages.send", peer_id=bot.anya, **asked) == 901
    bot.side.unblock(bot.anya)
    assert await bot.call("messages.send", peer_id=bot.anya, **asked) > 0
    allowed = [
        (await bot.call("messages.isMessagesFromGroupAllowed", group_id=GROUP.id, user_id=user))[
            "is_allowed"
        ]
        for user in (bot.anya, stranger.id, 12345)
    ]
    assert allowed == [1, 0, 0]
    bot.side.unblock(stranger.id)
    assert await bot.call("messages.send", user_id=stranger.id, **asked) > 0


async def test_a_list_of_peers_is_answered_one_by_one(bot: Bot) -> None:
    stranger = bot.side.add_user("Вера")
    results = await bot.send("Всем", peer_ids=f"{bot.anya},{stranger.id}")
    assert results[0] == {
        "peer_id": bot.anya,
        "message_id": bot.chat.messages[-1].id,
        "conversation_message_id": bot.chat.messages[-1].number,
    }
    assert results[1]["peer_id"] == stranger.id
    assert results[1]["error"] == {
        "code": 901,
        "description": "Can't send messages for users without permission",
    }


async def test_a_hundred_peers_pass_and_one_more_does_not(bot: Bot) -> None:
    peers = ",".join(str(bot.anya) for _ in range(100))
    assert len(await bot.send("Всем", peer_ids=peers)) == 100
    asked = {"random_id": 5, "message": "x"}
    assert await bot.refused("messages.send", peer_ids=f"{peers},{bot.anya}", **asked) == 100
    assert await bot.refused("messages.send", **asked) == 100
    assert await bot.refused("messages.send", peer_id=1, peer_ids="1", **asked) == 100


async def test_unknown_attachments_too_many_and_what_is_not_played(bot: Bot) -> None:
    asked = {"peer_id": bot.anya, "random_id": 5, "message": "x"}
    assert await bot.refused("messages.send", attachment=f"photo-{GROUP.id}_1", **asked) == 100
    assert await bot.refused("messages.send", attachment="чепуха", **asked) == 100
    many = ",".join(["photo1_1"] * 11)
    assert await bot.refused("messages.send", attachment=many, **asked) == 100
    assert await bot.refused("messages.send", template="{}", **asked) == 100


async def test_a_reply_names_its_message(bot: Bot) -> None:
    question = bot.chat.messages[0]
    await bot.send("Ответ", reply_to=question.id)
    forward = f'{{"peer_id":{bot.anya},"conversation_message_ids":[1],"is_reply":1}}'
    await bot.send("Ещё", forward=forward)
    assert [m.reply_to for m in bot.chat.messages[-2:]] == [question.id] * 2
    items = (await bot.call("messages.getHistory", peer_id=bot.anya, count=1))["items"]
    assert items[0]["reply_message"]["text"] == "Привет"
    asked = {"peer_id": bot.anya, "message": "x"}
    assert await bot.refused("messages.send", reply_to=999, random_id=91, **asked) == 100


async def test_in_a_group_chat_messages_have_no_id_but_a_number(bot: Bot) -> None:
    chat = bot.side.add_group("7Б", [bot.anya])
    assert chat.id == CHAT_PEER
    assert await bot.send("Всем привет", peer_id=CHAT_PEER) == 0
    number = chat.messages[-1].number
    asked = {"peer_id": CHAT_PEER, "message": "Всем доброе утро"}
    assert await bot.call("messages.edit", conversation_message_id=number, **asked) == 1
    assert chat.messages[-1].text == "Всем доброе утро"
    found = await bot.call(
        "messages.getByConversationMessageId", peer_id=CHAT_PEER, conversation_message_ids=number
    )
    assert [(m["id"], m["text"]) for m in found["items"]] == [(0, "Всем доброе утро")]
    asked = {"random_id": 9, "message": "x"}
    assert await bot.refused("messages.send", peer_id=CHAT_PEER + 1, **asked) == 917
    assert await bot.call("messages.send", chat_id=1, **asked) == 0


async def test_an_edit_takes_away_the_buttons_it_does_not_repeat(bot: Bot) -> None:
    sent = await bot.send("Почта?", keyboard=keyboard([button("Проверена")]))
    card = bot.chat.messages[-1]
    assert card.buttons is not None
    asked = {"peer_id": bot.anya, "message_id": sent}
    kept = keyboard([button("Отменить")])
    assert await bot.call("messages.edit", message="Почта проверена", keyboard=kept, **asked) == 1
    assert [one.label for one in card.buttons.buttons()] == ["Отменить"]
    assert await bot.call("messages.edit", message="Почта проверена", **asked) == 1
    assert card.buttons is None
    assert card.edited_at is not None


async def test_edits_are_refused_for_unknown_foreign_old_and_bad_messages(bot: Bot) -> None:
    sent = await bot.send("Карточка")
    asked = {"peer_id": bot.anya, "message": "x"}
    assert await bot.refused("messages.edit", **asked) == 100
    assert await bot.refused("messages.edit", message_id=999, **asked) == 100
    assert await bot.refused("messages.edit", conversation_message_id=999, **asked) == 100
    assert await bot.refused("messages.edit", message_id=bot.chat.messages[0].id, **asked) == 15
    long = {"peer_id": bot.anya, "message_id": sent, "message": "x" * 4097}
    assert await bot.refused("messages.edit", **long) == 914
    below = keyboard([button()], inline=False)
    assert await bot.refused("messages.edit", message_id=sent, keyboard=below, **asked) == 911
    bot.pass_time(24 * 3600)
    assert await bot.call("messages.edit", message_id=sent, **asked) == 1
    bot.pass_time(1)
    assert await bot.refused("messages.edit", message_id=sent, **asked) == 909
    bot.side.block(bot.anya)
    assert await bot.refused("messages.edit", message_id=sent, **asked) == 901


async def test_only_a_deletion_for_all_takes_a_message_from_the_person(bot: Bot) -> None:
    sent = await bot.send("Лишнее")
    message = bot.chat.messages[-1]
    assert await bot.call("messages.delete", message_ids=sent) == [
        {"message_id": sent, "response": 1}
    ]
    assert not message.deleted
    [gone] = await bot.call(
        "messages.delete", peer_id=bot.anya, cmids=message.number, delete_for_all=1
    )
    assert gone["response"] == 1
    assert message.deleted
    hers = bot.chat.messages[0].id
    [refused, unknown] = await bot.call(
        "messages.delete", message_ids=f"{hers},999", delete_for_all=1
    )
    assert (refused["error"]["code"], unknown["error"]["code"]) == (924, 100)
    assert await bot.refused("messages.delete") == 100
    asked = {"peer_id": bot.anya, "message_id": sent, "message": "x"}
    assert await bot.refused("messages.edit", **asked) == 100


async def test_history_and_conversations_show_what_the_events_may_have_lost(bot: Bot) -> None:
    await bot.send("Ответ")
    bot.side.say(bot.anya, "Вопрос")
    boris = bot.side.add_user("Борис")
    bot.side.say(boris.id, "Я тоже здесь")
    page = await bot.call("messages.getHistory", peer_id=bot.anya)
    assert page["count"] == 3
    assert [m["text"] for m in page["items"]] == ["Вопрос", "Ответ", "Привет"]
    first = await bot.call("messages.getHistory", peer_id=bot.anya, rev=1, count=1, offset=1)
    assert [m["text"] for m in first["items"]] == ["Ответ"]
    listed = await bot.call("messages.getConversations", filter="unanswered")
    assert [one["last_message"]["text"] for one in listed["items"]] == ["Я тоже здесь", "Вопрос"]
    assert [one["conversation"]["peer"]["id"] for one in listed["items"]] == [boris.id, bot.anya]
    assert await bot.refused("messages.getHistory", peer_id=bot.anya, count=201) == 100
    assert await bot.refused("messages.getHistory", peer_id=5) == 936
    assert await bot.refused("messages.getHistory", peer_id=2_000_000_009) == 917


async def test_typing_is_shown_for_a_while_and_reading_is_accepted(bot: Bot) -> None:
    began = time.monotonic()
    assert await bot.call("messages.setActivity", type="typing", peer_id=bot.anya) == 1
    until = bot.chat.typing_until
    assert until is not None
    assert began <= until - 10 <= time.monotonic()
    assert await bot.refused("messages.setActivity", type="dancing", peer_id=bot.anya) == 100
    assert await bot.call("messages.markAsRead", peer_id=bot.anya) == 1


async def test_starting_over_forgets_what_was_sent(bot: Bot) -> None:
    await bot.send("Раньше", random_id=3)
    bot.world.reset()
    anya = bot.world.sides[Messenger.VK].add_user("Аня")
    bot.side.say(anya.id, "Снова я")
    await bot.send("Теперь", random_id=3)
    assert [m.text for m in bot.chat.messages] == ["Снова я", "Теперь"]
