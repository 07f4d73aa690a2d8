"""From SIGKILL to the first send, with the planned morning of 150,000 students in the outbox.

Each life of the real bot is forked from a process that has the libraries loaded, so the seconds
run from after the imports. The peer is the same bot with a short backlog: the ratio is the price
of the long one.
"""

import asyncio
import shutil
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox
from scheduler import plan
from storage.database import opened
from tests.bench.crowded import crowded
from tests.bench.figures import Asked, Bar, Figure, Table, Unit
from tests.bench.plan import MORNING
from tests.bot import lives
from tests.bot.lives import Lives, lives_of
from tests.school_template import sqlite_url

STUDENTS, FEW = 150_000, 2_000
SHORT = 500
SENT_BEFORE_THE_KILL = 20
START_SECONDS = 120.0
LATER = MORNING + timedelta(minutes=1)
SENDS = frozenset({"sendMessage", "editMessageText"})


@dataclass(eq=False)
class Backlog:
    """A bot's lives before one backlog."""

    sandbox: Sandbox
    life: Lives
    arguments: tuple[object, ...]

    async def first_send(self) -> float:
        """Begin a life, give the seconds to its first send, and kill it a little later."""
        world = self.sandbox.world
        before = world.calls.last

        def sends() -> int:
            return sum(call.method in SENDS for call in world.calls.after(before))

        began = time.monotonic()
        self.life.begin(*self.arguments)
        if not await world.news.until(lambda: sends() > 0, START_SECONDS):
            raise TimeoutError(f"nothing sent: {self.life.said()[-2000:]}")
        passed = time.monotonic() - began
        await world.news.until(lambda: sends() >= SENT_BEFORE_THE_KILL, START_SECONDS)
        self.life.kill()
        return passed


async def fill(path: Path, students: int) -> None:
    """Make the school and plan its morning."""
    async with opened(sqlite_url(path)) as database:
        await crowded(database, students, MORNING)
        await plan.tick(database, MORNING)


def shortened(path: Path, copy: Path) -> None:
    """Copy a school and keep but the beginning of its backlog."""
    shutil.copyfile(path, copy)
    with closing(connect(copy)) as database, database:
        database.execute(
            "DELETE FROM outbox WHERE id NOT IN (SELECT id FROM outbox ORDER BY id LIMIT ?)",
            (SHORT,),
        )


def waiting(path: Path) -> list[int]:
    """Give the chats that have something before them, the eldest first."""
    with closing(connect(path)) as database:
        found = database.execute("SELECT address FROM outbox WHERE state = 'planned' ORDER BY id")
        return [int(address) for (address,) in found]


async def restarts(folder: Path, path: Path, rounds: int) -> list[float]:
    """Kill the bot again and again; a first life, which is not counted, begins the sending."""
    async with Sandbox(LATER) as sandbox:
        world = sandbox.world
        for chat in waiting(path):
            world.sides[Messenger.TELEGRAM].add_user("Ученик", user_id=chat)
            world.amend(world.chat(world.bot(Messenger.TELEGRAM), chat), started=True)
        settings = lives.settings_for(sandbox, sqlite_url(path), folder)
        settings = settings.model_copy(update={"log_level": "WARNING"})
        async with lives_of(lives.live_as_released, folder / "log") as life:
            backlog = Backlog(sandbox, life, (settings, LATER, ""))
            await backlog.first_send()
            return [await backlog.first_send() for _ in range(rounds)]


def run(asked: Asked) -> list[Table]:
    """Restart before the long backlog and before the short one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, copy = folder / "school.db", folder / "short.db"
        asyncio.run(fill(path, asked.sized(STUDENTS, FEW)))
        shortened(path, copy)
        long, short = folder / "long", folder / "short"
        long.mkdir()
        short.mkdir()
        planned = len(waiting(path))
        mine = asyncio.run(restarts(long, path, asked.rounds))
        other = asyncio.run(restarts(short, copy, asked.rounds))
    figure = Figure("SIGKILL → first send", Unit.SECONDS, mine, other, Bar(5.0))
    title = f"A restart with {planned:,} notices waiting"
    return [Table(title, f"the same bot with {SHORT} waiting", [figure], NOTES)]


NOTES = f"""
From the fork of a process that has the libraries loaded to the first `sendMessage` that the
sandbox sees; the life before was killed with SIGKILL amid its first {SENT_BEFORE_THE_KILL}
sends. Both messengers and mail are on; our limits and the platforms' hold.
"""
