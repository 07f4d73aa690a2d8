"""The gate through which every API call passes: faults on the way in and out, and the log."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.calls import Call
from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger, StoredFile
from bot.sandbox.world import World

DROPS = 20
GATEWAY_PAGE = (
    "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>{status} Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method came to: JSON and the HTTP status that goes with it, or a file's bytes."""

    body: Any
    status: int = 200
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Knock:
    """A call at the gate, decoded: who asks for which method with what."""

    messenger: Messenger
    bot_id: int | None
    method: str
    params: Mapping[str, Any]
    """As they go into the log: a file is told as {"file": name, "size": n, "sha256": hex}."""


async def pass_gate(
    world: World,
    request: web.Request,
    knock: Knock,
    act: Callable[[], Awaitable[Answer]],
    flooded: Callable[[float], Answer],
) -> web.StreamResponse:
    """Do a call as the fault switches allow it, log it, and answer.

    `flooded` words the messenger's own refusal of too many calls, given the seconds to wait.
    """
    hits = world.faults.take(knock.messenger, knock.method)
    late = sum(fault.seconds for fault in hits if fault.kind is FaultKind.SLOW)
    hard = next((fault for fault in hits if fault.kind is not FaultKind.SLOW), None)
    match hard.kind if hard is not None else None:
        case FaultKind.DOWN:
            answer = Answer(None, 0)
        case FaultKind.STATUS if hard is not None:
            answer = Answer(GATEWAY_PAGE.format(status=hard.status), hard.status)
        case FaultKind.FLOOD if hard is not None:
            answer = flooded(hard.seconds)
        case _:
            answer = await act()
    lost = hard is not None and hard.kind in {FaultKind.DOWN, FaultKind.DROP_ANSWER}
    delivered = False
    try:
        await asyncio.sleep(late)
        delivered = not lost and not world.faults.down(knock.messenger, knock.method)
    finally:
        log(world, knock, answer, delivered=delivered)
    if not delivered:
        return cut(request)
    if hard is not None and hard.kind is FaultKind.STATUS:
        return web.Response(text=answer.body, status=answer.status, content_type="text/html")
    if hard is not None and hard.kind is FaultKind.DRIP:
        return await _drip(request, answer, hard.seconds)
    if answer.file is not None:
        return await _give(request, answer.file)
    return web.json_response(answer.body, status=answer.status)


def log(world: World, knock: Knock, answer: Answer, *, delivered: bool) -> None:
    """Append the call to the world's log."""
    world.calls.add(
        Call(
            messenger=knock.messenger,
            bot_id=knock.bot_id,
            method=knock.method,
            params=knock.params,
            answer=answer.body,
            status=answer.status if delivered else 0,
            delivered=delivered,
            at=world.now(),
        )
    )


def cut(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word; what is returned never reaches the caller."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _drip(request: web.Request, answer: Answer, seconds: float) -> web.StreamResponse:
    """Answer in small pieces, over so many real seconds."""
    body = json.dumps(answer.body).encode()
    kind = "application/json"
    if answer.file is not None:
        body, kind = b"".join(answer.file.chunks()), "application/octet-stream"
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": kind})
    response.content_length = len(body)
    await response.prepare(request)
    piece = len(body) // DROPS + 1
    for start in range(0, len(body), piece):
        await asyncio.sleep(seconds / DROPS)
        await response.write(body[start : start + piece])
    await response.write_eof()
    return response


async def _give(request: web.Request, file: StoredFile) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    response.content_length = file.size
    await response.prepare(request)
    for chunk in file.chunks():
        await response.write(chunk)
    await response.write_eof()
    return response
