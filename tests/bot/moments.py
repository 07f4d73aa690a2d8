"""Moments at which the life of a bot is ended: when the sandbox has seen something happen."""

import asyncio
from collections.abc import Callable

from bot.sandbox.nouns import Messenger
from bot.sandbox.world import World

PATIENCE = 60.0
"""Seconds of real time after which a moment that does not come is given up."""


async def updates_confirmed(pending: Callable[[], int]) -> None:
    """Wait until Telegram was told to forget the updates, whatever became of them."""
    async with asyncio.timeout(PATIENCE):
        while pending():  # noqa: ASYNC110 the sandbox tells nobody of this
            await asyncio.sleep(0.001)


def count(world: World, text: str) -> int:
    """Count what the bot has said with such a text, in all chats."""
    return sum(
        text in message.text
        for messenger in Messenger
        for chat in world.chats(world.bot(messenger))
        for message in chat.messages
        if message.direction == "out"
    )
