import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messengers.telegram_events import highest, understand
from handlers.messages import Address, FileKind, Happening, Incoming, RemoteFile

NOW = datetime(2026, 11, 23, 4, 0, 30, tzinfo=UTC)
SENT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DATE = int(SENT.timestamp())
ANYA = {"id": 700, "is_bot": False, "first_name": "Аня"}
CHAT = {"id": 700, "type": "private", "first_name": "Аня"}
GROUP = {"id": -100500, "type": "supergroup", "title": "7Б"}
ADDRESS = Address("telegram", "700", "700")

Json = dict[str, Any]


def message(**fields: Any) -> Json:
    return {"message_id": 11, "date": DATE, "chat": CHAT, "from": ANYA} | fields


def read(kind: str, content: Json) -> Incoming:
    update = understand({"update_id": 5, kind: content}, NOW)
    assert update.error == ""
    assert update.event is not None
    return update.event


def silent(kind: str, content: Json) -> bool:
    update = understand({"update_id": 5, kind: content}, NOW)
    return update.event is None and update.error == ""


def test_a_text() -> None:
    update = understand({"update_id": 5, "message": message(text="Привет 🙂")}, NOW)
    assert update.ref == "5"
    assert update.press == ""
    assert json.loads(update.raw)["message"]["text"] == "Привет 🙂"
    assert update.event == Incoming(ADDRESS, SENT, text="Привет 🙂", message_ref="11")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("/start", "start:"),
        ("/start ABC-123_x", "start:ABC-123_x"),
        ("/start@dezhurny_bot ABC", "start:ABC"),
        ("/start  ABC ", "start:ABC"),
    ],
)
def test_a_start_is_an_action_and_says_nothing_else(text: str, action: str) -> None:
    event = read("message", message(text=text))
    assert (event.happening, event.action, event.text) == (Happening.MESSAGE, action, "")


@pytest.mark.parametrize("text", ["/help", "/starting", "Напишите /start", "/start@"])
def test_other_commands_are_text(text: str) -> None:
    event = read("message", message(text=text))
    assert (event.action, event.text) == ("", text)


def test_an_edit_is_dated_by_the_edit_and_never_starts_anything() -> None:
    event = read("edited_message", message(text="/start ABC", edit_date=DATE + 30))
    assert event.is_edit
    assert event.sent_at == NOW
    assert (event.action, event.text) == ("", "/start ABC")


def test_the_largest_photo_is_taken_with_its_caption_and_album() -> None:
    sizes = [
        {"file_id": "small", "width": 90, "height": 60, "file_size": 1},
        {"file_id": "large", "width": 1280, "height": 960, "file_size": 3},
        {"file_id": "middle", "width": 320, "height": 240, "file_size": 2},
    ]
    event = read("message", message(photo=sizes, caption="Задание 3", media_group_id="77"))
    assert event.text == "Задание 3"
    assert event.album == "77"
    assert event.remote == (RemoteFile(FileKind.PHOTO, "large", "", 3, "image/jpeg"),)


@pytest.mark.parametrize(
    ("field", "kind", "content_type"),
    [
        ("document", FileKind.DOCUMENT, "application/pdf"),
        ("audio", FileKind.AUDIO, "audio/mpeg"),
        ("video", FileKind.VIDEO, "video/mp4"),
    ],
)
def test_files(field: str, kind: FileKind, content_type: str) -> None:
    file = {"file_id": "id", "file_name": "а.б", "mime_type": content_type, "file_size": 9}
    event = read("message", message(**{field: file}))
    assert event.remote == (RemoteFile(kind, "id", "а.б", 9, content_type),)


def test_a_voice_and_a_round_video_have_no_names() -> None:
    voice = read("message", message(voice={"file_id": "v", "duration": 3}))
    assert voice.remote == (RemoteFile(FileKind.VOICE, "v", "", 0, "audio/ogg"),)
    note = read("message", message(video_note={"file_id": "n", "length": 240, "duration": 3}))
    assert note.remote == (RemoteFile(FileKind.VIDEO, "n"),)


def test_an_animation_comes_as_the_document_that_it_is() -> None:
    file = {"file_id": "id", "file_name": "a.mp4", "mime_type": "video/mp4", "file_size": 9}
    event = read("message", message(animation=file, document=file))
    assert event.remote == (RemoteFile(FileKind.DOCUMENT, "id", "a.mp4", 9, "video/mp4"),)


def test_a_sticker_is_a_file_that_cannot_be_fetched() -> None:
    event = read("message", message(sticker={"file_id": "s", "emoji": "👍"}))
    assert event.remote == (RemoteFile(FileKind.STICKER, ""),)


@pytest.mark.parametrize("field", ["contact", "location", "poll", "dice", "story", "rich_message"])
def test_what_nobody_can_use_is_an_empty_message_that_wants_an_answer(field: str) -> None:
    event = read("message", message(**{field: {}}))
    assert (event.happening, event.text, event.remote) == (Happening.MESSAGE, "", ())


@pytest.mark.parametrize(
    "content",
    [
        message(pinned_message=message(text="a")),
        message(write_access_allowed={}),
        message(chat=GROUP, new_chat_members=[ANYA]),
        message(text="я бот", **{"from": ANYA | {"is_bot": True}}),
    ],
)
def test_service_messages_say_nothing(content: Json) -> None:
    assert silent("message", content)


