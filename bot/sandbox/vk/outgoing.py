"""Reads what a community wants to write: text, attachments, keyboard, the message replied to."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.nouns import Chat, Message, StoredFile
from bot.sandbox.vk.keyboard import ReadKeyboard, read_keyboard
from bot.sandbox.vk.query import Query
from bot.sandbox.vk.rules import (
    FIRST_CHAT,
    MOST_ATTACHMENTS,
    MOST_PEERS,
    TEXT_CHARACTERS,
    Refusal,
    invalid,
)
from bot.sandbox.vk.state import VkState

NOT_PLAYED = ("template", "sticker_id", "forward_messages", "lat", "long", "domain")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be written, checked."""

    text: str
    files: tuple[StoredFile, ...]
    keyboard: ReadKeyboard | None


def read_outgoing(state: VkState, query: Query) -> Outgoing:
    """Read and check a message, or refuse; what the sandbox cannot play it does not swallow."""
    for name in NOT_PLAYED:
        if query.text(name):
            raise invalid(f"{name} is not played by the sandbox")
    text = query.text("message")
    files = _files(state, query)
    if not text.strip() and not files:
        raise invalid("message is empty or invalid")
    if len(text) > TEXT_CHARACTERS:
        raise Refusal(914)
    keyboard = read_keyboard(query.text("keyboard"))
    if keyboard is not None and not state.queue(query.bot).settings.bots:
        raise Refusal(912)
    return Outgoing(text, files, keyboard)


def read_peers(query: Query) -> tuple[list[int], bool]:
    """Read to whom, and whether it was a list, which is answered by a list."""
    several = query.numbers("peer_ids", MOST_PEERS) or query.numbers("user_ids", MOST_PEERS)
    one = query.number("peer_id") or query.number("user_id")
    if not one and query.text("chat_id"):
        one = FIRST_CHAT + query.number("chat_id")
    if several and one:
        raise invalid("peer_ids can't be combined with peer_id")
    if not several and not one:
        raise invalid("you should specify peer_id, user_id, domain, chat_id or user_ids param")
    return several or [one], bool(several)


def read_reply(query: Query, chat: Chat) -> int | None:
    """Find the message that is replied to, named by `reply_to` or by a `forward` that replies."""
    found: Message | None
    forward = query.structure("forward")
    if forward is not None:
        if not forward.get("is_reply") or forward.get("peer_id", chat.id) != chat.id:
            raise invalid("forward is played by the sandbox as a reply in the same chat only")
        numbers = forward.get("conversation_message_ids") or forward.get("cmids") or ()
        found = _first(chat, numbers, forward.get("message_ids") or ())
    elif query.text("reply_to"):
        found = chat.message(query.number("reply_to"))
    else:
        return None
    if found is None:
        raise invalid("the message to reply to can't be found")
    return found.id


def by_number(chat: Chat, number: int) -> Message | None:
    """Find a message that is still there by its conversation_message_id."""
    for message in chat.messages:
        if message.number == number:
            return None if message.deleted else message
    return None


def _first(chat: Chat, numbers: Sequence[int], ids: Sequence[int]) -> Message | None:
    if numbers:
        return by_number(chat, numbers[0])
    return chat.message(ids[0]) if ids else None


def _files(state: VkState, query: Query) -> tuple[StoredFile, ...]:
    names = [name.strip() for name in query.text("attachment").split(",") if name.strip()]
    if len(names) > MOST_ATTACHMENTS:
        raise invalid(f"attachment should contain not more than {MOST_ATTACHMENTS} items")
    files = []
    for name in names:
        found = state.attachments.find(name, -query.bot.id)
        if found is None:
            raise invalid(f"attachment {name} is unknown")
        files.append(found.file)
    return tuple(files)
