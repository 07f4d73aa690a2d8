"""The HTTP face of VK: /vk/method/<name>, /vk/lp/<group>, uploads, downloads and switches."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.gate import Answer, Knock, pass_gate
from bot.sandbox.nouns import BotAccount, Messenger
from bot.sandbox.vk import community, dialogs, files, sending
from bot.sandbox.vk.execute import execute
from bot.sandbox.vk.query import Query, read_version
from bot.sandbox.vk.rules import Refusal, VkRules
from bot.sandbox.vk.side import VkSide
from bot.sandbox.vk.state import VkState
from bot.sandbox.vk.switches import switch_handler
from bot.sandbox.world import World

Method = Callable[[VkState, Query], Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

METHODS: Mapping[str, Method] = {
    "docs.getMessagesUploadServer": files.docs_server,
    "docs.save": files.save_doc,
    "groups.getById": community.get_groups,
    "groups.getLongPollServer": community.get_long_poll_server,
    "groups.getLongPollSettings": community.get_long_poll_settings,
    "groups.setLongPollSettings": community.set_long_poll_settings,
    "groups.setSettings": community.set_settings,
    "messages.delete": sending.delete,
    "messages.edit": sending.edit,
    "messages.getByConversationMessageId": dialogs.get_by_number,
    "messages.getById": dialogs.get_by_id,
    "messages.getConversations": dialogs.get_conversations,
    "messages.getHistory": dialogs.get_history,
    "messages.isMessagesFromGroupAllowed": dialogs.is_allowed,
    "messages.markAsRead": dialogs.mark_as_read,
    "messages.send": sending.send,
    "messages.sendMessageEventAnswer": dialogs.answer_press,
    "messages.setActivity": dialogs.set_activity,
    "photos.getMessagesUploadServer": files.photos_server,
    "photos.saveMessagesPhoto": files.save_photo,
    "users.get": community.get_users,
}
NOT_FOR_GROUPS = frozenset(
    {"docs.getUploadServer", "photos.getUploadServer", "photos.getWallUploadServer", "users.search"}
)
"""Methods that exist, but not for a community's token: error 27."""
ADDRESSES = frozenset({"url", "link_ogg", "link_mp3", "upload_url", "server"})


def routes(world: World, rules: VkRules | None = None) -> list[web.RouteDef]:
    """Bring VK into a world and give its routes."""
    state = VkState(world, rules or VkRules())
    world.sides[Messenger.VK] = VkSide(state)
    method, poll = _method_handler(state), _poll_handler(state)
    return [
        web.get("/vk/method/{name}", method),
        web.post("/vk/method/{name}", method),
        web.get("/vk/lp/{group}", poll),
        web.post("/vk/lp/{group}", poll),
        web.post("/vk/upload/{kind}/{id}", _upload_handler(state)),
        web.get("/vk/files/{id}/{name}", _download_handler(state)),
        web.post("/vk/switch/{name}", switch_handler(state)),
    ]


def _method_handler(state: VkState) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        params = await _params(request)
        token = _token(request, params)
        bot = state.world.bot_by_token(Messenger.VK, token)
        knock = Knock(Messenger.VK, bot.id if bot else None, name, params)

        async def act() -> Answer:
            try:
                body = _called(state, bot, token, name, params)
            except Refusal as refusal:
                return Answer(refusal.body(name, params))
            return Answer(_absolute(body, _base(request)))

        def flooded(_seconds: float) -> Answer:
            return Answer(Refusal(6).body(name, params))

        return await pass_gate(state.world, request, knock, act, flooded)

    return handle


def _called(
    state: VkState, bot: BotAccount | None, token: str, name: str, params: Mapping[str, str]
) -> dict[str, Any]:
    state.planned(name)
    if bot is None:
        reason = "invalid access_token (4)." if token else "no access_token passed."
        raise Refusal(5, reason)
    query = Query(bot, name, params, read_version(params))
    state.pace(token)

    def call(inner: Query) -> Any:
        if inner.method in NOT_FOR_GROUPS:
            raise Refusal(27, "method is unavailable with group auth.")
        if inner.method not in METHODS:
            raise Refusal(3)
        return METHODS[inner.method](state, inner)

    if name != "execute":
        return {"response": call(query)}
    executed = execute(query, call)
    told = {"execute_errors": executed.errors} if executed.errors else {}
    return {"response": executed.result} | told


def _poll_handler(state: VkState) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        bot = next(
            (b for b in state.world.bots(Messenger.VK) if str(b.id) == request.match_info["group"]),
            None,
        )
        knock = Knock(Messenger.VK, bot.id if bot else None, "a_check", params)

        async def act() -> Answer:
            if bot is None or params.get("act") != "a_check":
                return Answer({"error": "unknown community or act"}, 400)
            queue = state.queue(bot)
            wait = params.get("wait", "")
            body = await queue.check(
                params.get("key", ""),
                params.get("ts", ""),
                int(wait) if wait.isdecimal() else 25,
                lambda: state.world.faults.down(Messenger.VK, "a_check"),
            )
            return Answer(_absolute(body, _base(request)))

        return await pass_gate(state.world, request, knock, act, _too_many)

    return handle


def _upload_handler(state: VkState) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        ticket_id = request.match_info["id"]
        ticket = state.tickets.get(ticket_id)
        new = await files.receive(request, state)
        params = {"kind": request.match_info["kind"], **files.told(new)}
        knock = Knock(Messenger.VK, ticket.bot.id if ticket else None, "upload", params)

        async def act() -> Answer:
            return Answer(files.keep(state, ticket_id, new))

        return await pass_gate(state.world, request, knock, act, _too_many)

    return handle


def _download_handler(state: VkState) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        file = state.world.file(request.match_info["id"])
        knock = Knock(Messenger.VK, None, "download", {"id": request.match_info["id"]})

        async def act() -> Answer:
            if file is None:
                return Answer({"error": "not found"}, 404)
            return Answer({"size": file.size}, 200, file)

        return await pass_gate(state.world, request, knock, act, _too_many)

    return handle


def _too_many(_seconds: float) -> Answer:
    """Word too many calls where VK has no error of its own: Long Poll and the file servers."""
    return Answer({"error": "too many requests"}, 429)


async def _params(request: web.Request) -> dict[str, str]:
    params = dict(request.query)
    if request.method == "POST" and request.content_type != "application/json":
        posted = await request.post()
        params |= {name: value for name, value in posted.items() if isinstance(value, str)}
    return params


def _token(request: web.Request, params: dict[str, str]) -> str:
    """Take the token out of the parameters, so that no log and no answer repeats it."""
    given = params.pop("access_token", "")
    return given or request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _absolute(value: Any, base: str) -> Any:
    """Put the server's name before the addresses of the sandbox's own files."""
    if isinstance(value, list):
        return [_absolute(one, base) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: f"{base}{one}"
        if name in ADDRESSES and isinstance(one, str) and one.startswith("/vk/")
        else _absolute(one, base)
        for name, one in value.items()
    }
