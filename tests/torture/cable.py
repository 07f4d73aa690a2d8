"""The cable between the bot and a messenger, which can be pulled out: then nobody answers there."""

import asyncio
from typing import Self
from urllib.parse import urlsplit

from tests.ports import free_port

PIECE = 64 * 1024


class Cable:
    """Passes bytes on to the server of `url` while it is plugged in; `async with` plugs it in."""

    def __init__(self, url: str) -> None:
        self._far = urlsplit(url)
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._under_way: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        await self.plug_in()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pull_out()

    @property
    def url(self) -> str:
        """The same address, at the near end."""
        return self._far._replace(netloc=f"127.0.0.1:{self._port}").geturl()

    async def plug_in(self) -> None:
        """Listen, at the same port each time."""
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self._port)

    async def pull_out(self) -> None:
        """Cut what is under way, and refuse whoever comes."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._under_way):
                writer.transport.abort()
            await self._server.wait_closed()
            self._server = None

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far = await asyncio.open_connection(self._far.hostname, self._far.port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far[1]}
        self._under_way |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, far[1]))
                group.create_task(_copy(far[0], writer))
        finally:
            self._under_way -= ends
            for end in ends:
                end.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        writer.close()
    except OSError:
        writer.transport.abort()
