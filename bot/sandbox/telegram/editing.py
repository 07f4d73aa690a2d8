"""The methods that change what was sent: edits, deletion, and the answer to a press."""

from bot.sandbox.nouns import BotAccount, Chat, Message
from bot.sandbox.telegram.backend import Backend
from bot.sandbox.telegram.entities import Formatted, read_text
from bot.sandbox.telegram.markup import Markup, read_markup
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import (
    CALLBACK_ANSWER_LIMIT,
    DELETABLE_FOR,
    PRESS_SECONDS,
    TEXT_LIMIT,
    bad,
)
from bot.sandbox.telegram.sending import caption_of
from bot.sandbox.telegram.shape import Json

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer editMessageText; the inline keyboard goes unless it is given again."""
    chat, message = _own(backend, bot, params)
    text = read_text(params, "text", "entities")
    if not text.text:
        raise bad("message text is empty")
    if len(text.text) > TEXT_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    if message.files:
        raise bad("there is no text in the message to edit")
    return _edited(backend, chat, message, text, _inline(params))


def edit_message_caption(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer editMessageCaption; the inline keyboard goes unless it is given again."""
    chat, message = _own(backend, bot, params)
    caption = caption_of(params)
    if not message.files:
        raise bad("there is no caption in the message to edit")
    return _edited(backend, chat, message, caption, _inline(params))


def edit_message_reply_markup(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer editMessageReplyMarkup."""
    chat, message = _own(backend, bot, params)
    text = Formatted(message.text, message.entities)
    return _edited(backend, chat, message, text, _inline(params))


def delete_message(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer deleteMessage: within 48 hours, in a private chat also what the person wrote."""
    chat = backend.chat(bot, params)
    message = chat.message(params.required_number("message_id"))
    if message is None:
        raise bad("message to delete not found")
    foreign = message.direction == "in" and chat.is_group
    if foreign or backend.world.now() - message.at > DELETABLE_FOR:
        raise bad("message can't be deleted")
    backend.world.amend_message(chat, message, deleted=True)
    return True


def answer_callback_query(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer answerCallbackQuery, which is too late after 150 seconds."""
    press = backend.world.find_press(params.text("callback_query_id"))
    known = press is not None and press.bot_id == bot.id
    if press is None or not known or backend.world.press_age(press) >= PRESS_SECONDS:
        raise bad(TOO_OLD)
    text = params.text("text")
    if len(text) > CALLBACK_ANSWER_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    backend.world.answer_press(press, text, alert=params.flag("show_alert"))
    return True


def _own(backend: Backend, bot: BotAccount, params: Params) -> tuple[Chat, Message]:
    chat = backend.writable(bot, params)
    if not params.text("message_id"):
        raise bad("message identifier is not specified")
    message = chat.message(params.required_number("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if message.direction != "out":
        raise bad("message can't be edited")
    return chat, message


def _inline(params: Params) -> Markup:
    markup = read_markup(params)
    if markup.keyboard is not None or markup.remove or markup.other:
        raise bad("inline keyboard expected")
    return markup


def _edited(
    backend: Backend, chat: Chat, message: Message, text: Formatted, markup: Markup
) -> Json:
    before = (message.text, message.entities, message.buttons)
    after = (text.text, text.entities, markup.inline)
    if before == after:
        raise bad(NOT_MODIFIED)
    backend.pace.take_edit(chat)
    backend.world.amend_message(
        chat,
        message,
        text=text.text,
        entities=text.entities,
        buttons=markup.inline,
        edited_at=backend.world.now(),
    )
    return backend.told(chat, message)
