"""A morning's wave to a school on Telegram, while somebody presses buttons.

`python -m tests.bench.wave [people] [rounds]`. The platform refuses the 31st message of any
second, wherever it begins. Bars (issue 4), with 3,000 people: at least 97 % of the 30 messages a
second, at most 0.1 % refused, and a press is answered within 300 ms at the 99th percentile. The
peer sends one message after another and sleeps a thirtieth of a second in between.
"""

import asyncio
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bot.sandbox.nouns import Chat, Message, Messenger
from bot.sandbox.server import Sandbox
from bot.sandbox.telegram.rules import too_many
from storage.database import opened
from tests.bench.crowded import crowded
from tests.bot import lives
from tests.bot.lives import lives_of
from tests.chat import moscow
from tests.school_template import sqlite_url

MORNING = moscow("2026-11-23 07:30")
LIMIT = 30
PRESS_SECONDS = 0.4
QUESTION = "Помощь"
LONGEST_SECONDS = 60.0


@dataclass
class StrictSecond:
    """Takes the place of the sandbox's pace: so many messages in any second, and not one more."""

    taken: deque[float] = field(default_factory=lambda: deque(maxlen=LIMIT))
    began: float = 0.0
    ended: float = 0.0
    accepted: int = 0
    refused: int = 0

    def take(self, _chat: Chat, amount: int = 1) -> None:
        """Count messages, or refuse."""
        now = time.monotonic()
        if len(self.taken) == LIMIT and now - self.taken[0] < 1.0:
            self.refused += 1
            raise too_many(self.taken[0] + 1.0 - now)
        self.taken.extend([now] * amount)
        self.accepted += amount
        self.began, self.ended = self.began or now, now

    def take_edit(self, chat: Chat) -> None:
        """Count a change like a message."""
        self.take(chat)

    def clear(self) -> None:
        """Forget what was sent."""
        self.taken.clear()


@dataclass(frozen=True)
class Wave:
    """What a wave came to: parts of the limit and of the messages, and seconds."""

    used: float
    refused: float
    p50: float
    p99: float


def serve(log: Path, *arguments: object) -> None:
    """Be our bot, at the platform's own limit."""
    from bot import app, garbage  # noqa: PLC0415 in the child

    app.TELEGRAM_PER_SECOND = LIMIT
    garbage.settle()
    lives.live(log, *arguments)  # type: ignore[arg-type]


def serve_plainly(log: Path, token: str, url: str, people: Sequence[int]) -> None:
    """Be a bot that sends, sleeps and, when it is refused, waits as it is told."""
    lives.log_to(log)
    asyncio.run(_send_plainly(token, url, people))


async def _send_plainly(token: str, url: str, people: Sequence[int]) -> None:
    from aiogram import Bot  # noqa: PLC0415 in the child
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.exceptions import TelegramRetryAfter  # noqa: PLC0415

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(token, session=session) as bot:
        for person in people:
            try:
                await bot.send_message(person, "Доброе утро!")
            except TelegramRetryAfter as refusal:
                await asyncio.sleep(refusal.retry_after)
                await bot.send_message(person, "Доброе утро!")
            await asyncio.sleep(1 / LIMIT)


@dataclass
class Street:
    """The sandbox with its people, who all may be written to."""

    sandbox: Sandbox
    people: Sequence[int]
    pace: StrictSecond = field(default_factory=StrictSecond)

    def __post_init__(self) -> None:
        world = self.sandbox.world
        self.bot = world.bot(Messenger.TELEGRAM)
        side = world.sides[Messenger.TELEGRAM]
        side._backend.pace = self.pace  # type: ignore[attr-defined]  # noqa: SLF001 no other door
        for person in self.people:
            side.add_user(f"Ученик {person}", user_id=person)
            world.amend(world.chat(self.bot, person), started=True)

    async def until_sent(self, messages: int) -> None:
        """Wait until the platform has taken so many messages."""
        seconds = LONGEST_SECONDS + 2 * messages / LIMIT
        if not await self.sandbox.world.news.until(lambda: self.pace.accepted >= messages, seconds):
            raise TimeoutError(f"{self.pace.accepted} of {messages} after {seconds:.0f} s")

    async def press(self, person: int, waits: list[float]) -> None:
        """Let one person ask again and again, and write down the waits for the answers."""
        world = self.sandbox.world
        chat = world.chat(self.bot, person)
        while True:
            await asyncio.sleep(PRESS_SECONDS)
            asked = world.sides[Messenger.TELEGRAM].say(person, QUESTION)[-1]
            asked_at = time.monotonic()
            await world.news.until(partial(_is_answered, chat, asked), LONGEST_SECONDS)
            waits.append(time.monotonic() - asked_at)

    def came_to(self, waits: list[float]) -> Wave:
        """Sum a wave up."""
        pace, waits = self.pace, sorted(waits) or [0.0]
        return Wave(
            (pace.accepted - 1) / (pace.ended - pace.began) / LIMIT,
            pace.refused / (pace.accepted + pace.refused),
            median(waits),
            waits[min(len(waits) - 1, int(0.99 * len(waits)))],
        )


def _is_answered(chat: Chat, asked: Message) -> bool:
    return any(one.direction == "out" and one.id > asked.id for one in chat.messages)


async def ours(folder: Path, students: int) -> Wave:
    """Let our bot plan and send a morning; the pressing begins with its first card."""
    url = sqlite_url(folder / "school.db")
    async with opened(url) as database:
        await crowded(database, students, MORNING)
    async with Sandbox(MORNING - timedelta(seconds=8)) as sandbox:
        street = Street(sandbox, range(1, 2 * students + students // 25 + 2))
        settings = lives.settings_for(sandbox, url, folder)
        settings = settings.model_copy(update={"vk_token": None, "log_level": "WARNING"})
        waits: list[float] = []
        async with lives_of(serve, folder / "log") as life, asyncio.TaskGroup() as group:
            life.begin(settings, MORNING - timedelta(seconds=8), "")
            await street.until_sent(1)
            pressing = group.create_task(street.press(1, waits))
            await street.until_sent(students)
            pressing.cancel()
            with suppress(asyncio.CancelledError):
                await pressing
        return street.came_to(waits)


async def plain(folder: Path, students: int) -> Wave:
    """Let the peer send as much."""
    async with Sandbox(MORNING) as sandbox:
        street = Street(sandbox, range(1, students + 1))
        arguments = (street.bot.token, sandbox.telegram_api_url, street.people)
        async with lives_of(serve_plainly, folder / "log") as life:
            life.begin(*arguments)
            await street.until_sent(students)
        return street.came_to([])


def main(students: int = 900, rounds: int = 1) -> None:
    """Run both in turn and print their medians."""
    for name, run in (("ours", ours), ("sleep(1/30)", plain)):
        found = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                found.append(asyncio.run(run(Path(folder), students)))
        used, refused = median(one.used for one in found), median(one.refused for one in found)
        p50, p99 = median(one.p50 for one in found), median(one.p99 for one in found)
        sys.stdout.write(
            f"{name:12} {used:7.1%} of the limit, {refused:.2%} refused, "
            f"answers {1000 * p50:.0f} ms p50 {1000 * p99:.0f} ms p99\n"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
