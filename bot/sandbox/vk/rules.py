"""The numbers by which the sandbox's VK judges, and the words with which it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

TEXT_CHARACTERS = 4096
MOST_ATTACHMENTS = 10
MOST_PEERS = 100
MOST_IDS = 100
MOST_CALLS_IN_EXECUTE = 25
FIRST_CHAT = 2_000_000_000
EDITABLE = timedelta(hours=24)
PRESS_SECONDS = 60.0
"""For how long a press can be answered, in VK's own seconds (`SandboxClock.steady`)."""
LONGEST_WAIT = 90
DOC_BYTES = 200 * 1024 * 1024
PHOTO_BYTES = 50 * 1024 * 1024
OLDEST_VERSION = (5, 81)
GROUPS_OBJECT_VERSION = (5, 139)
"""From this version on groups.getById answers {"groups": [...]}, before it a bare list."""
EVENTS_VERSION = "5.199"

PARAMETER = 100
TEXTS: Mapping[int, str] = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    15: "Access denied",
    18: "User was deleted or banned",
    27: "Group authorization failed",
    29: "Rate limit reached",
    PARAMETER: "One of the parameters specified was missing or invalid",
    121: "Invalid hash",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    914: "Message is too long",
    917: "You don't have access to this chat",
    924: "Can't delete this message for everybody",
    936: "Contact not found",
    950: "Can't send message, reply timed out",
}


@dataclass(slots=True)
class VkRules:
    """What may be set. With `pace` a token makes `per_second` calls in a real second.

    A community hears only what mentions it in a group chat, unless it `hears_chats`.
    """

    pace: bool = True
    per_second: int = 20
    second: float = 1.0
    history: int = 10_000
    """How many events a Long Poll queue keeps."""
    hears_chats: bool = False
    doc_bytes: int = DOC_BYTES
    photo_bytes: int = PHOTO_BYTES


class Refusal(Exception):
    """VK refuses a call; the HTTP status stays 200."""

    def __init__(self, code: int, reason: str = "") -> None:
        known = TEXTS.get(code, TEXTS[1])
        self.code = code
        self.words = f"{known}: {reason}" if reason else known
        super().__init__(f"{code} {self.words}")

    def body(self, method: str, params: Mapping[str, str]) -> dict[str, Any]:
        """Word the answer as VK does; the token is not repeated."""
        told = [{"key": "oauth", "value": "1"}, {"key": "method", "value": method}]
        told += [{"key": name, "value": value} for name, value in params.items()]
        return {"error": {"error_code": self.code, "error_msg": self.words, "request_params": told}}

    def inner(self) -> dict[str, Any]:
        """Word the refusal of one item among several."""
        return {"code": self.code, "description": self.words}


def invalid(reason: str) -> Refusal:
    """Refuse a parameter."""
    return Refusal(PARAMETER, reason)


def required(name: str) -> Refusal:
    """Refuse a call that lacks a parameter."""
    return invalid(f"{name} is a required parameter")
