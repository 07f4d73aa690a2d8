"""What the tests of the conversation may ask for besides a house of the sample school."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import worker
from storage.database import opened
from storage.files import FileStore
from tests.chat import House
from tests.handlers.planted import NOW, Planted, plant
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


@pytest.fixture
async def crowded(
    planted: tuple[Path, Planted, Wishes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """A house of the planted school on Monday at ten, with a worker that takes whole batches."""
    monkeypatch.setattr(worker, "BATCH_SECONDS", 60.0)
    path = tmp_path / "planted.db"
    shutil.copyfile(planted[0], path)
    async with opened(sqlite_url(path)) as database:
        yield House(database, FileStore(tmp_path / "planted-files"), NOW)
