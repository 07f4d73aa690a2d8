"""Plays the part of `execute` that bots use: API calls one after another, their results returned.

`return [API.messages.send({...}), API.users.get({...})];` or a single call; the arguments are
JSON. Variables, arithmetic and the rest of VKScript are refused with error 12.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.vk.query import Query
from bot.sandbox.vk.rules import MOST_CALLS_IN_EXECUTE, Refusal

CALL = re.compile(r"\s*API\.(?P<method>[A-Za-z]+\.[A-Za-z]+)\(\s*")
CLOSE = re.compile(r"\s*\)\s*")
ONE = re.compile(r"\s*return\s+(?P<body>API\..*?);?\s*", re.DOTALL)
MANY = re.compile(r"\s*return\s*\[(?P<body>.*)\]\s*;?\s*", re.DOTALL)

Caller = Callable[[Query], Any]


@dataclass(frozen=True, slots=True)
class Executed:
    """What the code came to; a call that failed gives false and stands among the errors."""

    result: Any
    errors: list[dict[str, Any]] = field(default_factory=list)


def execute(query: Query, call: Caller) -> Executed:
    """Run the code of `execute` through `call`, at most 25 calls."""
    code = query.need("code")
    many = MANY.fullmatch(code)
    one = ONE.fullmatch(code)
    if many is None and one is None:
        raise Refusal(12, "the sandbox runs `return [API.method({...}), ...];` only")
    calls = _parse((many or one)["body"])  # type: ignore[index]  # one of both matched
    if len(calls) > MOST_CALLS_IN_EXECUTE:
        raise Refusal(13, "too many api calls")
    errors: list[dict[str, Any]] = []
    results = [_run(query, call, method, params, errors) for method, params in calls]
    return Executed(results if many is not None else results[0], errors)


def _run(
    query: Query,
    call: Caller,
    method: str,
    params: dict[str, str],
    errors: list[dict[str, Any]],
) -> object:
    try:
        return call(replace(query, method=method, params=params | {"v": query.text("v")}))
    except Refusal as refusal:
        told = {"method": method, "error_code": refusal.code, "error_msg": refusal.words}
        errors.append(told)
        return False


def _parse(body: str) -> list[tuple[str, dict[str, str]]]:
    calls: list[tuple[str, dict[str, str]]] = []
    at = 0
    while at < len(body):
        found = CALL.match(body, at)
        if found is None:
            raise Refusal(12, f"unexpected text at {at}")
        at = found.end()
        params: Any = {}
        if body[at : at + 1] == "{":
            try:
                params, at = json.JSONDecoder().raw_decode(body, at)
            except ValueError:
                raise Refusal(12, f"the arguments at {at} are not JSON") from None
        closed = CLOSE.match(body, at)
        if closed is None:
            raise Refusal(12, f"expected ')' at {at}")
        calls.append((found["method"], {name: _text(value) for name, value in params.items()}))
        at = closed.end()
        if at < len(body) and body[at] != ",":
            raise Refusal(12, f"expected ',' at {at}")
        at += 1
    return calls


def _text(value: object) -> str:
    match value:
        case bool():
            return str(int(value))
        case list() if all(isinstance(one, int | str) for one in value):
            return ",".join(str(one) for one in value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
