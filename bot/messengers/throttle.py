"""Keeps calls under a platform's limit, which counts every call and not only messages."""

import asyncio
from collections import deque


class Throttle:
    """Lets `calls` pass in any `seconds` of real time, and the next ones wait their turn."""

    def __init__(self, calls: int, seconds: float = 1.0) -> None:
        self._recent: deque[float] = deque(maxlen=calls)
        self._calls = calls
        self._seconds = seconds
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Wait until one more call is allowed, and count it."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            if len(self._recent) == self._calls:
                await asyncio.sleep(max(0.0, self._recent[0] + self._seconds - loop.time()))
            self._recent.append(loop.time())
