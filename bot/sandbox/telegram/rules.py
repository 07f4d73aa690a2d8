"""The numbers of the Bot API: how long, how large, how often, and how a call is refused."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_DATA_BYTES = 64
CALLBACK_ANSWER_LIMIT = 200
ALBUM = range(2, 11)
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
LONG_POLL_SECONDS = 50
BATCH = 100

UPDATE_LIFETIME = timedelta(hours=24)
PRESS_SECONDS = 150.0
"""For how long a press can be answered, in the messenger's own seconds (`SandboxClock.steady`)."""
DELETABLE_FOR = timedelta(hours=48)
QUIET_UNTIL_RANDOM_ID = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TelegramRules:
    """What may be set. `pace` False lets the bot send as fast as it can.

    A chat takes `chat_burst` messages at once and then `chat_rate` a second; a bot `bot_rate` a
    second in all; a group 20 a minute. These run in real time, not by the sandbox's clock.
    With `privacy` a bot in a group hears only commands, mentions and replies to itself.
    """

    pace: bool = True
    bot_rate: float = 30.0
    chat_rate: float = 1.0
    chat_burst: int = 10
    group_rate: float = 20 / 60
    group_burst: int = 20
    privacy: bool = True


class Refusal(Exception):
    """The Bot API's answer `ok: false`."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Word the answer as the Bot API does."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(reason: str) -> Refusal:
    """Refuse with 400."""
    return Refusal(400, f"Bad Request: {reason}")


def too_many(seconds: float) -> Refusal:
    """Refuse with 429 and whole seconds to wait."""
    wait = max(1, math.ceil(seconds))
    return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
