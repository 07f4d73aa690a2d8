"""Reads the feed of a sandbox: frames as they come, for tests and whoever else looks on."""

import asyncio
from collections.abc import Callable
from typing import Self

from aiohttp import ClientWebSocketResponse, WSMsgType

from bot.sandbox.nouns import Messenger
from bot.sandbox.wire import ChatNews, Frame


class Feed:
    """An open feed: `async for frame in feed` until the sandbox closes it.

    `frame.model_fields_set` names what a frame tells.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def watch(self, *places: tuple[Messenger, int]) -> None:
        """Say which chats are watched from now on."""
        told = [{"messenger": messenger, "chat_id": chat_id} for messenger, chat_id in places]
        await self.socket.send_json({"watch": told})

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Frame:
        message = await self.socket.receive()
        if message.type is not WSMsgType.TEXT:
            raise StopAsyncIteration
        return Frame.model_validate_json(message.data)

    async def shows(self, wanted: Callable[[Frame], bool], within: float = 20.0) -> Frame:
        """Read on until a frame is as `wanted`; TimeoutError where none is so `within` seconds."""
        async with asyncio.timeout(within):
            async for frame in self:
                if wanted(frame):
                    return frame
        raise ConnectionError(f"the feed was closed with {self.socket.close_code}")

    async def chat(self, within: float = 20.0) -> ChatNews:
        """Read on until the next news of a chat; the news of several are read by `shows`."""
        (news,) = (await self.shows(lambda frame: bool(frame.chats), within)).chats
        return news
