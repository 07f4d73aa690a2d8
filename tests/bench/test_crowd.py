import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.sandbox.calls import Call
from bot.sandbox.nouns import Chat, Draft, Messenger
from bot.sandbox.server import Rules, Sandbox
from tests.bench.crowd import Crowd, crowd_of
from tests.school_template import MONDAY


@asynccontextmanager
async def met(delay: float, *messengers: Messenger) -> AsyncIterator[Crowd]:
    """Let two people meet something that answers everybody after a while."""
    async with (
        Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox,
        crowd_of(sandbox, 2, messengers) as crowd,
        asyncio.TaskGroup() as group,
    ):
        answering = group.create_task(_answer(crowd, delay))
        yield crowd
        answering.cancel()


async def _answer(crowd: Crowd, delay: float) -> None:
    world = crowd.sandbox.world
    while True:
        for messenger, number in crowd.people:
            bot = world.bot(messenger)
            chat = world.chat(bot, number)
            if chat.messages and chat.messages[-1].direction == "in":
                await asyncio.sleep(delay)
                world.add_message(chat, "out", bot.id, Draft("ответ"))
                is_telegram = messenger is Messenger.TELEGRAM
                method, params = ("sendMessage", {"chat_id": number}) if is_telegram else ("", {})
                world.calls.add(Call(messenger, bot.id, method, params, {}, 200, True, world.now()))  # noqa: FBT003 the call's own shape
        await asyncio.sleep(0.001)


async def test_people_on_both_messengers_see_their_answers() -> None:
    async with met(0.0, *Messenger) as crowd:
        assert {messenger for messenger, _ in crowd.people} == set(Messenger)
        waits, seconds = await crowd.ask_on(crowd.people, ["раз", "два"], 1.5)
        assert len(waits) > 2
        assert 0 < max(waits) <= seconds
        said = [one.text for one in _chat(crowd).messages if one.direction == "in"]
        assert said[:3] == ["раз", "два", "раз"][: len(said)]


async def test_who_is_not_answered_does_not_wait_for_ever() -> None:
    async with met(5.0, Messenger.TELEGRAM) as crowd:
        with pytest.raises(TimeoutError):
            await crowd.ask(crowd.people[0], "ау", 0.05)


async def test_waits_at_a_steady_rate_run_from_when_a_question_was_due() -> None:
    async with met(0.02, Messenger.TELEGRAM) as crowd:
        waits, seconds = await crowd.ask_steadily("раз", 100, 0.3)
        assert len(waits) == 30
        # Fifty answers a second at most: the last question waits for the answers before it.
        assert max(waits) > 0.2
        assert seconds > 0.5


def _chat(crowd: Crowd) -> Chat:
    messenger, number = crowd.people[0]
    world = crowd.sandbox.world
    return world.chat(world.bot(messenger), number)
