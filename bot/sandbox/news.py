"""Wakes those who wait for something to happen in the sandbox's world."""

import asyncio
from collections.abc import Callable


class News:
    """A counter that watchers can wait on; `tell` may be called from ordinary code of the loop."""

    def __init__(self) -> None:
        self.count = 0
        self._event = asyncio.Event()

    def tell(self) -> None:
        """Wake everybody who waits."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait at most `seconds` of real time until `ready()`; say whether it came true."""
        if ready():
            return True
        try:
            async with asyncio.timeout(seconds):
                while not ready():
                    await self._event.wait()
        except TimeoutError:
            return ready()
        return True

    async def after(self, known: int, seconds: float) -> bool:
        """Wait at most `seconds` of real time until the count is another than `known`."""
        return await self.until(lambda: self.count != known, seconds)
