"""Waits in a test until something is so, for half a minute at most."""

import asyncio
from collections.abc import Callable

BLINK = 0.02
MOST_BLINKS = 1500


async def until(is_so: Callable[[], bool]) -> None:
    """Look again and again; fails where it never comes true."""
    for _ in range(MOST_BLINKS):
        if is_so():
            return
        await asyncio.sleep(BLINK)
    raise AssertionError("it never came true")
