import time
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox.nouns import FileKind, NewFile, Press
from bot.sandbox.server import Rules, Sandbox
from bot.sandbox.telegram import TelegramRules, pace

from .phone import MONDAY, OGG, PHOTO, PNG, Api, Person, Refused

MEGABYTE = 1024 * 1024
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def inline(*labels: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "б" * 4097}, "message is too long"),
        ({"text": "!", "chat_id": ""}, "chat_id is empty"),
        ({"text": "!", "chat_id": 12345}, "chat not found"),
        ({"text": "!", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "!", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "!", "reply_markup": "[]"}, "object expected as reply markup"),
        (
            {"text": "!", "reply_markup": {"inline_keyboard": [{}]}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"text": "!", "reply_markup": {"inline_keyboard": [[{"text": "Да"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "!", "reply_markup": inline("б" * 33)}, "BUTTON_DATA_INVALID"),
        (
            {"text": "<b>жирно", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "а < б", "parse_mode": "HTML"},
            "can't parse entities: Unclosed start tag at byte offset 3",
        ),
        (
            {"text": "<h1>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "h1" at byte offset 0',
        ),
        (
            {"text": "!", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    api: Api, anya: Person, params: dict[str, Any], refusal: str
) -> None:
    answer = await api("sendMessage", **{"chat_id": anya.id, **params})
    assert answer == Refused(400, f"Bad Request: {refusal}")
    assert anya.chat.messages == []


async def test_64_bytes_of_callback_data_and_4096_characters_pass(api: Api, anya: Person) -> None:
    markup = inline("б" * 32)
    sent = await api("sendMessage", chat_id=anya.id, text="б" * 4096, reply_markup=markup)
    assert sent["reply_markup"] == markup
    assert sent["date"] == int(MONDAY.timestamp())


async def test_html_becomes_text_and_entities(api: Api, anya: Person) -> None:
    html = '😀 <b>Математика</b> &lt;7Б&gt; <a href="https://school.test/?a=1&amp;b=2">урок</a>'
    sent = await api("sendMessage", chat_id=anya.id, text=html, parse_mode="HTML")
    assert sent["text"] == "😀 Математика <7Б> урок"
    assert sent["entities"] == [
        {"type": "bold", "offset": 3, "length": 10},
        {"type": "text_link", "url": "https://school.test/?a=1&b=2", "offset": 19, "length": 4},
    ]


async def test_who_never_started_or_blocked_the_bot_is_not_written_to(
    api: Api, sandbox: Sandbox, anya: Person
) -> None:
    boris = Person(sandbox, "Борис")
    assert await api("sendMessage", chat_id=boris.id, text="!") == Refused(
        403, "Forbidden: bot can't initiate conversation with a user"
    )
    boris.says("/start")
    assert (await api("sendMessage", chat_id=boris.id, text="!"))["text"] == "!"
    anya.side.block(anya.id)
    assert await api("sendMessage", chat_id=anya.id, text="!") == Refused(
        403, "Forbidden: bot was blocked by the user"
    )


async def test_parameters_come_as_query_form_multipart_or_json(
    api: Api, anya: Person, session: ClientSession
) -> None:
    params = {"chat_id": str(anya.id), "text": "привет"}
    async with session.get(f"{api.url}/SENDMESSAGE", params=params) as response:
        assert response.status == 200
    async with session.post(f"{api.url}/sendMessage", data=params) as response:
        assert response.status == 200
    await api.upload("sendMessage", {}, **params)
    await api("sendMessage", **params)
    assert [message.text for message in anya.chat.messages] == ["привет"] * 4


async def test_an_edit_changes_the_message_in_place(api: Api, anya: Person) -> None:
    sent = await api("sendMessage", chat_id=anya.id, text="день", reply_markup=inline("Готово"))
    target = {"chat_id": anya.id, "message_id": sent["message_id"]}
    edited = await api("editMessageText", **target, text="день ✓", reply_markup=inline("Ещё"))
    assert edited["edit_date"] >= edited["date"]
    assert await api("editMessageReplyMarkup", **target) == {
        key: value for key, value in edited.items() if key != "reply_markup"
    }
    assert [message.text for message in anya.chat.shown()] == ["день ✓"]
    assert anya.chat.messages[0].buttons is None


async def test_edits_that_cannot_be_are_refused(api: Api, anya: Person) -> None:
    sent = await api("sendMessage", chat_id=anya.id, text="день")
    target = {"chat_id": anya.id, "message_id": sent["message_id"]}
    photo = await api.upload("sendPhoto", {"photo": ("a.png", PNG)}, chat_id=anya.id)
    picture = {"chat_id": anya.id, "message_id": photo["message_id"]}
    own = anya.side.say(anya.id, "моё")[0]
    refusals = [
        await api("editMessageText", **target, text="день"),
        await api("editMessageText", chat_id=anya.id, message_id=999, text="!"),
        await api("editMessageText", chat_id=anya.id, message_id=own.id, text="!"),
        await api("editMessageText", **target, text="б" * 4097),
        await api("editMessageText", **target, text="!", reply_markup={"keyboard": [["Да"]]}),
        await api("editMessageText", **picture, text="!"),
        await api("editMessageCaption", **target, caption="!"),
        await api("editMessageText", chat_id=anya.id, text="!"),
    ]
    assert [refused.description.removeprefix("Bad Request: ") for refused in refusals] == [
        NOT_MODIFIED,
        "message to edit not found",
        "message can't be edited",
        "MESSAGE_TOO_LONG",
        "inline keyboard expected",
        "there is no text in the message to edit",
        "there is no caption in the message to edit",
        "message identifier is not specified",
    ]
    assert (await api("editMessageCaption", **picture, caption="подпись"))["caption"] == "подпись"


async def test_a_message_can_be_deleted_for_48_hours(
    api: Api, sandbox: Sandbox, anya: Person
) -> None:
    sandbox.world.clock.set_rate(0)
    first = await api("sendMessage", chat_id=anya.id, text="раз")
    second = await api("sendMessage", chat_id=anya.id, text="два")
    assert await api("deleteMessage", chat_id=anya.id, message_id=first["message_id"]) is True
    gone = await api("deleteMessage", chat_id=anya.id, message_id=first["message_id"])
    assert gone == Refused(400, "Bad Request: message to delete not found")
    sandbox.world.clock.jump(MONDAY + timedelta(hours=48, seconds=1))
    late = await api("deleteMessage", chat_id=anya.id, message_id=second["message_id"])
    assert late == Refused(400, "Bad Request: message can't be deleted")
    assert [message.text for message in anya.chat.shown()] == ["два"]


async def test_a_press_is_answered_in_time_or_not_at_all(
    api: Api, sandbox: Sandbox, anya: Person
) -> None:
    sandbox.world.clock.set_rate(0)
    await api("sendMessage", chat_id=anya.id, text="?", reply_markup=inline("Да"))
    press = anya.side.press(anya.id, label="Да")
    assert isinstance(press, Press)
    too_old = Refused(
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    assert await api("answerCallbackQuery", callback_query_id="1") == too_old
    answer = {"callback_query_id": press.id, "text": "Отмечено"}
    assert await api("answerCallbackQuery", **answer) is True
    assert (press.answer, press.answered_at) == ("Отмечено", press.at)
    sandbox.world.clock.jump(press.at + timedelta(seconds=150))
    assert await api("answerCallbackQuery", **answer) == too_old


async def test_the_keyboard_in_place_of_letters_comes_and_goes(api: Api, anya: Person) -> None:
    markup = {"keyboard": [[{"text": "Мой день"}], ["Задания"]], "resize_keyboard": True}
    sent = await api("sendMessage", chat_id=anya.id, text="меню", reply_markup=markup)
    assert "reply_markup" not in sent
    assert anya.chat.keyboard is not None
    assert [button.label for button in anya.chat.keyboard.buttons()] == ["Мой день", "Задания"]
    await api("sendMessage", chat_id=anya.id, text="!", reply_markup={"remove_keyboard": True})
    assert anya.chat.keyboard is None


async def test_uploads_are_kept_byte_by_byte_and_can_be_sent_again(api: Api, anya: Person) -> None:
    content = bytes(range(256)) * 40
    sent = await api.upload(
        "sendDocument", {"document": ("решение.pdf", content)}, chat_id=anya.id, caption="вот"
    )
    file_id = sent["document"]["file_id"]
    assert (sent["document"]["file_name"], sent["caption"]) == ("решение.pdf", "вот")
    assert await api.download(file_id) == content
    again = await api("sendDocument", chat_id=anya.id, document=file_id)
    assert again["document"] == sent["document"]
    assert await api("sendVoice", chat_id=anya.id, voice=file_id) == Refused(
        400, "Bad Request: can't use file of type Document as Voice"
    )
    assert await api("sendDocument", chat_id=anya.id, document="nothing") == Refused(
        400, "Bad Request: wrong file identifier/HTTP URL specified"
    )


async def test_each_kind_of_file_is_told_as_what_it_is(api: Api, anya: Person) -> None:
    chat = {"chat_id": anya.id}
    photo = await api.upload("sendPhoto", {"x": ("a.png", PNG)}, **chat, photo="attach://x")
    voice = await api.upload("sendVoice", {"voice": ("v.ogg", OGG)}, **chat, duration=4)
    silent = await api.upload("sendVoice", {"voice": ("v.ogg", b"text")}, **chat)
    audio = await api.upload("sendAudio", {"audio": ("a.mp3", b"ID3" + bytes(50))}, **chat)
    assert await api.download(photo["photo"][-1]["file_id"]) == PNG
    assert voice["voice"]["duration"] == 4
    assert voice["voice"]["mime_type"] == "audio/ogg"
    assert "document" in silent
    assert audio["audio"]["file_name"] == "a.mp3"
    refused = await api.upload("sendPhoto", {"photo": ("a.png", b"no picture")}, **chat)
    assert refused == Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
    missing = await api("sendPhoto", **chat, photo="attach://x")
    assert missing == Refused(400, 'Bad Request: there is no file "x" in the request')


async def test_a_caption_is_at_most_1024_characters(api: Api, anya: Person) -> None:
    photo = {"photo": ("a.png", PNG)}
    sent = await api.upload("sendPhoto", photo, chat_id=anya.id, caption="б" * 1024)
    assert len(sent["caption"]) == 1024
    refused = await api.upload("sendPhoto", photo, chat_id=anya.id, caption="б" * 1025)
    assert refused == Refused(400, "Bad Request: message caption is too long")


async def test_files_over_20_megabytes_cannot_be_fetched(api: Api, anya: Person) -> None:
    small = NewFile(FileKind.DOCUMENT, "скан.pdf", "application/pdf", size=20 * MEGABYTE)
    large = NewFile(FileKind.DOCUMENT, "фильм.pdf", "application/pdf", size=25 * MEGABYTE)
    anya.side.send_files(anya.id, [small, large])
    first, second = (update["message"]["document"] for update in await api.updates())
    assert second["file_size"] == 25 * MEGABYTE
    assert await api("getFile", file_id=second["file_id"]) == Refused(
        400, "Bad Request: file is too big"
    )
    assert len(await api.download(first["file_id"])) == 20 * MEGABYTE


async def test_uploads_over_50_megabytes_are_refused(api: Api, anya: Person) -> None:
    video = {"document": ("v.mp4", bytes(50 * MEGABYTE + 1))}
    refused = await api.upload("sendDocument", video, chat_id=anya.id)
    assert refused == Refused(413, "Request Entity Too Large")


async def test_an_album_has_two_to_ten_pieces(api: Api, anya: Person) -> None:
    def media(count: int) -> list[dict[str, str]]:
        return [{"type": "photo", "media": "attach://x"} for _ in range(count)]

    files = {"x": ("a.png", PNG)}
    album = media(2)
    album[0]["caption"] = "стр. 1 и 2"
    sent = await api.upload("sendMediaGroup", files, chat_id=anya.id, media=album)
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message.get("caption") for message in sent] == ["стр. 1 и 2", None]
    for count in (1, 11):
        refused = await api.upload("sendMediaGroup", files, chat_id=anya.id, media=media(count))
        assert refused.status == 400
    mixed = [*media(1), {"type": "document", "media": "attach://x"}]
    refused = await api.upload("sendMediaGroup", files, chat_id=anya.id, media=mixed)
    assert refused.description.endswith("can't use the media of the specified type in the album")
    assert len(anya.chat.messages) == 2


async def test_commands_descriptions_and_actions(api: Api, anya: Person) -> None:
    commands = [{"command": "day", "description": "Мой день"}]
    assert await api("setMyCommands", commands=commands) is True
    assert await api("getMyCommands") == commands
    assert await api("getMyCommands", language_code="en") == []
    bad_name = [{"command": "День", "description": "!"}]
    assert await api("setMyCommands", commands=bad_name) == Refused(
        400, "Bad Request: BOT_COMMAND_INVALID"
    )
    assert await api("setMyDescription", description="Помогаю") is True
    assert await api("getMyDescription") == {"description": "Помогаю"}
    assert (await api("setMyShortDescription", short_description="б" * 121)).status == 400
    assert (await api("getMe"))["username"] == "dezhurny_bot"
    assert await api("deleteWebhook") is True
    assert (await api("getWebhookInfo"))["pending_update_count"] == 0
    began = time.monotonic()
    assert await api("sendChatAction", chat_id=anya.id, action="typing") is True
    assert anya.chat.typing_until is not None
    assert began <= anya.chat.typing_until - 5 <= time.monotonic()
    assert (await api("sendChatAction", chat_id=anya.id, action="dancing")).status == 400


class StandingTime:
    """Real time as the pace sees it: it passes when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> StandingTime:
    """However slow the machine, no time passes between two sends."""
    made = StandingTime()
    monkeypatch.setattr(pace, "time", made)
    return made


async def test_who_sends_too_fast_is_told_how_long_to_wait(
    session: ClientSession, standing: StandingTime
) -> None:
    rules = TelegramRules(chat_burst=3, chat_rate=1.0)
    async with Sandbox(MONDAY, rules=Rules(rules)) as sandbox:
        api = Api(session, sandbox.telegram_api_url)
        person = Person(sandbox, "Аня")
        person.says("/start")
        answers = [await api("sendMessage", chat_id=person.id, text=str(n)) for n in range(4)]
        assert answers[3] == Refused(429, "Too Many Requests: retry after 1")
        standing.seconds += 1
        assert (await api("sendMessage", chat_id=person.id, text="снова"))["text"] == "снова"
        assert len(person.chat.messages) == 5


@pytest.mark.usefixtures("standing")
async def test_a_bot_sends_thirty_messages_a_second_in_all(session: ClientSession) -> None:
    async with Sandbox(MONDAY) as sandbox:
        api = Api(session, sandbox.telegram_api_url)
        people = [Person(sandbox, f"Ученик {number}") for number in range(40)]
        for person in people:
            person.says("/start")
        answers = [await api("sendMessage", chat_id=one.id, text="!") for one in people]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 10
    assert {answer.status for answer in refused} == {429}


async def test_a_photo_of_a_person_comes_whole(api: Api, anya: Person) -> None:
    anya.side.send_files(anya.id, [PHOTO])
    sizes = (await api.updates())[0]["message"]["photo"]
    assert await api.download(sizes[-1]["file_id"]) == PNG
    assert await api.download(sizes[0]["file_id"]) != PNG
