"""A morning's wave on VK, which counts requests: twenty a second, with many messages in each.

The peer sends a message a request through vkbottle's own API, under `AsyncLimiter(1, 1/20)`.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.sandbox.calls import Call
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox
from storage.database import opened
from storage.tables.people import accounts
from tests.bench.crowded import crowded
from tests.bench.figures import Asked, Bar, Figure, Table, Unit
from tests.bench.wave import MORNING
from tests.bot import lives
from tests.bot.lives import lives_of
from tests.school_template import sqlite_url

PEOPLE, FEW = 3000, 200
LIMIT = 20
LONGEST_SECONDS = 120.0
TEXT = "Доброе утро!"
SENDS = frozenset({"messages.send", "execute"})
TOO_MANY = 6


@dataclass(eq=False)
class Tally:
    """Counts in the sandbox's log what VK took, and when."""

    sandbox: Sandbox
    messages: int = 0
    requests: int = 0
    refused: int = 0
    began: float = 0.0
    ended: float = 0.0
    _seen: int = 0

    async def until_sent(self, messages: int) -> None:
        """Count until so many messages were taken."""
        world = self.sandbox.world
        async with asyncio.timeout(LONGEST_SECONDS + messages / LIMIT * 2):
            while self.messages < messages:
                for call in world.calls.after(self._seen):
                    self._seen = call.seq
                    self._count(call)
                await world.news.after(world.news.count, 1.0)

    def _count(self, call: Call) -> None:
        if call.messenger is not Messenger.VK or call.method not in SENDS:
            return
        self.requests += 1
        error = call.answer.get("error", {}) if isinstance(call.answer, dict) else {}
        self.refused += error.get("error_code") == TOO_MANY
        if "response" in call.answer:
            self.ended = time.monotonic()
            self.began = self.began or self.ended
            response = call.answer["response"]
            self.messages += len(response) if call.method == "execute" else 1

    @property
    def per_second(self) -> float:
        """Messages a second, from the first to the last."""
        return self.messages / max(self.ended - self.began, 1 / LIMIT)

    @property
    def refused_share(self) -> float:
        """The part of the requests that VK found too many."""
        return self.refused / max(self.requests, 1)


def send_evenly(log: Path, token: str, url: str, people: Sequence[int]) -> None:
    """Send a message a request, twenty a second, as vkbottle shows it."""
    lives.log_to(log)
    asyncio.run(_send_evenly(token, url, people))


async def _send_evenly(token: str, url: str, people: Sequence[int]) -> None:
    from aiolimiter import AsyncLimiter  # noqa: PLC0415 in the child
    from vkbottle import API, VKAPIError  # noqa: PLC0415 in the child

    class Local(API):
        API_URL = url

    api: Any = Local(token)
    limiter = AsyncLimiter(1, 1 / LIMIT)

    async def tell(person: int) -> None:
        for _ in range(LIMIT):
            try:
                async with limiter:
                    await api.messages.send(peer_id=person, random_id=person, message=TEXT)
            except VKAPIError[TOO_MANY]:
                await asyncio.sleep(1)
            else:
                return

    await asyncio.gather(*(tell(person) for person in people))


def _welcome(sandbox: Sandbox, people: Sequence[int]) -> None:
    """Let all of them be written to."""
    world = sandbox.world
    for person in people:
        world.sides[Messenger.VK].add_user(f"Ученик {person}", user_id=person)
        world.amend(world.chat(world.bot(Messenger.VK), person), started=True)


async def ours(folder: Path, students: int) -> Tally:
    """Let our bot plan and send a morning to people who are all on VK."""
    url = sqlite_url(folder / "school.db")
    async with opened(url) as database:
        await crowded(database, students, MORNING)
        async with database.write() as tx:
            await tx.execute(sa.update(accounts).values(messenger="vk"))
    begin = MORNING - timedelta(seconds=8)
    async with Sandbox(begin) as sandbox:
        _welcome(sandbox, range(1, 2 * students + students // 25 + 2))
        settings = lives.settings_for(sandbox, url, folder)
        settings = settings.model_copy(update={"log_level": "WARNING"})
        tally = Tally(sandbox)
        async with lives_of(lives.live_as_released, folder / "log") as life:
            life.begin(settings, begin, "")
            await tally.until_sent(students)
        return tally


async def plain(folder: Path, students: int) -> Tally:
    """Let the peer send as much."""
    async with Sandbox(MORNING) as sandbox:
        _welcome(sandbox, range(1, students + 1))
        token = sandbox.world.bot(Messenger.VK).token
        tally = Tally(sandbox)
        async with lives_of(send_evenly, folder / "log") as life:
            life.begin(token, sandbox.vk_api_url, range(1, students + 1))
            await tally.until_sent(students)
        return tally


def run(asked: Asked) -> list[Table]:
    """Let both send in turn."""
    people = asked.sized(PEOPLE, FEW)
    mine, other = [], []
    for _ in range(asked.long_rounds):
        mine.append(_alone(ours, people))
        other.append(_alone(plain, people))
    figures = [
        Figure(
            "messages a second",
            Unit.PER_SECOND,
            [one.per_second for one in mine],
            [one.per_second for one in other],
        ),
        Figure(
            "messages in a request",
            Unit.TIMES,
            [one.messages / one.requests for one in mine],
            [one.messages / one.requests for one in other],
        ),
        Figure(
            "share of requests that is refused (error 6)",
            Unit.PERCENT,
            [one.refused_share for one in mine],
            [one.refused_share for one in other],
            Bar(0.001),
        ),
    ]
    title = f"A wave to {people:,} people on VK at 20 requests a second"
    return [Table(title, "vkbottle's API under `AsyncLimiter(1, 1/20)` and `gather`", figures)]


def _alone(wave: Callable[[Path, int], Awaitable[Tally]], people: int) -> Tally:
    async def sent(folder: Path) -> Tally:
        return await wave(folder, people)

    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(sent(Path(name)))
