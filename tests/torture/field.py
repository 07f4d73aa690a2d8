"""The field of a torture: the sandbox, a school, its crowd, and the lives of the bot in between."""

import asyncio
import os
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Rules, Sandbox
from bot.settings import Settings
from storage.database import opened
from tests.bot import lives
from tests.bot.lives import Lives
from tests.school_template import sqlite_url
from tests.torture.haste import Haste
from tests.torture.load import AFTERNOON, Crowd, crowd_of

ROUND_TRIP = 0.03
"""Seconds between this school and the messengers' servers."""
GREETING = "Я показываю"
REST_SECONDS = 60.0
WITNESS = """
    CREATE TABLE witness (id INTEGER PRIMARY KEY, raw TEXT NOT NULL);
    CREATE TRIGGER witness_of_inbox AFTER INSERT ON inbox
    BEGIN INSERT INTO witness VALUES (new.id, new.raw); END;
"""
"""Keeps what came as it came: the inbox forgets what is handled."""


@dataclass
class Deaths:
    """What the deaths left behind: messages on their way by lane, events that waited by state."""

    in_flight: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    """The most messages on their way at one death."""
    waiting: Counter[str] = field(default_factory=Counter)


@dataclass
class Field:
    """Everything of one torture. `path` is the database."""

    sandbox: Sandbox
    path: Path
    crowd: Crowd
    bot: Lives
    settings: Settings
    haste: Haste
    deaths: Deaths = field(default_factory=Deaths)

    def reach_telegram_by(self, url: str) -> None:
        """Let the next lives find Telegram at another address."""
        self.settings = self.settings.model_copy(update={"telegram_api_url": url})

    def begin(self, *preparations: Callable[[], None], start: datetime | None = None) -> None:
        """Start a life whose clock shows what the sandbox's shows, or another instant."""
        now = start or self.sandbox.world.now()
        self.bot.begin(self.settings, now, "", self.haste, *preparations)

    def follow(self) -> None:
        """Start a life that follows the sandbox's clock."""
        self.bot.begin(self.settings, None, self.sandbox.control_url, self.haste)

    async def settle(self) -> None:
        """Let the life answer somebody on each messenger: from then on VK's place is known."""
        for messenger in Messenger:
            await self.crowd.of(messenger)[0].says("Помощь", GREETING)
        await self.rest()

    def signal(self, number: signal.Signals) -> None:
        """Send the life a signal."""
        assert self.bot.process is not None
        assert self.bot.process.pid is not None
        os.kill(self.bot.process.pid, number)

    def look_at_the_dead(self) -> None:
        """Note what the last life left undone."""
        for lane, count in self.rows(
            "SELECT lane, count(*) FROM outbox WHERE state = 'sending' GROUP BY lane"
        ):
            self.deaths.in_flight[lane] += count
            self.deaths.most[lane] = max(self.deaths.most[lane], count)
        for state, count in self.rows(
            "SELECT state, count(*) FROM inbox WHERE state IN ('fetching', 'ready') GROUP BY state"
        ):
            self.deaths.waiting[state] += count

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database without touching it."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(question, values).fetchall()

    def unfinished(self) -> list[tuple[Any, ...]]:
        """Tell what is under way at this instant."""
        return self.rows(
            "SELECT 'inbox', id, messenger, state FROM inbox WHERE state IN ('fetching', 'ready')"
            " UNION ALL SELECT 'outbox', id, lane || ' ' || kind, state FROM outbox"
            " WHERE state = 'sending' OR state = 'planned' AND (is_reply OR send_after <= ?)",
            in_utc(self.sandbox.world.now()),
        )

    async def rest(self, seconds: float = REST_SECONDS) -> None:
        """Wait until nothing is under way any more; fails where something stays."""
        left = self.unfinished()
        deadline = asyncio.get_running_loop().time() + seconds
        while left:
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"not at rest: {left[:20]}\n{self.bot.said()[-3000:]}")
            await asyncio.sleep(0.2)
            left = self.unfinished()

    async def stop(self) -> None:
        """Come to rest and end the last life as an operator does."""
        await self.rest()
        assert await self.bot.stop() == 0, self.bot.said()[-3000:]


@asynccontextmanager
async def field_of(
    template: Path,
    folder: Path,
    *,
    rate: float,
    seed: int,
    most: int = 1000,
    haste: float = 1.0,
) -> AsyncIterator[Field]:
    """Lay out the field; `most` limits the students of each class."""
    path = folder / "school.db"
    shutil.copyfile(template, path)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(WITNESS)
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live, folder / "log") as bot,
    ):
        sandbox.world.faults.set(FaultKind.SLOW, seconds=ROUND_TRIP)
        async with opened(sqlite_url(path)) as database:
            crowd = await crowd_of(sandbox, database, rate, seed, most)
        settings = lives.settings_for(sandbox, sqlite_url(path), folder)
        yield Field(sandbox, path, crowd, bot, settings, Haste(haste))


def in_utc(moment: datetime) -> str:
    """Write an instant as the database does."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
