"""How a lesson is held, and in which weeks (1.8, 5.7)."""

from enum import StrEnum


class Week(StrEnum):
    """Which weeks a lesson takes place in."""

    EVERY = "every"
    EVEN = "even"
    ODD = "odd"


class LessonFormat(StrEnum):
    """How a lesson is held; CANCELLED stands in substitutions only."""

    ONLINE = "online"
    MATERIALS = "materials"
    IN_PERSON = "in_person"
    CANCELLED = "cancelled"
