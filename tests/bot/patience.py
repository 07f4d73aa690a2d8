"""Waits in a test until something is so, for half a minute at most."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

BLINK = 0.02
MOST_BLINKS = 1500


async def until(is_so: Callable[[], bool]) -> None:
    """Look again and again; fails where it never comes true."""
    for _ in range(MOST_BLINKS):
        if is_so():
            return
        await asyncio.sleep(BLINK)
    raise AssertionError("it never came true")


async def until_nothing(lacks: Callable[[], Awaitable[Sequence[object]]]) -> None:
    """Look again and again until nothing is lacking; fails with what never came."""
    left: Sequence[object] = ()
    for _ in range(MOST_BLINKS):
        left = await lacks()
        if not left:
            return
        await asyncio.sleep(BLINK)
    raise AssertionError(f"it never came: {left}")
