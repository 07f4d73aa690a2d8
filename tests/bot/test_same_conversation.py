"""The same conversation in memory, through Telegram and through VK."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Rules, Sandbox
from school import access
from storage import schools
from storage.database import Database, opened
from tests.bot import lives
from tests.bot.conversation import Conversation
from tests.bot.lives import Lives
from tests.bot.phones import MemoryPhone, SandboxPhone
from tests.chat import House, moscow
from tests.school_template import LOADED, MONDAY, sqlite_url

JUMP_SECONDS = 120.0
OTHER = {"telegram": "vk", "vk": "telegram"}


@dataclass
class MemoryStage:
    """The bot in this process, and a messenger in memory."""

    house: House
    codes: Mapping[str, str]

    def phone(self, messenger: str) -> MemoryPhone:
        return MemoryPhone(self.house.stranger(messenger))

    async def until(self, moment: str) -> None:
        await self.house.until(moment)


@dataclass
class SandboxStage:
    """The bot as a process of its own, which follows the sandbox's clock."""

    sandbox: Sandbox
    codes: Mapping[str, str]

    def phone(self, messenger: str) -> SandboxPhone:
        return SandboxPhone(self.sandbox, Messenger(messenger), "Кто-то")

    async def until(self, moment: str) -> None:
        world = self.sandbox.world
        assert await world.news.until(world.clock.followed, JUMP_SECONDS)
        world.clock.jump(moscow(moment))
        assert await world.news.until(world.clock.landed, JUMP_SECONDS), "the bot does not rest"


async def codes_for(database: Database) -> dict[str, str]:
    """Issue a code for everybody, by roster id."""
    async with database.write() as tx:
        (school,) = await schools.every(tx)
        issued = await access.issue_codes(tx, school.id, LOADED)
    return {one.row_id: one.code for one in issued}


@pytest.mark.clause("П1-1.1", "П1-1.2", "П1-1.3", "П1-1.4", "П1-1.5", "П1-1.6", "П1-2.4")
@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_in_memory(house: House, messenger: str) -> None:
    stage = MemoryStage(house, await codes_for(house.database))
    await Conversation(stage, messenger, OTHER[messenger]).play()


@asynccontextmanager
async def sandbox_stage(template: Path, folder: Path) -> AsyncIterator[tuple[SandboxStage, Lives]]:
    """Start the sandbox and the bot in it, on a copy of the sample school."""
    path = folder / "school.db"
    shutil.copyfile(template, path)
    async with opened(sqlite_url(path)) as database:
        codes = await codes_for(database)
    async with (
        Sandbox(MONDAY, rate=0, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live, folder / "log") as bot,
    ):
        settings = lives.settings_for(sandbox, sqlite_url(path), folder)
        bot.begin(settings, None, sandbox.control_url)
        assert await sandbox.world.news.until(sandbox.world.clock.followed, JUMP_SECONDS)
        yield SandboxStage(sandbox, codes), bot


@pytest.mark.process
@pytest.mark.frameworks
@pytest.mark.clause("П1-1.1", "П1-1.2", "П1-1.3", "П1-1.4", "П1-1.5", "П1-1.6", "П1-2.4")
@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_over_http(template: Path, tmp_path: Path, messenger: str) -> None:
    async with sandbox_stage(template, tmp_path) as (stage, bot):
        await Conversation(stage, messenger, OTHER[messenger]).play()
        assert await bot.stop() == 0
    assert "[error" not in bot.said(), bot.said()
