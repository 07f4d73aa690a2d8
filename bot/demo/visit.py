"""`dezhurny demo`: the page in the browser until Ctrl+C, and what the console says meanwhile."""

import asyncio
import os
import signal
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path

from rich.console import Console

from bot import logs
from bot.demo.backstage import SCHOOL, START_SECONDS, StageFailed
from bot.demo.house import Show
from bot.demo.keeper import Life
from bot.demo.live import Live, NoPortError, served
from handlers.texts import Texts

__all__ = ["SCHOOL", "Show", "visit"]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def visit(show: Show, console: Console, t: Texts, *, browser: bool) -> bool:
    """Serve the page until told to stop; where that cannot be, say why and return False."""
    logs.configure("WARNING")
    reasons: list[str] = []
    try:
        asyncio.run(_visit(show, console, t, browser=browser))
    except* NoPortError:
        reasons.append(t("cli-demo-no-port", port=str(show.port)))
    except* StageFailed as failures:
        reasons += map(str, failures.exceptions)
    for reason in reasons:
        console.print(reason, style="red", markup=False)
    return not reasons


async def _visit(show: Show, console: Console, t: Texts, *, browser: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="dezhurny-demo-") as folder:
        async with served(show, Path(folder)) as live, asyncio.TaskGroup() as group:
            address = f"{live.sandbox.url}/{'?lang=' + show.language if show.language else ''}"
            console.print(t("cli-demo-address", address=address), markup=False, soft_wrap=True)
            console.print(t("cli-demo-how-to-stop"), markup=False)
            telling = group.create_task(_tell_when_ready(live, console, t))
            if browser and _has_display():
                _open(address)
            await stop.wait()
            telling.cancel()
            console.print(t("cli-demo-stopping"), markup=False)


async def _tell_when_ready(live: Live, console: Console, t: Texts) -> None:
    """Say that the bot is there, or, where it could not start, what it said last."""

    def is_settled() -> bool:
        life = live.keeper.state().state
        return life is Life.DEAD or (life is Life.RUNNING and live.house is not None)

    if not await live.sandbox.world.news.until(is_settled, START_SECONDS):
        return
    bot = live.keeper.state()
    if bot.state is Life.RUNNING:
        console.print(t("cli-demo-ready"), markup=False)
        return
    if bot.kills:
        return
    console.print(t("cli-demo-no-bot"), style="red", markup=False)
    for line in bot.log:
        console.print(line, markup=False)


def _open(address: str) -> None:
    """Open the browser aside: some wait until it is closed, and Ctrl+C is not to wait for that."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _has_display() -> bool:
    """Say whether a browser has a window to open: one of text would take the terminal."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
