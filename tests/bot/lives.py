"""Lives of the real bot, for tests that end them: a process each, forked from one that has the
messengers' libraries loaded, because importing those takes ten seconds.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Sandbox
from bot.settings import Settings

STOP_SECONDS = 20.0


def forkserver() -> ForkServerContext:
    """Return a server of processes that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["bot.app", "bot.messengers.telegram", "bot.messengers.vk", "bot.messengers.mail"]
    )
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
        log_level="WARNING",
    )


def live(settings: Settings, clock_url: str, log: Path) -> None:
    """Be the bot, in a process of its own, until killed."""
    with log.open("ab") as sink:
        os.dup2(sink.fileno(), 2)
        os.dup2(sink.fileno(), 1)
    from bot.app import serve  # noqa: PLC0415 in the child

    asyncio.run(serve(settings, clock_url=clock_url))


@contextmanager
def life(
    context: ForkServerContext, target: Callable[..., None], *arguments: object
) -> Iterator[BaseProcess]:
    """Run a process for the length of a block; what is left of it then is killed."""
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive() and process.pid:
            os.kill(process.pid, signal.SIGKILL)
        process.join(STOP_SECONDS)
