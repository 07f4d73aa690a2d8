import gc
import sys
from collections.abc import Iterator

import pytest

from bot import garbage


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the interpreter as it was: it belongs to the whole process."""
    thresholds, turn = gc.get_threshold(), sys.getswitchinterval()
    yield
    sys.setswitchinterval(turn)
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_starting_made_is_not_looked_at_again_and_the_rest_less_often() -> None:
    gc.unfreeze()
    garbage.settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == (garbage.YOUNG, garbage.MIDDLE, garbage.OLD)
    assert gc.isenabled()


def test_threads_take_short_turns() -> None:
    sys.setswitchinterval(0.005)
    garbage.settle()
    assert sys.getswitchinterval() == pytest.approx(garbage.TURN_SECONDS)
