import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messengers.vk_events import from_history, message_of, press_parts, understand
from handlers.messages import Address, FileKind, Happening, Incoming, RemoteFile

NOW = datetime(2026, 11, 23, 4, 0, 30, tzinfo=UTC)
SENT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DATE = int(SENT.timestamp())
ADDRESS = Address("vk", "700", "700")
CHAT = 2_000_000_001

Json = dict[str, Any]


def event(kind: str, content: Json) -> Json:
    return {"group_id": 2, "type": kind, "event_id": "abc", "v": "5.199", "object": content}


def message(**fields: Any) -> Json:
    return {
        "id": 31,
        "conversation_message_id": 11,
        "peer_id": 700,
        "from_id": 700,
        "date": DATE,
        "text": "",
        "attachments": [],
        "fwd_messages": [],
        "out": 0,
    } | fields


def new(**fields: Any) -> Json:
    return event("message_new", {"message": message(**fields), "client_info": {}})


def read(raw: Json) -> Incoming:
    update = understand(raw, NOW)
    assert update.error == ""
    assert update.event is not None
    return update.event


def silent(raw: Json) -> bool:
    update = understand(raw, NOW)
    return update.event is None and update.error == ""


def attached(kind: str, **content: Any) -> Json:
    return {"type": kind, kind: content}


def test_a_text() -> None:
    update = understand(new(text="Привет"), NOW)
    assert update.ref == "msg:2:700:11"
    assert update.press == ""
    assert update.event == Incoming(ADDRESS, SENT, text="Привет", message_ref="11")


def test_a_message_has_one_ref_as_event_and_in_the_history() -> None:
    found = understand(from_history(message(text="Привет"), 2), NOW)
    assert found.ref == understand(new(text="Привет"), NOW).ref
    assert found.event == read(new(text="Привет"))


def test_a_message_to_another_community_is_another_message() -> None:
    """A pilot's community is followed by the real one, where everybody's numbers begin at 1."""
    first = new(text="Привет")
    assert understand(first | {"group_id": 3}, NOW).ref != understand(first, NOW).ref


def test_before_5_103_the_message_was_not_wrapped() -> None:
    assert read(event("message_new", message(text="Привет"))).text == "Привет"


@pytest.mark.parametrize(
    ("fields", "action", "text"),
    [
        ({"text": "Начать", "payload": '{"command":"start"}'}, "start:", ""),
        ({"text": "Начать", "payload": {"command": "start"}}, "start:", ""),
        ({"text": "Начать", "payload": '{"command":"start"}', "ref": "ABC"}, "start:ABC", ""),
        ({"text": "Здравствуйте", "ref": "ABC"}, "start:ABC", "Здравствуйте"),
        ({"text": "Мой день", "payload": '{"button":1}'}, "", "Мой день"),
        ({"text": "Мой день", "payload": "{"}, "", "Мой день"),
        ({"text": "Начать"}, "", "Начать"),
    ],
)
def test_starts(fields: Json, action: str, text: str) -> None:
    found = read(new(**fields))
    assert (found.happening, found.action, found.text) == (Happening.MESSAGE, action, text)


def test_an_edit_is_dated_by_the_edit() -> None:
    raw = event("message_edit", message(text="Иначе", update_time=DATE + 30))
    update = understand(raw, NOW)
    assert update.ref == "event:abc"
    assert update.event == Incoming(ADDRESS, NOW, text="Иначе", message_ref="11", is_edit=True)


def test_the_largest_form_of_every_photo_is_taken() -> None:
    sizes = [
        {"type": "s", "url": "https://v/s", "width": 75, "height": 56},
        {"type": "w", "url": "https://v/w", "width": 2560, "height": 1920},
        {"type": "x", "url": "https://v/x", "width": 604, "height": 453},
    ]
    orig = {"type": "base", "url": "https://v/o", "width": 4000, "height": 3000}
    found = read(
        new(
            text="Работа",
            attachments=[attached("photo", sizes=sizes), attached("photo", orig_photo=orig)],
        )
    )
    assert found.text == "Работа"
    assert [file.ref for file in found.remote] == ["https://v/w", "https://v/o"]
    assert {file.kind for file in found.remote} == {FileKind.PHOTO}


def test_files() -> None:
    found = read(
        new(
            attachments=[
                attached("doc", title="Работа", ext="pdf", size=9, url="https://v/d"),
                attached("doc", title="Б.PDF", ext="pdf", size=1, url="https://v/e"),
                attached("audio", artist="Хор", title="Гимн", url="https://v/a"),
                attached("video", title="Опыт"),
                attached("sticker", sticker_id=1),
            ]
        )
    )
    assert found.remote == (
        RemoteFile(FileKind.DOCUMENT, "https://v/d", "Работа.pdf", 9, "application/pdf"),
        RemoteFile(FileKind.DOCUMENT, "https://v/e", "Б.PDF", 1, "application/pdf"),
        RemoteFile(FileKind.AUDIO, "https://v/a", "Хор - Гимн.mp3", 0, "audio/mpeg"),
        RemoteFile(FileKind.VIDEO, "", "Опыт"),
        RemoteFile(FileKind.STICKER, ""),
    )


