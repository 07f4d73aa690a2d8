"""How a student learns on a day, and what that mode asks of student, teacher and parent."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """The seven study modes of the roster."""

    ORDINARY = "ordinary"
    DISTANCE = "distance"
    INDIVIDUAL_DISTANCE = "individual_distance"
    BLENDED = "blended"
    INDIVIDUAL_PLAN = "individual_plan"
    REFUSAL = "refusal"
    NO_TECH = "no_tech"


class Scope(StrEnum):
    """Whom a dated mode was ordered for."""

    CLASS = "class"
    STUDENT = "student"


@dataclass(frozen=True, slots=True)
class ModeSpan:
    """A mode with its dates, both included; no end means until further notice.

    `subjects` limits it to those subjects (any hashable key of the caller's); empty means all.
    """

    mode: Mode
    scope: Scope
    starts: date
    ends: date | None = None
    subjects: frozenset[Hashable] = frozenset()

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends < self.starts:
            raise ValueError(f"a mode ends before it starts: {self.starts} > {self.ends}")

    def covers(self, day: date) -> bool:
        """Say whether the day lies in the span."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Asks:
    """What one mode asks: the row of the table «mode decides behaviour»."""

    morning_card: bool = False
    mail_tick: bool = False
    reminders: bool = False
    remote_slots_only: bool = False
    posting: bool = False
    same_day_review: bool = False
    journal_suffix: bool = False
    daily_digest: bool = False
    self_study_set: bool = False
    paper_pack: bool = False
    counts_overdue: bool = True
    plan_factor: bool = False


_ONLINE = Asks(
    morning_card=True,
    mail_tick=True,
    reminders=True,
    posting=True,
    same_day_review=True,
    journal_suffix=True,
    daily_digest=True,
)

ASKS: dict[Mode, Asks] = {
    Mode.ORDINARY: Asks(),
    Mode.DISTANCE: _ONLINE,
    Mode.INDIVIDUAL_DISTANCE: _ONLINE,
    Mode.BLENDED: Asks(
        morning_card=True,
        mail_tick=True,
        reminders=True,
        remote_slots_only=True,
        posting=True,
        same_day_review=True,
        journal_suffix=True,
        daily_digest=True,
    ),
    Mode.INDIVIDUAL_PLAN: Asks(
        morning_card=True,
        mail_tick=True,
        reminders=True,
        posting=True,
        same_day_review=True,
        journal_suffix=True,
        daily_digest=True,
        plan_factor=True,
    ),
    Mode.REFUSAL: Asks(self_study_set=True),
    Mode.NO_TECH: Asks(paper_pack=True, counts_overdue=False),
}

_OWN_PAPER = frozenset({Mode.INDIVIDUAL_PLAN, Mode.REFUSAL, Mode.NO_TECH})


def mode_on(
    day: date, base: Mode, spans: Iterable[ModeSpan], subject: Hashable | None = None
) -> Mode:
    """Find the student's mode on a day, or in one subject of that day.

    A dated span wins over the year's base; a student's span over a class's; then the later start;
    then the later in order. With one exception: a class's span does not lift a base that rests on
    the student's own paper (refusal 3.6, no equipment 3.7, individual plan 3.8); a span of the
    student's does.

    A span limited to subjects decides for those subjects. For the day as a whole (no `subject`) it
    counts only where its mode asks for the morning card: refusing one subject silences no day.
    """
    chosen = base
    best: tuple[bool, date] | None = None
    for span in spans:
        if not (span.covers(day) and _speaks(span, base, subject)):
            continue
        rank = (span.scope is Scope.STUDENT, span.starts)
        if best is None or rank >= best:
            best, chosen = rank, span.mode
    return chosen


def asks_morning_card(mode: Mode) -> bool:
    """Say whether the student gets the morning card and its checklist (П1-1.2)."""
    return ASKS[mode].morning_card


def asks_mail_tick(mode: Mode) -> bool:
    """Say whether the student ticks «Почта проверена» (П1-1.3)."""
    return ASKS[mode].mail_tick


def asks_reminders(mode: Mode) -> bool:
    """Say whether deadlines are recalled unasked (П1-1.4); in the ordinary mode one opts in."""
    return ASKS[mode].reminders


def works_online(mode: Mode) -> bool:
    """Say whether the student learns through the platform, wholly or in part."""
    return ASKS[mode].posting


def is_offline(mode: Mode) -> bool:
    """Say whether the student learns without the platform: a refusal (3.6), no equipment (3.7)."""
    return mode in {Mode.REFUSAL, Mode.NO_TECH}


def lesson_is_remote(mode: Mode, *, remote_slot: bool) -> bool:
    """Say whether a lesson is remote for this student (5.7, 5.11).

    On a blended day only the slots that the timetable marks as remote are.
    """
    asks = ASKS[mode]
    return asks.posting and (remote_slot or not asks.remote_slots_only)


def asks_same_day_review(mode: Mode) -> bool:
    """Say whether the teacher owes a review on the day of receipt (П1-2.3)."""
    return ASKS[mode].same_day_review


def counts_overdue(mode: Mode) -> bool:
    """Say whether a missed deadline counts; without equipment assessment waits (3.7)."""
    return ASKS[mode].counts_overdue


def _speaks(span: ModeSpan, base: Mode, subject: Hashable | None) -> bool:
    if span.scope is Scope.CLASS and base in _OWN_PAPER:
        return False
    if not span.subjects:
        return True
    if subject is None:
        return ASKS[span.mode].morning_card
    return subject in span.subjects
