import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.nouns import FileKind, NewFile
from bot.sandbox.server import Rules, Sandbox
from bot.sandbox.telegram import TelegramRules, TelegramSide

from .phone import MONDAY, OGG, PHOTO, Api, Person, Refused


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def jump(sandbox: Sandbox, **ahead: float) -> None:
    sandbox.world.clock.jump(sandbox.world.now() + timedelta(**ahead))


async def test_an_offset_confirms_everything_below_it_and_the_rest_comes_again(
    api: Api, anya: Person
) -> None:
    for text in ("раз", "два", "три"):
        anya.says(text)
    first = await api.updates()
    assert texts(first) == ["раз", "два", "три"]
    assert await api.updates() == first
    assert texts(await api.updates(first[1]["update_id"])) == ["два", "три"]
    assert texts(await api.updates()) == ["два", "три"]
    assert await api.updates(first[2]["update_id"] + 1) == []
    assert await api.updates() == []


async def test_a_negative_offset_keeps_only_the_last(api: Api, anya: Person) -> None:
    for text in ("раз", "два", "три"):
        anya.says(text)
    assert texts(await api.updates(-1)) == ["три"]
    assert texts(await api.updates()) == ["три"]


async def test_an_offset_far_in_the_future_confirms_nothing(api: Api, anya: Person) -> None:
    anya.says("раз")
    newest = (await api.updates())[0]["update_id"]
    assert texts(await api.updates(newest + 1000)) == ["раз"]


async def test_a_limit_is_kept_and_brought_into_range(api: Api, anya: Person) -> None:
    for number in range(120):
        anya.says(str(number))
    assert len(await api.updates(limit=2)) == 2
    assert len(await api.updates(limit=1000)) == 100
    assert len(await api.updates(limit=0)) == 1


async def test_a_long_poll_is_answered_when_something_comes(api: Api, anya: Person) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.updates(timeout=50))
        await asyncio.sleep(0.05)
        assert not poll.done()
        anya.says("я тут")
    assert texts(poll.result()) == ["я тут"]


async def test_a_long_poll_without_news_ends_empty(api: Api) -> None:
    assert await api("getUpdates", timeout=1) == []


async def test_of_two_pollers_the_first_is_refused(api: Api, anya: Person) -> None:
    async with asyncio.TaskGroup() as group:
        known = anya.world.news.count
        first = group.create_task(api("getUpdates", timeout=50))
        assert await anya.world.news.after(known, 60), "the first waits"
        second = group.create_task(api("getUpdates", timeout=50))
        refused = await first
        anya.says("кому?")
    assert refused == Refused(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )
    assert texts(second.result()) == ["кому?"]


