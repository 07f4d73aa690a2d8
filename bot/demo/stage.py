"""The stage: sandbox, sample school and bot, each started as it would be for real.

The bot is a process of its own and knows of the sandbox only the addresses in its environment.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from bot.sandbox.client import SandboxClient
from bot.sandbox.nouns import BotAccount, Messenger
from bot.sandbox.server import BOTS, Sandbox

SCHOOL = Path(__file__).parents[2] / "samples" / "school"
START_SECONDS = 120.0
STOP_SECONDS = 15.0


class StageFailed(Exception):
    """Something behind the scene did not start; the text says what, with the end of its log."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is running: `client` plays the people, `codes` are the slips by roster id."""

    client: SandboxClient
    sandbox: Sandbox
    codes: dict[str, str]
    folder: Path
    environment: dict[str, str]


@asynccontextmanager
async def set_up(start: datetime) -> AsyncIterator[Stage]:
    """Start everything at an instant of the school's clock; raises StageFailed."""
    with tempfile.TemporaryDirectory(prefix="dezhurny-demo-") as name:
        folder = Path(name)
        async with Sandbox(start, rate=0) as sandbox, SandboxClient(sandbox.control_url) as client:
            environment = surroundings(sandbox, folder)
            now = ("--now", start.isoformat())
            await command(environment, "school", "load", str(SCHOOL), *now)
            codes = await issue_codes(environment, *now)
            async with bot_running(environment, sandbox, folder / "bot.log"):
                await _ready(client, folder / "bot.log")
                yield Stage(client, sandbox, codes, folder, environment)


def surroundings(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """Return the environment in which the bot finds the sandbox in place of the messengers."""
    accounts = {bot.messenger: bot for bot in BOTS}
    telegram: BotAccount = accounts[Messenger.TELEGRAM]
    vk: BotAccount = accounts[Messenger.VK]
    own = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'school.db'}",
        "FILES_DIR": str(folder / "files"),
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_USERNAME": telegram.username,
        "TELEGRAM_API_URL": sandbox.telegram_api_url,
        "VK_TOKEN": vk.token,
        "VK_GROUP_ID": str(vk.id),
        "VK_API_URL": sandbox.vk_api_url,
        "SMTP_URL": sandbox.smtp_url,
        "MAIL_FROM": "dezhurny@school.example",
        "LOG_LEVEL": "INFO",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEZHURNY_")}
    return kept | {f"DEZHURNY_{name}": value for name, value in own.items()}


async def command(environment: dict[str, str], *words: str) -> str:
    """Run a command of ours to its end and return what it printed; raises StageFailed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(START_SECONDS):
        output, errors = await process.communicate()
    if process.returncode:
        said = (output + errors).decode(errors="replace")
        raise StageFailed(f"dezhurny {' '.join(words)}: {said[-2000:]}")
    return output.decode()


async def issue_codes(environment: dict[str, str], *options: str) -> dict[str, str]:
    """Issue activation codes for everybody and return them by roster id."""
    printed = await command(environment, "school", "codes", "--json", *options)
    slips: Sequence[dict[str, Any]] = json.loads(printed)
    return {slip["id"]: slip["code"] for slip in slips}


@asynccontextmanager
async def bot_running(
    environment: dict[str, str], sandbox: Sandbox, log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot as a process for the length of a block, then stop it politely."""
    with log.open("ab") as sink:
        process = await _start(environment, sandbox, sink)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                try:
                    async with asyncio.timeout(STOP_SECONDS):
                        await process.wait()
                except TimeoutError:
                    process.kill()
                    await process.wait()


async def _start(
    environment: dict[str, str], sandbox: Sandbox, sink: IO[bytes]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--clock", sandbox.control_url),
        env=environment,
        stdout=sink,
        stderr=sink,
    )


async def _ready(client: SandboxClient, log: Path) -> None:
    try:
        await client.followed(START_SECONDS)
    except TimeoutError:
        said = await asyncio.to_thread(log.read_text, encoding="utf-8", errors="replace")
        raise StageFailed(f"the bot did not start:\n{said[-2000:]}") from None
