"""The post office of the sample school."""

from collections.abc import Callable

import pytest

from scheduler import delivery
from storage.database import Database
from tests.scheduler.post import Post, post_of

__all__ = ["post_of"]


@pytest.fixture
def post(database: Database, post_of: Callable[[Database], Post]) -> Post:
    """The sample school's outbox and its lanes, on SQLite."""
    return post_of(database)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a group be as large as it is, however busy the machine."""
    monkeypatch.setattr(delivery, "RENDER_SECONDS", 60)
