"""`dezhurny run` as an operator starts it: a process with its settings in the environment."""

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from tests.bot.phones import SandboxPhone
from tests.school_template import MONDAY, sqlite_url

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0
STOP_SECONDS = 60.0
ROUND_TRIP = 0.5


def environment(sandbox: Sandbox, path: Path) -> dict[str, str]:
    """What an operator writes into `.env` to meet a server that speaks the messengers' APIs."""
    tokens = {bot.messenger: bot for bot in BOTS}
    inherited = {name: value for name, value in os.environ.items() if "DEZHURNY" not in name}
    return inherited | {
        "PYTHONPATH": str(ROOT),
        "DEZHURNY_DATABASE_URL": sqlite_url(path),
        "DEZHURNY_FILES_DIR": str(path.parent / "files"),
        "DEZHURNY_TELEGRAM_TOKEN": tokens[Messenger.TELEGRAM].token,
        "DEZHURNY_TELEGRAM_API_URL": sandbox.telegram_api_url,
        "DEZHURNY_VK_TOKEN": tokens[Messenger.VK].token,
        "DEZHURNY_VK_API_URL": sandbox.vk_api_url,
    }


@asynccontextmanager
async def running(sandbox: Sandbox, path: Path) -> AsyncIterator[Process]:
    """Start `dezhurny run` for a block; what is left of it then is killed."""
    command = (sys.executable, "-m", "bot", "run", "--now", MONDAY.isoformat())
    process = await asyncio.create_subprocess_exec(
        *command, cwd=path.parent, env=environment(sandbox, path), stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_answers_stops_at_once_and_serves_alone(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with (
        Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox,
        running(sandbox, path) as first,
    ):
        phones = [SandboxPhone(sandbox, messenger, "Аня") for messenger in Messenger]
        for phone in phones:
            await phone.says("Здравствуйте")
        for phone in phones:
            await phone.sees("Пришлите, пожалуйста, код", within=START_SECONDS)

        async with running(sandbox, path) as second:
            said, complained = await second.communicate()
            assert second.returncode == 1
            assert not said
            assert "уже работает" in complained.decode()
            assert complained.decode().count("\n") <= 3, "one sentence, no traceback"

        sandbox.world.faults.set(FaultKind.SLOW, seconds=ROUND_TRIP)
        for phone in phones:
            await phone.says("Ещё раз")
        for phone in phones:
            await phone.sees("Пришлите, пожалуйста, код")  # and the bot cannot know it yet
        first.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            _, told = await first.communicate()
        assert first.returncode == 0, told.decode()
    with closing(sqlite3.connect(path)) as database:
        for table in ("outbox WHERE is_reply AND state != 'sent'", "inbox WHERE state != 'done'"):
            assert not database.execute(f"SELECT * FROM {table}").fetchall()
