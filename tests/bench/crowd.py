"""People in the sandbox who ask the bot and wait: what the benches load it with.

One watcher reads the log of calls for all of them: if each looked at every piece of news, the
sandbox would be the slowest part of what is measured.
"""

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path

import sqlalchemy as sa

from bot.sandbox.calls import Call
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox
from storage import accounts
from storage.accounts import Account
from storage.database import opened
from storage.tables.people import persons
from tests.bot import lives
from tests.school_template import MONDAY, sqlite_url

ANSWER_SECONDS = 30.0
WATCH_SECONDS = 3600.0
NOT_AN_ANSWER = ("getUpdates", "a_check", "messages.setActivity", "sendChatAction")

Person = tuple[Messenger, int]


@dataclass(slots=True)
class _Question:
    """What somebody asked, and who waits for the answer."""

    message_id: int
    answered_at: asyncio.Future[float]


@dataclass(eq=False)
class Crowd:
    """Some people, by messenger and number. Made by `crowd_of`."""

    sandbox: Sandbox
    people: Sequence[Person]
    _asked: dict[Person, _Question] = field(default_factory=dict)

    async def ask(self, person: Person, text: str, within: float = ANSWER_SECONDS) -> float:
        """Let somebody write, and give the monotonic second in which the answer came."""
        messenger, number = person
        message = self.sandbox.world.sides[messenger].say(number, text)[-1]
        question = _Question(message.id, asyncio.get_running_loop().create_future())
        self._asked[person] = question
        try:
            async with asyncio.timeout(within):
                return await question.answered_at
        finally:
            self._asked.pop(person, None)

    async def ask_on(
        self, people: Sequence[Person], texts: Sequence[str], seconds: float
    ) -> tuple[list[float], float]:
        """Let people ask again as soon as they are answered; gives their waits and the seconds."""
        waits: list[float] = []
        began = time.monotonic()

        async def keep_asking(person: Person) -> None:
            for text in itertools.cycle(texts):
                asked_at = time.monotonic()
                if asked_at >= began + seconds:
                    return
                waits.append(await self.ask(person, text) - asked_at)

        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(keep_asking(person))
        return waits, time.monotonic() - began

    async def ask_steadily(
        self, text: str, per_second: float, seconds: float
    ) -> tuple[list[float], float]:
        """Ask so often, whether or not the bot keeps up; the waits run from when it was due."""
        due: asyncio.Queue[float | None] = asyncio.Queue()
        waits: list[float] = []

        async def ask_when_due(person: Person) -> None:
            while (asked_at := await due.get()) is not None:
                waits.append(await self.ask(person, text) - asked_at)

        async with asyncio.TaskGroup() as group:
            for person in self.people:
                group.create_task(ask_when_due(person))
            began = time.monotonic()
            for number in range(round(per_second * seconds)):
                at = began + number / per_second
                await asyncio.sleep(at - time.monotonic())
                due.put_nowait(at)
            for _ in self.people:
                due.put_nowait(None)
        return waits, time.monotonic() - began

    async def watch(self) -> None:
        """See whom the bot answers, until cancelled."""
        world = self.sandbox.world
        seen = world.calls.last
        while True:
            await world.news.until(lambda known=seen: world.calls.last > known, WATCH_SECONDS)  # type: ignore[misc]
            now = time.monotonic()
            fresh = world.calls.after(seen, without=NOT_AN_ANSWER)
            seen = world.calls.last
            for call in fresh:
                self._look(call, now)

    def _look(self, call: Call, now: float) -> None:
        """See to whom a call has brought something: one chat, or those of a VK `execute`."""
        chat = call.params.get("chat_id")
        concerned = [(call.messenger, int(chat))] if chat else list(self._asked)
        world = self.sandbox.world
        for person in concerned:
            question = self._asked.get(person)
            if question is None or person[0] is not call.messenger:
                continue
            last = world.chat(world.bot(call.messenger), person[1]).messages[-1]
            is_answer = last.direction == "out" and last.id > question.message_id
            if is_answer and not question.answered_at.done():
                question.answered_at.set_result(now)


@asynccontextmanager
async def crowd_of(
    sandbox: Sandbox, many: int, messengers: Sequence[Messenger] = (Messenger.TELEGRAM,)
) -> AsyncIterator[Crowd]:
    """Bring so many people into the sandbox, in turn on each messenger, for a block."""
    people = []
    for number, messenger in zip(range(many), itertools.cycle(messengers), strict=False):
        user = sandbox.world.sides[messenger].add_user(f"Ученик {number}")
        people.append((messenger, user.id))
    crowd = Crowd(sandbox, people)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(crowd.watch())
        try:
            yield crowd
        finally:
            watching.cancel()


async def bind(path: Path, people: Sequence[Person]) -> None:
    """Bind the first students of the sample school to these people."""
    async with opened(sqlite_url(path)) as database, database.write() as tx:
        rows = await tx.execute(
            sa.select(persons.c.id, persons.c.school_id)
            .where(persons.c.roster_key.like("%:S%"))
            .order_by(persons.c.id)
            .limit(len(people))
        )
        for (messenger, number), (person_id, school_id) in zip(people, rows.all(), strict=True):
            who = (messenger.value, str(number), str(number))
            await accounts.bind(tx, Account(0, school_id, person_id, *who), MONDAY)


@contextmanager
def beside_the_bot() -> Iterator[None]:
    """Keep this process, the sandbox, off the first core for a block: the bot has that one.

    Lives forked later inherit nothing of it: the process they come from is started before.
    """
    lives.forkserver()
    forkserver.ensure_running()
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def take_the_first_core() -> None:
    """Be on the bot's core, as one of the bots that are compared."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
