"""How far VK's events were read, and how the messages that its queue lost are found again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import structlog

from bot.messengers.vk_errors import is_of_the_token
from scheduler.messenger import ChatClosed, Rejected, TokenRefused

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]

PAGE = 200
MOST_PAGES = 10
SLACK_SECONDS = 300
PACE_SECONDS = 0.1
"""Between calls: a community has 20 a second, and replies go first."""

_ORDER = ("date", "id")
_REFUSED = (ChatClosed, Rejected, TokenRefused)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """VK's number of the last event that is stored, and the date (Unix) of the newest message."""

    ts: str = ""
    date: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote; anything else is no mark at all."""
        ts, _, date = text.partition(" ")
        return cls(ts, int(date)) if ts.isdecimal() and date.isdecimal() else cls()

    def __str__(self) -> str:
        return f"{self.ts} {self.date}"

    def moved(self, ts: str, messages: Iterable[Mapping[str, Any]]) -> "Mark":
        """Go on to `ts` after these messages."""
        dates = (message.get("date") for message in messages)
        return Mark(ts, max((one for one in dates if isinstance(one, int)), default=self.date))


async def missed(call: Call, mark: Mark, yesterday: int) -> list[dict[str, Any]]:
    """Give what people wrote since the mark, oldest first.

    Without a mark: what they wrote since `yesterday` (Unix) after the community's last word. Some
    may be known already; the same message has the same `ref`. Raises NotSent where trying again
    makes sense, also when the token is refused; a conversation that may not be read is left out.
    Presses and permissions cannot be found again.
    """
    since = mark.date - SLACK_SECONDS if mark.date else yesterday
    unanswered = not mark.date
    try:
        peers = await _peers(call, since, unanswered=unanswered)
    except _REFUSED as error:
        if is_of_the_token(error):
            raise
        _log.warning("vk.history_refused", reason=str(error))
        return []
    found: list[dict[str, Any]] = []
    for peer in peers:
        try:
            found += await _written(call, peer, since, unanswered=unanswered)
        except _REFUSED as error:
            if is_of_the_token(error):
                raise
            _log.warning("vk.conversation_refused", reason=str(error))
    return sorted(found, key=lambda message: tuple(message[name] for name in _ORDER))


async def _peers(call: Call, since: int, *, unanswered: bool) -> list[int]:
    peers: list[int] = []
    for page in range(MOST_PAGES):
        asked = {"count": PAGE, "offset": page * PAGE, "filter": "all"}
        items = (await call("messages.getConversations", asked))["items"]
        formed = _formed(items, _is_conversation)
        fresh = [item for item in formed if item["last_message"]["date"] >= since]
        peers += [
            item["conversation"]["peer"]["id"]
            for item in fresh
            if not (unanswered and item["last_message"].get("out"))
        ]
        if len(items) < PAGE or (formed and not fresh):
            return peers
        await asyncio.sleep(PACE_SECONDS)
    _log.warning("vk.history_cut", conversations=len(peers))
    return peers


async def _written(call: Call, peer: int, since: int, *, unanswered: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for page in range(MOST_PAGES):
        await asyncio.sleep(PACE_SECONDS)
        asked = {"peer_id": peer, "count": PAGE, "offset": page * PAGE}
        items = (await call("messages.getHistory", asked))["items"]
        for message in _formed(items, _is_message):
            if message["date"] < since or (unanswered and message.get("out")):
                return found
            if not message.get("out"):
                found.append(message)
        if len(items) < PAGE:
            break
    return found


def _formed(items: list[Any], is_formed: Callable[[Any], bool]) -> list[Any]:
    """Leave out what has not the form it should have: it must not cost the others anything."""
    found = [item for item in items if is_formed(item)]
    if len(found) < len(items):
        _log.warning("vk.history_malformed", left_out=len(items) - len(found))
    return found


def _is_conversation(item: Any) -> bool:
    """Say whether it tells its peer and the date of its last message; an emptied one has none."""
    try:
        numbers = item["conversation"]["peer"]["id"], item["last_message"]["date"]
    except (LookupError, TypeError):
        return False
    return all(isinstance(one, int) for one in numbers)


def _is_message(item: Any) -> bool:
    """Say whether it has what it is put in order by."""
    return isinstance(item, dict) and all(isinstance(item.get(name), int) for name in _ORDER)
