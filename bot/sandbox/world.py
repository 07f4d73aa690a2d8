"""What all messengers of the sandbox share: one world in memory, without any HTTP."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Protocol, Unpack

from bot.sandbox.calls import CallLog
from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.news import News
from bot.sandbox.nouns import (
    BotAccount,
    Button,
    Chat,
    ChatChange,
    Direction,
    Draft,
    Message,
    MessageChange,
    Messenger,
    NewFile,
    Press,
    StoredFile,
    User,
)

FIRST_USER_ID = 700_000_001

ChatKey = tuple[Messenger, int, int]
"""Messenger, bot and chat."""


class UnknownError(LookupError):
    """There is no such person, chat, message, button or bot in this world."""


class MessengerSide(Protocol):
    """What people can do in one messenger: the control API's verbs, without an `if messenger`.

    A messenger's module offers `routes(world)`, which puts its side into `world.sides` and gives
    its HTTP routes.

    `chat_id` None is the private chat with the bot, `bot_id` None the messenger's first bot.
    A person, message or button that does not exist raises UnknownError; what the messenger's app
    would not let a person do (write to a bot they blocked) raises ValueError.
    """

    @property
    def messenger(self) -> Messenger:
        """Name the messenger that this side plays."""

    def add_user(
        self, first_name: str, last_name: str = "", username: str = "", user_id: int | None = None
    ) -> User:
        """Bring a person into the messenger."""

    def add_group(self, title: str, user_ids: Sequence[int], *, bot_id: int | None = None) -> Chat:
        """Open a group chat of these people and the bot."""

    def say(
        self, user_id: int, text: str, *, chat_id: int | None = None, bot_id: int | None = None
    ) -> list[Message]:
        """Write a text, which the app cuts into several messages where it is too long for one."""

    def press(
        self,
        user_id: int,
        *,
        label: str | None = None,
        data: str | None = None,
        message_id: int | None = None,
        chat_id: int | None = None,
        bot_id: int | None = None,
    ) -> Press | Message:
        """Press a button by its label or data, on a message or on the latest that has it.

        An inline button gives the Press that waits for an answer; one of the keyboard in place
        of the letters is sent as its text.
        """

    def send_files(
        self,
        user_id: int,
        files: Sequence[NewFile],
        caption: str = "",
        *,
        chat_id: int | None = None,
        bot_id: int | None = None,
    ) -> list[Message]:
        """Send files in one go: an album where the messenger has such a thing."""

    def open_link(self, user_id: int, payload: str, *, bot_id: int | None = None) -> Message | None:
        """Open the bot's deep link and press what the app offers then."""

    def edit(
        self, user_id: int, message_id: int, text: str, *, bot_id: int | None = None
    ) -> Message:
        """Change one's own message."""

    def block(self, user_id: int, *, bot_id: int | None = None) -> None:
        """Forbid the bot to write."""

    def unblock(self, user_id: int, *, bot_id: int | None = None) -> None:
        """Allow the bot to write (again)."""

    def reset(self) -> None:
        """Forget what the messenger keeps beside the world: updates, limits, commands."""


