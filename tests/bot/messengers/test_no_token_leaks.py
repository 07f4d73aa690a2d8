"""Whatever fails, no token, key or password stands in an exception, its trace or a log line."""

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.messengers import wire
from bot.messengers.text import as_json
from bot.sandbox.nouns import FileKind, Messenger
from handlers import messages
from handlers.messages import Button, RemoteFile, Reply
from scheduler.messenger import DeliveryFailed, FileRefused, LocalFile, Update

from .bench import PNG, SECRETS, answering, local, telegram, vk, with_files

if TYPE_CHECKING:
    from bot.messengers.telegram import Telegram
    from bot.messengers.vk import Vk

pytestmark = pytest.mark.frameworks

PROXY = "socks5://anya:pr0xy-s3cr3t@127.0.0.1:1"


async def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def page(request: web.Request) -> web.Response:
    """Answer as a gateway that repeats the address."""
    return web.Response(text=f"<html>{request.url}</html>", status=502, content_type="text/html")


async def lead_away(request: web.Request) -> web.Response:
    raise web.HTTPFound(f"https://elsewhere.example{request.path_qs}")


async def half(request: web.Request) -> web.StreamResponse:
    """Break off in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok":')
    assert request.transport is not None
    request.transport.abort()
    return response


async def refuse(request: web.Request) -> web.Response:
    """Refuse with an error that repeats what was asked, as both APIs can."""
    told = [{"key": "path", "value": request.path_qs}]
    body = {
        "ok": False,
        "description": "Internal Server Error",
        "error": {"error_code": 10, "error_msg": "Internal server error", "request_params": told},
    }
    return web.json_response(body, status=500)


async def rubbish(_: web.Request) -> web.Response:
    return web.Response(body=b"\xff\xfe\x00", content_type="application/json")


async def never(_: web.Request) -> web.Response:
    raise web.HTTPRequestTimeout


ANSWERS = [hang_up, page, lead_away, half, refuse, rubbish, never]


@asynccontextmanager
async def unreachable() -> AsyncIterator[str]:
    yield "http://127.0.0.1:1"


def calls(
    both: "Telegram | Vk", url: str, file: LocalFile
) -> dict[str, Callable[[], Awaitable[object]]]:
    card = Reply("Мой день", buttons=((Button("Сдать", "x"),),), card="d", edit=True)
    press = Update(ref="1", raw="", press="e:7:7")
    remote = RemoteFile(messages.FileKind.DOCUMENT, f"{url}/file/{SECRETS[1]}")
    return {
        "identify": both.identify,
        "introduce": lambda: both.introduce({"help": "?"}, "a", "b"),
        "poll": both.poll,
        "acknowledge": lambda: both.acknowledge(press),
        "working": lambda: both.working("7"),
        "send": lambda: both.send("7", Reply("Привет"), [], 1),
        "send a file": lambda: both.send("7", with_files(file.kind), [file], 1),
        "edit": lambda: both.edit("7", "1", card),
        "download": lambda: drain(both.download(remote)),
        "close": both.close,
    }


async def drain(chunks: AsyncIterator[bytes]) -> None:
    async for _ in chunks:
        pass


async def failures(both: "Telegram | Vk", url: str, file: LocalFile) -> dict[str, str]:
    """Call everything, and give all that a log could show of what failed."""
    shown = {}
    for name, call in calls(both, url, file).items():
        try:
            await call()
        except (DeliveryFailed, FileRefused) as error:
            kept = repr(vars(error)) + repr(error.__cause__) + repr(error.__context__)
            shown[name] = "".join(traceback.format_exception(error)) + kept
    return shown


@pytest.mark.parametrize("answer", [*ANSWERS, None], ids=lambda one: getattr(one, "__name__", "no"))
@pytest.mark.parametrize("name", list(Messenger))
async def test_nothing_that_fails_tells_the_token(
    name: Messenger,
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]] | None,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(wire, "timeout", lambda _: aiohttp.ClientTimeout(total=2))
    file = local(tmp_path, FileKind.PHOTO, PNG, "1.png", "image/png")
    make = telegram if name is Messenger.TELEGRAM else vk
    async with answering(answer) if answer else unreachable() as url, make(url) as both:
        shown = await failures(both, url, file)
    assert {"identify", "poll", "send", "edit"} <= set(shown)
    said = capsys.readouterr()
    everything = as_json(shown) + caplog.text + said.out + said.err
    assert not [secret for secret in SECRETS if secret in everything]


async def test_a_proxy_keeps_its_password_and_the_token(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    file = local(tmp_path, FileKind.PHOTO, PNG, "1.png", "image/png")
    async with telegram("http://127.0.0.1:2", proxy=PROXY) as both:
        shown = await failures(both, "http://127.0.0.1:2", file)
    assert "send" in shown
    said = capsys.readouterr()
    assert "s3cr3t" not in as_json(shown) + caplog.text + said.out + said.err


def test_a_secret_is_taken_out_also_as_it_stands_in_an_address() -> None:
    told = wire.scrub("GET /bot7:AA%2Fx and 7:AA/x", ["7:AA/x", ""])
    assert told == "GET /bot7:AA%2Fx and •••"
    assert wire.scrub("q=7%3AAA%2Fx", ["7:AA/x"]) == "q=•••"
