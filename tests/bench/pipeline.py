"""The durable pipeline beside a plain bot: messages a second, and how long an answer takes.

Both bots are processes of their own on one core and meet the same sandbox, which stays on the
other; people write «Помощь», wait for the answer and write again. Ours puts each update in the
inbox before it is confirmed, reads the speaker's rights, answers in one transaction and keeps the
answer in the outbox; the plain one commits one row for a message and answers.
"""

import asyncio
import os
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from storage import accounts
from storage.accounts import Account
from storage.database import opened
from storage.tables.people import persons
from tests.bot import lives
from tests.bot.lives import Lives
from tests.school_template import MONDAY, make_template, sqlite_url

CROWDS = (64, 1)
SECONDS = 6.0
ROUNDS = 3
START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
AFTERNOON = MONDAY + timedelta(hours=9)
QUESTION = "Помощь"


@dataclass(frozen=True, slots=True)
class Speed:
    """Answers a second, and the waits for them in milliseconds."""

    per_second: float
    p50: float
    p99: float


@dataclass(slots=True)
class Crowd:
    """People on Telegram who ask as soon as they are answered."""

    sandbox: Sandbox
    people: list[int]

    async def asks(self, many: int, seconds: float) -> Speed:
        """Let so many of them ask at once for so long."""
        waits: list[float] = []
        started_at = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for person in self.people[:many]:
                group.create_task(self._asks(person, started_at + seconds, waits))
        took = time.monotonic() - started_at
        milliseconds = sorted(1000 * wait for wait in waits)
        return Speed(
            len(waits) / took,
            statistics.median(milliseconds),
            milliseconds[max(0, int(len(milliseconds) * 0.99) - 1)],
        )

    async def _asks(self, person: int, until: float, waits: list[float]) -> None:
        while time.monotonic() < until:
            waits.append(await self.ask(person, ANSWER_SECONDS))

    async def ask(self, person: int, within: float) -> float:
        """Let one person ask, and tell how many seconds the answer took."""
        world = self.sandbox.world
        side = world.sides[Messenger.TELEGRAM]
        asked = side.say(person, QUESTION)[-1]
        asked_at = time.monotonic()
        chat = world.chat(world.bot(Messenger.TELEGRAM), person)

        def is_answered() -> bool:
            last = chat.messages[-1]
            return last.direction == "out" and last.id > asked.id

        if not await world.news.until(is_answered, within):
            raise TimeoutError(f"nobody answered within {within} s")
        return time.monotonic() - asked_at


def serve_ours(log: Path, *arguments: object) -> None:
    """Be our bot on the first core, without the platform's pace."""
    os.sched_setaffinity(0, {0})
    from bot import app  # noqa: PLC0415 in the child

    app.TELEGRAM_PER_SECOND = 1e6
    lives.live(log, *arguments)  # type: ignore[arg-type]


def serve_plain(log: Path, *arguments: object) -> None:
    """Be the plain bot on the first core; its disk is as fast as ours."""
    os.sched_setaffinity(0, {0})
    from tests.bot import plain_aiogram_bot  # noqa: PLC0415 in the child

    plain_aiogram_bot.DISK_SECONDS = 0.0
    lives.live_plainly(log, *arguments)  # type: ignore[arg-type]


@asynccontextmanager
async def served(
    target: Callable[..., None], folder: Path, crowd: Crowd, *arguments: object
) -> AsyncIterator[None]:
    """Run a bot for a block, from the first answer on."""
    life = Lives(target, folder / f"{target.__name__}.log")
    life.begin(*arguments)
    try:
        await crowd.ask(crowd.people[0], START_SECONDS)
        yield
    finally:
        life.kill()


async def measure(folder: Path, rounds: int = ROUNDS) -> dict[int, list[tuple[Speed, Speed]]]:
    """Measure both bots in turn, `rounds` times; by the size of the crowd, (ours, plain) each."""
    template = folder / "template.db"
    await make_template(template)
    found: dict[int, list[tuple[Speed, Speed]]] = {many: [] for many in CROWDS}
    for number in range(rounds):
        mine = await _one_of_ours(_made(folder / f"ours-{number}"), template)
        plain = await _one_of_the_plain(_made(folder / f"plain-{number}"))
        for many in CROWDS:
            found[many].append((mine[many], plain[many]))
    return found


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def _one_of_ours(folder: Path, template: Path) -> dict[int, Speed]:
    path = folder / "school.db"
    shutil.copyfile(template, path)
    async with Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox:
        crowd = _crowd(sandbox)
        await _bind(path, crowd)
        settings = lives.settings_for(sandbox, sqlite_url(path), folder)
        quiet = settings.model_copy(update={"log_level": "WARNING"})
        async with served(serve_ours, folder, crowd, quiet, AFTERNOON, ""):
            return {many: await crowd.asks(many, SECONDS) for many in CROWDS}


async def _one_of_the_plain(folder: Path) -> dict[int, Speed]:
    token = next(bot.token for bot in BOTS if bot.messenger is Messenger.TELEGRAM)
    async with Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox:
        crowd = _crowd(sandbox)
        arguments = (token, sandbox.telegram_api_url, folder / "works.db")
        async with served(serve_plain, folder, crowd, *arguments):
            return {many: await crowd.asks(many, SECONDS) for many in CROWDS}


def _crowd(sandbox: Sandbox) -> Crowd:
    side = sandbox.world.sides[Messenger.TELEGRAM]
    return Crowd(sandbox, [side.add_user(f"Ученик {one}").id for one in range(max(CROWDS))])


async def _bind(path: Path, crowd: Crowd) -> None:
    """Bind the first students of the sample school to the phones of the crowd."""
    async with opened(sqlite_url(path)) as database, database.write() as tx:
        rows = await tx.execute(
            sa.select(persons.c.id, persons.c.school_id)
            .where(persons.c.roster_key.like("%:S%"))
            .order_by(persons.c.id)
            .limit(len(crowd.people))
        )
        for person, (person_id, school_id) in zip(crowd.people, rows.all(), strict=True):
            account = Account(0, school_id, person_id, "telegram", str(person), str(person))
            await accounts.bind(tx, account, AFTERNOON)
