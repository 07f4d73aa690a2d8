"""What people do in Telegram: each act writes into the world and puts updates before the bot."""

import re
import secrets
from collections.abc import Iterable, Sequence
from itertools import count

from bot.sandbox.aim import aim
from bot.sandbox.nouns import Chat, Draft, FileKind, Message, Messenger, NewFile, Press, User
from bot.sandbox.telegram.backend import Backend
from bot.sandbox.telegram.entities import commands_in
from bot.sandbox.telegram.rules import (
    CAPTION_LIMIT,
    DELETABLE_FOR,
    PRESS_SECONDS,
    TEXT_LIMIT,
)
from bot.sandbox.telegram.shape import Json, bot_json, user_json
from bot.sandbox.world import UnknownError

LINK_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
FIRST_GROUP_ID = 4_000_000_001
LARGEST_ALBUM = 10
ALBUMS = {
    FileKind.PHOTO: "pictures",
    FileKind.VIDEO: "pictures",
    FileKind.DOCUMENT: "documents",
    FileKind.AUDIO: "audio",
}
"""Which kinds the app puts into one album; the others always go alone."""


class TelegramSide:
    """The people's side of Telegram."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._world = backend.world
        self._groups = count(FIRST_GROUP_ID)

    @property
    def messenger(self) -> Messenger:
        """Name the messenger."""
        return Messenger.TELEGRAM

    def add_user(
        self, first_name: str, last_name: str = "", username: str = "", user_id: int | None = None
    ) -> User:
        """Bring a person into Telegram."""
        if not first_name or (user_id is not None and user_id <= 0):
            raise ValueError("a person has a first name and a positive id")
        return self._world.add_user(Messenger.TELEGRAM, first_name, last_name, username, user_id)

    def add_group(self, title: str, user_ids: Sequence[int], *, bot_id: int | None = None) -> Chat:
        """Open a group of these people and add the bot to it; the first of them does it."""
        people = [self._world.user(Messenger.TELEGRAM, user_id) for user_id in user_ids]
        if not people:
            raise ValueError("a group has at least one person")
        bot = self._world.bot(Messenger.TELEGRAM, bot_id)
        members = {bot.id, *user_ids}
        chat = Chat(bot, -next(self._groups), title, members, is_group=True, started=True)
        self._world.add_chat(chat)
        self._emit_membership(chat, people[0], "left", "member")
        return chat

    def say(
        self, user_id: int, text: str, *, chat_id: int | None = None, bot_id: int | None = None
    ) -> list[Message]:
        """Write a text; one over 4096 characters goes out as several messages."""
        chat = self._open_chat(user_id, chat_id, bot_id)
        text = text.strip()
        if not text:
            raise ValueError("the app sends no empty message")
        pieces = (text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT))
        drafts = (piece.strip() for piece in pieces)
        return [
            self._write(chat, user_id, Draft(piece, commands_in(piece)))
            for piece in drafts
            if piece
        ]

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
        """Press a button: an inline one asks the bot, one of the keyboard is sent as a text."""
        chat = self._open_chat(user_id, chat_id, bot_id)
        message, button = aim(chat, label=label, data=data, message_id=message_id)
        if message is None:
            if chat.keyboard is not None and chat.keyboard.one_time:
                self._world.amend(chat, keyboard=None)
            return self.say(user_id, button.label, chat_id=chat_id, bot_id=bot_id)[0]
        if button.data is None:
            raise ValueError("that button is a link, it opens in the browser")
        press = self._world.add_press(chat, user_id, message, button)
        query: Json = {
            "id": press.id,
            "from": user_json(self._world.user(Messenger.TELEGRAM, user_id)),
            "message": self._backend.told(chat, message),
            "chat_instance": str(abs(chat.id)),
            "data": press.data,
        }
        self._backend.emit(chat.bot, "callback_query", query, PRESS_SECONDS)
        return press

    def send_files(
        self,
        user_id: int,
        files: Sequence[NewFile],
        caption: str = "",
        *,
        chat_id: int | None = None,
        bot_id: int | None = None,
    ) -> list[Message]:
        """Send files: two or more of a kind become albums, the caption stands on the first."""
        chat = self._open_chat(user_id, chat_id, bot_id)
        if not files:
            raise ValueError("there is no file to send")
        if len(caption) > CAPTION_LIMIT:
            raise ValueError("the app takes no caption over 1024 characters")
        sent: list[Message] = []
        for group in _groups(files):
            album = str(secrets.randbits(62)) if len(group) > 1 else None
            for file in group:
                text = caption.strip() if not sent else ""
                draft = Draft(
                    text, commands_in(text), files=(self._backend.store(file),), album=album
                )
                sent.append(self._write(chat, user_id, draft))
        return sent

    def open_link(self, user_id: int, payload: str, *, bot_id: int | None = None) -> Message:
        """Open t.me/bot?start=payload and press «Начать»; a blocked bot is unblocked by that."""
        if payload and not LINK_PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload is up to 64 letters, digits, _ and -")
        self.unblock(user_id, bot_id=bot_id)
        return self.say(user_id, f"/start {payload}".strip(), bot_id=bot_id)[0]

    def edit(
        self, user_id: int, message_id: int, text: str, *, bot_id: int | None = None
    ) -> Message:
        """Change one's own text or caption, within 48 hours."""
        chat = self._open_chat(user_id, None, bot_id)
        message = chat.message(message_id)
        if message is None or message.direction != "in" or message.sender_id != user_id:
            raise UnknownError(f"no message {message_id} of {user_id}")
        text = text.strip()
        if text == message.text or (not text and not message.files):
            raise ValueError("nothing is changed")
        if len(text) > (CAPTION_LIMIT if message.files else TEXT_LIMIT):
            raise ValueError("too long for the app")
        now = self._world.now()
        if now - message.at > DELETABLE_FOR:
            raise ValueError("the app lets nobody change a message after 48 hours")
        self._world.amend_message(
            chat, message, text=text, entities=commands_in(text), edited_at=now
        )
        told = self._backend.told(chat, message)
        self._backend.emit(chat.bot, "edited_message", told)
        return message

    def block(self, user_id: int, *, bot_id: int | None = None) -> None:
        """Stop and block the bot."""
        self._set_blocked(user_id, bot_id, blocked=True)

    def unblock(self, user_id: int, *, bot_id: int | None = None) -> None:
        """Unblock the bot."""
        self._set_blocked(user_id, bot_id, blocked=False)

    def pending(self, bot_id: int | None = None) -> int:
        """Count the updates that the bot has not confirmed yet."""
        return self._backend.queue(self._world.bot(Messenger.TELEGRAM, bot_id)).pending()

    def reset(self) -> None:
        """Forget updates, pace, profiles and paths."""
        self._backend.reset()

    def _set_blocked(self, user_id: int, bot_id: int | None, *, blocked: bool) -> None:
        user = self._world.user(Messenger.TELEGRAM, user_id)
        chat = self._world.chat(self._world.bot(Messenger.TELEGRAM, bot_id), user_id)
        if chat.blocked == blocked:
            return
        self._world.amend(chat, blocked=blocked)
        statuses = ("member", "kicked") if blocked else ("kicked", "member")
        self._emit_membership(chat, user, *statuses)

    def _emit_membership(self, chat: Chat, user: User, before: str, after: str) -> None:
        def member(status: str) -> Json:
            body: Json = {"user": bot_json(chat.bot), "status": status}
            return body | {"until_date": 0} if status == "kicked" else body

        change: Json = {
            "chat": self._backend.told_chat(chat),
            "from": user_json(user),
            "date": int(self._world.now().timestamp()),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        self._backend.emit(chat.bot, "my_chat_member", change)

    def _open_chat(self, user_id: int, chat_id: int | None, bot_id: int | None) -> Chat:
        self._world.user(Messenger.TELEGRAM, user_id)
        bot = self._world.bot(Messenger.TELEGRAM, bot_id)
        chat = self._world.chat(bot, user_id if chat_id is None else chat_id)
        if user_id not in chat.members:
            raise UnknownError(f"{user_id} is not in chat {chat.id}")
        if chat.blocked:
            raise ValueError("the app lets nobody write to a bot they blocked")
        return chat

    def _write(self, chat: Chat, user_id: int, draft: Draft) -> Message:
        message = self._world.add_message(chat, "in", user_id, draft)
        if not chat.is_group or self._hears(chat, message):
            told = self._backend.told(chat, message)
            self._backend.emit(chat.bot, "message", told)
        return message

    def _hears(self, chat: Chat, message: Message) -> bool:
        if chat.bot.id not in chat.members:
            return False
        named = f"@{chat.bot.username}".lower() in message.text.lower()
        return not self._backend.rules.privacy or named or message.text.startswith("/")


def _groups(files: Iterable[NewFile]) -> list[list[NewFile]]:
    groups: list[list[NewFile]] = []
    before: str | None = None
    for file in files:
        album = ALBUMS.get(file.kind)
        if album is None or album != before or len(groups[-1]) == LARGEST_ALBUM:
            groups.append([])
        groups[-1].append(file)
        before = album
    return groups
