"""What a messenger counts in its own seconds, whatever the school's clock does."""

import asyncio
from datetime import timedelta

from bot.sandbox.client import SandboxClient
from bot.sandbox.nouns import Press
from bot.sandbox.server import Sandbox

from .phone import Api, Person, Refused

CARD = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}


async def test_a_press_outlives_a_clock_that_runs_fast(
    client: SandboxClient, api: Api, anya: Person
) -> None:
    await api("sendMessage", chat_id=anya.id, text="?", reply_markup=CARD)
    await client.set_rate(3600)
    press = anya.side.press(anya.id, label="Да")
    assert isinstance(press, Press)
    await asyncio.sleep(0.1)
    assert anya.world.now() - press.at > timedelta(seconds=150)
    (update,) = await api.updates()
    assert await api("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert press.answered_at is not None
    assert press.answered_at > press.at + timedelta(seconds=150)


async def test_a_press_ages_by_a_jump_as_far_as_nobody_follows_it(
    sandbox: Sandbox, api: Api, anya: Person
) -> None:
    await api("sendMessage", chat_id=anya.id, text="?", reply_markup=CARD)
    clock = sandbox.world.clock
    press = anya.side.press(anya.id, label="Да")
    assert isinstance(press, Press)
    async with asyncio.TaskGroup() as group:
        group.create_task(clock.follow(clock.state().version, 0.05))
        await asyncio.sleep(0)
        goal = clock.now() + timedelta(days=1)
        clock.jump(goal)
        clock.visit(goal - timedelta(seconds=160), clock.state().version)
        assert sandbox.world.press_age(press) < 10
        await clock.follow(clock.state().version, 0)
        assert (clock.now() >= goal, clock.landed()) == (True, True)
        assert sandbox.world.press_age(press) < 10
        clock.jump(goal + timedelta(seconds=200))
        clock.visit(goal + timedelta(seconds=40), clock.state().version)
        clock.land()
    assert 160 <= sandbox.world.press_age(press) < 170
    assert isinstance(await api("answerCallbackQuery", callback_query_id=press.id), Refused)
    assert await api.updates() == []
