"""The methods around a conversation: reading it, typing, answering a pressed button."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.nouns import Chat, Message
from bot.sandbox.vk.outgoing import by_number
from bot.sandbox.vk.query import Query
from bot.sandbox.vk.rules import (
    FIRST_CHAT,
    MOST_IDS,
    PRESS_SECONDS,
    Refusal,
    invalid,
)
from bot.sandbox.vk.state import VkState

TYPING_SECONDS = 10.0
ACTIVITIES = ("audiomessage", "file", "photo", "typing", "video")
EVENT_DATA_CHARACTERS = 1000
SNACKBAR_CHARACTERS = 90
EVENT_DATA_NEEDS = {"show_snackbar": "text", "open_link": "link", "open_app": "app_id"}
MOST_HISTORY = 200


def get_by_id(state: VkState, query: Query) -> dict[str, Any]:
    """Give messages of private chats by id, or of a chat by their numbers in it."""
    ids = query.numbers("message_ids", MOST_IDS)
    if not ids:
        return _by_numbers(state, query, query.numbers("cmids", MOST_IDS))
    found = [state.message(query.bot, message_id) for message_id in ids]
    items = [state.message_json(*one) for one in found if one is not None]
    return {"count": len(items), "items": items}


def get_by_number(state: VkState, query: Query) -> dict[str, Any]:
    """Give messages of a chat by their numbers in it."""
    query.need("conversation_message_ids")
    return _by_numbers(state, query, query.numbers("conversation_message_ids", MOST_IDS))


def get_history(state: VkState, query: Query) -> dict[str, Any]:
    """Give a part of a conversation, the newest first unless `rev` is 1."""
    chat = _known_chat(state, query, query.number("peer_id") or query.need_number("user_id"))
    count = query.number("count", 20)
    if not 0 <= count <= MOST_HISTORY:
        raise invalid(f"count should be between 0 and {MOST_HISTORY}")
    messages = chat.shown()
    if not query.flag("rev"):
        messages.reverse()
    first = max(0, query.number("offset"))
    items = [state.message_json(chat, message) for message in messages[first : first + count]]
    return {"count": len(messages), "items": items}


def get_conversations(state: VkState, query: Query) -> dict[str, Any]:
    """Give the conversations, the latest first: where to look for what the events lost."""
    count = query.number("count", 20)
    if not 0 <= count <= MOST_HISTORY:
        raise invalid(f"count should be between 0 and {MOST_HISTORY}")
    chats = [(chat.shown()[-1], chat) for chat in state.world.chats(query.bot) if chat.shown()]
    if query.text("filter") in {"unanswered", "unread"}:
        chats = [(last, chat) for last, chat in chats if last.direction == "in"]
    chats.sort(key=lambda pair: pair[0].id, reverse=True)
    first = max(0, query.number("offset"))
    items = [
        {
            "conversation": _conversation(chat, last),
            "last_message": state.message_json(chat, last),
        }
        for last, chat in chats[first : first + count]
    ]
    return {"count": len(chats), "items": items}


def is_allowed(state: VkState, query: Query) -> dict[str, int]:
    """Tell whether the community may write to a person."""
    if query.need_number("group_id") != query.bot.id:
        raise Refusal(15)
    chat = state.world.find_chat(query.bot, query.need_number("user_id"))
    return {"is_allowed": int(chat is not None and chat.started and not chat.blocked)}


def set_activity(state: VkState, query: Query) -> int:
    """Show «печатает…» for ten real seconds."""
    if query.text("type") not in ACTIVITIES:
        raise invalid(f"type should be one of {', '.join(ACTIVITIES)}")
    chat = state.chat(query.bot, query.number("peer_id") or query.need_number("user_id"))
    state.world.show_typing(chat, TYPING_SECONDS)
    return 1


def mark_as_read(state: VkState, query: Query) -> int:
    """Accept that the community has read a conversation."""
    _known_chat(state, query, query.need_number("peer_id"))
    return 1


def answer_press(state: VkState, query: Query) -> int:
    """Answer a press within a minute of VK's own clock, once."""
    press = state.world.find_press(query.need("event_id"))
    asked = (query.need_number("user_id"), query.need_number("peer_id"))
    data = _event_data(query)
    if (
        press is None
        or (press.user_id, press.chat_id) != asked
        or press.answered_at is not None
        or state.world.press_age(press) > PRESS_SECONDS
    ):
        raise invalid("invalid event_id")
    state.world.answer_press(press, str(data.get("text") or data.get("link") or ""))
    return 1


def _by_numbers(state: VkState, query: Query, numbers: list[int]) -> dict[str, Any]:
    chat = _known_chat(state, query, query.need_number("peer_id"))
    found = [by_number(chat, number) for number in numbers]
    items = [state.message_json(chat, message) for message in found if message is not None]
    return {"count": len(items), "items": items}


def _known_chat(state: VkState, query: Query, peer_id: int) -> Chat:
    chat = state.world.find_chat(query.bot, peer_id)
    if chat is None:
        raise Refusal(917 if peer_id > FIRST_CHAT else 936)
    return chat


def _conversation(chat: Chat, last: Message) -> dict[str, Any]:
    kind = "chat" if chat.is_group else "user"
    local_id = chat.id - FIRST_CHAT if chat.is_group else chat.id
    allowed = chat.is_group or (chat.started and not chat.blocked)
    return {
        "peer": {"id": chat.id, "type": kind, "local_id": local_id},
        "last_message_id": last.id,
        "last_conversation_message_id": last.number,
        "in_read": last.id,
        "out_read": last.id,
        "version": last.id,
        "unanswered": last.direction == "in",
        "can_write": {"allowed": allowed} | ({} if allowed else {"reason": 901}),
    }


def _event_data(query: Query) -> Mapping[str, Any]:
    if len(query.text("event_data")) > EVENT_DATA_CHARACTERS:
        raise invalid("event_data is too long")
    data = query.structure("event_data")
    if data is None:
        return {}
    name = EVENT_DATA_NEEDS.get(str(data.get("type")))
    if name is None or not data.get(name):
        raise invalid("event_data is invalid")
    if len(str(data.get("text", ""))) > SNACKBAR_CHARACTERS:
        raise invalid("event_data text is too long")
    return data
