"""Senders as others write them: the peers of the wave, each a process on aiogram's own Bot."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any

from tests.bot import lives

LIMIT = 30
TEXT = "Доброе утро!"
MOST_TRIES = 50

Limiter = AbstractAsyncContextManager[Any]


def send_sleeping(log: Path, token: str, url: str, people: Sequence[int]) -> None:
    """Send one message after another and sleep a thirtieth of a second in between."""
    lives.log_to(log)

    async def send(tell: Callable[[int, Limiter], Any]) -> None:
        for person in people:
            await tell(person, nullcontext())
            await asyncio.sleep(1 / LIMIT)

    asyncio.run(_with_bot(token, url, send))


def send_in_bursts(log: Path, token: str, url: str, people: Sequence[int]) -> None:
    """Send to all at once under `AsyncLimiter(30, 1)`: thirty at once, then thirty a second."""
    _send_limited(log, token, url, people, (LIMIT, 1.0))


def send_evenly(log: Path, token: str, url: str, people: Sequence[int]) -> None:
    """Send to all at once under `AsyncLimiter(1, 1/30)`: one every thirtieth of a second."""
    _send_limited(log, token, url, people, (1, 1 / LIMIT))


def _send_limited(
    log: Path, token: str, url: str, people: Sequence[int], rate: tuple[float, float]
) -> None:
    lives.log_to(log)
    from aiolimiter import AsyncLimiter  # noqa: PLC0415 in the child

    async def send(tell: Callable[[int, Limiter], Any]) -> None:
        limiter = AsyncLimiter(*rate)
        await asyncio.gather(*(tell(person, limiter) for person in people))

    asyncio.run(_with_bot(token, url, send))


async def _with_bot(token: str, url: str, send: Callable[[Any], Any]) -> None:
    """Run a way to send; whoever is refused waits as long as he is told and takes a new turn."""
    from aiogram import Bot  # noqa: PLC0415 in the child
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.exceptions import TelegramRetryAfter  # noqa: PLC0415

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(token, session=session) as bot:

        async def tell(person: int, limiter: Limiter) -> None:
            for _ in range(MOST_TRIES):
                try:
                    async with limiter:
                        await bot.send_message(person, TEXT)
                except TelegramRetryAfter as refusal:
                    await asyncio.sleep(refusal.retry_after)
                else:
                    return

        await send(tell)
