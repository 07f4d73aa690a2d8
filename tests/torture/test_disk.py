"""Disk and database under a school at work: full, locked, and synced before a word is said."""

import asyncio
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.bot.patience import until
from tests.torture.calm import at_work
from tests.torture.haste import ShortWaits

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

FULL_SECONDS = 1.5
DISK_MEGABYTES = 48
STRACE_SECONDS = 20.0


async def test_somebody_else_locks_the_database(template: Path, tmp_path: Path) -> None:
    async with at_work(template, tmp_path, ShortWaits()) as ground:
        with closing(sqlite3.connect(ground.path, isolation_level=None, timeout=30)) as rival:
            rival.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(1)
            await until(lambda: "locked" in ground.bot.said())
            rival.execute("COMMIT")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a small disk over a folder; skips where that is not allowed."""
    mount = shutil.which("mount")
    asked = ("-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder))
    if (
        mount is None
        or subprocess.run((mount, *asked), capture_output=True, check=False).returncode
    ):
        pytest.skip("no disk may be mounted here; the other way to fill one was tried")
    try:
        yield
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), check=True)


async def test_a_disk_is_full_for_a_while(template: Path, tmp_path: Path) -> None:
    """ENOSPC for the database, the files, the bookmark and the log alike."""
    with small_disk(tmp_path):
        async with at_work(template, tmp_path):
            ballast = tmp_path / "ballast"
            with ballast.open("wb") as file, suppress(OSError):  # the bot may take the last of it
                while free := shutil.disk_usage(tmp_path).free:
                    os.write(file.fileno(), bytes(min(free, 1 << 20)))
            await asyncio.sleep(FULL_SECONDS)
            before = ballast.stat().st_size
            ballast.unlink()
            assert before > DISK_MEGABYTES * (1 << 20) / 4


async def test_no_file_can_grow_for_a_while(template: Path, tmp_path: Path) -> None:
    """EFBIG for every write, where no disk may be mounted: a failing disk, to SQLite."""
    async with at_work(template, tmp_path) as ground:
        process = ground.bot.process
        assert process is not None
        assert process.pid is not None
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        done = ground.rows("SELECT count(*) FROM inbox WHERE state = 'done'")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        for _ in range(20):  # what was written before may be committed yet
            frozen = ground.rows("SELECT count(*) FROM inbox")
            await asyncio.sleep(FULL_SECONDS)
            if ground.rows("SELECT count(*) FROM inbox") == frozen:
                break
        assert ground.rows("SELECT count(*) FROM inbox") == frozen
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
    assert ground.rows("SELECT count(*) FROM inbox WHERE state = 'done'") > done
