"""The numbers of clause 5.12 and of the sanitary norms, as data with their days of validity.

The numbers of СанПиН 1.2.3685-21 were taken from secondary sources, its end too: a school checks
them against the act in force before it goes live.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REGULATION = "Положение"
SANPIN = "СанПиН 1.2.3685-21"
_SCREEN_TABLE = "табл. 6.8"
_LOAD_TABLE = "табл. 6.6"
_SANPIN_FROM = date(2021, 3, 1)
_SANPIN_TO = date(2027, 2, 28)
_WARNING_DAYS = 60


class Measure(StrEnum):
    """What a norm limits."""

    LESSON = "lesson"
    SCREEN_CONTINUOUS = "screen_continuous"
    SCREEN_CONTINUOUS_LATER = "screen_continuous_later"
    ONLINE_LESSONS = "online_lessons"
    PC_LESSON = "pc_lesson"
    PC_DAY_SCHOOL = "pc_day_school"
    PC_DAY_HOME = "pc_day_home"
    TABLET_DAY_SCHOOL = "tablet_day_school"
    TABLET_DAY_HOME = "tablet_day_home"
    HOMEWORK = "homework"
    EXTRACURRICULAR_TOTAL = "extracurricular_total"
    EXTRACURRICULAR_TIMES = "extracurricular_times"


class Unit(StrEnum):
    """In what a norm counts."""

    MINUTES = "minutes"
    LESSONS_A_DAY = "lessons_a_day"
    TIMES_A_WEEK = "times_a_week"


@dataclass(frozen=True, slots=True)
class Norm:
    """An upper limit from one clause of one act; `valid_to` is its last day, None open."""

    measure: Measure
    act: str
    clause: str
    value: int
    unit: Unit
    parallels: frozenset[int]
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether the norm is in force that day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and not self.is_expired(on)

    def is_expired(self, on: date) -> bool:
        """Say whether the norm's last day has passed."""
        return self.valid_to is not None and self.valid_to < on


@dataclass(frozen=True, slots=True)
class Limit:
    """The stricter of the norms found, all of them, and those of them that have expired.

    A value that rests on expired norms alone is still given, for want of a better one, but never
    silently: `rests_on_expired` is then true.
    """

    value: int
    unit: Unit
    norms: tuple[Norm, ...]
    expired: tuple[Norm, ...]

    @property
    def rests_on_expired(self) -> bool:
        """Say whether no norm in force stands behind the value."""
        return len(self.expired) == len(self.norms)


class NoNormError(LookupError):
    """No norm speaks of this measure for this parallel."""


def stricter(norms: Iterable[Norm]) -> Norm:
    """Choose the lowest limit, the first of equals; of none at all raises NoNormError."""
    chosen = min(norms, key=lambda norm: norm.value, default=None)
    if chosen is None:
        raise NoNormError
    return chosen


def limit(measure: Measure, parallel: int, on: date, norms: Iterable[Norm] | None = None) -> Limit:
    """Give the limit for a parallel on a day: the stricter among the norms in force.

    `norms` are the school's own register, by default NORMS. Raises NoNormError where there is
    nothing to apply; a norm that has not begun is nothing.
    """
    found = tuple(
        norm
        for norm in (NORMS if norms is None else norms)
        if norm.measure is measure and parallel in norm.parallels
    )
    expired = tuple(norm for norm in found if norm.is_expired(on))
    current = tuple(norm for norm in found if norm.holds(on))
    chosen = stricter(current or expired)
    return Limit(chosen.value, chosen.unit, current + expired, expired)


def expiring(
    on: date, norms: Iterable[Norm] | None = None, within_days: int = _WARNING_DAYS
) -> tuple[Norm, ...]:
    """List the norms that have expired by `on` or will within so many days (1.2)."""
    soon = on + timedelta(days=within_days)
    return tuple(norm for norm in (NORMS if norms is None else norms) if norm.is_expired(soon))


def lesson_minutes(parallel: int) -> int:
    """How long a remote lesson lasts, in minutes (5.12)."""
    return _own(Measure.LESSON, parallel)


