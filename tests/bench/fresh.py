"""Fresh interpreters: the bot as an operator starts it, and one that only imports the libraries.

A fork's memory and start say nothing of these: it shares what its parent has loaded.
"""

import asyncio
import re
import shutil
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo.backstage import backstage
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox
from tests.bench.pipeline import AFTERNOON

START_SECONDS = 120.0
READY = frozenset({(Messenger.TELEGRAM, "getUpdates"), (Messenger.VK, "a_check")})
"""What the sandbox has heard when the bot polls both messengers."""
IMPORT_BOTH = "import aiogram, vkbottle"
THEN_WAIT = "; print(flush=True); import sys; sys.stdin.read()"
RUN = ("bot", "run", "--now", AFTERNOON.isoformat())
HURRIED = ("tests.bench.hurried", *RUN[1:])


@dataclass(frozen=True, slots=True)
class Running:
    """A process, and how many seconds after its start it was ready."""

    process: Process
    seconds: float


@asynccontextmanager
async def running_bot(
    sandbox: Sandbox, folder: Path, template: Path, words: Sequence[str] = RUN
) -> AsyncIterator[Running]:
    """Start the bot on a copy of the school, for a block, once it polls both messengers.

    A folder that has a school keeps it.
    """
    furnish(folder, template)
    world = sandbox.world
    seen = world.calls.last

    def is_ready() -> bool:
        return {(call.messenger, call.method) for call in world.calls.after(seen)} >= READY

    environment = backstage(sandbox, folder, LOG_LEVEL="WARNING").environment
    with (folder / "log").open("ab") as log:
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *words),
            cwd=folder,
            env=environment,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        if not await world.news.until(is_ready, START_SECONDS):
            raise TimeoutError((folder / "log").read_text(encoding="utf-8")[-2000:])
        yield Running(process, time.monotonic() - began)
    finally:
        await _end(process)


def furnish(folder: Path, template: Path) -> None:
    """Make a folder with a copy of the school, if there is none."""
    folder.mkdir(exist_ok=True)
    if not (folder / "school.db").exists():
        shutil.copyfile(template, folder / "school.db")


@asynccontextmanager
async def importing(folder: Path) -> AsyncIterator[Running]:
    """Start an interpreter that imports both libraries, for a block, once it has them."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", IMPORT_BOTH + THEN_WAIT), cwd=folder, stdin=PIPE, stdout=PIPE
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError("the libraries were not imported")
        yield Running(process, time.monotonic() - began)
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()


@dataclass(frozen=True, slots=True)
class Memory:
    """A process's memory in MiB: resident, and its share of what is shared."""

    rss: float
    pss: float


def memory_of(process: Process) -> Memory:
    """Read it from the kernel."""
    told = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    rows = re.findall(r"^(\w+): +(\d+) kB$", told, re.MULTILINE)
    found = {name: int(kib) / 1024 for name, kib in rows}
    return Memory(found["Rss"], found["Pss"])
