"""The Bots Long Poll queue of one community: events, keys, and what goes wrong with them."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.news import News
from bot.sandbox.vk.rules import EVENTS_VERSION, LONGEST_WAIT

KEYS_KEPT = 16
HISTORY_OUTDATED, KEY_EXPIRED, INFORMATION_LOST = 1, 2, 3

EVENTS = ("message_new", "message_event", "message_allow", "message_deny", "message_edit")
QUIET_EVENTS = ("message_reply", "message_typing_state", "message_read")
"""Known, but off until groups.setLongPollSettings turns them on."""


@dataclass(slots=True)
class Settings:
    """What the community's administrator has ticked; `bots` are the abilities of a bot."""

    enabled: bool = True
    bots: bool = True
    version: str = EVENTS_VERSION
    events: dict[str, bool] = field(
        default_factory=lambda: dict.fromkeys(EVENTS, True) | dict.fromkeys(QUIET_EVENTS, False)
    )


class EventQueue:
    """The events of one community. Reading forgets nothing: an older `ts` gets them again."""

    def __init__(self, group_id: int, news: News, kept: int) -> None:
        self.settings = Settings()
        self._group_id = group_id
        self._news = news
        self._events: deque[dict[str, Any]] = deque(maxlen=kept)
        self._keys: deque[str] = deque(maxlen=KEYS_KEPT)
        self._lost: deque[str] = deque(maxlen=KEYS_KEPT)
        self.ts = 1

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Put an event of a kind that the community wants into the queue."""
        if not self.settings.enabled or not self.settings.events.get(kind, False):
            return
        self.ts += 1
        self._events.append(
            {
                "group_id": self._group_id,
                "type": kind,
                "event_id": secrets.token_hex(20),
                "v": self.settings.version,
                "object": content,
            }
        )
        self._news.tell()

    def open(self) -> str:
        """Give a fresh key; the earlier ones go on working."""
        key = secrets.token_hex(20)
        self._keys.append(key)
        return key

    def expire_keys(self) -> None:
        """Make every key so far answer `failed: 2`."""
        self._keys.clear()
        self._news.tell()

    def trim(self) -> None:
        """Forget the history: whoever has not read it all hears `failed: 1`."""
        self._events.clear()
        self._news.tell()

    def lose(self) -> None:
        """Lose key, history and numbering at once: `failed: 3` until a new key is fetched."""
        self._lost.extend(self._keys)
        self._keys.clear()
        self._events.clear()
        self.ts = 1
        self._news.tell()

    async def check(
        self, key: str, ts: str, wait: float, down: Callable[[], bool]
    ) -> dict[str, Any]:
        """Give everything after `ts`, or wait at most `wait` real seconds for it."""

        def settled() -> bool:
            return self._failed(key, ts) is not None or self.ts > int(ts) or down()

        await self._news.until(settled, min(wait, LONGEST_WAIT))
        failed = self._failed(key, ts)
        if failed is not None:
            return failed
        fresh = self.ts - int(ts)
        events = list(self._events)
        return {"ts": str(self.ts), "updates": events[len(events) - fresh :]}

    def _failed(self, key: str, ts: str) -> dict[str, Any] | None:
        if key in self._lost:
            return {"failed": INFORMATION_LOST}
        if key not in self._keys:
            return {"failed": KEY_EXPIRED}
        if not ts.isdecimal() or not self.ts - len(self._events) <= int(ts) <= self.ts:
            return {"failed": HISTORY_OUTDATED, "ts": self.ts}
        return None
