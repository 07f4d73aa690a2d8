"""Finds the button that a person means."""

from bot.sandbox.nouns import Button, Chat, Message
from bot.sandbox.world import UnknownError


def aim(
    chat: Chat, *, label: str | None, data: str | None, message_id: int | None
) -> tuple[Message | None, Button]:
    """Find the button that a person means; without a message it is one of `chat.keyboard`.

    A label alone is looked for on the latest message, then on the keyboard, then on older
    messages. UnknownError where there is none.
    """
    latest = chat.latest(1)
    if latest and message_id is None and data is None and label is not None and chat.keyboard:
        try:
            return _inline(chat, label=label, data=None, message_id=latest[0].id)
        except UnknownError:
            for button in chat.keyboard.buttons():
                if button.label == label:
                    return None, button
    return _inline(chat, label=label, data=data, message_id=message_id)


def _inline(
    chat: Chat, *, label: str | None, data: str | None, message_id: int | None
) -> tuple[Message, Button]:
    """Find an inline button on a message, or on the latest message that has it."""
    for message in reversed(chat.messages):
        wanted = message_id is None or message.id == message_id
        if message.deleted or message.buttons is None or not wanted:
            continue
        for button in message.buttons.buttons():
            if (label is None or button.label == label) and (data is None or button.data == data):
                return message, button
    raise UnknownError(f"no button {label or data!r} in chat {chat.id}")