def screen_minutes(parallel: int, lesson_no: int) -> int:
    """How long eyes may rest on a screen without a break, in minutes (5.12).

    `lesson_no` counts the day's online lessons from 1; from the second on, grades 10–11 get less.
    """
    if lesson_no < 1:
        raise ValueError("lessons are counted from 1")
    if lesson_no > 1:
        return _own(Measure.SCREEN_CONTINUOUS_LATER, parallel)
    return _own(Measure.SCREEN_CONTINUOUS, parallel)


def online_lessons(parallel: int) -> int:
    """How many online lessons a day are the optimum (5.12)."""
    return _own(Measure.ONLINE_LESSONS, parallel)


def extracurricular_minutes(parallel: int) -> int:
    """How long remote activities outside lessons may take together, in minutes (5.12)."""
    return _own(Measure.EXTRACURRICULAR_TOTAL, parallel)


def homework_minutes(parallel: int) -> int:
    """How much homework for one day, in minutes; `limit` tells whether the norm still holds."""
    return stricter(_of(Measure.HOMEWORK, parallel)).value


def _own(measure: Measure, parallel: int) -> int:
    return stricter(norm for norm in _of(measure, parallel) if norm.act == REGULATION).value


def _of(measure: Measure, parallel: int) -> Iterable[Norm]:
    return (norm for norm in NORMS if norm.measure is measure and parallel in norm.parallels)


_ByGrades = dict[tuple[int, int], int]


def _regulation(measure: Measure, unit: Unit, values: _ByGrades) -> list[Norm]:
    return [
        Norm(measure, REGULATION, "5.12", value, unit, _grades(first, last))
        for (first, last), value in values.items()
    ]


def _sanpin(measure: Measure, table: str, values: _ByGrades) -> list[Norm]:
    return [
        Norm(
            measure,
            SANPIN,
            table,
            value,
            Unit.MINUTES,
            _grades(first, last),
            _SANPIN_FROM,
            _SANPIN_TO,
        )
        for (first, last), value in values.items()
    ]


def _grades(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


_SCREEN = {(1, 4): 15, (5, 7): 20, (8, 9): 25}
_HOMEWORK = {(1, 1): 60, (2, 3): 90, (4, 5): 120, (6, 8): 150, (9, 11): 210}

NORMS: tuple[Norm, ...] = (
    *_regulation(Measure.LESSON, Unit.MINUTES, {(1, 11): 30}),
    *_regulation(Measure.SCREEN_CONTINUOUS, Unit.MINUTES, {**_SCREEN, (10, 11): 30}),
    *_regulation(Measure.SCREEN_CONTINUOUS_LATER, Unit.MINUTES, {**_SCREEN, (10, 11): 20}),
    *_regulation(Measure.ONLINE_LESSONS, Unit.LESSONS_A_DAY, {(1, 4): 1, (5, 8): 2, (9, 11): 3}),
    *_regulation(
        Measure.EXTRACURRICULAR_TOTAL, Unit.MINUTES, {(1, 1): 30, (2, 5): 60, (6, 11): 90}
    ),
    *_regulation(Measure.EXTRACURRICULAR_TIMES, Unit.TIMES_A_WEEK, {(1, 11): 2}),
    *_sanpin(Measure.PC_LESSON, _SCREEN_TABLE, {(1, 2): 20, (3, 4): 25, (5, 9): 30, (10, 11): 35}),
    *_sanpin(
        Measure.PC_DAY_SCHOOL, _SCREEN_TABLE, {(1, 2): 40, (3, 4): 50, (5, 9): 60, (10, 11): 70}
    ),
    *_sanpin(
        Measure.PC_DAY_HOME, _SCREEN_TABLE, {(1, 2): 80, (3, 4): 90, (5, 9): 120, (10, 11): 170}
    ),
    *_sanpin(
        Measure.TABLET_DAY_SCHOOL,
        _SCREEN_TABLE,
        {(1, 2): 30, (3, 4): 45, (5, 9): 60, (10, 11): 80},
    ),
    *_sanpin(
        Measure.TABLET_DAY_HOME,
        _SCREEN_TABLE,
        {(1, 2): 80, (3, 4): 90, (5, 9): 120, (10, 11): 150},
    ),
    *_sanpin(Measure.HOMEWORK, _LOAD_TABLE, _HOMEWORK),
)
