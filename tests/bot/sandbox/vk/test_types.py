"""Every event and answer fits the types of the library that the bot uses."""

import json
from typing import Any

import pytest

from bot.sandbox.nouns import FileKind, NewFile
from tests.bot.sandbox.vk.conftest import GROUP, Bot, button, keyboard
from tests.bot.sandbox.vk.test_files import JPEG, OGG, PDF

pytestmark = pytest.mark.process

FILES = [
    NewFile(FileKind.PHOTO, content=JPEG),
    NewFile(FileKind.PHOTO, content=JPEG, width=3000, height=4000),
    NewFile(FileKind.DOCUMENT, "работа.pdf", content=PDF),
    NewFile(FileKind.AUDIO, "песня.mp3", content=PDF),
    NewFile(FileKind.VIDEO, "опыт.mp4", content=PDF),
    NewFile(FileKind.VOICE, content=OGG),
    NewFile(FileKind.STICKER),
]


async def everything(bot: Bot) -> list[dict[str, Any]]:
    """Do all that makes events, and give them."""
    on = dict.fromkeys(("message_reply", "message_edit"), 1)
    await bot.call("groups.setLongPollSettings", group_id=GROUP.id, **on)
    vera = bot.side.add_user("Вера")
    bot.side.open_link(vera.id, "K7QM2XWPRT", source="slips")
    bot.side.send_files(bot.anya, FILES, "Моя работа")
    await bot.send("Почта?", keyboard=keyboard([button("Проверена")]), reply_to=1)
    bot.side.press(bot.anya, label="Проверена")
    below = keyboard([button("Мой день", "text")], [button("Меню")], inline=False)
    await bot.send("Меню", keyboard=below)
    bot.side.press(bot.anya, label="Мой день")
    bot.side.press(bot.anya, label="Меню")
    [sent] = bot.side.say(bot.anya, "Отвтет")
    bot.side.edit(bot.anya, sent.id, "Ответ")
    bot.side.add_group("7Б", [bot.anya])
    bot.side.block(bot.anya)
    bot.side.unblock(bot.anya)
    return await bot.events()


async def test_every_event_fits(bot: Bot) -> None:
    from vkbottle_types.events import bot_events  # noqa: PLC0415 - seconds to import

    models: dict[str, Any] = {
        "message_new": bot_events.MessageNew,
        "message_reply": bot_events.MessageReply,
        "message_edit": bot_events.MessageEdit,
        "message_allow": bot_events.MessageAllow,
        "message_deny": bot_events.MessageDeny,
        "message_event": bot_events.MessageEvent,
    }
    events = await everything(bot)
    assert {event["type"] for event in events} == set(models)
    for event in events:
        model = models[event["type"]].model_validate(event)
        assert model.event_id == event["event_id"]
        if event["type"] == "message_new":
            told = model.object.message
            assert told is not None
            assert told.text == event["object"]["message"]["text"]
            kinds = [one.type.value for one in told.attachments or []]
            assert kinds == [one["type"] for one in event["object"]["message"]["attachments"]]


async def test_the_library_itself_polls_sends_and_uploads(bot: Bot) -> None:
    from vkbottle import API, AiohttpClient, DocMessagesUploader, PhotoMessageUploader  # noqa: PLC0415
    from vkbottle.exception_factory import VKAPIError  # noqa: PLC0415
    from vkbottle.polling import BotPolling  # noqa: PLC0415

    class Local(API):
        API_URL = f"{bot.url}/vk/method/"

    api = Local(GROUP.token, http_client=AiohttpClient(session=bot.session))
    polling = BotPolling(api, group_id=GROUP.id, wait=1)
    server = await polling.get_server()
    bot.side.say(bot.anya, "Ау")
    heard = await polling.get_event(server)
    assert [one["object"]["message"]["text"] for one in heard["updates"]] == ["Ау"]

    groups = await api.groups.get_by_id()
    assert [group.id for group in groups.groups or []] == [GROUP.id]
    doc = await DocMessagesUploader(api).upload(PDF, peer_id=bot.anya, title="задание.pdf")
    photo = await PhotoMessageUploader(api).upload(JPEG, peer_id=bot.anya)
    results: Any = await api.messages.send(
        peer_ids=[bot.anya], random_id=1, message="Вот", attachment=f"{doc},{photo}"
    )
    assert [one.message_id for one in results] == [bot.chat.messages[-1].id]
    assert [file.kind for file in bot.chat.messages[-1].files] == [
        FileKind.DOCUMENT,
        FileKind.PHOTO,
    ]
    history = await api.messages.get_history(peer_id=bot.anya)
    assert json.loads(history.model_dump_json())["count"] == len(bot.chat.messages)
    with pytest.raises(VKAPIError[901]):
        await api.messages.send(peer_id=5, random_id=2, message="x")
