"""What people do in VK: each act writes into the world and puts events before the community."""

import json
from collections.abc import Iterable, Sequence
from itertools import count

from bot.sandbox.aim import aim
from bot.sandbox.nouns import (
    BotAccount,
    Button,
    Chat,
    Draft,
    FileKind,
    Message,
    Messenger,
    NewFile,
    Press,
    StoredFile,
    User,
)
from bot.sandbox.vk.rules import EDITABLE, FIRST_CHAT, MOST_ATTACHMENTS, TEXT_CHARACTERS
from bot.sandbox.vk.state import Extra, VkState
from bot.sandbox.world import UnknownError

REF_CHARACTERS = 255
ALONE = frozenset({FileKind.VOICE, FileKind.STICKER})
"""What the app sends as a message of its own, without a text."""
START_LABEL = "Начать"
START_PAYLOAD = '{"command":"start"}'


class VkSide:
    """The people's side of VK."""

    def __init__(self, state: VkState) -> None:
        self.state = state
        self._world = state.world
        self._groups = count(FIRST_CHAT + 1)

    @property
    def messenger(self) -> Messenger:
        """Name the messenger."""
        return Messenger.VK

    def add_user(
        self, first_name: str, last_name: str = "", username: str = "", user_id: int | None = None
    ) -> User:
        """Bring a person into VK."""
        if not first_name or (user_id is not None and not 0 < user_id < FIRST_CHAT):
            raise ValueError("a person has a first name and an id between 1 and 1 999 999 999")
        return self._world.add_user(Messenger.VK, first_name, last_name, username, user_id)

    def add_group(self, title: str, user_ids: Sequence[int], *, bot_id: int | None = None) -> Chat:
        """Open a group chat of these people and invite the community; the first of them does it."""
        people = [self._world.user(Messenger.VK, user_id) for user_id in user_ids]
        if not people:
            raise ValueError("a chat has at least one person")
        bot = self._world.bot(Messenger.VK, bot_id)
        members = {-bot.id, *user_ids}
        chat = Chat(bot, next(self._groups), title, members, is_group=True, started=True)
        self._world.add_chat(chat)
        action = {"type": "chat_invite_user", "member_id": -bot.id}
        told = Draft(f"{people[0].name}: + {bot.name}")
        message = self._world.add_message(chat, "in", people[0].id, told)
        self.state.extras[message.id] = Extra(action=action)
        self.state.tell_message("message_new", chat, message)
        return chat

    def say(
        self, user_id: int, text: str, *, chat_id: int | None = None, bot_id: int | None = None
    ) -> list[Message]:
        """Write a text; one over 4096 characters goes out as several messages."""
        chat = self._open_chat(user_id, chat_id, bot_id)
        text = text.strip()
        if not text:
            raise ValueError("the app sends no empty message")
        starts = range(0, len(text), TEXT_CHARACTERS)
        pieces = (text[start : start + TEXT_CHARACTERS].strip() for start in starts)
        return [self._write(chat, user_id, Draft(piece)) for piece in pieces if piece]

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
        """Press a button: one that calls back waits for an answer, one with a text writes it."""
        chat = self._open_chat(user_id, chat_id, bot_id)
        message, button = self._aim(chat, label, data, message_id)
        if button.kind == "callback":
            return self._call_back(chat, user_id, message, button)
        if button.kind != "text":
            raise ValueError(f"that button ({button.kind}) sends the community nothing")
        if message is None and chat.keyboard is not None and chat.keyboard.one_time:
            self._world.amend(chat, keyboard=None)
        mention = f"{self._mention(chat.bot)} " if chat.is_group else ""
        extra = Extra(payload=button.data)
        return self._write(chat, user_id, Draft(f"{mention}{button.label}"), extra)

    def send_files(
        self,
        user_id: int,
        files: Sequence[NewFile],
        caption: str = "",
        *,
        chat_id: int | None = None,
        bot_id: int | None = None,
    ) -> list[Message]:
        """Send files: up to ten in one message; voice and stickers go alone, without a text."""
        chat = self._open_chat(user_id, chat_id, bot_id)
        if not files:
            raise ValueError("there is no file to send")
        if len(caption) > TEXT_CHARACTERS:
            raise ValueError("the app takes no text over 4096 characters")
        sent: list[Message] = []
        left = caption.strip()
        for group in _groups(files):
            if group[0].kind in ALONE and left:
                sent.append(self._write(chat, user_id, Draft(left)))
                left = ""
            stored = tuple(self._store(user_id, file) for file in group)
            sent.append(self._write(chat, user_id, Draft(left, files=stored)))
            left = ""
        return sent

    def open_link(
        self, user_id: int, payload: str, *, bot_id: int | None = None, source: str = ""
    ) -> Message | None:
        """Open vk.me/community?ref=payload; in an empty chat press «Начать».

        Where the conversation has begun there is nothing to press: the ref goes with the next
        message, and None is given. A community that was blocked is allowed again by «Начать».
        """
        if len(payload) > REF_CHARACTERS:
            raise ValueError("a ref has up to 255 characters")
        self._world.user(Messenger.VK, user_id)
        bot = self._world.bot(Messenger.VK, bot_id)
        chat = self._world.chat(bot, user_id)
        if payload:
            self.state.refs[bot.id, user_id] = (payload, source)
        if chat.total:
            return None
        if chat.blocked:
            self.unblock(user_id, bot_id=bot_id)
        return self._write(chat, user_id, Draft(START_LABEL), Extra(payload=START_PAYLOAD))

    def edit(
        self, user_id: int, message_id: int, text: str, *, bot_id: int | None = None
    ) -> Message:
        """Change one's own text, within 24 hours."""
        chat = self._open_chat(user_id, None, bot_id)
        message = chat.message(message_id)
        if message is None or message.direction != "in" or message.sender_id != user_id:
            raise UnknownError(f"no message {message_id} of {user_id}")
        text = text.strip()
        if not text and not message.files:
            raise ValueError("the app sends no empty message")
        if len(text) > TEXT_CHARACTERS:
            raise ValueError("the app takes no text over 4096 characters")
        if self._world.now() - message.at > EDITABLE:
            raise ValueError("the app lets nobody change a message after 24 hours")
        self._world.amend_message(chat, message, text=text, edited_at=self._world.now())
        self.state.tell_message("message_edit", chat, message)
        return message

    def block(self, user_id: int, *, bot_id: int | None = None) -> None:
        """Forbid the community to write."""
        chat = self._private(user_id, bot_id)
        if not chat.blocked:
            self._world.amend(chat, blocked=True)
            self.state.queue(chat.bot).add("message_deny", {"user_id": user_id})

    def unblock(self, user_id: int, *, bot_id: int | None = None) -> None:
        """Allow the community to write, for the first time or again."""
        chat = self._private(user_id, bot_id)
        if chat.blocked or not chat.started:
            self._allow(chat, user_id)

    def reset(self) -> None:
        """Forget events, attachments, uploads and limits."""
        self.state.reset()

    def _private(self, user_id: int, bot_id: int | None) -> Chat:
        self._world.user(Messenger.VK, user_id)
        return self._world.chat(self._world.bot(Messenger.VK, bot_id), user_id)

    def _open_chat(self, user_id: int, chat_id: int | None, bot_id: int | None) -> Chat:
        self._world.user(Messenger.VK, user_id)
        bot = self._world.bot(Messenger.VK, bot_id)
        chat = self._world.chat(bot, user_id if chat_id is None else chat_id)
        if user_id not in chat.members:
            raise UnknownError(f"{user_id} is not in chat {chat.id}")
        if chat.blocked:
            raise ValueError("a person who has forbidden messages allows them before writing")
        return chat

    def _allow(self, chat: Chat, user_id: int) -> None:
        self._world.amend(chat, blocked=False, started=True)
        self.state.queue(chat.bot).add("message_allow", {"user_id": user_id, "key": ""})

    def _store(self, user_id: int, new: NewFile) -> StoredFile:
        file = self._world.store(new)
        self.state.attachments.add(user_id, file, self._world.now())
        return file

    def _write(self, chat: Chat, user_id: int, draft: Draft, extra: Extra | None = None) -> Message:
        """Write a message; the first one of a chat also allows the community to answer."""
        if not chat.started:
            self._allow(chat, user_id)
        message = self._world.add_message(chat, "in", user_id, draft)
        told = extra or Extra()
        came_by = None if chat.is_group else self.state.refs.pop((chat.bot.id, user_id), None)
        if came_by is not None:
            ref, source = came_by
            told = Extra(told.payload, ref, source or None)
        self.state.extras[message.id] = told
        if not chat.is_group or self._hears(chat, message):
            self.state.tell_message("message_new", chat, message)
        return message

    def _call_back(
        self, chat: Chat, user_id: int, message: Message | None, button: Button
    ) -> Press:
        """Ask the community; a button of the keyboard below is told without a message's number."""
        brought = message or self.state.keyboard_from[chat.bot.id, chat.id]
        press = self._world.add_press(chat, user_id, brought, button)
        told = {
            "user_id": user_id,
            "peer_id": chat.id,
            "event_id": press.id,
            "payload": json.loads(button.data) if button.data else {},
        }
        if message is not None:
            told["conversation_message_id"] = message.number
        self.state.queue(chat.bot).add("message_event", told)
        return press

    def _aim(
        self, chat: Chat, label: str | None, data: str | None, message_id: int | None
    ) -> tuple[Message | None, Button]:
        try:
            return aim(chat, label=label, data=data, message_id=message_id)
        except UnknownError:
            if message_id is None and chat.keyboard is not None:
                for button in chat.keyboard.buttons():
                    if data is not None and button.data == data and label in {None, button.label}:
                        return None, button
            raise

    def _hears(self, chat: Chat, message: Message) -> bool:
        bot = chat.bot
        named = (f"[club{bot.id}|", f"@{bot.username}".lower(), f"@club{bot.id}")
        text = message.text.lower()
        return self.state.rules.hears_chats or any(name in text for name in named)

    @staticmethod
    def _mention(bot: BotAccount) -> str:
        return f"[club{bot.id}|@{bot.username}]"


def _groups(files: Iterable[NewFile]) -> list[list[NewFile]]:
    groups: list[list[NewFile]] = []
    for file in files:
        alone = file.kind in ALONE
        if (
            not groups
            or alone
            or groups[-1][0].kind in ALONE
            or len(groups[-1]) == MOST_ATTACHMENTS
        ):
            groups.append([])
        groups[-1].append(file)
    return groups