class World:
    """People, chats, files, calls, faults and the clock. Belongs to one event loop."""

    def __init__(self, start: datetime, *, rate: float = 1.0) -> None:
        self.news = News()
        self.clock = SandboxClock(start, self.news, rate)
        self.calls = CallLog(self.news)
        self.faults = Faults(self.news)
        self.sides: dict[Messenger, MessengerSide] = {}
        self._bots: dict[tuple[Messenger, str], BotAccount] = {}
        self._user_ids = count(FIRST_USER_ID)
        self._message_ids = count(1)
        self._typing: dict[ChatKey, asyncio.TimerHandle] = {}
        self._forget()

    def _forget(self) -> None:
        self._users: dict[tuple[Messenger, int], User] = {}
        self._chats: dict[ChatKey, Chat] = {}
        self._unread: dict[ChatKey, Chat] = {}
        self._files: dict[str, StoredFile] = {}
        self._presses: dict[str, Press] = {}

    def now(self) -> datetime:
        """Tell the instant by the sandbox's clock."""
        return self.clock.now()

    def reset(self) -> None:
        """Start over: people, chats, files, calls and faults go, the bots and the clock stay.

        No id is given twice, so that a bot that remembers the time before mistakes nothing.
        """
        for timer in self._typing.values():
            timer.cancel()
        self._typing.clear()
        self._forget()
        self.calls.clear()
        self.faults.clear()
        for side in self.sides.values():
            side.reset()
        self.news.tell()

    def add_bot(self, bot: BotAccount) -> BotAccount:
        """Make a bot known by its token."""
        self._bots[bot.messenger, bot.token] = bot
        return bot

    def bots(self, messenger: Messenger) -> list[BotAccount]:
        """Give a messenger's bots, the first of them the one that is meant by default."""
        return [bot for bot in self._bots.values() if bot.messenger == messenger]

    def bot_by_token(self, messenger: Messenger, token: str) -> BotAccount | None:
        """Find a bot by its token."""
        return self._bots.get((messenger, token))

    def bot(self, messenger: Messenger, bot_id: int | None = None) -> BotAccount:
        """Give the bot of that id, or the messenger's first one."""
        for bot in self.bots(messenger):
            if bot_id is None or bot.id == bot_id:
                return bot
        raise UnknownError(f"no bot {bot_id or ''} on {messenger}")

    def add_user(
        self,
        messenger: Messenger,
        first_name: str,
        last_name: str = "",
        username: str = "",
        user_id: int | None = None,
    ) -> User:
        """Bring a person into a messenger; ids not given are counted up."""
        given = next(self._user_ids) if user_id is None else user_id
        if (messenger, given) in self._users:
            raise ValueError(f"there is a user {given} on {messenger} already")
        user = User(messenger, given, first_name, last_name, username)
        self._users[messenger, given] = user
        self.news.tell()
        return user

    def users(self, messenger: Messenger | None = None) -> list[User]:
        """Give the people of a messenger, or of all."""
        return [u for u in self._users.values() if messenger is None or u.messenger == messenger]

    def user(self, messenger: Messenger, user_id: int) -> User:
        """Give a person."""
        user = self._users.get((messenger, user_id))
        if user is None:
            raise UnknownError(f"no user {user_id} on {messenger}")
        return user

    def add_chat(self, chat: Chat) -> Chat:
        """Put a chat into the world."""
        self._chats[_key(chat)] = chat
        self.amend(chat)
        return chat

    def find_chat(self, bot: BotAccount, chat_id: int) -> Chat | None:
        """Give the bot's chat of that id; a known person's private chat always exists."""
        chat = self._chats.get((bot.messenger, bot.id, chat_id))
        if chat is None and (bot.messenger, chat_id) in self._users:
            title = self._users[bot.messenger, chat_id].name
            chat = self.add_chat(Chat(bot, chat_id, title, members={chat_id}))
        return chat

    def chat(self, bot: BotAccount, chat_id: int) -> Chat:
        """Give the bot's chat of that id."""
        chat = self.find_chat(bot, chat_id)
        if chat is None:
            raise UnknownError(f"no chat {chat_id} on {bot.messenger}")
        return chat

    def chats(self, bot: BotAccount) -> list[Chat]:
        """Give the bot's chats."""
        return [chat for chat in self._chats.values() if chat.bot == bot]

    def add_message(
        self, chat: Chat, direction: Direction, sender_id: int, draft: Draft
    ) -> Message:
        """Write a message into a chat at the present instant and wake the watchers."""
        message = Message(
            id=next(self._message_ids),
            number=len(chat.messages) + 1,
            direction=direction,
            sender_id=sender_id,
            text=draft.text,
            at=self.now(),
            buttons=draft.buttons,
            files=draft.files,
            album=draft.album,
            reply_to=draft.reply_to,
            entities=draft.entities,
            random_id=draft.random_id,
        )
        chat.messages.append(message)
        if direction == "in":
            self.amend(chat, unread=0, started=True)
        else:
            self._cancel_typing(chat)
            self.amend(chat, unread=chat.unread + 1, typing_until=None)
        self._mark(chat, message)
        return message

    def amend(self, chat: Chat, **change: Unpack[ChatChange]) -> None:
        """Change a chat, mark it as changed and wake the watchers."""
        for name, value in change.items():
            setattr(chat, name, value)
        self.news.tell()
        chat.changed = self.news.count
        self._unread.pop(_key(chat), None)
        if chat.unread:
            self._unread[_key(chat)] = chat

    def amend_message(self, chat: Chat, message: Message, **change: Unpack[MessageChange]) -> None:
        """Change a message of a chat, mark both as changed and wake the watchers."""
        chat.deleted += change.get("deleted", message.deleted) - message.deleted
        for name, value in change.items():
            setattr(message, name, value)
        self.amend(chat)
        self._mark(chat, message)

    def show_typing(self, chat: Chat, seconds: float) -> None:
        """Show «печатает…» for so many real seconds, or until the bot has written."""
        self._cancel_typing(chat)
        loop = asyncio.get_running_loop()
        self.amend(chat, typing_until=loop.time() + seconds)
        self._typing[_key(chat)] = loop.call_later(seconds, self._end_typing, chat)

    def unread(self) -> list[Chat]:
        """Give the chats in which somebody has not seen what the bot wrote."""
        return list(self._unread.values())

    def _end_typing(self, chat: Chat) -> None:
        del self._typing[_key(chat)]
        self.amend(chat, typing_until=None)

    def _cancel_typing(self, chat: Chat) -> None:
        timer = self._typing.pop(_key(chat), None)
        if timer is not None:
            timer.cancel()

    def _mark(self, chat: Chat, message: Message) -> None:
        message.changed = chat.changed
        chat.by_change.pop(message.id, None)
        chat.by_change[message.id] = message

    def store(self, new: NewFile) -> StoredFile:
        """Keep a file under a fresh opaque id."""
        return self.keep(StoredFile.of(secrets.token_urlsafe(24), new))

    def keep(self, file: StoredFile) -> StoredFile:
        """Keep a file under the id that it has."""
        self._files[file.id] = file
        return file

    def file(self, file_id: str) -> StoredFile | None:
        """Give a kept file."""
        return self._files.get(file_id)

    def add_press(self, chat: Chat, user_id: int, message: Message, button: Button) -> Press:
        """Note that somebody pressed an inline button."""
        self.amend(chat, unread=0)
        press = Press(
            id=str(secrets.randbits(62)),
            bot_id=chat.bot.id,
            user_id=user_id,
            chat_id=chat.id,
            message_id=message.id,
            label=button.label,
            data=button.data or "",
            at=self.now(),
            pressed_at=self.clock.steady(),
        )
        self._presses[press.id] = press
        return press

    def find_press(self, press_id: str) -> Press | None:
        """Give a press by its id."""
        return self._presses.get(press_id)

    def press_age(self, press: Press) -> float:
        """Tell for how many seconds a press has waited, as a messenger counts them."""
        return self.clock.steady() - press.pressed_at

    def answer_press(self, press: Press, text: str, *, alert: bool = False) -> None:
        """Note the bot's answer to a press."""
        press.answered_at, press.answer, press.alert = self.now(), text, alert
        self.news.tell()


def _key(chat: Chat) -> ChatKey:
    return chat.bot.messenger, chat.bot.id, chat.id
