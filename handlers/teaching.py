"""What the teacher's topics load alike: a page of one's own list, a task that one teaches."""

from collections.abc import Sequence

from handlers.objects import whole_number
from handlers.turn import Turn
from school import rights
from school.refusals import NotYours
from storage.people import Role
from storage.tasks import Task


def only_teachers(turn: Turn) -> None:
    """Refuse everybody who is not a teacher."""
    if not turn.speaker.is_any(Role.TEACHER):
        raise NotYours


async def a_page(turn: Turn, arguments: Sequence[str]) -> int:
    """Load a page of one of the teacher's own lists."""
    only_teachers(turn)
    return whole_number(arguments, 0)


async def a_taught_task(turn: Turn, arguments: Sequence[str]) -> Task:
    """Load a task the speaker teaches."""
    only_teachers(turn)
    return await rights.taught_task(turn.tx, turn.speaker, whole_number(arguments, 0))
