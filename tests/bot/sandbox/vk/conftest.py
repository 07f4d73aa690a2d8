"""A VK on loopback with one community, and a bot that speaks HTTP to it without a library."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web

from bot.sandbox.nouns import BotAccount, Chat, Messenger
from bot.sandbox.vk.http import routes
from bot.sandbox.vk.rules import VkRules
from bot.sandbox.vk.side import VkSide
from bot.sandbox.world import World

START = datetime.fromisoformat("2026-11-23T07:30:00+03:00")
GROUP = BotAccount(Messenger.VK, 200_000_001, "vk1.a.test", "Дежурный", "dezhurny")


class Bot:
    """A community's bot at the wire."""

    def __init__(self, session: ClientSession, url: str, world: World, rules: VkRules) -> None:
        self.session = session
        self.url = url
        self.world = world
        self.rules = rules
        side = world.sides[Messenger.VK]
        assert isinstance(side, VkSide)
        self.side = side
        self._random_id = 0
        self.key = ""
        self.ts = ""

    @property
    def anya(self) -> int:
        return self.world.users(Messenger.VK)[0].id

    @property
    def chat(self) -> Chat:
        return self.world.chat(GROUP, self.anya)

    async def raw(self, method: str, **params: object) -> Any:
        """Call a method and give the whole body; a parameter that is None is left out."""
        asked = {"access_token": GROUP.token, "v": "5.199"} | params
        form = {name: str(value) for name, value in asked.items() if value is not None}
        async with self.session.post(f"{self.url}/vk/method/{method}", data=form) as response:
            assert response.status == 200
            return await response.json()

    async def call(self, method: str, **params: object) -> Any:
        body = await self.raw(method, **params)
        assert "error" not in body, body
        return body["response"]

    async def refused(self, method: str, **params: object) -> int:
        """Call a method that has to be refused and give the error's code."""
        body = await self.raw(method, **params)
        assert "error" in body, body
        code: int = body["error"]["error_code"]
        return code

    def fresh(self) -> int:
        self._random_id += 1
        return self._random_id

    async def send(self, text: str = "Здравствуйте", **params: object) -> Any:
        asked: dict[str, object] = {"random_id": self.fresh()} | params
        if "peer_ids" not in params:
            asked.setdefault("peer_id", self.anya)
        return await self.call("messages.send", message=text, **asked)

    async def open(self) -> None:
        """Fetch a Long Poll key and start at the present."""
        server = await self.call("groups.getLongPollServer", group_id=GROUP.id)
        assert server["server"] == f"{self.url}/vk/lp/{GROUP.id}"
        self.key, self.ts = server["key"], server["ts"]

    async def check(self, *, ts: str | None = None, wait: float = 0, **params: str) -> Any:
        """Poll once without moving on."""
        asked = {"act": "a_check", "key": self.key, "ts": ts or self.ts, "wait": str(wait)} | params
        async with self.session.post(f"{self.url}/vk/lp/{GROUP.id}", params=asked) as response:
            assert response.status == 200
            return await response.json()

    async def events(self, *, wait: float = 0) -> list[dict[str, Any]]:
        """Poll once and move on."""
        body = await self.check(wait=wait)
        self.ts = body["ts"]
        updates: list[dict[str, Any]] = body["updates"]
        return updates

    async def message(self) -> Any:
        """Give the message of the latest message_new."""
        return [one for one in await self.events() if one["type"] == "message_new"][-1]["object"][
            "message"
        ]

    async def upload(self, url: str, name: str, content: bytes, field: str = "file") -> Any:
        form = FormData(quote_fields=False)
        form.add_field(field, content, filename=name)
        async with self.session.post(url, data=form) as response:
            assert response.status == 200
            return await response.json()

    async def download(self, url: str) -> bytes:
        async with self.session.get(url) as response:
            assert response.status == 200
            return await response.read()

    async def switch(self, name: str, **body: object) -> None:
        async with self.session.post(f"{self.url}/vk/switch/{name}", json=body) as response:
            assert response.status == 200

    def pass_time(self, seconds: float) -> None:
        self.world.clock.jump(self.world.now() + timedelta(seconds=seconds))


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """Give a bot to whom one person, Anya, has written once; its Long Poll is at the present."""
    world = World(START, rate=0)
    world.add_bot(GROUP)
    rules = VkRules(pace=False)
    app = web.Application()
    app.add_routes(routes(world, rules))
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        bot = Bot(session, f"http://127.0.0.1:{runner.addresses[0][1]}", world, rules)
        anya = bot.side.add_user("Аня", "Соколова")
        bot.side.say(anya.id, "Привет")
        await bot.open()
        yield bot
    await runner.cleanup()
    await asyncio.sleep(0)


def keyboard(*rows: list[dict[str, Any]], inline: bool = True, one_time: bool = False) -> str:
    """Word a keyboard as messages.send takes it."""
    body = {"inline": inline, "one_time": one_time, "buttons": rows}
    return json.dumps(body, ensure_ascii=False)


def button(
    label: str = "Мой день", kind: str = "callback", payload: object = None
) -> dict[str, Any]:
    """Word one button."""
    told = json.dumps({"a": label} if payload is None else payload, ensure_ascii=False)
    return {"action": {"type": kind, "label": label, "payload": told}, "color": "primary"}
