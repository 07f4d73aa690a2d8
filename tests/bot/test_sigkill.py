"""The bot that one writes first, killed as ours is in `tests/torture`: what that test is worth."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from bot.sandbox.telegram.side import TelegramSide
from tests.bot import lives, moments
from tests.torture.load import AFTERNOON

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

KILLS = 6
BACKLOG = 60


async def test_a_plain_aiogram_bot_loses_updates(tmp_path: Path) -> None:
    database = tmp_path / "plain.db"
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live_plainly, tmp_path / "log") as plain,
    ):
        side = sandbox.world.sides[Messenger.TELEGRAM]
        assert isinstance(side, TelegramSide)
        pupil = side.add_user("Аня").id
        said: list[int] = []
        for _ in range(KILLS):
            said += [side.say(pupil, f"Задача {n}")[0].id for n in range(BACKLOG)]
            plain.begin(BOTS[0].token, sandbox.telegram_api_url, database)
            await moments.updates_confirmed(side.pending)
            plain.kill()
        plain.begin(BOTS[0].token, sandbox.telegram_api_url, database)
        said.append(side.say(pupil, "Последняя")[0].id)
        answered = await sandbox.world.news.until(
            lambda: moments.count(sandbox.world, "Последняя") > 0, moments.PATIENCE
        )
        assert answered
        await asyncio.sleep(1)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        kept = {row[0] for row in connection.execute("SELECT message FROM works")}
    lost = set(said) - kept
    sys.stdout.write(f"\nplain aiogram: {len(said)} updates, {KILLS} kills, {len(lost)} lost\n")
    assert lost
