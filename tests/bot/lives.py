"""Lives of the real bot, for tests that end them: a process each, forked from one that has the
messengers' libraries loaded, because importing those takes ten seconds.
"""

import asyncio
import math
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from pydantic import SecretStr

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Sandbox
from bot.settings import Settings

STOP_SECONDS = 60.0
PRELOADED = [
    "pytest",
    "alembic.command",
    "storage.schema",
    "bot.app",
    "bot.messengers.telegram",
    "bot.messengers.vk",
    "bot.messengers.mail",
    "tests.bot.plain_aiogram_bot",
    "tests.bot.lives",
    "tests.bot.warm",
]


def forkserver() -> ForkServerContext:
    """Return a server of processes that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def settings_for(sandbox: Sandbox, database_url: str, folder: Path) -> Settings:
    """Return settings that point at the sandbox."""
    tokens = {bot.messenger: bot for bot in BOTS}
    return Settings(
        database_url=database_url,
        files_dir=folder / "files",
        telegram_token=SecretStr(tokens[Messenger.TELEGRAM].token),
        telegram_api_url=sandbox.telegram_api_url,
        vk_token=SecretStr(tokens[Messenger.VK].token),
        vk_group_id=tokens[Messenger.VK].id,
        vk_api_url=sandbox.vk_api_url,
        smtp_url=SecretStr(sandbox.smtp_url),
        mail_from="dezhurny@school.example",
        log_level="INFO",
    )


def live(
    log: Path,
    settings: Settings,
    start: datetime | None,
    clock_url: str,
    *preparations: Callable[[], None],
) -> None:
    """Be the bot, in a process of its own, until killed; what is to be prepared is done first.

    A chat takes as many messages as there are: the sandbox of these tests is unhurried, too. And
    these pupils are quicker than any hand.
    """
    live_as_released(log, settings, start, clock_url, _unhurried, *preparations)


def _unhurried() -> None:
    from bot.turnstile import Turnstile  # noqa: PLC0415 in the child
    from scheduler.lanes import Pace  # noqa: PLC0415 in the child

    Pace.CHAT_SECONDS = 0.0
    Turnstile.AT_ONCE = math.inf


def live_as_released(
    log: Path,
    settings: Settings,
    start: datetime | None,
    clock_url: str,
    *preparations: Callable[[], None],
) -> None:
    """Be the bot with all of its limits, in a process of its own, until killed."""
    log_to(log)
    from bot.app import serve  # noqa: PLC0415 in the child

    for prepare in preparations:
        prepare()
    asyncio.run(serve(settings, start=start, clock_url=clock_url))


def live_plainly(log: Path, token: str, url: str, database: Path) -> None:
    """Be the plain aiogram bot, in a process of its own, until killed."""
    log_to(log)
    from tests.bot import plain_aiogram_bot  # noqa: PLC0415 in the child

    asyncio.run(plain_aiogram_bot.serve(token, url, database))


def log_to(path: Path) -> None:
    """Let this process write to a file what it has to say."""
    with path.open("ab") as sink:
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())


@dataclass
class Lives:
    """The lives of one program, one after another. `target` is called with `log` and `arguments`.

    `begin` and the ways to end a life are for one at a time.
    """

    target: Callable[..., None]
    log: Path
    context: ForkServerContext = field(default_factory=forkserver)
    process: BaseProcess | None = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def begin(self, *arguments: object) -> None:
        """Start the next life."""
        assert not self.is_running
        self.process = self.context.Process(target=self.target, args=(self.log, *arguments))
        self.process.start()

    def kill(self) -> None:
        """End a life as a power cut does."""
        self._signal(signal.SIGKILL)
        assert self.process is not None
        self.process.join(STOP_SECONDS)

    async def died(self, seconds: float) -> bool:
        """Wait so many seconds at most for a life to end by itself; say whether it did."""
        assert self.process is not None
        await asyncio.to_thread(self.process.join, seconds)
        return not self.process.is_alive()

    async def stop(self) -> int | None:
        """End a life as an operator does, and give its exit code."""
        self._signal(signal.SIGTERM)
        assert self.process is not None
        await asyncio.to_thread(self.process.join, STOP_SECONDS)
        return self.process.exitcode

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.pid and self.process.is_alive():
            os.kill(self.process.pid, number)

    def said(self) -> str:
        """What the lives wrote to their log."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@asynccontextmanager
async def lives_of(target: Callable[..., None], log: Path) -> AsyncIterator[Lives]:
    """Give lives for a block; what runs at its end is killed."""
    lives = Lives(target, log)
    try:
        yield lives
    finally:
        if lives.is_running:
            lives.kill()
