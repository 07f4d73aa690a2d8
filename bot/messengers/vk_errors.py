"""What an answer of the VK API means for a message; VK refuses with 200 and a code in the body."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.logs import redacted, unquoted
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

_TOO_MANY, _SERVER, _UNTOLD_WAIT = 429, 500, 5.0
_TOO_FAST = 6  # too many requests in a second: of the token
_WAITS = {
    _TOO_FAST: 1.0,
    9: 5.0,  # too much of the same
    14: 60.0,  # a captcha, which nobody is there to solve
    29: 300.0,  # the day's quota of a method
    32: 5.0,
    103: 60.0,
    601: 300.0,
}
"""Seconds to wait; VK names none."""
_OF_EVERY_MESSAGE = frozenset({"messages.send", "execute"})

_REFUSALS: dict[int, Callable[[str], DeliveryFailed]] = {
    **dict.fromkeys((1, 10, 36, 43), NotSent),
    **dict.fromkeys((4, 5, 15, 17, 20, 27, 28, 42), TokenRefused),
    912: TokenRefused,  # the abilities of a bot are switched off in the community's settings
    **dict.fromkeys((18, 37, 39, 113, 900, 901, 902, 917, 922, 927, 936, 945), ChatClosed),
}
_LACKING = frozenset({"15", "20", "912"})
"""Codes of a good token that lacks a right or a setting."""
_UNEDITABLE = frozenset({15, 100, 104, 909, 920})
"""Codes that speak, after an edit, of the message that it was to change."""


def read(method: str, status: int, body: str, *, repeatable: bool) -> Any:
    """Give the `response` of an answer, or raise what its refusal means.

    A gateway's page says nothing about the call behind it: unless the call does no harm when it
    is done twice (`repeatable`), nobody can tell.
    """
    answer = _decode(body)
    if isinstance(answer.get("error"), dict):
        raise refusal(method, answer["error"])
    if "response" in answer:
        return answer["response"]
    if status == _TOO_MANY:
        raise FloodWait(_UNTOLD_WAIT, Scope.LANE)
    told = f"{method}: {status} and no answer of the API"
    raise NotSent(told) if repeatable else OutcomeUnknown(told)


def read_executed(methods: Sequence[str], status: int, body: str) -> list[Any]:
    """Give the answers to the calls of one `execute`, in place of a refused one its failure.

    An answer that does not fit the calls says of none of them what became of it.
    """
    answer = _decode(body)
    results = read("execute", status, body, repeatable=False)
    if not isinstance(results, list) or len(results) != len(methods):
        raise OutcomeUnknown(f"execute: {len(methods)} calls and another number of answers")
    refusals = iter(answer.get("execute_errors") or ())
    return [
        refusal(method, next(refusals, {})) if result is False else result
        for method, result in zip(methods, results, strict=True)
    ]


def read_events(status: int, body: str) -> dict[str, Any]:
    """Give an answer of the Long Poll server, or raise NotSent."""
    answer = _decode(body)
    if "failed" in answer or "ts" in answer:
        return answer
    raise NotSent(f"a_check: {status} and no events")


def read_upload(status: int, body: str) -> dict[str, Any]:
    """Give an answer of an upload server, or raise why it took no file."""
    answer = _decode(body)
    if status == _TOO_MANY:
        raise FloodWait(_UNTOLD_WAIT, Scope.METHOD)
    if answer.get("error") and status < _SERVER:
        raise Rejected(unquoted(redacted(f"upload: {status} {answer['error']}")))
    if not answer or status >= _SERVER:
        raise NotSent(f"upload: {status} and no answer")
    return answer


def refusal(method: str, error: Mapping[str, Any]) -> DeliveryFailed:
    """Say what VK's error object means; the same words serve a call and one of its recipients."""
    code = error.get("error_code", error.get("code", 0))
    code = code if isinstance(code, int) else 0
    said = error.get("error_msg", error.get("description", ""))
    told = unquoted(redacted(f"{method}: {code} {said}".strip()))  # it may repeat what we asked
    if code in _WAITS:
        return FloodWait(_WAITS[code], _scope(method, code), told)
    if method == "messages.edit" and code in _UNEDITABLE:
        return EditRejected(told)
    return _REFUSALS.get(code, Rejected)(told)


def is_of_the_token(error: DeliveryFailed) -> bool:
    """Say whether a refusal is one of the token itself, and not only of what was asked with it."""
    code = str(error).partition(": ")[2].partition(" ")[0]
    return isinstance(error, TokenRefused) and code not in _LACKING


def _scope(method: str, code: int) -> Scope:
    """Say whom a refusal for too much concerns."""
    if code == _TOO_FAST:
        return Scope.LANE
    return Scope.MESSAGE if method in _OF_EVERY_MESSAGE else Scope.METHOD


def _decode(body: str) -> dict[str, Any]:
    """Read an answer, {} where it is a page or something else that says nothing."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
