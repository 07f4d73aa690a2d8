import json
import re

import pytest

from bot.messengers.telegram_errors import changes_nothing, edit_refusal, read
from bot.messengers.telegram_forms import worded
from bot.messengers.telegram_library import methods, types
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    FloodWait,
    NotSent,
    OutcomeUnknown,
    PolledElsewhere,
    Rejected,
    TokenRefused,
)

WORD = re.compile(r"\w+")
PAGE = "<html><body>502 Bad Gateway</body></html>"


def refused(code: int, description: str, **parameters: int) -> str:
    body = {"ok": False, "error_code": code, "description": description}
    return json.dumps(body | ({"parameters": parameters} if parameters else {}))


def test_an_answer_is_its_result() -> None:
    assert read("getMe", 200, '{"ok":true,"result":{"id":1}}', repeatable=True) == {"id": 1}


@pytest.mark.frameworks
def test_a_refusal_that_repeats_what_we_asked_keeps_it_to_itself() -> None:
    markup = types.ReplyKeyboardMarkup(keyboard=[[types.KeyboardButton(text="Ann Sokolova")]])
    asked = methods.SendMessage(chat_id="700000001", text='Ann has "measles"', reply_markup=markup)
    whole = worded(asked).decode()
    for echo in (whole, whole[:60], json.dumps(whole), repr(json.loads(whole))):
        with pytest.raises(Rejected, match="can't read") as caught:
            read(
                "sendMessage", 400, refused(400, f"Bad Request: can't read {echo}"), repeatable=True
            )
        assert not {"Ann", "measles", "Sokolova"} & set(WORD.findall(str(caught.value)))


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (400, "Bad Request: chat not found", ChatClosed),
        (400, "Bad Request: PEER_ID_INVALID", ChatClosed),
        (403, "Forbidden: bot was blocked by the user", ChatClosed),
        (403, "Forbidden: user is deactivated", ChatClosed),
        (403, "Forbidden: bot can't initiate conversation with a user", ChatClosed),
        (400, "Bad Request: message is too long", Rejected),
        (400, "Bad Request: BUTTON_DATA_INVALID", Rejected),
        (413, "Request Entity Too Large", Rejected),
        (401, "Unauthorized", TokenRefused),
        (404, "Not Found", TokenRefused),
        (409, "Conflict: terminated by other getUpdates request", PolledElsewhere),
        (500, "Internal Server Error: restart", NotSent),
        (502, "Bad Gateway", OutcomeUnknown),
    ],
)
def test_a_refusal_means(status: int, description: str, expected: type[DeliveryFailed]) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        read("sendMessage", status, refused(status, description), repeatable=False)
    assert type(caught.value) is expected
    assert description in str(caught.value)


def test_a_flood_refusal_says_how_long() -> None:
    body = refused(429, "Too Many Requests: retry after 17", retry_after=17)
    with pytest.raises(FloodWait) as caught:
        read("sendMessage", 429, body, repeatable=False)
    assert caught.value.seconds == 17
    with pytest.raises(FloodWait):
        read("sendMessage", 429, PAGE, repeatable=False)


@pytest.mark.parametrize("body", [PAGE, "", "{", "null", "[]", '{"result":1}', '{"ok":"yes"}'])
@pytest.mark.parametrize("status", [200, 302, 502])
def test_no_answer_of_the_bot_api_tells_nothing_of_a_message(status: int, body: str) -> None:
    with pytest.raises(OutcomeUnknown):
        read("sendMessage", status, body, repeatable=False)
    with pytest.raises(NotSent):
        read("getUpdates", status, body, repeatable=True)


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: MESSAGE_ID_INVALID",
        "Bad Request: there is no text in the message to edit",
    ],
)
def test_an_edit_refused_for_the_message_that_is_there(description: str) -> None:
    assert isinstance(edit_refusal(Rejected(description)), EditRejected)


def test_other_refusals_of_an_edit() -> None:
    assert edit_refusal(Rejected("Bad Request: MESSAGE_TOO_LONG")) is None
    assert changes_nothing(Rejected("editMessageText: 400 Bad Request: message is not modified: x"))
    assert not changes_nothing(Rejected("Bad Request: message is too long"))
