"""What every verb of the control API has at hand, and how it reads what is asked."""

from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from bot.sandbox.mail import Mailbox
from bot.sandbox.nouns import Chat, Messenger
from bot.sandbox.wire import Act, Asked, ChatView
from bot.sandbox.world import MessengerSide, UnknownError, World

LONGEST_WAIT = 60.0

Request = TypeVar("Request", bound=Asked)


@dataclass(frozen=True, slots=True)
class Desk:
    """The world and the mailbox."""

    world: World
    mailbox: Mailbox

    def side(self, messenger: Messenger) -> MessengerSide:
        """Give the people's side of a messenger."""
        side = self.world.sides.get(messenger)
        if side is None:
            raise UnknownError(f"{messenger} is not on in this sandbox")
        return side

    def chat(self, act: Act) -> Chat:
        """Give the chat that an act happens in."""
        bot = self.world.bot(act.messenger, act.bot_id)
        return self.world.chat(bot, act.user_id if act.chat_id is None else act.chat_id)

    def view(self, chat: Chat, last: int | None = None, before: int | None = None) -> ChatView:
        """Tell a chat as its person sees it, with the `last` messages (`before` an id) or all."""
        if last is not None and last < 0:
            raise ValueError("`last` counts messages")
        most = chat.total if last is None else last
        messages = chat.latest(most, before)
        return ChatView.model_validate(self.told(chat) | {"messages": messages})

    def told(self, chat: Chat) -> dict[str, Any]:
        """Tell what a ChatView has beside the messages."""
        return {
            "messenger": chat.bot.messenger,
            "bot_id": chat.bot.id,
            "id": chat.id,
            "title": chat.title,
            "is_group": chat.is_group,
            "started": chat.started,
            "blocked": chat.blocked,
            "unread": chat.unread,
            "typing": chat.typing_until is not None,
            "keyboard": chat.keyboard,
            "total": chat.total,
            "news": self.world.news.count,
        }


async def read(request: web.Request, model: type[Request]) -> Request:
    """Read the JSON of a request; pydantic says what is wrong with it."""
    return model.model_validate_json(await request.read() or b"{}")


def number(request: web.Request, name: str) -> int | None:
    """Read a whole number of the query; anything else is a ValueError."""
    text = request.query.get(name)
    return None if text is None else int(text)


def wait_seconds(request: web.Request) -> float:
    """Read how long an answer may wait for news, in seconds of real time."""
    return max(0.0, min(LONGEST_WAIT, float(request.query.get("wait", "0"))))


def messenger_of(request: web.Request) -> Messenger | None:
    """Read the messenger of the query."""
    text = request.query.get("messenger")
    return None if text is None else Messenger(text)
