"""Everything that the sandbox's Telegram tells is read by aiogram's own types."""

from datetime import timedelta

import pytest

from bot.sandbox.nouns import FileKind, NewFile
from bot.sandbox.server import Sandbox

from .phone import OGG, PHOTO, PNG, Api, Person

pytestmark = pytest.mark.process
"""Importing aiogram takes seconds: this is the only module that does."""

KINDS = [
    NewFile(FileKind.DOCUMENT, "работа.pdf", "application/pdf", b"%PDF-1.4"),
    NewFile(FileKind.VOICE, content=OGG),
    NewFile(FileKind.AUDIO, "песня.mp3", "audio/mpeg", b"ID3"),
    NewFile(FileKind.VIDEO, "опыт.mp4", "video/mp4", size=1000),
    NewFile(FileKind.STICKER, content=b"RIFF"),
]


async def test_every_update_is_valid(api: Api, sandbox: Sandbox, anya: Person) -> None:
    from aiogram import types  # noqa: PLC0415 - it takes seconds

    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "1", "style": "success"}]]}
    await api(
        "sendMessage", chat_id=anya.id, text="<b>?</b>", parse_mode="HTML", reply_markup=markup
    )
    anya.side.press(anya.id, label="Да")
    own = anya.side.say(anya.id, "/start код")[0]
    anya.side.edit(anya.id, own.id, "исправлено")
    anya.side.send_files(anya.id, [PHOTO, PHOTO, *KINDS], "подпись")
    await api.upload("sendPhoto", {"photo": ("a.png", PNG)}, chat_id=anya.id, reply_markup=markup)
    anya.side.press(anya.id, label="Да")
    anya.side.open_link(anya.id, "payload")
    group = anya.side.add_group("7Б", [anya.id])
    anya.side.say(anya.id, "/start@dezhurny_bot", chat_id=group.id)
    anya.side.block(anya.id)
    anya.side.unblock(anya.id)
    sandbox.world.clock.jump(sandbox.world.now() + timedelta(seconds=5))
    updates = await api.updates()
    kinds = {types.Update.model_validate(update).event_type for update in updates}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    contents = [types.Update.model_validate(update).message for update in updates]
    assert {message.content_type for message in contents if message} == {
        "text",
        "photo",
        "document",
        "voice",
        "audio",
        "video",
        "sticker",
    }


async def test_every_answer_is_valid(api: Api, anya: Person) -> None:
    from aiogram import types  # noqa: PLC0415 - it takes seconds

    chat = {"chat_id": anya.id}
    own = anya.side.say(anya.id, "вопрос")[0]
    reply = {"message_id": own.id}
    sent = await api("sendMessage", **chat, text="ответ", reply_parameters=reply)
    voice = await api.upload("sendVoice", {"voice": ("v.ogg", OGG)}, **chat)
    media = [{"type": "photo", "media": "attach://x"}] * 2
    album = await api.upload("sendMediaGroup", {"x": ("a.png", PNG)}, **chat, media=media)
    edited = await api("editMessageText", **chat, message_id=sent["message_id"], text="другой")
    for message in (sent, voice, edited, *album):
        assert types.Message.model_validate(message).chat.id == anya.id
    assert types.User.model_validate(await api("getMe")).is_bot
    file = await api("getFile", file_id=voice["voice"]["file_id"])
    assert types.File.model_validate(file).file_size == len(OGG)
    assert types.ChatFullInfo.model_validate(await api("getChat", **chat)).first_name == "Аня"
    assert types.WebhookInfo.model_validate(await api("getWebhookInfo")).url == ""


async def test_a_bot_of_aiogram_speaks_to_it(sandbox: Sandbox, anya: Person) -> None:
    from aiogram import Bot, exceptions, types  # noqa: PLC0415 - it takes seconds
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415 - it takes seconds
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415 - it takes seconds

    server = TelegramAPIServer.from_base(sandbox.telegram_api_url)
    async with Bot("7000000001:sandbox", session=AiohttpSession(api=server)) as bot:
        await bot.set_my_commands([types.BotCommand(command="day", description="Мой день")])
        anya.side.send_files(anya.id, [PHOTO])
        updates = await bot.get_updates(timeout=1, allowed_updates=["message"])
        assert updates[0].message is not None
        assert updates[0].message.photo is not None
        kept = await bot.download(updates[0].message.photo[-1])
        assert kept is not None
        assert kept.read() == PNG
        document = types.BufferedInputFile(b"%PDF-1.4", "разбор.pdf")
        sent = await bot.send_document(anya.id, document, caption="вот")
        assert sent.document is not None
        assert sent.document.file_name == "разбор.pdf"
        button = types.InlineKeyboardButton(text="Да", callback_data="б" * 33)
        markup = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
        with pytest.raises(exceptions.TelegramBadRequest, match="BUTTON_DATA_INVALID"):
            await bot.send_message(anya.id, "?", reply_markup=markup)
        anya.side.block(anya.id)
        with pytest.raises(exceptions.TelegramForbiddenError, match="blocked"):
            await bot.send_message(anya.id, "?")
