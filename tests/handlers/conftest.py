"""What the tests of the conversation may ask for besides a house of the sample school."""

import asyncio
import math
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot import worker
from bot.turnstile import Turnstile
from storage import inbox
from storage.database import opened
from storage.files import FileStore
from tests.chat import House
from tests.handlers.planted import NOW, Planted
from tests.handlers.planting import plant
from tests.handlers.wishes import Wishes, stamps_of
from tests.school_template import sqlite_url


@pytest.fixture(scope="session")
def planted(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Planted, Wishes]:
    """A closed file of the planted school. Copy it, do not open it."""
    path = tmp_path_factory.mktemp("planted") / "school.db"
    shutil.copyfile(template, path)
    return asyncio.run(_plant(path))


async def _plant(path: Path) -> tuple[Path, Planted, Wishes]:
    async with opened(sqlite_url(path)) as database:
        school = await plant(database)
        return path, school, Wishes(school, await stamps_of(database, school))


@pytest.fixture
def school(planted: tuple[Path, Planted, Wishes]) -> Planted:
    """Who and what is planted."""
    return planted[1]


@pytest.fixture
def wishes(planted: tuple[Path, Planted, Wishes]) -> Wishes:
    """The payloads of the planted school."""
    return planted[2]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(
    planted: tuple[Path, Planted, Wishes], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One house for a whole module: opening it costs more than what is tried in it."""
    folder = tmp_path_factory.mktemp("standing")
    shutil.copyfile(planted[0], folder / "school.db")
    async with opened(sqlite_url(folder / "school.db")) as database:
        yield House(database, FileStore(folder / "files"), NOW)


@pytest.fixture
def restore(standing: House, planted: tuple[Path, Planted, Wishes]) -> Callable[[], None]:
    """Give a way to make the house what it was when it was planted."""

    def as_planted() -> None:
        with (
            closing(sqlite3.connect(planted[0])) as source,
            closing(sqlite3.connect(standing.database.path)) as target,
        ):
            source.backup(target)

    return as_planted


@pytest.fixture
def crowded(standing: House, restore: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> House:
    """The planted school on Monday at ten; batches are whole, and nobody is told not to hurry.

    Its tests run in the module's loop: `pytest.mark.asyncio(loop_scope="module")`.
    """
    monkeypatch.setattr(worker, "BATCH_SECONDS", 60.0)
    monkeypatch.setattr(Turnstile, "AT_ONCE", math.inf)
    monkeypatch.setattr(inbox, "OF_ONE", 50)
    restore()
    return standing
