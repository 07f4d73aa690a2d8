import asyncio
import time
from datetime import datetime, timedelta

import pytest
from aiohttp import ClientSession

from bot.sandbox import clock as clock_module
from bot.sandbox.client import SandboxClient, SandboxRefusedError
from bot.sandbox.clock import ClockRefusedError, SandboxClock
from bot.sandbox.news import News
from bot.sandbox.server import Sandbox

from .phone import MONDAY, Api, Person

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nobody_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A follower counts as there, however long the machine holds a test up."""
    monkeypatch.setattr(clock_module, "PRESENT_SECONDS", 120)


class Follower:
    """Does what the bot does with --clock: visits the due instants and asks again."""

    def __init__(self, session: ClientSession, url: str, due: list[datetime]) -> None:
        self.session = session
        self.url = f"{url}/clock"
        self.due = due
        self.visited: list[datetime] = []
        self.api: Api | None = None
        self.chat_id = 0

    async def run(self, jumps: int) -> None:
        seen = 0
        for _ in range(jumps * 4):
            params = {"seen": str(seen), "wait": "5"}
            async with self.session.get(self.url, params=params) as response:
                state = await response.json()
            seen = state["version"]
            if state["jump_to"] is not None:
                await self._walk(datetime.fromisoformat(state["jump_to"]), seen)
                jumps -= 1
            elif not jumps:
                return

    async def _walk(self, until: datetime, version: int) -> None:
        for instant in sorted(due for due in self.due if due <= until):
            body = {"now": instant.isoformat(), "version": version}
            async with self.session.post(f"{self.url}/at", json=body) as response:
                assert response.status == 200
            if self.api is not None:
                await self.api("sendMessage", chat_id=self.chat_id, text=instant.strftime("%H:%M"))
            self.visited.append(instant)
        self.due = [due for due in self.due if due > until]


async def test_it_runs_at_its_rate_and_stands_still() -> None:
    began = time.monotonic()
    clock = SandboxClock(MONDAY, News(), rate=600)
    await asyncio.sleep(0.05)
    ran = clock.now() - MONDAY
    assert timedelta(seconds=25) < ran < timedelta(seconds=600 * (time.monotonic() - began) + 1)
    clock.set_rate(0)
    stopped = clock.now()
    await asyncio.sleep(0.02)
    assert clock.now() == stopped


async def test_without_a_follower_a_jump_lands_at_once(client: SandboxClient) -> None:
    clock = await client.jump(MONDAY + HOUR)
    assert clock.jump_to is None
    assert clock.now >= MONDAY + HOUR


async def test_it_never_runs_backwards(client: SandboxClient) -> None:
    await client.jump(MONDAY + HOUR)
    with pytest.raises(SandboxRefusedError, match=r"409.*backwards"):
        await client.jump(MONDAY)
    with pytest.raises(SandboxRefusedError, match="400"):
        await client.set_rate(-1)
    with pytest.raises(ClockRefusedError):
        SandboxClock(MONDAY, News()).set_rate(-1)
    assert (await client.clock()).now >= MONDAY + HOUR


async def test_a_jump_visits_every_due_instant_in_order_and_messages_carry_its_time(
    sandbox: Sandbox, session: ClientSession, client: SandboxClient, api: Api, anya: Person
) -> None:
    due = [MONDAY + HOUR * 2, MONDAY + HOUR, MONDAY + HOUR * 5]
    follower = Follower(session, sandbox.control_url, due)
    follower.api, follower.chat_id = api, anya.id
    async with asyncio.TaskGroup() as group:
        group.create_task(follower.run(jumps=2))
        await client.followed()
        landed = await client.jump(MONDAY + HOUR * 3)
        assert follower.visited == [MONDAY + HOUR, MONDAY + HOUR * 2]
        assert landed.jump_to is None
        await client.jump(MONDAY + HOUR * 6)
    assert follower.visited == [MONDAY + HOUR, MONDAY + HOUR * 2, MONDAY + HOUR * 5]
    assert [(message.text, message.at) for message in anya.chat.messages] == [
        ("08:00", MONDAY + HOUR),
        ("09:00", MONDAY + HOUR * 2),
        ("12:00", MONDAY + HOUR * 5),
    ]
    assert sandbox.world.now() >= MONDAY + HOUR * 6


async def test_a_follower_that_does_not_come_back_is_reported_and_can_be_given_up(
    sandbox: Sandbox, session: ClientSession, client: SandboxClient
) -> None:
    async with session.get(f"{sandbox.control_url}/clock", params={"seen": "0"}) as response:
        version = (await response.json())["version"]
    with pytest.raises(SandboxRefusedError, match="504"):
        await client.jump(MONDAY + HOUR, within=0.05)
    waiting = await client.clock()
    assert waiting.jump_to == MONDAY + HOUR
    assert waiting.now < MONDAY + timedelta(minutes=1)
    with pytest.raises(SandboxRefusedError, match="409"):
        await client.jump(MONDAY + timedelta(minutes=30))
    body = {"now": (MONDAY + HOUR * 2).isoformat(), "version": version + 1}
    async with session.post(f"{sandbox.control_url}/clock/at", json=body) as response:
        assert response.status == 409
    async with session.post(f"{sandbox.control_url}/clock", json={"land": True}) as response:
        assert (await response.json())["jump_to"] is None


async def test_a_jump_outlives_the_follower_that_was_killed(
    sandbox: Sandbox, session: ClientSession, client: SandboxClient
) -> None:
    async with session.get(f"{sandbox.control_url}/clock", params={"seen": "0"}):
        pass
    async with asyncio.TaskGroup() as group:
        jump = group.create_task(client.jump(MONDAY + HOUR))
        await asyncio.sleep(0.05)
        restarted = Follower(session, sandbox.control_url, [MONDAY + HOUR / 2])
        await restarted.run(jumps=1)
    assert restarted.visited == [MONDAY + HOUR / 2]
    assert jump.result().now >= MONDAY + HOUR


async def test_who_only_watches_ends_no_jump(
    sandbox: Sandbox, session: ClientSession, client: SandboxClient
) -> None:
    async with session.get(f"{sandbox.control_url}/clock", params={"seen": "0"}):
        pass
    url, body = f"{sandbox.control_url}/clock", {"to": (MONDAY + HOUR).isoformat()}
    async with session.post(url, json=body) as response:
        version = (await response.json())["version"]
    async with session.get(url, params={"after": str(version)}) as response:
        assert (await response.json())["jump_to"] is not None
    async with session.get(url, params={"seen": str(version)}) as response:
        assert (await response.json())["jump_to"] is None
    assert (await client.clock()).now >= MONDAY + HOUR
