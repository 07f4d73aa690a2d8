"""The bot's memory: at rest in a fresh interpreter, and how it grows with the events it handles."""

import asyncio
import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Rules, Sandbox
from tests.bench.crowd import Crowd, Person, bind, crowd_of
from tests.bench.figures import Asked, Bar, Figure, Line, Table, Unit, fitted
from tests.bench.fresh import HURRIED, Memory, furnish, importing, memory_of, running_bot
from tests.bench.pipeline import AFTERNOON, STEADY_RATE
from tests.school_template import make_template

PEOPLE = 64
QUESTIONS = ("Помощь", "Мой день", "Задания", "Ответы учителей", "Здравствуйте")
SAMPLES = 100
REST_SECONDS = 10.0
ENOUGH_EVENTS = 200_000
ANSWER_SECONDS = 60.0
AN_HOUR = STEADY_RATE * 3600


@dataclass(eq=False)
class Growth:
    """What a process took after so many events, in MiB."""

    events: list[float] = field(default_factory=list)
    rss: list[float] = field(default_factory=list)

    @property
    def last(self) -> float:
        """How many events there were at the end."""
        return self.events[-1]

    def note(self, events: int, rss: float) -> None:
        """Note a sample."""
        self.events.append(events)
        self.rss.append(rss)

    def line(self) -> Line:
        """Fit MiB an event to the second half of the run."""
        late = [number for number, events in enumerate(self.events) if 2 * events >= self.last]
        return fitted([self.events[one] for one in late], [self.rss[one] for one in late])


async def at_rest(folder: Path, template: Path, seconds: float) -> Memory:
    """Look at the bot as an operator starts it, after a while without events."""
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        running_bot(sandbox, folder, template) as bot,
    ):
        await asyncio.sleep(seconds)
        return memory_of(bot.process)


async def of_the_libraries(folder: Path) -> Memory:
    """Look at an interpreter that has imported both libraries."""
    async with importing(folder) as process:
        return memory_of(process.process)


async def growth(folder: Path, template: Path, events: int) -> Growth:
    """Let people on both messengers ask until there were so many events."""
    found = Growth()
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        crowd_of(sandbox, PEOPLE, tuple(Messenger)) as crowd,
    ):
        furnish(folder, template)
        await bind(folder / "school.db", crowd.people)
        async with running_bot(sandbox, folder, template, HURRIED) as bot:
            await _asked(crowd, events, lambda done: found.note(done, memory_of(bot.process).rss))
    return found


async def _asked(crowd: Crowd, events: int, sample: Callable[[int], None]) -> None:
    """Let everybody ask until there were so many; sample a hundred times."""
    done, step = 0, max(1, events // SAMPLES)

    async def keep_asking(person: Person, start: int) -> None:
        nonlocal done
        for number in itertools.count(start):
            if done >= events:
                return
            await crowd.ask(person, QUESTIONS[number % len(QUESTIONS)], ANSWER_SECONDS)
            done += 1
            if done % step == 0:
                sample(done)

    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(crowd.people):
            group.create_task(keep_asking(person, number))


def run(asked: Asked) -> list[Table]:
    """Measure both at rest in turn, then the growth."""
    mine, other = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "template.db"
        asyncio.run(make_template(template))
        for number in range(asked.rounds):
            seconds = 1.0 if asked.quick else REST_SECONDS
            mine.append(asyncio.run(at_rest(folder / f"rest-{number}", template, seconds)))
            other.append(asyncio.run(of_the_libraries(folder)))
        grown = asyncio.run(growth(folder / "growth", template, asked.events))
    peer = "a fresh interpreter that has imported aiogram and vkbottle and does nothing"
    return [Table("Memory", peer, [*_at_rest(mine, other), *_grown(grown)], _notes(grown))]


def _at_rest(mine: Sequence[Memory], other: Sequence[Memory]) -> list[Figure]:
    rss, theirs = [one.rss for one in mine], [one.rss for one in other]
    pss, their_pss = [one.pss for one in mine], [one.pss for one in other]
    return [
        Figure("resident at rest", Unit.MEBIBYTES, rss, theirs, Bar(250.0)),
        Figure("proportional (PSS) at rest", Unit.MEBIBYTES, pss, their_pss),
    ]


def _grown(grown: Growth) -> list[Figure]:
    line, events = grown.line(), grown.last
    few = "" if events >= ENOUGH_EVENTS else "too few events to judge"
    after = f"after {events:,.0f} events"
    hourly = Figure(
        f"slope at {STEADY_RATE:.0f} events a second",
        Unit.MEBIBYTES_PER_HOUR,
        [line.slope * AN_HOUR],
        bar=Bar(1.0),
        unjudged=few,
    )
    return [
        Figure(f"resident {after}", Unit.MEBIBYTES, [grown.rss[-1]], bar=Bar(250.0)),
        hourly,
        Figure("slope a million events", Unit.MEBIBYTES, [line.slope * 1e6]),
    ]


def _notes(grown: Growth) -> str:
    line = grown.line()
    marks = [len(grown.rss) * number // 8 for number in range(8)] + [-1]
    course = ", ".join(f"{grown.events[one]:,.0f}: {grown.rss[one]:.1f}" for one in marks)
    asked = ", ".join(f"«{question}»" for question in QUESTIONS)
    return f"""
At rest: `python -m bot run` with both messengers and mail, the sample school, ten seconds after
its first poll.

Growth: {PEOPLE} people, half of them on each messenger, ask as fast as they are answered: {asked}.
The platforms' pace and the turnstile are lifted, and the process is otherwise the same fresh
interpreter.

MiB after events: {course}. The slope is that of the second half, by least squares: in the first
one the memories of who came and what was judged fill, and the allocator finds its size. Its
standard error is {line.error * AN_HOUR:.2f} MiB/h.
"""
