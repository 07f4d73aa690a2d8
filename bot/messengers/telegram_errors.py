"""What an answer of the Telegram Bot API means for a message."""

import json
from collections.abc import Mapping
from typing import Any

from bot.logs import redacted, unquoted
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

UNTOLD_WAIT = 5.0
"""How many seconds to wait where a flood refusal does not say."""

_OK, _TOO_MANY, _SERVER = 200, 429, 500
_GATEWAY = frozenset({502, 504})
_REFUSALS: dict[int, type[DeliveryFailed]] = {
    401: TokenRefused,
    403: ChatClosed,
    404: TokenRefused,  # so a token is answered that has not even the form of one
    409: PolledElsewhere,
}
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "user_is_blocked",
    "input_user_deactivated",
    "have no rights to send",
    "upgraded to a supergroup",
)
_UNEDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
)


def read(call: str, status: int, body: str, *, repeatable: bool) -> object:
    """Give the `result` of an answer, or raise what its refusal means.

    A gateway's answer says nothing about the call behind it: unless the call does no harm when
    it is done twice (`repeatable`), nobody can tell. The Bot API's own 5xx is a refusal.
    """
    answer = _decode(body)
    if answer is None:
        raise _unreadable(call, status, repeatable=repeatable)
    if answer.get("ok") is True and status == _OK:
        return answer.get("result")
    # It is kept and shown, and it may repeat what we asked: a token, and what somebody wrote.
    description = unquoted(redacted(f"{call}: {status} {answer.get('description', '')}".strip()))
    if status in _GATEWAY and not repeatable:
        raise OutcomeUnknown(description)
    parameters = answer.get("parameters")
    raise _refusal(status, description, parameters if isinstance(parameters, dict) else {})


def reference(sent: object) -> str:
    """Name a message that was sent, an album by its first part; "" if the answer names none."""
    first = sent[0] if isinstance(sent, list) and sent else sent
    return str(first.get("message_id", "")) if isinstance(first, dict) else ""


def edit_refusal(error: Rejected) -> EditRejected | None:
    """Say whether an edit was refused because of the message that it was to change."""
    told = str(error).lower()
    return EditRejected(str(error)) if any(sign in told for sign in _UNEDITABLE) else None


def changes_nothing(error: Rejected) -> bool:
    """Say whether an edit was refused because the message reads like this already."""
    return "message is not modified" in str(error).lower()


def _decode(body: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("ok"), bool) else None


def _unreadable(call: str, status: int, *, repeatable: bool) -> DeliveryFailed:
    if status == _TOO_MANY:
        return FloodWait(UNTOLD_WAIT)
    told = f"{call}: {status} and no answer of the Bot API"
    return NotSent(told) if repeatable else OutcomeUnknown(told)


def _refusal(status: int, description: str, parameters: Mapping[str, Any]) -> DeliveryFailed:
    if status == _TOO_MANY:
        return FloodWait(float(parameters.get("retry_after", UNTOLD_WAIT)))
    told = description.lower()
    known = _REFUSALS.get(status)
    if known is None and status >= _SERVER:
        known = NotSent
    elif known is None:
        known = ChatClosed if any(sign in told for sign in _GONE) else Rejected
    return known(description)