def test_a_live_location_that_moves_says_nothing_again() -> None:
    assert silent("edited_message", message(location={}, edit_date=DATE))


def test_a_group_is_not_private() -> None:
    event = read("message", message(chat=GROUP, text="всем привет"))
    assert event.address == Address("telegram", "-100500", "700")
    assert not event.is_private


def test_hidden_links_stand_behind_their_words() -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 3, "length": 5, "url": "https://a.example"},
        {"type": "text_link", "offset": 11, "length": 3, "url": "https://b.example"},
    ]
    event = read("message", message(text="🙂 здесь и тут.", entities=entities))
    assert event.text == "🙂 здесь (https://a.example) и тут (https://b.example)."


def test_a_press_is_dated_by_its_arrival_and_names_its_message() -> None:
    query = {"id": "99", "from": ANYA, "data": "task:7", "message": message(text="Карточка")}
    update = understand({"update_id": 6, "callback_query": query}, NOW)
    assert update.press == "99"
    assert update.event == Incoming(
        ADDRESS, NOW, happening=Happening.PRESS, action="task:7", message_ref="11"
    )


def test_a_press_on_a_message_that_is_gone_still_has_its_chat() -> None:
    gone = {"chat": CHAT, "message_id": 11, "date": 0}
    query = {"id": "99", "from": ANYA, "data": "x", "message": gone}
    assert read("callback_query", query).message_ref == "11"


@pytest.mark.parametrize("extra", [{"game_short_name": "chess"}, {"inline_message_id": "1"}])
def test_a_press_of_nothing_of_ours_only_has_its_spinner_stopped(extra: Json) -> None:
    update = understand({"update_id": 6, "callback_query": {"id": "99", "from": ANYA} | extra}, NOW)
    assert (update.event, update.error, update.press) == (None, "", "99")


@pytest.mark.parametrize(
    ("status", "happening"), [("kicked", Happening.BLOCKED), ("member", Happening.ALLOWED)]
)
def test_blocking_and_allowing(status: str, happening: Happening) -> None:
    change = {"chat": CHAT, "from": ANYA, "date": DATE, "new_chat_member": {"status": status}}
    assert read("my_chat_member", change) == Incoming(ADDRESS, SENT, happening=happening)


@pytest.mark.parametrize(
    ("chat", "status"), [(GROUP, "member"), (GROUP, "kicked"), (CHAT, "administrator")]
)
def test_other_changes_of_membership_say_nothing(chat: Json, status: str) -> None:
    change = {"chat": chat, "from": ANYA, "date": DATE, "new_chat_member": {"status": status}}
    assert silent("my_chat_member", change)


def test_an_unknown_kind_says_nothing() -> None:
    assert silent("business_message", message(text="x"))


POISON: list[Any] = [
    {"update_id": 5, "message": message(date="soon", text="x")},
    {"update_id": 5, "message": message(date=10**30, text="x")},
    {"update_id": 5, "message": message(text=17)},
    {"update_id": 5, "message": message(text="x", entities=[{"type": "text_link"}])},
    {"update_id": 5, "message": message(text="x", chat=None)},
    {"update_id": 5, "message": message(photo=[{}])},
    {"update_id": 5, "message": message(document="x")},
    {"update_id": 5, "message": []},
    {"update_id": 5, "edited_message": message(text="x")},
    {"update_id": 5, "callback_query": {}},
    {"update_id": 5, "callback_query": None},
    {"update_id": 5, "my_chat_member": {"chat": CHAT}},
]


@pytest.mark.parametrize("raw", POISON, ids=range(len(POISON)))
def test_an_update_that_cannot_be_understood_is_told_and_keeps_its_ref(raw: Any) -> None:
    update = understand(raw, NOW)
    assert update.event is None
    assert update.error
    assert update.ref == "5"
    assert json.loads(update.raw) == raw


@pytest.mark.parametrize("raw", [None, 17, "x", [], {}, {"update_id": "5"}])
def test_what_is_no_update_at_all_has_a_ref_of_its_own(raw: Any) -> None:
    update = understand(raw, NOW)
    assert update.event is None
    assert update.error
    assert update.ref.startswith("unreadable:")
    assert update.ref == understand(raw, NOW).ref


def test_hostile_characters_can_be_stored() -> None:
    update = understand({"update_id": 5, "message": message(text="а\ud83d\x00б")}, NOW)
    assert update.event is not None
    assert update.event.text == "а\ufffdб"
    update.raw.encode()
    assert "\x00" not in update.raw


def test_a_forward_from_a_hidden_user_is_a_message() -> None:
    """aiogram 3.31 fails the whole batch for one of these."""
    origin = {"type": "hidden_user", "date": DATE}
    assert read("message", message(text="Переслано", forward_origin=origin)).text == "Переслано"


def test_the_highest_id_is_found_among_rubbish() -> None:
    assert highest([{"update_id": 3}, {"update_id": 9}, {}, None, {"update_id": "11"}]) == 9
    assert highest([]) == -1


def test_a_name_of_any_length_becomes_one_that_a_sentence_can_carry() -> None:
    """Fluent refuses to put more than 2,500 characters into a sentence."""
    document = {"file_id": "d", "file_unique_id": "u", "file_name": "д" * 5000 + ".pdf"}
    (file,) = read("message", message(document=document)).remote
    assert file.name == "д" * 251 + ".pdf"
