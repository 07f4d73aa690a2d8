"""`dezhurny run` with a messenger or mail switched off: what waited for it waits no more."""

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from scheduler import detour
from storage import outbox
from storage.database import opened
from storage.outbox import NewMessage
from tests.school_template import MONDAY, sqlite_url

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
IMPATIENT = """
from datetime import timedelta
from bot.__main__ import main
from scheduler import detour

detour.PATIENCE = timedelta(seconds=1)
main()
"""
"""The bot whose ten minutes are a second."""


def test_settings_know_which_lanes_run() -> None:
    token, url = SecretStr("1:a"), SecretStr("smtp://mail.example")
    found = [
        one.lanes_off
        for one in (
            Settings(_env_file=None),
            Settings(_env_file=None, vk_token=token),
            Settings(
                _env_file=None,
                telegram_token=token,
                vk_token=token,
                smtp_url=url,
                mail_from="school@mail.example",
            ),
        )
    ]
    assert found == [{"telegram", "vk", "mail"}, {"telegram", "mail"}, set()]


def states(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT key, state FROM outbox WHERE key LIKE 'k-%' ORDER BY key")
        return [(key, state) for key, state in rows]


@pytest.mark.process
async def test_run_ends_what_waits_for_lanes_that_are_off(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    kept = [
        NewMessage(f"k-{lane}", "task-letter", lane, "somebody", {}, MONDAY - detour.PATIENCE)
        for lane in ("mail", "telegram", "vk")
    ]
    async with opened(sqlite_url(path)) as database, database.write() as tx:
        await outbox.plan(tx, kept, MONDAY)
    inherited = {name: value for name, value in os.environ.items() if "DEZHURNY" not in name}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", IMPATIENT, "run", "--now", MONDAY.isoformat()),
        cwd=tmp_path,
        env=inherited
        | {
            "PYTHONPATH": str(ROOT),
            "DEZHURNY_DATABASE_URL": sqlite_url(path),
            "DEZHURNY_FILES_DIR": str(tmp_path / "files"),
        },
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any(state != "dead" for _, state in states(path)):
                assert process.returncode is None
                await asyncio.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    with closing(sqlite3.connect(path)) as file:
        ((last,),) = file.execute("SELECT max(id) FROM outbox")
    assert last > 1_000_000, (
        "a start leaves behind what an older copy of the database does not know"
    )
    assert states(path) == [("k-mail", "dead"), ("k-telegram", "dead"), ("k-vk", "dead")]
