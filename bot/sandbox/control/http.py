"""The control API's routes, and how its refusals read."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter

from bot.sandbox.clock import ClockRefusedError
from bot.sandbox.control import files, people, stage
from bot.sandbox.control.desk import Desk
from bot.sandbox.mail import Mailbox
from bot.sandbox.world import UnknownError, World

Verb = Callable[[Desk, web.Request], Awaitable[object]]

ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)

VERBS: dict[tuple[str, str], Verb] = {
    ("GET", "/control/bots"): people.bots,
    ("GET", "/control/users"): people.users,
    ("POST", "/control/users"): people.add_user,
    ("POST", "/control/groups"): people.add_group,
    ("POST", "/control/say"): people.say,
    ("POST", "/control/press"): people.press,
    ("GET", "/control/presses/{id}"): people.find_press,
    ("POST", "/control/send_files"): people.send_files,
    ("POST", "/control/open_link"): people.open_link,
    ("POST", "/control/edit"): people.edit,
    ("POST", "/control/block"): people.block,
    ("POST", "/control/unblock"): people.unblock,
    ("POST", "/control/seen"): people.seen,
    ("GET", "/control/chat"): people.chat,
    ("GET", "/control/chats"): people.chats,
    ("GET", "/control/calls"): stage.calls,
    ("GET", "/control/faults"): stage.faults,
    ("POST", "/control/faults"): stage.set_fault,
    ("DELETE", "/control/faults"): stage.clear_faults,
    ("GET", "/control/clock"): stage.clock,
    ("POST", "/control/clock"): stage.set_clock,
    ("POST", "/control/clock/at"): stage.visit,
    ("GET", "/control/mail"): stage.mail,
    ("GET", "/control/mail/faults"): stage.mail_faults,
    ("POST", "/control/mail/faults"): stage.set_mail_fault,
    ("DELETE", "/control/mail/faults"): stage.clear_mail_faults,
    ("GET", "/control/files/{id}"): files.file,
    ("GET", "/control/news"): stage.news,
    ("POST", "/control/reset"): stage.reset,
}

REFUSALS: dict[type[Exception], int] = {
    UnknownError: 404,
    ClockRefusedError: 409,
    TimeoutError: 504,
    ValueError: 400,
}
"""How a refusal is told: the first that fits (what pydantic finds wrong is a ValueError)."""


def routes(world: World, mailbox: Mailbox) -> list[web.RouteDef]:
    """Give the routes."""
    desk = Desk(world, mailbox)
    return [web.route(method, path, _handler(desk, verb)) for (method, path), verb in VERBS.items()]


def _handler(desk: Desk, verb: Verb) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            if request.method == "POST" and request.content_type != "application/json":
                return _refused(415, "a request's body is application/json")
            told = await verb(desk, request)
        except tuple(REFUSALS) as error:
            status = next(code for kind, code in REFUSALS.items() if isinstance(error, kind))
            return _refused(status, str(error))
        if isinstance(told, web.StreamResponse):
            return told
        body = ANYTHING.dump_json(told)
        return web.Response(body=body, content_type="application/json")

    return handle


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
