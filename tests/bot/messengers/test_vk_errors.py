import json
import re

import pytest

from bot.messengers.vk_errors import is_of_the_token, read, read_events, read_upload, refusal
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    FloodWait,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Scope,
    TokenRefused,
)

PAGE = "<html><body>502 Bad Gateway</body></html>"


def test_an_answer_is_its_response() -> None:
    assert read("messages.send", 200, '{"response":0}', repeatable=False) == 0


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1, NotSent),
        (5, TokenRefused),
        (6, FloodWait),
        (9, FloodWait),
        (10, NotSent),
        (14, FloodWait),
        (15, TokenRefused),
        (18, ChatClosed),
        (27, TokenRefused),
        (100, Rejected),
        (900, ChatClosed),
        (901, ChatClosed),
        (902, ChatClosed),
        (911, Rejected),
        (912, TokenRefused),
        (914, Rejected),
        (936, ChatClosed),
    ],
)
def test_a_code_means(code: int, expected: type[DeliveryFailed]) -> None:
    told = {"error_code": code, "error_msg": "words", "request_params": [{"key": "k"}]}
    with pytest.raises(DeliveryFailed) as caught:
        read("messages.send", 200, json.dumps({"error": told}), repeatable=False)
    assert type(caught.value) is expected
    one_of_several = refusal("messages.send", {"code": code, "description": "words"})
    assert type(one_of_several) is expected
    assert str(one_of_several) == str(caught.value)


@pytest.mark.parametrize(
    ("method", "code", "scope"),
    [
        ("messages.send", 6, Scope.LANE),
        ("execute", 6, Scope.LANE),
        ("docs.save", 6, Scope.LANE),
        ("messages.send", 9, Scope.MESSAGE),
        ("messages.send", 14, Scope.MESSAGE),
        ("execute", 29, Scope.MESSAGE),
        ("messages.send", 103, Scope.MESSAGE),
        ("docs.getMessagesUploadServer", 29, Scope.METHOD),
        ("photos.saveMessagesPhoto", 601, Scope.METHOD),
        ("docs.save", 32, Scope.METHOD),
        ("messages.edit", 9, Scope.METHOD),
    ],
)
def test_only_the_limit_of_the_token_concerns_every_message(
    method: str, code: int, scope: Scope
) -> None:
    told = refusal(method, {"error_code": code, "error_msg": "words"})
    assert isinstance(told, FloodWait)
    assert told.scope is scope
    assert f"{method}: {code} words" in str(told)


def test_a_refusal_by_the_status_alone_concerns_whoever_was_asked() -> None:
    with pytest.raises(FloodWait) as api:
        read("messages.send", 429, PAGE, repeatable=False)
    with pytest.raises(FloodWait) as upload:
        read_upload(429, PAGE)
    assert (api.value.scope, upload.value.scope) == (Scope.LANE, Scope.METHOD)


@pytest.mark.parametrize("code", [15, 100, 909, 920])
def test_an_edit_refused_for_the_message_that_is_there(code: int) -> None:
    assert isinstance(refusal("messages.edit", {"error_code": code}), EditRejected)


def test_a_token_is_refused_or_what_was_asked_with_it() -> None:
    refused = {
        code
        for code in (4, 5, 7, 15, 17, 20, 27, 28, 42, 100, 912, 917)
        if is_of_the_token(refusal("messages.getHistory", {"error_code": code, "error_msg": "5"}))
    }
    assert refused == {4, 5, 17, 27, 28, 42}


@pytest.mark.parametrize("body", [PAGE, "", "{", "null", "[]", "{}", '{"error":"x"}'])
def test_no_answer_of_the_api_tells_nothing_of_a_message(body: str) -> None:
    with pytest.raises(OutcomeUnknown):
        read("messages.send", 502, body, repeatable=False)
    with pytest.raises(NotSent):
        read("messages.getHistory", 200, body, repeatable=True)
    with pytest.raises(FloodWait):
        read("messages.send", 429, body, repeatable=False)
    with pytest.raises(NotSent):
        read_events(502, body)


def test_a_long_poll_answer_or_failure_is_read() -> None:
    assert read_events(200, '{"failed":2}') == {"failed": 2}
    assert read_events(200, '{"ts":"7","updates":[]}')["ts"] == "7"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"error":"ERR_UPLOAD_BAD_FILE"}', Rejected),
        (413, '{"error":"too large"}', Rejected),
        (200, PAGE, NotSent),
        (502, '{"error":"x"}', NotSent),
        (429, '{"error":"too many requests"}', FloodWait),
    ],
)
def test_an_upload_that_fails(status: int, body: str, expected: type[DeliveryFailed]) -> None:
    with pytest.raises(expected):
        read_upload(status, body)


def test_a_refused_upload_keeps_to_itself_what_it_repeats() -> None:
    body = '{"error":"bad file \\"Ivan.pdf\\" access_token=vk1.a.abc"}'
    with pytest.raises(Rejected) as caught:
        read_upload(200, body)
    assert str(caught.value).startswith("upload: 200 bad file")
    assert not {"Ivan", "vk1"} & set(re.findall(r"\w+", str(caught.value)))


def test_an_upload_that_was_taken() -> None:
    assert read_upload(200, '{"file":"x"}') == {"file": "x"}
