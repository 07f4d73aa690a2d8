"""What the page asks of its host, under /demo: people, phones, words, moments, glass and bot."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from bot.demo import views
from bot.demo.house import Host
from bot.demo.roster import Somebody
from bot.demo.words import page_words
from bot.sandbox.nouns import Messenger
from handlers.texts import LANGUAGES

Verb = Callable[[Host, web.Request], Awaitable[object]]

ANYTHING: TypeAdapter[object] = TypeAdapter(object)
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
MOST_ID_CHARS = 100


class RefusedError(Exception):
    """A request that cannot be answered: the status, and one reason."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phone(_Asked):
    """Whose phone is wanted, and which messenger on it."""

    person: Annotated[str, StringConstraints(max_length=MOST_ID_CHARS)]
    messenger: Messenger


class BotOrder(_Asked):
    """What is to be done to the bot; `start` starts it again once it is killed."""

    do: Literal["kill", "start"]
    start: bool = False


async def state(host: Host, request: web.Request) -> object:
    """GET /demo/state."""
    return await views.state(host, _language(host, request))


async def words(host: Host, request: web.Request) -> object:
    """GET /demo/words."""
    return page_words(_language(host, request))


async def coming(host: Host, request: web.Request) -> object:
    """GET /demo/moments."""
    return await views.ahead(host, _language(host, request))


async def behind_glass(host: Host, request: web.Request) -> object:
    """GET /demo/glass: with `person`, that one's steps, too."""
    wanted = request.query.get("person", "")
    who = _person(host, wanted) if wanted and host.house is not None else None
    return await views.behind_glass(host, who, _language(host, request))


async def phone(host: Host, request: web.Request) -> object:
    """POST /demo/phones: the same user for the same person and messenger, whoever asks."""
    asked = Phone.model_validate_json(await request.read())
    return {"user_id": host.phones.user_of(_person(host, asked.person), asked.messenger)}


async def bot(host: Host, request: web.Request) -> object:
    """POST /demo/bot: kill it or start it; what it is already is no error."""
    order = BotOrder.model_validate_json(await request.read())
    if host.house is None:
        raise RefusedError(HTTPStatus.CONFLICT, "the school is not loaded yet")
    if order.do == "kill":
        await host.keeper.kill()
    if order.do == "start" or order.start:
        await host.keeper.start()
    return views.news(host)


VERBS: dict[tuple[str, str], Verb] = {
    ("GET", "/demo/state"): state,
    ("GET", "/demo/words"): words,
    ("GET", "/demo/moments"): coming,
    ("GET", "/demo/glass"): behind_glass,
    ("POST", "/demo/phones"): phone,
    ("POST", "/demo/bot"): bot,
}


def routes(host: Host) -> list[web.RouteDef]:
    """Give the routes."""
    return [web.route(method, path, _handler(host, verb)) for (method, path), verb in VERBS.items()]


def _handler(host: Host, verb: Verb) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            if request.method == "POST" and request.content_type != "application/json":
                status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
                return _refused(status, "a request's body is application/json")
            told = await verb(host, request)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "body"
            return _refused(HTTPStatus.BAD_REQUEST, f"{place}: {first['msg']}")
        except RefusedError as error:
            return _refused(error.status, str(error))
        body = ANYTHING.dump_json(told)
        return web.Response(body=body, content_type="application/json", headers=HEADERS)

    return handle


def _language(host: Host, request: web.Request) -> str:
    wanted = request.query.get("language", "")
    return wanted if wanted in LANGUAGES else host.show.language or LANGUAGES[0]


def _person(host: Host, wanted: str) -> Somebody:
    if host.house is None:
        raise RefusedError(HTTPStatus.CONFLICT, "the school is not loaded yet")
    who = host.house.everybody.by_id.get(wanted)
    if who is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "nobody of the roster has that id")
    return who


def _refused(status: HTTPStatus, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status, headers=HEADERS)
