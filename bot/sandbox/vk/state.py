"""What VK keeps beside the sandbox's world, and how its messages and events read."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.nouns import BotAccount, Chat, FileKind, Message, StoredFile
from bot.sandbox.vk.attachments import Attachments, attachment_json
from bot.sandbox.vk.longpoll import EventQueue
from bot.sandbox.vk.rules import FIRST_CHAT, Refusal, VkRules
from bot.sandbox.world import World

CLIENT_INFO: Mapping[str, Any] = {
    "button_actions": [
        "text",
        "vkpay",
        "open_app",
        "location",
        "open_link",
        "open_photo",
        "callback",
        "intent_subscribe",
        "intent_unsubscribe",
    ],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": True,
    "lang_id": 0,
}


@dataclass(frozen=True, slots=True)
class Extra:
    """What only VK knows of a message: `keyboard` as it was sent, `payload` of a pressed button."""

    payload: str | None = None
    ref: str | None = None
    ref_source: str | None = None
    action: Mapping[str, Any] | None = None
    keyboard: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """An upload address that was given out."""

    bot: BotAccount
    kind: FileKind


@dataclass(slots=True)
class PlannedRefusal:
    """An error that the next `count` calls of some methods get, all calls where None."""

    code: int
    count: int | None
    methods: frozenset[str]


@dataclass(slots=True)
class VkState:
    """VK's own memory of one world."""

    world: World
    rules: VkRules = field(default_factory=VkRules)
    attachments: Attachments = field(default_factory=Attachments)
    extras: dict[int, Extra] = field(default_factory=dict)
    sent: dict[tuple[int, int, int], Message] = field(default_factory=dict)
    """By community, peer and random_id: VK sends none of them twice."""
    tickets: dict[str, Ticket] = field(default_factory=dict)
    uploads: dict[str, StoredFile] = field(default_factory=dict)
    refs: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    """By community and person: the link they came by, told with their next message."""
    keyboard_from: dict[tuple[int, int], Message] = field(default_factory=dict)
    refusals: list[PlannedRefusal] = field(default_factory=list)
    _queues: dict[int, EventQueue] = field(default_factory=dict)
    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget everything but the settings, the keys and the numbering of events."""
        self.attachments = Attachments()
        for kept in (self.extras, self.sent, self.tickets, self.uploads, self.refs):
            kept.clear()
        self.keyboard_from.clear()
        self.refusals.clear()
        self._calls.clear()
        for queue in self._queues.values():
            queue.trim()

    def queue(self, bot: BotAccount) -> EventQueue:
        """Give the community's event queue."""
        if bot.id not in self._queues:
            self._queues[bot.id] = EventQueue(bot.id, self.world.news, self.rules.history)
        return self._queues[bot.id]

    def pace(self, token: str) -> None:
        """Count a call of the token, or refuse it with error 6 and count nothing."""
        if not self.rules.pace:
            return
        now = time.monotonic()
        calls = self._calls.setdefault(token, deque())
        while calls and now - calls[0] >= self.rules.second:
            calls.popleft()
        if len(calls) >= self.rules.per_second:
            raise Refusal(6)
        calls.append(now)

    def refuse(
        self, code: int, count: int | None = 1, methods: frozenset[str] = frozenset()
    ) -> None:
        """Plan an error for the next `count` calls; no methods means all, 0 takes plans back."""
        if count == 0:
            self.refusals.clear()
            return
        self.refusals.append(PlannedRefusal(code, count, methods))

    def planned(self, method: str) -> None:
        """Raise the refusal that is planned for such a call."""
        for plan in self.refusals:
            if plan.methods and method not in plan.methods:
                continue
            if plan.count is not None:
                plan.count -= 1
                if plan.count == 0:
                    self.refusals.remove(plan)
            raise Refusal(plan.code)

    def chat(self, bot: BotAccount, peer_id: int) -> Chat:
        """Give the chat that the community may write to, or refuse."""
        chat = self.world.find_chat(bot, peer_id)
        if chat is not None and chat.is_group:
            return chat
        if peer_id > FIRST_CHAT:
            raise Refusal(917)
        if chat is None or not chat.started or chat.blocked:
            raise Refusal(901)
        return chat

    def message(self, bot: BotAccount, message_id: int) -> tuple[Chat, Message] | None:
        """Find a message of the community's private chats by its id."""
        for chat in self.world.chats(bot):
            message = None if chat.is_group else chat.message(message_id)
            if message is not None:
                return chat, message
        return None

    def message_json(self, chat: Chat, message: Message) -> dict[str, Any]:
        """Word a message; in a group chat its `id` is 0, as a community is told."""
        extra = self.extras.get(message.id, Extra())
        body = {
            "id": 0 if chat.is_group else message.id,
            "conversation_message_id": message.number,
            "peer_id": chat.id,
            "from_id": message.sender_id,
            "date": int(message.at.timestamp()),
            "text": "" if extra.action else message.text,
            "out": int(message.direction == "out"),
            "version": 10_000_000 + message.id,
            "random_id": message.random_id,
            "important": False,
            "is_hidden": False,
            "fwd_messages": [],
            "attachments": [attachment_json(self.attachments.of(f)) for f in message.files],
        }
        if message.edited_at is not None:
            body["update_time"] = int(message.edited_at.timestamp())
        for name in ("payload", "ref", "ref_source", "action", "keyboard"):
            value = getattr(extra, name)
            if value is not None:
                body[name] = value
        replied = chat.message(message.reply_to) if message.reply_to is not None else None
        if replied is not None:
            body["reply_message"] = self._reply_json(chat, replied)
        return body

    def tell_message(self, kind: str, chat: Chat, message: Message) -> None:
        """Queue an event that carries a message: `message_new` wraps it, the others do not."""
        body = self.message_json(chat, message)
        if kind == "message_new":
            body = {"message": body, "client_info": dict(CLIENT_INFO)}
        self.queue(chat.bot).add(kind, body)

    def _reply_json(self, chat: Chat, message: Message) -> dict[str, Any]:
        return {
            "id": 0 if chat.is_group else message.id,
            "conversation_message_id": message.number,
            "peer_id": chat.id,
            "from_id": message.sender_id,
            "date": int(message.at.timestamp()),
            "text": message.text,
            "attachments": [attachment_json(self.attachments.of(f)) for f in message.files],
        }
