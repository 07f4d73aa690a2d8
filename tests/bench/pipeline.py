"""The durable pipeline beside a plain bot: messages a second, and how long an answer takes.

All bots are processes of their own on the first core and meet the same sandbox, which stays on
the last; people write «Помощь», wait for the answer and write again. Ours puts each update in the
inbox before it is confirmed, reads the speaker's rights, answers in one transaction and keeps the
answer in the outbox; the plain one commits one row for a message and answers.
"""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from tests.bench.crowd import Crowd, beside_the_bot, bind, crowd_of, take_the_first_core
from tests.bench.figures import Asked, Bar, Figure, Table, Unit, percentile
from tests.bot import lives
from tests.bot.lives import lives_of
from tests.school_template import MONDAY, make_template, sqlite_url

CROWDS = (64, 1)
START_SECONDS = 60.0
STEADY_RATE = 200.0
WARM_SECONDS = 2.0
STEADY_PEER_SECONDS = 60.0
AFTERNOON = MONDAY + timedelta(hours=9)
QUESTION = "Помощь"
OURS, PLAIN, PLAIN_WAL = "ours", "plain", "plain-wal"


@dataclass(frozen=True, slots=True)
class Speed:
    """Answers a second, the waits for them in milliseconds, and the sandbox's part of its core."""

    per_second: float
    p50: float
    p99: float
    sandbox: float


async def speed_of(asking: Awaitable[tuple[list[float], float]]) -> Speed:
    """Let people ask, and sum up their waits."""
    worked = time.process_time()
    waits, seconds = await asking
    worked = time.process_time() - worked
    milliseconds = [1000 * wait for wait in waits]
    p99 = percentile(milliseconds, 0.99)
    return Speed(len(waits) / seconds, median(milliseconds), p99, worked / seconds)


def serve_ours(log: Path, *arguments: object) -> None:
    """Be our bot, without the platform's pace and without the turnstile."""
    take_the_first_core()
    from bot import app  # noqa: PLC0415 in the child

    app.TELEGRAM_PER_SECOND = 2000.0  # a pace remembers what it let through in a second
    lives.live(log, *arguments)  # type: ignore[arg-type]


def serve_plain(log: Path, *arguments: object) -> None:
    """Be the plain bot; its disk is as fast as ours."""
    take_the_first_core()
    from tests.bot import plain_aiogram_bot  # noqa: PLC0415 in the child

    plain_aiogram_bot.DISK_SECONDS = 0.0
    lives.live_plainly(log, *arguments)  # type: ignore[arg-type]


@asynccontextmanager
async def met(kind: str, folder: Path, template: Path) -> AsyncIterator[Crowd]:
    """Let a crowd meet a bot of that kind for a block, from the first answer on."""
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        crowd_of(sandbox, max(CROWDS)) as crowd,
    ):
        prepare = _ours if kind == OURS else _plain
        target, arguments = await prepare(kind, folder, template, crowd)
        async with lives_of(target, folder / "log") as life:
            life.begin(*arguments)
            await crowd.ask(crowd.people[0], QUESTION, START_SECONDS)
            yield crowd


async def _ours(
    _kind: str, folder: Path, template: Path, crowd: Crowd
) -> tuple[Callable[..., None], Sequence[object]]:
    path = folder / "school.db"
    shutil.copyfile(template, path)
    await bind(path, crowd.people)
    settings = lives.settings_for(crowd.sandbox, sqlite_url(path), folder)
    return serve_ours, (settings.model_copy(update={"log_level": "WARNING"}), AFTERNOON, "")


async def _plain(
    kind: str, folder: Path, _template: Path, crowd: Crowd
) -> tuple[Callable[..., None], Sequence[object]]:
    """Where it is to have a write-ahead log, its file says so: SQLite remembers."""
    path = folder / "works.db"
    if kind == PLAIN_WAL:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=WAL")
    token = next(bot.token for bot in BOTS if bot.messenger is Messenger.TELEGRAM)
    return serve_plain, (token, crowd.sandbox.telegram_api_url, path)


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir()
    return place


async def one_round(kind: str, folder: Path, template: Path, seconds: float) -> dict[int, Speed]:
    """Measure one bot with each size of the crowd, once it is warm."""
    async with met(kind, folder, template) as crowd:
        await crowd.ask_on(crowd.people, [QUESTION], seconds / 3)
        return {
            many: await speed_of(crowd.ask_on(crowd.people[:many], [QUESTION], seconds))
            for many in CROWDS
        }


