"""The stage of the play: sandbox, sample school and bot, each started as it would be for real."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.demo.backstage import SCHOOL, START_SECONDS, Backstage, StageFailed, backstage
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox

STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What is running: `client` plays the people, `codes` are the slips by roster id."""

    client: SandboxClient
    sandbox: Sandbox
    codes: dict[str, str]


@asynccontextmanager
async def set_up(start: datetime) -> AsyncIterator[Stage]:
    """Start everything at an instant of the school's clock; raises StageFailed."""
    with tempfile.TemporaryDirectory(prefix="dezhurny-demo-") as name:
        folder = Path(name)
        async with Sandbox(start, rate=0) as sandbox, SandboxClient(sandbox.control_url) as client:
            behind = backstage(sandbox, folder)
            now = ("--now", start.isoformat())
            await behind.command("school", "load", str(SCHOOL), *now)
            codes = await behind.issue_codes(*now)
            log = folder / "bot.log"
            async with _bot_running(behind, sandbox, log):
                await _ready(client, log)
                yield Stage(client, sandbox, codes)


@asynccontextmanager
async def _bot_running(
    behind: Backstage, sandbox: Sandbox, log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot as a process for the length of a block, then stop it politely."""
    with log.open("ab") as sink:
        process = await behind.bot(sandbox, stdout=sink.fileno(), stderr=sink.fileno())
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


async def _ready(client: SandboxClient, log: Path) -> None:
    try:
        await client.followed(START_SECONDS)
    except TimeoutError:
        said = await asyncio.to_thread(log.read_text, encoding="utf-8", errors="replace")
        raise StageFailed(f"the bot did not start:\n{said[-2000:]}") from None
