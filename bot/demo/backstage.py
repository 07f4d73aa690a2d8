"""Behind the scene: our own commands, each a process as an operator would start it.

They know of the sandbox only the addresses in their environment, and of this machine's own
settings nothing: neither its DEZHURNY_ variables nor a `.env` beside it.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.nouns import BotAccount, Messenger
from bot.sandbox.server import BOTS, Sandbox

ROOT = Path(__file__).parents[2]
SCHOOL = ROOT / "samples" / "school"
START_SECONDS = 120.0
LAST_CHARS = 2000


class StageFailed(Exception):
    """Something behind the scene did not start; the text says what, with the end of its log."""


@dataclass(frozen=True, slots=True)
class Backstage:
    """A folder for the database and the files, and the environment of what runs there."""

    folder: Path
    environment: dict[str, str]

    async def bot(self, sandbox: Sandbox, *, stdout: int, stderr: int) -> Process:
        """Start the bot beside a sandbox; it ends with this process, however this one ends."""
        words = ("bot.demo.leash", "run", "--clock", sandbox.control_url)
        return await self._start(*words, stdin=PIPE, stdout=stdout, stderr=stderr)

    async def command(self, *words: str) -> str:
        """Run a command of ours to its end and return what it printed; raises StageFailed."""
        process = await self._start("bot", *words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(START_SECONDS):
                output, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            said = (output + errors).decode(errors="replace")
            raise StageFailed(f"dezhurny {' '.join(words)}: {said[-LAST_CHARS:]}")
        return output.decode()

    async def issue_codes(self, *options: str) -> dict[str, str]:
        """Issue activation codes for everybody and return them by roster id."""
        printed = await self.command("school", "codes", "--json", *options)
        slips: Sequence[dict[str, Any]] = json.loads(printed)
        return {slip["id"]: slip["code"] for slip in slips}

    async def _start(self, *words: str, stdin: int, stdout: int, stderr: int) -> Process:
        """Start a module of ours in the folder.

        It is a process group of its own: a Ctrl+C in the terminal is for the one who started it.
        """
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *words),
            cwd=self.folder,
            env=self.environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            process_group=0,
        )


def database_url(folder: Path) -> str:
    """Tell where the database of a demonstration is."""
    return f"sqlite+aiosqlite:///{folder / 'school.db'}"


def backstage(sandbox: Sandbox, folder: Path, **more: str) -> Backstage:
    """Make the environment in which the bot finds the sandbox in place of the messengers.

    `more` are further settings, without their prefix.
    """
    accounts = {bot.messenger: bot for bot in BOTS}
    telegram: BotAccount = accounts[Messenger.TELEGRAM]
    vk: BotAccount = accounts[Messenger.VK]
    own = {
        "DATABASE_URL": database_url(folder),
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
        **more,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEZHURNY_")}
    path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH", "")]))
    settings = {f"DEZHURNY_{name}": value for name, value in own.items()}
    return Backstage(folder, kept | settings | {"PYTHONPATH": path})
