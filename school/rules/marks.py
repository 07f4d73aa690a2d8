"""Which marks a review may carry: a scale for each grade and subject."""

from enum import StrEnum

_FIRST_GRADE = 1


class MarkScale(StrEnum):
    """How a subject is marked in a class."""

    NUMERIC = "numeric"
    PASS_FAIL = "pass_fail"  # noqa: S105 (a scale, not a password)
    NONE = "none"


class Mark(StrEnum):
    """A mark as it is stored: the numbers, and зачёт or незачёт."""

    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    PASS = "pass"  # noqa: S105 (a mark, not a password)
    FAIL = "fail"


_MARKS: dict[MarkScale, tuple[Mark, ...]] = {
    MarkScale.NUMERIC: (Mark.FIVE, Mark.FOUR, Mark.THREE, Mark.TWO),
    MarkScale.PASS_FAIL: (Mark.PASS, Mark.FAIL),
    MarkScale.NONE: (),
}


def scale_for(parallel: int, chosen: MarkScale = MarkScale.NUMERIC) -> MarkScale:
    """Give the scale that holds: grade 1 has no marks, whatever was chosen for the subject."""
    return MarkScale.NONE if parallel == _FIRST_GRADE else chosen


def allowed(parallel: int, scale: MarkScale = MarkScale.NUMERIC) -> tuple[Mark, ...]:
    """List the marks a teacher may set, best first; empty where a review is words only."""
    return _MARKS[scale_for(parallel, scale)]


def is_allowed(mark: Mark, parallel: int, scale: MarkScale = MarkScale.NUMERIC) -> bool:
    """Say whether this mark may be set in this grade on this scale."""
    return mark in allowed(parallel, scale)
