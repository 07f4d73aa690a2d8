"""One round of a torture: the bot is killed again and again while a school is at work."""

import asyncio
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.checks import Verdict, judge
from tests.torture.field import Field, field_of
from tests.torture.points import POINTS, Trap, most_passes

RANDOM = "at random"
TRAP_SECONDS = 20.0
"""A point that a life does not come to in this time is given up, and it ends at random."""
KILLS_PER_ROUND = 50


@dataclass
class Round:
    """What one round was, or several together."""

    seed: int
    verdict: Verdict
    kills: Counter[str] = field(default_factory=Counter)
    events: int = 0
    works: int = 0
    parts: int = 0
    marks: int = 0
    ticks: int = 0
    tasks: int = 0
    seconds: float = 0.0
    alive: float = 0.0
    """Real seconds, of all and of those in which a life was there."""
    spinners: int = 0
    """Presses whose spinner was never stopped."""
    waits: list[float] = field(default_factory=list)
    impatient: int = 0
    """Acts that were tried again because no answer had come for long."""
    in_flight: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    """Messages on their way at all deaths together, and the most at one."""
    waiting: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    """Lines of the log that tell of an error."""

    def add(self, other: "Round") -> None:
        """Take another round in."""
        for name in ("kills", "in_flight", "waiting"):
            getattr(self, name).update(getattr(other, name))
        for name in ("events", "works", "parts", "marks", "ticks", "tasks", "seconds", "alive"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.most |= other.most
        self.spinners += other.spinners
        self.impatient += other.impatient
        self.waits += other.waits
        self.errors += other.errors
        for name in ("lost", "doubled", "out_of_order", "false_receipts"):
            mine: list[str] = getattr(self.verdict, name)
            mine += [f"seed {other.seed}: {one}" for one in getattr(other.verdict, name)]
        self.verdict.repeats.update(other.verdict.repeats)
        self.verdict.uncertain += other.verdict.uncertain

    @property
    def excess(self) -> list[str]:
        """Say where more was repeated than was on its way when lives ended."""
        repeats = self.verdict.repeats + Counter(telegram=self.verdict.uncertain)
        return [
            f"{lane}: {count} repeated, {self.in_flight[lane]} in flight"
            for lane, count in repeats.items()
            if count > self.in_flight[lane]
        ]

    @property
    def is_clean(self) -> bool:
        return self.verdict.is_clean and not self.excess and not self.errors


async def torture(
    template: Path, folder: Path, *, kills: int, rate: float, seed: int, most: int = 1000
) -> Round:
    """Play one round in a folder and judge it."""
    chance = random.Random(seed)
    done = Round(seed, Verdict())
    async with field_of(template, folder, rate=rate, seed=seed, most=most) as ground:
        ground.begin()
        await ground.settle()
        ground.bot.kill()
        began_at = time.monotonic()
        await _killed_at_work(ground, done, _ends(kills, chance), chance)
        await ground.stop()
        done.seconds = time.monotonic() - began_at
        done.verdict = judge(ground)
    ledger = ground.crowd.ledger
    done.events, done.works = ledger.events, len(ledger.works)
    done.parts = sum(len(work.parts) for work in ledger.works)
    done.marks, done.ticks = len(ledger.marks), len(ledger.ticks)
    done.tasks = len(ledger.tasks)
    done.waits, done.impatient = ledger.waits, len(ledger.unanswered)
    done.spinners = sum(press.answered_at is None for press in ledger.spinners)
    deaths = ground.deaths
    done.in_flight, done.most, done.waiting = deaths.in_flight, deaths.most, deaths.waiting
    said = ground.bot.said().splitlines()
    done.errors = [line for line in said if "[error" in line or "[critical" in line]
    return done


def _ends(kills: int, chance: random.Random) -> list[str]:
    """Choose how lives end: each point in turn, every third life at random."""
    points = list(POINTS)
    chance.shuffle(points)
    turns = iter(points * kills)
    return [RANDOM if number % 3 == 2 else next(turns) for number in range(kills)]


async def _killed_at_work(
    ground: Field, done: Round, ends: list[str], chance: random.Random
) -> None:
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(ground.crowd.work_until(enough))
        for end in ends:
            began_at = time.monotonic()
            done.kills[await _one_life(ground, end, chance)] += 1
            done.alive += time.monotonic() - began_at
            ground.look_at_the_dead()
            await asyncio.sleep(chance.uniform(0.0, 0.3))
        ground.begin()
        enough.set()


async def _one_life(ground: Field, end: str, chance: random.Random) -> str:
    """Live until an end; say which it came to be."""
    bot = ground.bot
    if end == RANDOM:
        ground.begin()
        if await bot.died(chance.uniform(0.05, 2.0)):
            raise AssertionError(f"it died by itself:\n{bot.said()[-3000:]}")
        bot.kill()
        return RANDOM
    ground.begin(Trap(end, chance.randint(1, most_passes(end))))
    if not await bot.died(TRAP_SECONDS):
        bot.kill()
        return RANDOM
    assert bot.process is not None
    assert bot.process.exitcode == -signal.SIGKILL, bot.said()[-3000:]
    return end
