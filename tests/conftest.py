"""What every test may ask for: the sample school in a database of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database, opened
from storage.files import FileStore
from tests.chat import House, moscow
from tests.school_template import make_template, sqlite_url

pytest_plugins = ["tests.clauses", "tests.quiet", "tests.storage.databases"]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file: migrated, with the sample school loaded. Copy it, do not open it."""
    path = tmp_path_factory.mktemp("template") / "school.db"
    asyncio.run(make_template(path))
    return path


@pytest.fixture
async def database(template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh copy of the template, closed after the test."""
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with opened(sqlite_url(path)) as opened_copy:
        yield opened_copy


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """The sample school on the first distance Monday, ten seconds before the morning cards."""
    return House(database, FileStore(tmp_path / "files"), moscow("2026-11-23 07:29:50"))
