"""What one watcher of a feed has been told, and what is news to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from bot.sandbox.control.desk import Desk
from bot.sandbox.nouns import Chat
from bot.sandbox.wire import (
    ChatNews,
    ClockView,
    FaultView,
    Frame,
    Lost,
    MailFaultView,
    Watched,
)
from bot.sandbox.world import UnknownError

PAGE = 60
"""How many messages the first frame of a chat brings."""
MOST_NEWS = 300
"""Where more of a chat has changed than that, it is told anew."""

UNTOLD = object()


@dataclass(slots=True)
class Known:
    """What a watcher knows: of which chat, up to which count of news."""

    chat: Chat
    news: int


@dataclass(slots=True)
class Watcher:
    """One page that looks on. Its frames cost what has changed, however long the chats are."""

    desk: Desk
    host_news: Callable[[], object] | None = None
    _watched: dict[Watched, Known | None] = field(default_factory=dict)
    _told: dict[str, object] = field(default_factory=dict)

    def watch(self, places: Sequence[Watched]) -> None:
        """Take over which chats are watched; those that were before go on where they stand."""
        self._watched = {place: self._watched.get(place) for place in places}

    def frame(self) -> str | None:
        """Word what has changed since the last frame as JSON, or nothing."""
        news: dict[str, Any] = dict(self._changes())
        return Frame(**news).model_dump_json(exclude_unset=True) if news else None

    def _changes(self) -> Iterator[tuple[str, object]]:
        lost: list[Lost] = []
        chats = [news for place in self._watched for news in self._chat_news(place, lost)]
        if chats:
            yield "chats", chats
        clock = self.desk.world.clock.state()
        instant = clock.now if clock.jump_to is not None else None
        if self._is_news("clock", (clock.version, instant, clock.followed)):
            yield "clock", ClockView.model_validate(clock)
        for name, value in self._stage(lost):
            if self._is_news(name, value):
                yield name, value
        if self.host_news is not None:
            host = self.host_news()
            # As bytes: the host may give the same object each time, changed within.
            if self._is_news("host", to_json(host)):
                yield "host", host

    def _stage(self, lost: list[Lost]) -> Iterator[tuple[str, object]]:
        world, mailbox = self.desk.world, self.desk.mailbox
        if lost or "lost" in self._told:
            yield "lost", lost
        yield "unread", {f"{one.bot.messenger}:{one.id}": one.unread for one in world.unread()}
        yield "faults", [FaultView.model_validate(fault) for fault in world.faults.on()]
        yield "mail_faults", [MailFaultView.model_validate(fault) for fault in mailbox.faults()]
        yield "letters", mailbox.last
        yield "calls", world.calls.last

    def _is_news(self, name: str, value: object) -> bool:
        if self._told.get(name, UNTOLD) == value:
            return False
        self._told[name] = value
        return True

    def _chat_news(self, place: Watched, lost: list[Lost]) -> Iterator[ChatNews]:
        world = self.desk.world
        try:
            chat = world.chat(world.bot(place.messenger, place.bot_id), place.chat_id)
        except UnknownError:
            self._watched[place] = None
            lost.append(Lost(messenger=place.messenger, chat_id=place.chat_id))
            return
        known = self._watched[place]
        if known is not None and known.chat is chat and chat.changed <= known.news:
            return
        self._watched[place] = Known(chat, world.news.count)
        news = chat.changed_after(known.news) if known is not None and known.chat is chat else None
        whole = news is None or len(news) > MOST_NEWS
        shown = chat.latest(PAGE) if news is None or whole else [m for m in news if not m.deleted]
        gone = [] if news is None or whole else [one.id for one in news if one.deleted]
        told = self.desk.told(chat) | {"messages": shown, "gone": gone, "whole": whole}
        yield ChatNews.model_validate(told)