async def steady(kind: str, folder: Path, template: Path, seconds: float) -> Speed:
    """Measure the waits at a rate that does not ask whether the bot keeps up."""
    async with met(kind, folder, template) as crowd:
        await crowd.ask_on(crowd.people, [QUESTION], WARM_SECONDS)
        return await speed_of(crowd.ask_steadily(QUESTION, STEADY_RATE, seconds))


def run(asked: Asked) -> list[Table]:
    """Measure the bots in turn, then each at a steady rate."""
    kinds = (OURS, PLAIN, PLAIN_WAL)
    found: dict[str, list[dict[int, Speed]]] = {kind: [] for kind in kinds}
    lasting = asked.steady if not asked.quick else 3.0
    with tempfile.TemporaryDirectory() as name, beside_the_bot():
        folder = Path(name)
        template = folder / "template.db"
        asyncio.run(make_template(template))
        for number in range(asked.rounds):
            for kind in kinds if number % 2 == 0 else kinds[::-1]:
                place = _place(folder, f"{kind}-{number}")
                seconds = float(asked.sized(6, 1))
                found[kind].append(asyncio.run(one_round(kind, place, template, seconds)))
        calm = asyncio.run(steady(OURS, _place(folder, "steady"), template, lasting))
        peer_lasting = min(lasting, STEADY_PEER_SECONDS)
        plain = asyncio.run(steady(PLAIN, _place(folder, "steady-plain"), template, peer_lasting))
    return [
        Table(
            "The durable pipeline",
            "`tests/bot/plain_aiogram_bot.py`: aiogram and aiosqlite as their documentation shows"
            " them, one commit a message",
            [*_compared(found[OURS], found[PLAIN], with_bars=True), *_calm(calm, plain, lasting)],
            NOTES,
        ),
        Table(
            "The same beside a plain bot with a write-ahead log",
            "the same bot, its database in WAL mode: one wait for the disk in place of several",
            _compared(found[OURS], found[PLAIN_WAL], with_bars=False),
        ),
    ]


NOTES = """
Ours does more for an answer: an inbox that knows a repeated update, rights, an outbox that
survives a crash. The plain bot loses what it has confirmed and not yet committed.

Both wait for the disk before they answer: ours with `synchronous=FULL` on a write-ahead log,
the plain one with SQLite's defaults (`FULL`, rollback journal). Its handlers run as tasks on
one connection, so that a commit of one often takes the rows of others along.

Lifted for ours, openly: the platform's 30 messages a second and one a second a chat, and the
turnstile (120 messages at once, then one a second from a sender), because the bench's people
are quicker than any hand. The plain bot has neither.

Both bots have the first core, the sandbox and its people the last; where these take nearly all
of it, they hold up the faster bot. Waits at the steady rate run from the instant a question was
due; they are measured once, the peer's for a minute at most.
"""


def _compared(
    ours: Sequence[dict[int, Speed]], plain: Sequence[dict[int, Speed]], *, with_bars: bool
) -> list[Figure]:
    figures = []
    for many, limit in zip(CROWDS, (1.0, 0.5), strict=True):
        mine, other = [one[many] for one in ours], [one[many] for one in plain]
        people = f"{many} people at once" if many > 1 else "one person"
        figures += [
            Figure(
                f"answers a second, {people}",
                Unit.PER_SECOND,
                [one.per_second for one in mine],
                [one.per_second for one in other],
                Bar(limit, at_least=True, of_ratio=True) if with_bars else None,
            ),
            Figure(
                f"wait of an answer, {people}, p99",
                Unit.MILLISECONDS,
                [one.p99 for one in mine],
                [one.p99 for one in other],
            ),
        ]
        if with_bars and many > 1:
            busy, beside_plain = [one.sandbox for one in mine], [one.sandbox for one in other]
            what = "part of its core that the sandbox took"
            figures.append(Figure(what, Unit.PERCENT, busy, beside_plain))
    return figures


def _calm(ours: Speed, plain: Speed, seconds: float) -> list[Figure]:
    what = f"wait of an answer at {STEADY_RATE:.0f} events a second for {seconds:.0f} s"
    return [
        Figure(f"{what}, p50", Unit.MILLISECONDS, [ours.p50], [plain.p50]),
        Figure(f"{what}, p99", Unit.MILLISECONDS, [ours.p99], [plain.p99], Bar(100.0)),
    ]
