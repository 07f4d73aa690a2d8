"""messages.send, messages.edit and messages.delete: how a community writes."""

from typing import Any

from bot.sandbox.nouns import Chat, Draft, Message
from bot.sandbox.vk.outgoing import (
    Outgoing,
    by_number,
    read_outgoing,
    read_peers,
    read_reply,
)
from bot.sandbox.vk.query import Query
from bot.sandbox.vk.rules import EDITABLE, MOST_IDS, Refusal, invalid
from bot.sandbox.vk.state import Extra, VkState

MOST_DELETED = 1000


def send(state: VkState, query: Query) -> int | list[dict[str, Any]]:
    """Send to one peer and give the message id, or to several and give a result for each."""
    random_id = query.random_id()
    peers, several = read_peers(query)
    outgoing = read_outgoing(state, query)
    if not several:
        chat, message = _deliver(state, query, peers[0], outgoing, random_id)
        return _shown_id(chat, message)
    return [_result(state, query, peer, outgoing, random_id) for peer in peers]


def edit(state: VkState, query: Query) -> int:
    """Change an own message of the last day; what is not said again (buttons, files) goes."""
    chat = state.chat(query.bot, query.need_number("peer_id"))
    message = _own(query, chat)
    if state.world.now() - message.at > EDITABLE:
        raise Refusal(909)
    outgoing = read_outgoing(state, query)
    keyboard = outgoing.keyboard
    if keyboard is not None and not keyboard.inline:
        raise Refusal(911, "only an inline keyboard can be edited")
    shown = keyboard if keyboard is not None and not keyboard.empty else None
    state.extras[message.id] = Extra(keyboard=shown.body if shown is not None else None)
    state.world.amend_message(
        chat,
        message,
        text=outgoing.text,
        files=outgoing.files,
        buttons=shown.keyboard if shown is not None else None,
        edited_at=state.world.now(),
    )
    return 1


def delete(state: VkState, query: Query) -> list[dict[str, Any]]:
    """Delete messages; only `delete_for_all` within a day takes an own one from the person."""
    ids = query.numbers("message_ids", MOST_DELETED)
    numbers = query.numbers("cmids", MOST_IDS)
    if not ids and not numbers:
        raise invalid("message_ids or cmids should be specified")
    for_all = query.flag("delete_for_all")
    results: list[dict[str, Any]] = []
    for message_id in ids:
        found = state.message(query.bot, message_id)
        results.append({"message_id": message_id} | _gone(state, found, for_all=for_all))
    if numbers:
        chat = state.chat(query.bot, query.need_number("peer_id"))
        for number in numbers:
            told = {"peer_id": chat.id, "conversation_message_id": number}
            message = by_number(chat, number)
            place = None if message is None else (chat, message)
            results.append(told | _gone(state, place, for_all=for_all))
    return results


def _gone(state: VkState, place: tuple[Chat, Message] | None, *, for_all: bool) -> dict[str, Any]:
    if place is None:
        return {"error": invalid("message can't be found").inner()}
    chat, message = place
    if for_all:
        if message.direction != "out" or state.world.now() - message.at > EDITABLE:
            return {"error": Refusal(924).inner()}
        state.world.amend_message(chat, message, deleted=True)
    return {"response": 1}


def _result(
    state: VkState, query: Query, peer: int, outgoing: Outgoing, random_id: int
) -> dict[str, Any]:
    try:
        chat, message = _deliver(state, query, peer, outgoing, random_id)
    except Refusal as refusal:
        return {
            "peer_id": peer,
            "message_id": 0,
            "conversation_message_id": 0,
            "error": refusal.inner(),
        }
    return {
        "peer_id": peer,
        "message_id": _shown_id(chat, message),
        "conversation_message_id": message.number,
    }


def _deliver(
    state: VkState, query: Query, peer: int, outgoing: Outgoing, random_id: int
) -> tuple[Chat, Message]:
    chat = state.chat(query.bot, peer)
    known = state.sent.get((query.bot.id, peer, random_id)) if random_id else None
    if known is not None:
        return chat, known
    keyboard = outgoing.keyboard
    inline = keyboard is not None and keyboard.inline and not keyboard.empty
    draft = Draft(
        outgoing.text,
        buttons=keyboard.keyboard if keyboard is not None and inline else None,
        files=outgoing.files,
        reply_to=read_reply(query, chat),
        random_id=random_id,
    )
    message = state.world.add_message(chat, "out", -query.bot.id, draft)
    if keyboard is not None:
        state.extras[message.id] = Extra(keyboard=keyboard.body)
        if not keyboard.inline:
            shown = None if keyboard.empty else keyboard.keyboard
            state.world.amend(chat, keyboard=shown)
            state.keyboard_from[query.bot.id, chat.id] = message
    if random_id:
        state.sent[query.bot.id, peer, random_id] = message
    state.tell_message("message_reply", chat, message)
    return chat, message


def _shown_id(chat: Chat, message: Message) -> int:
    """Give the id as a community is told it: 0 in a group chat."""
    return 0 if chat.is_group else message.id


def _own(query: Query, chat: Chat) -> Message:
    message_id = query.number("message_id")
    number = query.number("conversation_message_id") or query.number("cmid")
    if message_id:
        message = None if chat.is_group else chat.message(message_id)
    elif number:
        message = by_number(chat, number)
    else:
        raise invalid("message_id or conversation_message_id is a required parameter")
    if message is None:
        raise invalid("message_id is invalid")
    if message.direction != "out":
        raise Refusal(15)
    return message
