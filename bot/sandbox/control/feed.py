"""GET /control/feed: a WebSocket that tells a page what changes in the world, as it changes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from bot.sandbox.control.desk import LONGEST_WAIT, Desk
from bot.sandbox.control.frames import Watcher
from bot.sandbox.wire import Watch

MOST_SOCKETS = 64
COALESCE_SECONDS = 0.04
"""What happens so soon after the first news goes into the same frame."""
PATIENCE_SECONDS = 10.0
"""A page that takes no frame for so long is cut off."""
CLOSING_SECONDS = 0.05
HEARTBEAT_SECONDS = 30.0
LARGEST_QUESTION = 16 * 1024
LONGEST_REASON = 120


class Feeds:
    """The open feeds of one sandbox. `host_news` is what the host of the page adds to them."""

    def __init__(self, desk: Desk, host_news: Callable[[], object] | None = None) -> None:
        self._desk = desk
        self._host_news = host_news
        self._sockets: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /control/feed; a page from elsewhere is refused with 403."""
        if request.headers.get("Origin") not in {None, f"http://{request.host}"}:
            told = {"error": "a page from elsewhere"}
            return web.json_response(told, status=HTTPStatus.FORBIDDEN)
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS,
            compress=False,
            max_msg_size=LARGEST_QUESTION,
            timeout=CLOSING_SECONDS,
        )
        if not socket.can_prepare(request):
            told = {"error": "a feed is a WebSocket"}
            return web.json_response(told, status=HTTPStatus.UPGRADE_REQUIRED)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_SOCKETS:
            await _close(socket, WSCloseCode.TRY_AGAIN_LATER, "too many pages are open")
            return socket
        self._sockets.add(socket)
        try:
            await self._talk(request, socket)
        finally:
            self._sockets.discard(socket)
        return socket

    async def close(self, _app: web.Application) -> None:
        """Close every feed at once: the sandbox goes down."""
        async with asyncio.TaskGroup() as group:
            for socket in list(self._sockets):
                group.create_task(_close(socket, WSCloseCode.GOING_AWAY, "the sandbox goes down"))

    async def _talk(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        watcher = Watcher(self._desk, self._host_news)
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(self._tell(request, socket, watcher))
            await self._listen(socket, watcher)
            telling.cancel()

    async def _listen(self, socket: web.WebSocketResponse, watcher: Watcher) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                await _close(socket, WSCloseCode.UNSUPPORTED_DATA, "a question is JSON text")
                return
            try:
                watcher.watch(Watch.model_validate_json(message.data).watch)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                await _close(socket, WSCloseCode.INVALID_TEXT, f"{place}: {first['msg']}")
                return
            self._desk.world.news.tell()

    async def _tell(
        self, request: web.Request, socket: web.WebSocketResponse, watcher: Watcher
    ) -> None:
        news = self._desk.world.news
        while not socket.closed:
            seen = news.count
            frame = watcher.frame()
            try:
                if frame is not None:
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await socket.send_str(frame)
            except ConnectionError:
                return
            except TimeoutError:
                _cut(request)
                return
            if await news.after(seen, LONGEST_WAIT):
                await asyncio.sleep(COALESCE_SECONDS)


async def _close(socket: web.WebSocketResponse, code: int, reason: str) -> None:
    told = reason.encode()[:LONGEST_REASON].decode(errors="ignore").encode()
    # Where the other side reads nothing, the time is up, and aiohttp has cut it off.
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSING_SECONDS):
            await socket.close(code=code, message=told)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