def test_a_voice_is_taken_in_the_form_that_telegram_plays() -> None:
    both = attached("audio_message", link_ogg="https://v/o", link_mp3="https://v/m")
    mp3 = attached("audio_message", link_mp3="https://v/m")
    found = read(new(attachments=[both, mp3])).remote
    assert found == (
        RemoteFile(FileKind.VOICE, "https://v/o", content_type="audio/ogg"),
        RemoteFile(FileKind.VOICE, "https://v/m", content_type="audio/mpeg"),
    )


def test_forwarded_messages_bring_their_files_and_words() -> None:
    doc = attached("doc", title="a.pdf", ext="pdf", url="https://v/d", size=1)
    inner = message(text="Ответы", attachments=[doc])
    found = read(new(fwd_messages=[message(text="Смотрите"), inner]))
    assert found.text == "Смотрите\nОтветы"
    assert [file.ref for file in found.remote] == ["https://v/d"]
    assert read(new(text="Моё", fwd_messages=[inner])).text == "Моё"


def test_a_link_is_told_once() -> None:
    link = attached("link", url="https://a.example/x", title="")
    assert read(new(text="Вот https://a.example/x", attachments=[link])).text == (
        "Вот https://a.example/x"
    )
    assert read(new(text="Вот", attachments=[link])).text == "Вот\nhttps://a.example/x"


@pytest.mark.parametrize("kind", ["wall", "poll", "market", "story", "gift"])
def test_what_nobody_can_use_is_an_empty_message_that_wants_an_answer(kind: str) -> None:
    found = read(new(attachments=[attached(kind)]))
    assert (found.happening, found.text, found.remote) == (Happening.MESSAGE, "", ())


def test_a_press_names_its_message_and_can_be_answered() -> None:
    content = {
        "user_id": 700,
        "peer_id": 700,
        "event_id": "e:1",
        "payload": {"a": "task:7"},
        "conversation_message_id": 12,
    }
    update = understand(event("message_event", content), NOW)
    assert update.ref == "event:abc"
    assert press_parts(update.press) == ("e:1", "700", "700")
    assert update.event == Incoming(
        ADDRESS, NOW, happening=Happening.PRESS, action="task:7", message_ref="12"
    )
    told = understand(event("message_event", content | {"payload": '{"a":"task:7"}'}), NOW)
    assert told.event == update.event


@pytest.mark.parametrize("payload", [None, {}, {"a": 7}, "{", [], {"command": "start"}])
def test_a_press_that_is_not_ours_still_has_its_spinner_stopped(payload: object) -> None:
    content = {"user_id": 700, "peer_id": 700, "event_id": "e1", "payload": payload}
    update = understand(event("message_event", content), NOW)
    assert update.event is None
    assert update.error
    assert update.press == "e1:700:700"


def test_denying_and_allowing() -> None:
    denied = read(event("message_deny", {"user_id": 700}))
    assert denied == Incoming(ADDRESS, NOW, happening=Happening.BLOCKED)
    allowed = read(event("message_allow", {"user_id": 700, "key": ""}))
    assert allowed == Incoming(ADDRESS, NOW, happening=Happening.ALLOWED)


def test_a_group_chat_is_not_private() -> None:
    found = read(new(peer_id=CHAT, text="всем привет"))
    assert found.address == Address("vk", str(CHAT), "700")
    assert not found.is_private


@pytest.mark.parametrize(
    "raw",
    [
        new(from_id=-2, text="от сообщества"),
        new(out=1, text="наше"),
        new(peer_id=CHAT, action={"type": "chat_invite_user", "member_id": -2}),
        event("message_reply", message(text="наше", from_id=-2)),
        event("message_typing_state", {"state": "typing"}),
        event("message_edit", message(attachments=[attached("poll")])),
    ],
)
def test_what_says_nothing(raw: Json) -> None:
    assert silent(raw)


POISON: list[Any] = [
    new(date="soon"),
    new(date=10**30),
    new(from_id=None),
    new(text=17),
    new(attachments=[{"type": "doc"}]),
    new(attachments=[attached("photo", sizes=[])]),
    new(attachments=17),
    event("message_new", {"message": None}),
    event("message_new", {}),
    event("message_event", {}),
    event("message_deny", {}),
]


@pytest.mark.parametrize("raw", POISON, ids=range(len(POISON)))
def test_an_event_that_cannot_be_understood_is_told(raw: Any) -> None:
    update = understand(raw, NOW)
    assert update.event is None
    assert update.error
    assert update.ref
    assert json.loads(update.raw) == raw
    message_of(raw)


@pytest.mark.parametrize("raw", [None, 17, "x", [], {}, {"object": 5}])
def test_what_is_no_event_at_all_has_a_ref_of_its_own(raw: Any) -> None:
    update = understand(raw, NOW)
    assert update.event is None
    assert update.error
    assert update.ref.startswith("unreadable:")
    assert message_of(raw) == {}


def test_a_forward_within_a_forward_without_end_is_survived() -> None:
    deep: Json = message(text="дно")
    for _ in range(50):
        deep = message(fwd_messages=[deep])
    found = read(event("message_new", {"message": deep}))
    assert found.text == ""


def test_a_name_of_any_length_becomes_one_that_a_sentence_can_carry() -> None:
    """Fluent refuses to put more than 2,500 characters into a sentence."""
    long = attached("doc", title="д" * 5000, ext="pdf", size=9, url="https://v/d")
    (file,) = read(new(attachments=[long])).remote
    assert file.name == "д" * 251 + ".pdf"
