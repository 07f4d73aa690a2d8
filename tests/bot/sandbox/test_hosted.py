"""A sandbox that hosts a page: its routes, and the port that is taken already."""

import pytest
from aiohttp import ClientSession, web

from bot.sandbox.client import SandboxClient
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox

from .phone import MONDAY


async def hello(request: web.Request) -> web.Response:
    return web.json_response({"path": request.path})


async def test_the_routes_of_a_host_stand_behind_the_same_check(session: ClientSession) -> None:
    routes = [web.get("/", hello), web.get("/page/{name}", hello)]
    async with Sandbox(MONDAY, routes=routes) as sandbox:
        for path in ("/", "/page/main.js"):
            async with session.get(f"{sandbox.url}{path}") as response:
                assert await response.json() == {"path": path}
            foreign = {"Host": "school.test"}
            async with session.get(f"{sandbox.url}{path}", headers=foreign) as response:
                assert response.status == 403
        async with SandboxClient(sandbox.control_url) as client:
            assert (await client.add_user(Messenger.TELEGRAM, "Аня")).first_name == "Аня"


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open() -> None:
    async with Sandbox(MONDAY) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            async with Sandbox(MONDAY, port=port):
                pytest.fail("two sandboxes on one port")
    async with Sandbox(MONDAY, port=port) as again:
        assert again.url == first.url
