"""What the tests of the threats may ask for: the planted school besides the sample one."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from handlers import dispatch
from handlers.turn import Action, Turn
from tests.handlers.conftest import crowded, planted, restore, school, standing, wishes

__all__ = ["crowded", "planted", "reached", "restore", "school", "standing", "wishes"]


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many presses got as far as loading what they name, by action."""
    seen: Counter[str] = Counter()

    async def counted(name: str, action: Action, turn: Turn, arguments: Sequence[str]) -> Any:
        seen[name] += 1
        return await action.load(turn, arguments)

    for name, action in dispatch.ACTIONS.items():
        counting = Action(action.handler, partial(counted, name, action))
        monkeypatch.setitem(dispatch.ACTIONS, name, counting)
    return seen
