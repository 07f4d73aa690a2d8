import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import follow
from bot.follow import FollowedClock, Follower
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Rules, Sandbox
from tests.school_template import MONDAY

HOUR = timedelta(hours=1)


class Bot:
    """What follows: it visits the instants in `due`, and looks at its clock there."""

    def __init__(self, url: str) -> None:
        self.clock = FollowedClock(MONDAY - HOUR)
        self.due: list[datetime] = []
        self.visited: list[datetime] = []
        self.shown: list[datetime] = []
        self.failures: list[Exception] = []
        self.follower = Follower(url, self.clock, self.visit, self.next_due)

    async def visit(self, now: datetime) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.visited.append(now)
        self.shown.append(self.clock.now())

    async def next_due(self, after: datetime) -> datetime | None:
        return min((due for due in self.due if due > after), default=None)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        async with asyncio.timeout(120), asyncio.TaskGroup() as group:
            running = group.create_task(self.follower.run())
            try:
                yield
            finally:
                running.cancel()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(MONDAY, rules=Rules.unhurried()) as running:
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox.control_url) as opened:
        yield opened


@pytest.fixture
def bot(sandbox: Sandbox) -> Bot:
    return Bot(sandbox.control_url)


async def shows(bot: Bot, is_so: Callable[[datetime], bool]) -> None:
    for _ in range(20_000):
        if is_so(bot.clock.now()):
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"the clock shows {bot.clock.now()}")


async def test_it_learns_the_instant_and_the_rate(bot: Bot, client: SandboxClient) -> None:
    async with bot.following():
        await client.followed()
        await bot.clock.known(60)
        assert abs(bot.clock.now() - MONDAY) < timedelta(minutes=2)
        await client.set_rate(0)
        stopped = (await client.clock()).now
        await shows(bot, lambda now: now == stopped)
        await client.set_rate(3600)
        await shows(bot, lambda now: now > stopped + timedelta(minutes=1))


async def test_a_jump_visits_every_due_instant_in_order_and_shows_it(
    bot: Bot, client: SandboxClient
) -> None:
    bot.due = [MONDAY + HOUR * hours for hours in (2, 1, 9)]
    async with bot.following():
        await client.followed()
        landed = await client.jump(MONDAY + HOUR * 3)
        assert landed.now >= MONDAY + HOUR * 3
        assert bot.visited == [MONDAY + HOUR, MONDAY + HOUR * 2, MONDAY + HOUR * 3]
        assert bot.shown == bot.visited
        await client.jump(MONDAY + HOUR * 10)
    assert bot.visited[3:] == [MONDAY + HOUR * 9, MONDAY + HOUR * 10]


async def test_what_falls_due_during_a_jump_is_visited_too(
    bot: Bot, sandbox: Sandbox, client: SandboxClient
) -> None:
    visit = bot.visit

    async def plan_more(now: datetime) -> None:
        await visit(now)
        if now == MONDAY + HOUR:
            bot.due.append(MONDAY + HOUR * 2)

    bot.due = [MONDAY + HOUR]
    bot.follower = Follower(sandbox.control_url, bot.clock, plan_more, bot.next_due)
    async with bot.following():
        await client.followed()
        await client.jump(MONDAY + HOUR * 3)
    assert bot.visited == [MONDAY + HOUR, MONDAY + HOUR * 2, MONDAY + HOUR * 3]


async def test_a_visit_that_fails_does_not_end_the_jump_before_its_time(
    bot: Bot, client: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "PAUSE_SECONDS", 0.01)
    bot.due = [MONDAY + HOUR, MONDAY + HOUR * 2]
    bot.failures = [KeyError("in the middle")]
    async with bot.following():
        await client.followed()
        await client.jump(MONDAY + HOUR * 3)
    assert bot.visited == [MONDAY + HOUR * 2, MONDAY + HOUR * 3]


class StubbornClock:
    """A clock whose answers a test has written down; it notes what was asked."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any] | str | None] = []
        self.seen: list[str] = []
        self.told: list[str] = []
        self.cuts = 0
        self._app = web.Application()
        self._app.router.add_get("/clock", self._ask)
        self._app.router.add_post("/clock/at", self._tell)

    def server(self) -> TestServer:
        return TestServer(self._app)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request.query["seen"])
        if not self.answers:
            await asyncio.sleep(600)
        answer = self.answers.pop(0)
        if answer is None:
            return _cut(request)
        return web.json_response(answer) if isinstance(answer, dict) else web.Response(text=answer)

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        if self.cuts:
            self.cuts -= 1
            return _cut(request)
        self.told.append((await request.json())["now"])
        return web.json_response({})


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def state(version: int, now: datetime, jump_to: datetime | None = None) -> dict[str, Any]:
    jump = jump_to.isoformat() if jump_to else None
    return {"version": version, "now": now.isoformat(), "rate": 0, "jump_to": jump}


@asynccontextmanager
async def followed(clock: StubbornClock) -> AsyncIterator[Bot]:
    async with clock.server() as server:
        bot = Bot(str(server.make_url("/")))
        async with bot.following():
            yield bot


async def asked(clock: StubbornClock, times: int) -> None:
    for _ in range(20_000):
        if len(clock.seen) >= times:
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"asked {clock.seen}")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "PAUSE_SECONDS", 0.005)


async def test_a_connection_cut_in_the_middle_of_a_jump_does_not_call_it_done() -> None:
    """Asking with the version of a jump says that everything on the way was visited."""
    clock = StubbornClock()
    jump = state(7, MONDAY, MONDAY + HOUR)
    clock.answers = [state(6, MONDAY), jump, jump]
    clock.cuts = 1
    async with followed(clock) as bot:
        await asked(clock, 4)
    assert clock.seen[:4] == ["0", "6", "6", "7"]
    assert bot.visited == [MONDAY + HOUR]


@pytest.mark.parametrize("nonsense", [None, "not JSON", {}, {"version": 1, "now": "noon"}])
async def test_while_the_clock_cannot_be_read_time_stands(
    nonsense: dict[str, Any] | str | None,
) -> None:
    clock = StubbornClock()
    clock.answers = [state(1, MONDAY), nonsense, nonsense, state(2, MONDAY + HOUR)]
    async with followed(clock) as bot:
        await asked(clock, 3)
        assert bot.clock.now() == MONDAY
        await shows(bot, lambda now: now == MONDAY + HOUR)


async def test_a_jump_over_too_many_instants_comes_to_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow, "MOST_INSTANTS", 3)
    clock = StubbornClock()
    clock.answers = [state(7, MONDAY, MONDAY + HOUR), state(8, MONDAY + HOUR)]
    async with followed(clock) as bot:
        bot.due = [MONDAY + timedelta(seconds=seconds) for seconds in range(1, 100)]
        await asked(clock, 3)
    assert clock.seen == ["0", "7", "8"]
    assert len(bot.visited) == 3
    assert bot.clock.now() == MONDAY + HOUR


async def test_it_is_not_waited_for_for_ever() -> None:
    clock = FollowedClock(MONDAY)
    async with asyncio.timeout(60):
        await clock.known(0.01)
    assert clock.now() == MONDAY