async def test_a_poller_that_was_killed_leaves_no_conflict_and_loses_nothing(
    api: Api, anya: Person
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await api.updates(timeout=50)
    anya.says("после падения")
    assert texts(await api.updates(timeout=1)) == ["после падения"]


async def test_updates_live_for_a_day_and_presses_for_150_seconds(
    api: Api, sandbox: Sandbox, anya: Person
) -> None:
    sandbox.world.clock.set_rate(0)
    keyboard = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    await api("sendMessage", chat_id=anya.id, text="?", reply_markup=keyboard)
    anya.says("доброе утро")
    anya.side.press(anya.id, label="Да")
    assert len(await api.updates()) == 2
    jump(sandbox, seconds=150)
    assert texts(await api.updates()) == ["доброе утро"]
    jump(sandbox, hours=23)
    assert texts(await api.updates()) == ["доброе утро"]
    jump(sandbox, hours=1)
    assert await api.updates() == []


async def test_after_a_quiet_week_update_ids_go_on_from_somewhere_else(
    api: Api, sandbox: Sandbox, anya: Person
) -> None:
    anya.says("до каникул")
    before = (await api.updates())[0]["update_id"]
    jump(sandbox, days=8)
    anya.says("после каникул")
    after = await api.updates(before + 1)
    assert texts(after) == ["после каникул"]
    assert after[0]["update_id"] != before + 1


async def test_allowed_updates_are_remembered(api: Api, anya: Person) -> None:
    await api.updates(allowed_updates=["callback_query"])
    anya.says("не слышно")
    assert await api.updates() == []
    await api.updates(allowed_updates=[])
    anya.says("слышно")
    assert texts(await api.updates()) == ["слышно"]


async def test_a_wrong_token_is_unauthorized_and_a_wrong_method_not_found(
    api: Api, sandbox: Sandbox
) -> None:
    stranger = Api(api.session, sandbox.telegram_api_url, "1:wrong")
    assert await stranger("getMe") == Refused(401, "Unauthorized")
    assert await api("getWhatever") == Refused(404, "Not Found: method not found")


async def test_a_text_longer_than_a_message_arrives_as_several(api: Api, anya: Person) -> None:
    anya.says("б" * 5000)
    assert [len(text) for text in texts(await api.updates())] == [4096, 904]


async def test_an_album_is_separate_updates_of_one_group_with_one_caption(
    api: Api, anya: Person
) -> None:
    scan = NewFile(FileKind.DOCUMENT, "работа.pdf", "application/pdf", b"%PDF-1.4")
    voice = NewFile(FileKind.VOICE, content=OGG, duration=7)
    anya.side.send_files(anya.id, [PHOTO, PHOTO, scan, voice], "задание 5")
    messages = [update["message"] for update in await api.updates()]
    assert [message.get("caption") for message in messages] == ["задание 5", None, None, None]
    assert messages[0]["media_group_id"] == messages[1]["media_group_id"]
    assert "media_group_id" not in messages[2]
    assert messages[2]["document"]["file_name"] == "работа.pdf"
    assert messages[3]["voice"]["duration"] == 7
    sizes = messages[0]["photo"]
    assert sizes[-1]["file_size"] == len(PHOTO.content or b"")
    assert sizes[-1]["width"] > sizes[0]["width"]


async def test_more_than_ten_photos_are_two_albums(api: Api, anya: Person) -> None:
    anya.side.send_files(anya.id, [PHOTO] * 12)
    groups = [update["message"]["media_group_id"] for update in await api.updates()]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [10, 2]


async def test_a_deep_link_is_a_start_with_its_payload(api: Api, anya: Person) -> None:
    anya.side.open_link(anya.id, "code-ABC123")
    message = (await api.updates())[0]["message"]
    assert message["text"] == "/start code-ABC123"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    with pytest.raises(ValueError, match="64 letters"):
        anya.side.open_link(anya.id, "код")


async def test_blocking_and_unblocking_is_told(api: Api, anya: Person) -> None:
    anya.side.block(anya.id)
    with pytest.raises(ValueError, match="blocked"):
        anya.says("не уйдёт")
    anya.side.unblock(anya.id)
    changes = [update["my_chat_member"] for update in await api.updates()]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_an_own_message_is_edited(api: Api, anya: Person) -> None:
    message = anya.side.say(anya.id, "задача 5")[0]
    anya.side.edit(anya.id, message.id, "задача 6")
    edited = (await api.updates())[1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (message.id, "задача 6")
    assert edited["edit_date"] >= edited["date"]


async def test_in_a_group_the_bot_hears_only_commands_and_its_name(api: Api, anya: Person) -> None:
    group = anya.side.add_group("7Б", [anya.id])
    for text in ("просто так", "/start", "@dezhurny_bot привет"):
        anya.side.say(anya.id, text, chat_id=group.id)
    added, *heard = await api.updates()
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert texts(heard) == ["/start", "@dezhurny_bot привет"]
    assert heard[0]["message"]["chat"] == {"id": group.id, "type": "group", "title": "7Б"}
    assert group.id < 0
    await api("leaveChat", chat_id=group.id)
    refused = await api("sendMessage", chat_id=group.id, text="пишите лично")
    assert refused == Refused(403, "Forbidden: bot is not a member of the group chat")


async def test_a_button_is_found_on_the_latest_message_then_the_keyboard_then_older_ones(
    api: Api, anya: Person
) -> None:
    inline = {"inline_keyboard": [[{"text": "Мой день", "callback_data": "old"}]]}
    reply = {"keyboard": [[{"text": "Мой день"}]]}
    old = await api("sendMessage", chat_id=anya.id, text="вчера", reply_markup=inline)
    await api("sendMessage", chat_id=anya.id, text="меню", reply_markup=reply)
    anya.side.press(anya.id, label="Мой день")
    anya.side.press(anya.id, label="Мой день", message_id=old["message_id"])
    sent, pressed = await api.updates()
    assert sent["message"]["text"] == "Мой день"
    assert pressed["callback_query"]["data"] == "old"
    with pytest.raises(LookupError):
        anya.side.press(anya.id, label="Нет такой")


async def test_sides_are_told_apart_by_their_rules() -> None:
    async with Sandbox(MONDAY, rules=Rules(TelegramRules(privacy=False))) as sandbox:
        person = Person(sandbox, "Аня")
        assert isinstance(person.side, TelegramSide)
        group = person.side.add_group("7Б", [person.id])
        person.side.say(person.id, "просто так", chat_id=group.id)
        assert len(group.messages) == 1
