from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Rules, Sandbox

from .phone import MONDAY, Api, Person


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(MONDAY, rules=Rules.unhurried()) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def api(sandbox: Sandbox, session: ClientSession) -> Api:
    return Api(session, sandbox.telegram_api_url)


@pytest.fixture
def anya(sandbox: Sandbox) -> Person:
    """Has opened the bot before."""
    person = Person(sandbox, "Аня")
    person.chat.started = True
    return person


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox.control_url) as opened:
        yield opened
