import asyncio
import os
import sys
from pathlib import Path

import pytest

from storage.database import Database, DatabaseInUse, opened
from tests.school_template import sqlite_url

PATIENCE = 120.0
ASK = """
import asyncio, sys
from storage.database import DatabaseInUse, opened
async def ask():
    async with opened(sys.argv[1]) as database:
        try:
            async with database.sole_use():
                print("taken", flush=True)
                await asyncio.to_thread(sys.stdin.read)
        except DatabaseInUse as refusal:
            print("refused", refusal, flush=True)
asyncio.run(ask())
"""


async def second_process(url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", ASK, url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )


async def test_a_second_process_is_refused_until_the_first_has_ended(
    database: Database, either_url: str
) -> None:
    async with asyncio.timeout(PATIENCE):
        async with database.sole_use():
            second = await second_process(either_url)
            said, _ = await second.communicate()
            assert said.startswith(b"refused")
        third = await second_process(either_url)
        assert third.stdout is not None
        assert await third.stdout.readline() == b"taken\n"
        with pytest.raises(DatabaseInUse):
            async with database.sole_use():
                pass
        third.kill()
        await third.wait()
        await _granted(database)


async def _granted(database: Database) -> None:
    """A killed process holds nothing; PostgreSQL learns of its end within a moment."""
    for _ in range(1000):
        try:
            async with database.sole_use():
                return
        except DatabaseInUse:
            await asyncio.sleep(0.05)
    raise AssertionError("the lock outlived its process")


async def test_within_a_process_it_is_given_once_and_given_back(
    database: Database, either_url: str
) -> None:
    async with opened(either_url) as other:
        async with database.sole_use():
            with pytest.raises(DatabaseInUse):
                async with other.sole_use():
                    pass
        async with other.sole_use():
            with pytest.raises(DatabaseInUse):
                async with database.sole_use():
                    pass


async def test_another_name_for_the_same_file_does_not_help(tmp_path: Path) -> None:
    (tmp_path / "real.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    async with (
        opened(sqlite_url(tmp_path / "real.db")) as real,
        opened(sqlite_url(tmp_path / "link.db")) as link,
        real.sole_use(),
    ):
        with pytest.raises(DatabaseInUse):
            async with link.sole_use():
                pass


async def test_the_lock_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path / "new" / "school.db")) as database, database.sole_use():
        mode = (tmp_path / "new" / "school.db.lock").stat().st_mode
        assert mode & 0o077 == 0
    assert os.listdir(tmp_path / "new") == ["school.db.lock"]  # noqa: PTH208 names are enough
