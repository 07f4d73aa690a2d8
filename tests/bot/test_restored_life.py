"""A bot that goes on from a backup: it is heard, and it hears what VK still has for it."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restoring import restore_from
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Rules, Sandbox
from storage.backups import sequel
from storage.backups.making import Place, make
from storage.backups.shelf import Shelf
from tests.bot import lives
from tests.bot.patience import until
from tests.bot.phones import SandboxPhone
from tests.school_template import MONDAY, sqlite_url

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

START_SECONDS = 120.0
QUESTION = "Пришлите, пожалуйста, код"
BOTH = 2
LATER = MONDAY + timedelta(hours=5)


@pytest.mark.parametrize("leaps", [True, False], ids=["as it is", "without the leap"])
async def test_it_is_heard_after_a_restore(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, leaps: bool
) -> None:
    """Without the leap VK would take the new answer for a repetition of an old one."""
    path, shelf = tmp_path / "school.db", Shelf(tmp_path / "copies")
    shutil.copyfile(template, path)
    place = Place(path, tmp_path / "files", tmp_path / "vk.bookmark")
    if not leaps:
        monkeypatch.setattr(sequel, "leap", no_leap)
    async with (
        Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live, tmp_path / "log") as bot,
    ):
        settings = lives.settings_for(sandbox, sqlite_url(path), tmp_path)
        anya = SandboxPhone(sandbox, Messenger.VK, "Аня")
        bot.begin(settings, MONDAY, "")
        await anya.says("До копии")
        await anya.sees(QUESTION, within=START_SECONDS)
        await until(place.bookmark.exists)
        made = await asyncio.to_thread(make, place, shelf, MONDAY, 1)
        await anya.says("После копии")
        await anya.sees(QUESTION)
        bot.kill()

        the_disk_dies(path)
        await restore_from(made.path, place, LATER, force=True, incomplete=False)
        bot.begin(settings, LATER, "")
        anya.forget()
        if not leaps:
            await until(lambda: answered(path) == BOTH)
            assert not anya.news, "the sandbox knows a random id that came before"
            return
        await anya.sees(QUESTION, within=START_SECONDS)  # VK has told again what was lost
        await anya.says("После восстановления")
        await anya.sees(QUESTION)
        assert await bot.stop() == 0
    assert "[error" not in bot.said(), bot.said()


def the_disk_dies(path: Path) -> None:
    path.write_bytes(b"the disk has died")
    for journal in path.parent.glob("school.db-*"):
        journal.unlink()


def answered(path: Path) -> int:
    """Count the answers that VK has taken, as the bot believes."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT count(*) FROM outbox WHERE state = 'sent'")
        return int(found.fetchone()[0])


async def no_leap(*_: object) -> None:
    return
