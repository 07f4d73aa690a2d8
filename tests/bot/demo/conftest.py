"""A host of the page beside the sample school in memory of the tests: no bot as a process."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.demo.backstage import SCHOOL, database_url
from bot.demo.house import House, Show
from bot.demo.keeper import BotKeeper
from bot.demo.live import Live
from bot.demo.roster import Everybody, everybody
from scheduler.clock import WallClock
from storage import schools
from storage.window import Window
from tests.bot.demo.http import Page
from tests.chat import House as Bot
from tests.chat import moscow

START = moscow("2026-11-23 07:05")
CODES = {"S701": "ABCDEFGHJK", "T01": "MNPQRSTUVW"}
SERVES = """
import json, time
print(json.dumps({"event": "running", "level": "info", "timestamp": "2026-11-23T04:05:06Z"}))
time.sleep(600)
"""


@pytest.fixture
async def group() -> AsyncIterator[asyncio.TaskGroup]:
    async with asyncio.TaskGroup() as opened:
        yield opened


@pytest.fixture
async def waking(group: asyncio.TaskGroup, tmp_path: Path) -> AsyncIterator[Live]:
    """A host whose school is not loaded yet."""
    live = Live(Show(SCHOOL, START, port=0), 0, tmp_path, group)
    live.keeper = BotKeeper(lambda: python(SERVES), lambda: None, WallClock().now, group)
    async with live.sandbox:
        yield live
        await live.keeper.stop()


@pytest.fixture
async def window(house: Bot, tmp_path: Path) -> AsyncIterator[Window]:
    """A window on the very file in which the `house` lives."""
    assert house.database.path == tmp_path / "school.db"
    async with Window(database_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def people(window: Window) -> Everybody:
    async with window.read() as tx:
        return await everybody(tx, (await schools.every(tx))[0])


@pytest.fixture
def live(waking: Live, window: Window, people: Everybody) -> Live:
    """A host of the loaded sample school."""
    waking.house = House(people, CODES, window)
    return waking


@pytest.fixture
async def page(waking: Live) -> AsyncIterator[Page]:
    async with ClientSession(waking.sandbox.url) as session:
        yield Page(session)


async def python(code: str) -> Process:
    """Start a process that stands for the bot."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-c", code, stdout=PIPE, stderr=STDOUT
    )
