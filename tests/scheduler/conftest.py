"""The post office of the sample school."""

from collections.abc import Callable

import pytest

from storage.database import Database
from tests.scheduler.post import Post, post_of

__all__ = ["post_of"]


@pytest.fixture
def post(database: Database, post_of: Callable[[Database], Post]) -> Post:
    """The sample school's outbox and its lanes, on SQLite."""
    return post_of(database)
