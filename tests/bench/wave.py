"""A morning's wave to a school on Telegram, while some press buttons.

The platform refuses the 31st message of any second, wherever it begins. The peers send the same
number of texts, each as a developer would keep to the limit (`tests/bench/limited.py`).
"""

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bot.sandbox.nouns import Chat, Message, Messenger
from bot.sandbox.server import Sandbox
from bot.sandbox.telegram.rules import too_many
from storage.database import opened
from tests.bench import limited
from tests.bench.crowded import crowded
from tests.bench.figures import Asked, Bar, Figure, Table, Unit, percentile
from tests.bench.limited import LIMIT
from tests.bot import lives
from tests.bot.lives import Lives, lives_of
from tests.chat import moscow
from tests.school_template import sqlite_url

MORNING = moscow("2026-11-23 07:30")
PRESSERS = 5
PRESS_SECONDS = 2.0
"""Nobody is held by the pace of a chat, one a second, nor by the turnstile."""
BUTTON = "Мой день"
PEOPLE, FEW = 3000, 150
LONGEST_SECONDS = 60.0
PEERS: dict[str, Callable[..., None]] = {
    "a loop with `sleep(1/30)`": limited.send_sleeping,
    "`AsyncLimiter(30, 1)` and `gather`": limited.send_in_bursts,
    "`AsyncLimiter(1, 1/30)` and `gather`": limited.send_evenly,
}


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
    """What a wave came to: parts of the limit and of the messages, waits in milliseconds."""

    used: float
    refused: float
    waits: Sequence[float]


def serve(log: Path, *arguments: object) -> None:
    """Be our bot as it is released."""
    from bot import garbage  # noqa: PLC0415 in the child

    garbage.settle()
    lives.live_as_released(log, *arguments)  # type: ignore[arg-type]


@dataclass
class Street:
    """The sandbox with its people, who all may be written to."""

    sandbox: Sandbox
    people: Sequence[int]
    life: Lives
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
            raise TimeoutError(f"{self.pace.accepted} of {messages}: {self.life.said()[-2000:]}")

    async def press(self, person: int, waits: list[float], begin: float) -> None:
        """Let one person press the button under the input again and again, and note the waits.

        `begin` is in seconds: whoever begins later presses between the others.
        """
        world = self.sandbox.world
        chat = world.chat(self.bot, person)
        await asyncio.sleep(begin)
        while True:
            await asyncio.sleep(PRESS_SECONDS)
            asked = world.sides[Messenger.TELEGRAM].say(person, BUTTON)[-1]
            asked_at = time.monotonic()
            await world.news.until(partial(_is_answered, chat, asked), LONGEST_SECONDS)
            waits.append(time.monotonic() - asked_at)

    def came_to(self, waits: list[float]) -> Wave:
        """Sum a wave up."""
        pace = self.pace
        return Wave(
            (pace.accepted - 1) / (pace.ended - pace.began) / LIMIT,
            pace.refused / (pace.accepted + pace.refused),
            [1000 * wait for wait in waits],
        )


def _is_answered(chat: Chat, asked: Message) -> bool:
    return any(one.direction == "out" and one.id > asked.id for one in chat.messages)


async def ours(folder: Path, students: int) -> Wave:
    """Let our bot plan and send a morning; the pressing begins with its first card."""
    url = sqlite_url(folder / "school.db")
    async with opened(url) as database:
        await crowded(database, students, MORNING)
    begin = MORNING - timedelta(seconds=8)
    async with (
        Sandbox(begin) as sandbox,
        lives_of(serve, folder / "log") as life,
        asyncio.TaskGroup() as group,
    ):
        street = Street(sandbox, range(1, 2 * students + students // 25 + 2), life)
        settings = lives.settings_for(sandbox, url, folder)
        settings = settings.model_copy(update={"vk_token": None, "log_level": "WARNING"})
        waits: list[float] = []
        life.begin(settings, begin, "")
        await street.until_sent(1)
        pressing = [
            group.create_task(street.press(person, waits, PRESS_SECONDS * person / PRESSERS))
            for person in range(1, PRESSERS + 1)
        ]
        await street.until_sent(students)
        for presses in pressing:
            presses.cancel()
            with suppress(asyncio.CancelledError):
                await presses
        return street.came_to(waits)


async def plain(send: Callable[..., None], folder: Path, students: int) -> Wave:
    """Let a peer send as much."""
    async with Sandbox(MORNING) as sandbox, lives_of(send, folder / "log") as life:
        street = Street(sandbox, range(1, students + 1), life)
        life.begin(street.bot.token, sandbox.telegram_api_url, street.people)
        await street.until_sent(students)
        return street.came_to([])


def run(asked: Asked) -> list[Table]:
    """Let ours and every peer send in turn."""
    people = asked.sized(PEOPLE, FEW)
    mine: list[Wave] = []
    others: dict[str, list[Wave]] = {name: [] for name in PEERS}
    for _ in range(asked.long_rounds):
        mine.append(_alone(partial(ours, students=people)))
        for name, send in PEERS.items():
            others[name].append(_alone(partial(plain, send, students=people)))
    tables = []
    for number, (name, found) in enumerate(others.items()):
        title = f"A wave to {people:,} people at 30 messages a second" if not number else name
        tables.append(Table(title, name, _compared(mine, found, first=not number)))
    return [*tables[:-1], replace(tables[-1], notes=NOTES)]


NOTES = f"""
The strict second: the sandbox refuses the 31st message of any second with a 429, wherever that
second begins. The limit is 30 a second; the share counts replies, too.

Our bot runs as it is released: 30 messages a second, one a second a chat, the turnstile.

While ours sends, {PRESSERS} people press «{BUTTON}» (under the input), each every
{PRESS_SECONDS:g} s and the time its answer takes, in turn; the answers share the limit with the
wave. The peers answer nobody.

Each peer waits as long as a 429 tells it and then takes a new turn.
"""


def _alone(wave: Callable[[Path], Awaitable[Wave]]) -> Wave:
    async def sent(folder: Path) -> Wave:
        return await wave(folder)

    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(sent(Path(name)))


def _compared(mine: Sequence[Wave], peer: Sequence[Wave], *, first: bool) -> list[Figure]:
    share, refused = Bar(0.97, at_least=True), Bar(0.001)
    figures = [
        Figure(
            "share of the limit that is used",
            Unit.PERCENT,
            [one.used for one in mine],
            [one.used for one in peer],
            share if first else None,
        ),
        Figure(
            "share of requests that is refused (429)",
            Unit.PERCENT,
            [one.refused for one in mine],
            [one.refused for one in peer],
            refused if first else None,
        ),
    ]
    if not first:
        return figures
    return [
        *figures,
        Figure("press amid the wave, p50", Unit.MILLISECONDS, [median(one.waits) for one in mine]),
        Figure(
            "press amid the wave, p99",
            Unit.MILLISECONDS,
            [percentile(one.waits, 0.99) for one in mine],
            bar=Bar(300.0),
        ),
    ]
