"""Messages that go to VK together, against the sandbox."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.messengers.vk import Vk
from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox
from handlers.messages import Button, Reply
from scheduler.messenger import ChatClosed, DeliveryFailed, OutcomeUnknown

from .bench import Bench, vk

pytestmark = pytest.mark.frameworks

MANY = 60


@pytest.fixture
def bench(sandbox: Sandbox) -> Bench:
    return Bench(sandbox, Messenger.VK)


def crowd(bench: Bench) -> list[int]:
    people = [bench.side.add_user(f"Ученик {number}").id for number in range(MANY)]
    for person in people:
        bench.side.say(person, "привет")
    return people


async def send(courier: Vk, people: Sequence[int]) -> list[str | DeliveryFailed]:
    """Send to everybody at once, each with a random id and a button of their own."""

    async def one(person: int) -> str | DeliveryFailed:
        buttons = ((Button(f"«Почта» {person}", f"day.mail:{person}"),),)
        card = Reply(f"Доброе утро, «{person}»!\n\\ 'кавычки' \u2028", buttons=buttons)
        try:
            return await courier.send(str(person), card, [], person)
        except DeliveryFailed as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(person)) for person in people]
    return [task.result() for task in tasks]


def shown(bench: Bench, person: int) -> list[Any]:
    chat = bench.sandbox.world.chat(bench.chat.bot, person)
    return [one for one in chat.shown() if one.direction == "out"]


async def test_everybody_gets_their_own_in_few_calls(bench: Bench) -> None:
    people = crowd(bench)
    stranger = bench.side.add_user("Не писал").id
    async with vk(bench.sandbox.vk_api_url) as courier:
        *numbers, refused = await send(courier, [*people, stranger])
    assert isinstance(refused, ChatClosed)
    for person, number in zip(people, numbers, strict=True):
        (message,) = shown(bench, person)
        assert message.text.startswith(f"Доброе утро, «{person}»!\n\\ 'кавычки'")
        assert str(message.number) == number
        assert message.buttons.rows[0][0].label == f"«Почта» {person}"
    sent = [call for call in bench.sandbox.world.calls.after(0) if call.method == "execute"]
    assert 3 <= len(sent) < MANY / 4


async def test_when_the_answer_is_lost_all_are_asked_again_and_nobody_hears_twice(
    bench: Bench,
) -> None:
    people = crowd(bench)
    lost = frozenset({"execute"})
    bench.sandbox.world.faults.set(FaultKind.DROP_ANSWER, methods=lost, count=1)
    async with vk(bench.sandbox.vk_api_url) as courier:
        found = await send(courier, people)
        unknown = [
            person
            for person, one in zip(people, found, strict=True)
            if isinstance(one, OutcomeUnknown)
        ]
        assert 2 <= len(unknown) <= 25
        again = await send(courier, unknown)
    assert all(isinstance(one, str) for one in again)
    assert [len(shown(bench, person)) for person in people] == [1] * MANY
