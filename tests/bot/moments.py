"""When a life ends: at random, or just when the sandbox has seen something happen."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.nouns import Messenger
from bot.sandbox.world import World

PATIENCE = 10.0
"""Seconds of real time after which a moment that does not come is given up."""

Moment = Callable[[World, random.Random], Awaitable[None]]


async def any_instant(world: World, chance: random.Random) -> None:
    """Wait for nothing in particular."""
    del world
    await asyncio.sleep(chance.uniform(0.0, 1.5))


async def updates_handed_over(world: World, chance: random.Random) -> None:
    """Wait until the bot was given updates; soon it confirms them, and Telegram forgets them."""
    await _called(world, lambda call: call.method.lower() in POLLS and _has_updates(call.answer))
    await asyncio.sleep(chance.uniform(0.0, 0.15))


async def updates_confirmed(pending: Callable[[], int]) -> None:
    """Wait until Telegram was told to forget the updates, whatever became of them."""
    async with asyncio.timeout(PATIENCE):
        while pending():  # noqa: ASYNC110 the sandbox tells nobody of this
            await asyncio.sleep(0.001)


async def file_fetched(world: World, chance: random.Random) -> None:
    """Wait until the bot asks for a file; while it comes, or just after, is the moment."""
    await _called(world, lambda call: call.method.lower() in {"getfile", "download"})
    await asyncio.sleep(chance.uniform(0.0, 0.06))


def said(text: str) -> Moment:
    """Wait until such a message has reached a phone: the bot may not know yet that it has."""

    async def moment(world: World, chance: random.Random) -> None:
        before = count(world, text)
        await world.news.until(lambda: count(world, text) > before, PATIENCE)
        await asyncio.sleep(chance.choice((0.0, 0.0, 0.02, 0.05)))

    return moment


POLLS = {"getupdates", "a_check"}


def _has_updates(answer: Any) -> bool:
    if isinstance(answer, dict):
        return bool(answer.get("result") or answer.get("updates"))
    return bool(answer)


async def _called(world: World, wanted: Callable[[Any], bool]) -> None:
    seen = world.calls.last

    def came() -> bool:
        return any(wanted(call) for call in world.calls.after(seen))

    await world.news.until(came, PATIENCE)


def count(world: World, text: str) -> int:
    return sum(
        text in message.text
        for messenger in Messenger
        for chat in world.chats(world.bot(messenger))
        for message in chat.messages
        if message.direction == "out"
    )
