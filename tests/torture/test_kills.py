"""A short torture, a part of every run of the tests; `make torture KILLS=1000` is the long one."""

import os
import random
import sys
from pathlib import Path

import pytest

from tests.torture.command import table
from tests.torture.kills import torture
from tests.torture.points import POINTS

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

KILLS = 18
RATE = 200.0
SEED = int(os.environ.get("TORTURE_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)


@pytest.mark.clause("П1-1.5")
async def test_nothing_is_lost_or_doubled_whenever_the_bot_is_killed(
    template: Path, tmp_path: Path
) -> None:
    """Every receipt has its work, once, with its files; every answer is heard; order is kept."""
    done = await torture(template, tmp_path, kills=KILLS, rate=RATE, seed=SEED, most=3)
    told = "\n".join(table(done, RATE))
    sys.stdout.write(f"\n{told}\n")
    assert done.is_clean, told
    assert done.works >= 12
    assert done.marks > 0
    assert done.kills.total() == KILLS
    assert len(done.kills) > len(POINTS) / 2, "most points are come to"
