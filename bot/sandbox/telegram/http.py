"""The HTTP face of the Bot API: /telegram/bot<token>/<method> and the files' downloads."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.gate import Answer, Knock, pass_gate
from bot.sandbox.nouns import BotAccount, Messenger
from bot.sandbox.telegram import editing, files, profile, sending
from bot.sandbox.telegram.backend import Backend
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import (
    BATCH,
    LONG_POLL_SECONDS,
    Refusal,
    TelegramRules,
    too_many,
)
from bot.sandbox.telegram.side import TelegramSide
from bot.sandbox.world import World

Method = Callable[[Backend, BotAccount, Params], Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _get_file(backend: Backend, _bot: BotAccount, params: Params) -> Any:
    return files.get_file(backend, params)


METHODS: dict[str, Method] = {
    "answercallbackquery": editing.answer_callback_query,
    "deletemessage": editing.delete_message,
    "deletemycommands": profile.delete_my_commands,
    "deletewebhook": profile.delete_webhook,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "editmessagetext": editing.edit_message_text,
    "getchat": profile.get_chat,
    "getfile": _get_file,
    "getme": profile.get_me,
    "getmycommands": profile.get_my_commands,
    "getmydescription": profile.get_my_description,
    "getmyshortdescription": profile.get_my_short_description,
    "getwebhookinfo": profile.get_webhook_info,
    "leavechat": profile.leave_chat,
    "sendaudio": sending.send_audio,
    "sendchataction": sending.send_chat_action,
    "senddocument": sending.send_document,
    "sendmediagroup": sending.send_media_group,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "sendvideo": sending.send_video,
    "sendvoice": sending.send_voice,
    "setmycommands": profile.set_my_commands,
    "setmydescription": profile.set_my_description,
    "setmyshortdescription": profile.set_my_short_description,
}


def routes(world: World, rules: TelegramRules | None = None) -> list[web.RouteDef]:
    """Bring Telegram into a world and give its routes."""
    backend = Backend(world, rules or TelegramRules())
    world.sides[Messenger.TELEGRAM] = TelegramSide(backend)
    method = _method_handler(backend)
    return [
        web.get("/telegram/bot{token}/{method}", method),
        web.post("/telegram/bot{token}/{method}", method),
        web.get("/telegram/file/bot{token}/{path:.+}", _download_handler(backend)),
    ]


def _method_handler(backend: Backend) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        bot = backend.world.bot_by_token(Messenger.TELEGRAM, request.match_info["token"])
        method = request.match_info["method"]
        try:
            params, refused = await Params.read(request), None
        except Refusal as refusal:
            params, refused = Params(), refusal
        knock = Knock(Messenger.TELEGRAM, bot.id if bot else None, method, params.told())

        async def act() -> Answer:
            try:
                if refused is not None:
                    raise refused
                return Answer({"ok": True, "result": await _result(backend, bot, method, params)})
            except Refusal as refusal:
                return Answer(refusal.body(), refusal.code)

        return await pass_gate(backend.world, request, knock, act, _flooded)

    return handle


async def _result(backend: Backend, bot: BotAccount | None, method: str, params: Params) -> Any:
    if bot is None:
        raise Refusal(401, "Unauthorized")
    if method.lower() == "getupdates":
        queue = backend.queue(bot)
        queue.allow(params.texts.get("allowed_updates"))
        return await queue.poll(
            params.number("offset", 0, -(2**31), 2**31 - 1),
            params.number("limit", BATCH, 1, BATCH),
            params.number("timeout", 0, 0, LONG_POLL_SECONDS),
        )
    known = METHODS.get(method.lower())
    if known is None:
        raise Refusal(404, "Not Found: method not found")
    return known(backend, bot, params)


def _flooded(seconds: float) -> Answer:
    refusal = too_many(seconds)
    return Answer(refusal.body(), refusal.code)


def _download_handler(backend: Backend) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        bot = backend.world.bot_by_token(Messenger.TELEGRAM, request.match_info["token"])
        path = request.match_info["path"]
        file = backend.file_at(path)
        knock = Knock(Messenger.TELEGRAM, bot.id if bot else None, "download", {"path": path})

        async def act() -> Answer:
            if bot is None:
                return Answer(Refusal(401, "Unauthorized").body(), 401)
            if file is None:
                return Answer(Refusal(404, "Not Found").body(), 404)
            return Answer({"size": file.size}, 200, file)

        return await pass_gate(backend.world, request, knock, act, _flooded)

    return handle
