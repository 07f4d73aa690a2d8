from collections.abc import AsyncIterator

import pytest

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Sandbox

from .bench import Bench, unhurried


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with unhurried() as running:
        yield running


@pytest.fixture(params=list(Messenger))
def bench(sandbox: Sandbox, request: pytest.FixtureRequest) -> Bench:
    """Each messenger in turn."""
    return Bench(sandbox, request.param)
