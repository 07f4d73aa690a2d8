"""The verbs of people: they come, write, press, send, open links, edit and block."""

from aiohttp import web

from bot.sandbox.control.desk import Desk, messenger_of, number, read, wait_seconds
from bot.sandbox.nouns import Message, NewFile
from bot.sandbox.wire import (
    Act,
    BotView,
    ChatView,
    EditMessage,
    FileToSend,
    MessageView,
    NewGroup,
    NewUser,
    OpenLink,
    PressButton,
    Pressed,
    PressView,
    Say,
    SendFiles,
    UserView,
)
from bot.sandbox.world import UnknownError


async def add_user(desk: Desk, request: web.Request) -> UserView:
    """POST /control/users."""
    new = await read(request, NewUser)
    side = desk.side(new.messenger)
    user = side.add_user(new.first_name, new.last_name, new.username, new.id)
    return UserView.model_validate(user)


async def users(desk: Desk, request: web.Request) -> list[UserView]:
    """GET /control/users."""
    return [UserView.model_validate(user) for user in desk.world.users(messenger_of(request))]


async def bots(desk: Desk, _request: web.Request) -> list[BotView]:
    """GET /control/bots."""
    return [
        BotView.model_validate(bot)
        for messenger in desk.world.sides
        for bot in desk.world.bots(messenger)
    ]


async def add_group(desk: Desk, request: web.Request) -> ChatView:
    """POST /control/groups."""
    new = await read(request, NewGroup)
    side = desk.side(new.messenger)
    return desk.view(side.add_group(new.title, new.user_ids, bot_id=new.bot_id))


async def say(desk: Desk, request: web.Request) -> list[MessageView]:
    """POST /control/say."""
    act = await read(request, Say)
    sent = desk.side(act.messenger).say(
        act.user_id, act.text, chat_id=act.chat_id, bot_id=act.bot_id
    )
    return [MessageView.model_validate(message) for message in sent]


async def press(desk: Desk, request: web.Request) -> Pressed:
    """POST /control/press."""
    act = await read(request, PressButton)
    if act.label is None and act.data is None:
        raise ValueError("a button is meant by its label or its data")
    led_to = desk.side(act.messenger).press(
        act.user_id,
        label=act.label,
        data=act.data,
        message_id=act.message_id,
        chat_id=act.chat_id,
        bot_id=act.bot_id,
    )
    if isinstance(led_to, Message):
        return Pressed(message=MessageView.model_validate(led_to))
    return Pressed(press=PressView.model_validate(led_to))


async def find_press(desk: Desk, request: web.Request) -> PressView:
    """GET /control/presses/{id}: with `wait`, when the bot has answered."""
    found = desk.world.find_press(request.match_info["id"])
    if found is None:
        raise UnknownError("no such press")
    await desk.world.news.until(lambda: found.answered_at is not None, wait_seconds(request))
    return PressView.model_validate(found)


async def send_files(desk: Desk, request: web.Request) -> list[MessageView]:
    """POST /control/send_files."""
    act = await read(request, SendFiles)
    files = [_new_file(file) for file in act.files]
    sent = desk.side(act.messenger).send_files(
        act.user_id, files, act.caption, chat_id=act.chat_id, bot_id=act.bot_id
    )
    return [MessageView.model_validate(message) for message in sent]


async def open_link(desk: Desk, request: web.Request) -> MessageView | None:
    """POST /control/open_link."""
    act = await read(request, OpenLink)
    sent = desk.side(act.messenger).open_link(act.user_id, act.payload, bot_id=act.bot_id)
    return None if sent is None else MessageView.model_validate(sent)


async def edit(desk: Desk, request: web.Request) -> MessageView:
    """POST /control/edit."""
    act = await read(request, EditMessage)
    side = desk.side(act.messenger)
    return MessageView.model_validate(
        side.edit(act.user_id, act.message_id, act.text, bot_id=act.bot_id)
    )


async def block(desk: Desk, request: web.Request) -> ChatView:
    """POST /control/block."""
    act = await read(request, Act)
    desk.side(act.messenger).block(act.user_id, bot_id=act.bot_id)
    return desk.view(desk.chat(act), last=0)


async def unblock(desk: Desk, request: web.Request) -> ChatView:
    """POST /control/unblock."""
    act = await read(request, Act)
    desk.side(act.messenger).unblock(act.user_id, bot_id=act.bot_id)
    return desk.view(desk.chat(act), last=0)


async def seen(desk: Desk, request: web.Request) -> ChatView:
    """POST /control/seen: the person looked at the chat."""
    chat = desk.chat(await read(request, Act))
    if chat.unread:
        desk.world.amend(chat, unread=0)
    return desk.view(chat, last=0)


async def chat(desk: Desk, request: web.Request) -> ChatView:
    """GET /control/chat: with `news` and `wait`, when there is other news than that count.

    Of the messages, the `last` ones; with `before`, those that stand before that id.
    """
    messenger, chat_id = messenger_of(request), number(request, "chat_id")
    if messenger is None or chat_id is None:
        raise ValueError("a chat is meant by messenger and chat_id")
    known = number(request, "news")
    if known is not None:
        await desk.world.news.after(known, wait_seconds(request))
    bot = desk.world.bot(messenger, number(request, "bot_id"))
    last, before = number(request, "last"), number(request, "before")
    return desk.view(desk.world.chat(bot, chat_id), last, before)


async def chats(desk: Desk, request: web.Request) -> list[ChatView]:
    """GET /control/chats: all of a messenger, each with its last message."""
    wanted = messenger_of(request)
    messengers = list(desk.world.sides) if wanted is None else [wanted]
    return [
        desk.view(one, last=1)
        for messenger in messengers
        for bot in desk.world.bots(messenger)
        for one in desk.world.chats(bot)
    ]


def _new_file(file: FileToSend) -> NewFile:
    if (file.base64 is None) == (file.size is None):
        raise ValueError("a file has either base64 or a size")
    return NewFile(
        kind=file.kind,
        name=file.name,
        mime=file.mime,
        content=file.base64,
        size=file.size,
        width=file.width,
        height=file.height,
        duration=file.duration,
    )
