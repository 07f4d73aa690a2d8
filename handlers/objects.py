"""Reads the arguments of a button's payload; whatever is malformed names nothing that exists."""

from collections.abc import Sequence
from datetime import date

from school.refusals import NotYours

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
