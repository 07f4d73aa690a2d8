"""Reads a button's arguments and loads what they name, through the speaker's rights.

Whatever is malformed names nothing that exists.
"""

from collections.abc import Sequence
from datetime import date

from handlers.turn import Turn
from school import answers, homework, rights
from school.handing_in import DraftGone
from school.refusals import NotYours
from storage.drafts import Draft
from storage.people import Student
from storage.reviews import Review
from storage.tasks import Task
from storage.works import Work

_MOST_DIGITS = 10
_MOST = 2**31 - 1
"""Numbers of rows are 32-bit on every database; a bigger one names nothing."""


def whole_number(arguments: Sequence[str], position: int) -> int:
    """Return an argument as a number; raises NotYours if it is none."""
    text = arguments[position] if position < len(arguments) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise NotYours
    if int(text) > _MOST:
        raise NotYours
    return int(text)


def a_date(arguments: Sequence[str], position: int) -> date:
    """Return an argument as an ISO date; raises NotYours if it is none."""
    text = arguments[position] if position < len(arguments) else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotYours from None


async def a_seen_student(turn: Turn, arguments: Sequence[str]) -> tuple[Student, int]:
    """Load a student whose matters the speaker may see, and a page of the list (0 if not said)."""
    student = turn.speaker.visible_student(whole_number(arguments, 0))
    return student, whole_number(arguments, 1) if len(arguments) > 1 else 0


async def a_seen_task(turn: Turn, arguments: Sequence[str]) -> tuple[Student, Task]:
    """Load a task of a student whose matters the speaker may see."""
    student = turn.speaker.visible_student(whole_number(arguments, 0))
    return student, await homework.task_for(turn.tx, student, whole_number(arguments, 1))


async def a_task_of_ward(turn: Turn, arguments: Sequence[str]) -> tuple[Student, Task]:
    """Load a task of a student for whom the speaker acts."""
    student = turn.speaker.ward(whole_number(arguments, 0))
    return student, await homework.task_for(turn.tx, student, whole_number(arguments, 1))


async def a_draft_here(turn: Turn, arguments: Sequence[str]) -> Draft:
    """Load the draft of this very chat; raises DraftGone for any other."""
    address = turn.incoming.address
    draft_id = whole_number(arguments, 0)
    try:
        return await rights.draft_here(
            turn.tx, turn.speaker, address.messenger, address.chat, draft_id
        )
    except NotYours:
        raise DraftGone from None


async def an_answer(turn: Turn, arguments: Sequence[str]) -> tuple[Review, Work]:
    """Load a released review of a work that the speaker may see."""
    return await answers.answer_for(turn.tx, turn.speaker, whole_number(arguments, 0))
