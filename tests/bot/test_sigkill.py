"""The process is killed with SIGKILL, again and again, while students hand in."""

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from tests.bot import lives, moments
from tests.school_template import MONDAY

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

PLAIN_KILLS = 6
BACKLOG = 60


async def test_a_plain_aiogram_bot_loses_updates(tmp_path: Path) -> None:
    """The same sandbox, the same kills: so the test below is known to bite."""
    chance = random.Random(1)
    database = tmp_path / "plain.db"
    async with (
        Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live_plainly, tmp_path / "log") as plain,
    ):
        side = sandbox.world.sides[Messenger.TELEGRAM]
        pupil = side.add_user("Аня").id
        said: list[int] = []
        for _ in range(PLAIN_KILLS):
            said += [side.say(pupil, f"Задача {n}")[0].id for n in range(BACKLOG)]
            plain.begin(BOTS[0].token, sandbox.telegram_api_url, database)
            await moments.updates_handed_over(sandbox.world, chance)
            plain.kill()
        plain.begin(BOTS[0].token, sandbox.telegram_api_url, database)
        said.append(side.say(pupil, "Последняя")[0].id)
        await sandbox.world.news.until(lambda: moments.count(sandbox.world, "Последняя") > 0, 20)
        await asyncio.sleep(1)
    with sqlite3.connect(database) as opened:
        kept = {row[0] for row in opened.execute("SELECT message FROM works")}
    lost = set(said) - kept
    print(f"\nplain aiogram: {len(said)} updates, {PLAIN_KILLS} kills, {len(lost)} lost")
    assert lost
