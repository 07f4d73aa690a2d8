from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.modes import (
    ASKS,
    Mode,
    ModeSpan,
    Scope,
    asks_mail_tick,
    asks_morning_card,
    asks_reminders,
    asks_same_day_review,
    counts_overdue,
    lesson_is_remote,
    mode_on,
    works_online,
)

TUESDAY = date(2026, 11, 24)
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
ONLINE = {Mode.DISTANCE, Mode.INDIVIDUAL_DISTANCE, Mode.BLENDED, Mode.INDIVIDUAL_PLAN}
LIFTED_BY_A_CLASS = [
    Mode.ORDINARY,
    Mode.DISTANCE,
    Mode.INDIVIDUAL_DISTANCE,
    Mode.BLENDED,
]

MODES = st.sampled_from(Mode)
DAYS = st.dates(date(2026, 9, 1), date(2027, 5, 26))


@st.composite
def spans(draw: st.DrawFn) -> ModeSpan:
    starts = draw(DAYS)
    ends = draw(st.none() | st.integers(0, 60).map(lambda days: starts + timedelta(days=days)))
    subjects = draw(st.frozensets(st.sampled_from(["algebra", "art"]), max_size=1))
    return ModeSpan(draw(MODES), draw(st.sampled_from(Scope)), starts, ends, subjects)


def of_class(mode: Mode, starts: date = MONDAY, ends: date | None = FRIDAY) -> ModeSpan:
    return ModeSpan(mode, Scope.CLASS, starts, ends)


def of_student(mode: Mode, starts: date = MONDAY, ends: date | None = FRIDAY) -> ModeSpan:
    return ModeSpan(mode, Scope.STUDENT, starts, ends)


def test_without_spans_the_year_s_mode_holds() -> None:
    assert mode_on(TUESDAY, Mode.BLENDED, ()) is Mode.BLENDED


@pytest.mark.parametrize("base", LIFTED_BY_A_CLASS)
def test_a_class_order_wins_over_the_year_s_mode_within_its_days(base: Mode) -> None:
    span = of_class(Mode.DISTANCE)
    assert mode_on(MONDAY, base, [span]) is Mode.DISTANCE
    assert mode_on(FRIDAY, base, [span]) is Mode.DISTANCE
    assert mode_on(MONDAY - timedelta(days=1), base, [span]) is base
    assert mode_on(FRIDAY + timedelta(days=1), base, [span]) is base


@pytest.mark.clause("3.6")
@pytest.mark.clause("3.7")
@pytest.mark.clause("3.8")
@pytest.mark.parametrize("base", [Mode.REFUSAL, Mode.NO_TECH, Mode.INDIVIDUAL_PLAN])
def test_a_class_order_does_not_lift_a_student_s_own_paper(base: Mode) -> None:
    assert mode_on(TUESDAY, base, [of_class(Mode.DISTANCE)]) is base
    assert mode_on(TUESDAY, base, [of_student(Mode.DISTANCE)]) is Mode.DISTANCE


def test_a_student_s_span_wins_over_a_class_s_and_the_later_start_over_the_earlier() -> None:
    own = of_student(Mode.REFUSAL)
    later = of_class(Mode.DISTANCE, TUESDAY)
    assert mode_on(TUESDAY, Mode.ORDINARY, [own, later]) is Mode.REFUSAL
    assert mode_on(TUESDAY, Mode.ORDINARY, [later, own]) is Mode.REFUSAL
    newer = of_student(Mode.NO_TECH, TUESDAY)
    assert mode_on(TUESDAY, Mode.ORDINARY, [newer, own]) is Mode.NO_TECH


@pytest.mark.clause("3.6")
def test_a_refusal_silences_from_its_own_first_day() -> None:
    refusal = of_student(Mode.REFUSAL, TUESDAY, None)
    class_order = of_class(Mode.DISTANCE, MONDAY, None)
    before = mode_on(MONDAY, Mode.ORDINARY, [class_order, refusal])
    after = mode_on(TUESDAY, Mode.ORDINARY, [class_order, refusal])
    assert asks_morning_card(before)
    assert not asks_morning_card(after)
    assert ASKS[after].self_study_set


@pytest.mark.clause("5.7")
@pytest.mark.parametrize("mode", [Mode.INDIVIDUAL_DISTANCE, Mode.BLENDED])
def test_agreed_subjects_only(mode: Mode) -> None:
    span = ModeSpan(mode, Scope.STUDENT, MONDAY, None, frozenset({"algebra"}))
    assert mode_on(TUESDAY, Mode.ORDINARY, [span], "algebra") is mode
    assert mode_on(TUESDAY, Mode.ORDINARY, [span], "art") is Mode.ORDINARY
    assert mode_on(TUESDAY, Mode.ORDINARY, [span]) is mode


def test_refusing_one_subject_does_not_silence_the_day() -> None:
    span = ModeSpan(Mode.REFUSAL, Scope.STUDENT, MONDAY, None, frozenset({"algebra"}))
    assert mode_on(TUESDAY, Mode.DISTANCE, [span]) is Mode.DISTANCE
    assert mode_on(TUESDAY, Mode.DISTANCE, [span], "algebra") is Mode.REFUSAL


@given(DAYS, MODES, st.lists(spans(), max_size=6), st.none() | st.sampled_from(["algebra", "art"]))
def test_a_mode_comes_from_the_base_or_from_a_span_of_that_day(
    day: date, base: Mode, given_spans: list[ModeSpan], subject: str | None
) -> None:
    found = mode_on(day, base, given_spans, subject)
    assert found in {base, *(span.mode for span in given_spans if span.covers(day))}


@given(DAYS, MODES, MODES, st.lists(spans(), max_size=6))
def test_a_student_s_newest_whole_span_always_wins(
    day: date, base: Mode, mode: Mode, given_spans: list[ModeSpan]
) -> None:
    newest = ModeSpan(mode, Scope.STUDENT, day, day)
    assert mode_on(day, base, [*given_spans, newest]) is mode


@given(DAYS, MODES, st.lists(spans(), max_size=6))
def test_a_span_elsewhere_changes_nothing(
    day: date, base: Mode, given_spans: list[ModeSpan]
) -> None:
    past = of_student(Mode.REFUSAL, day - timedelta(days=9), day - timedelta(days=1))
    assert mode_on(day, base, [past, *given_spans]) is mode_on(day, base, given_spans)


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        of_class(Mode.DISTANCE, FRIDAY, MONDAY)


@pytest.mark.clause("П1-1.2")
@pytest.mark.clause("П1-1.3")
@pytest.mark.parametrize("mode", Mode)
def test_only_those_who_learn_online_get_the_card_and_the_ticks(mode: Mode) -> None:
    online = mode in ONLINE
    assert asks_morning_card(mode) is online
    assert asks_mail_tick(mode) is online
    assert asks_reminders(mode) is online
    assert asks_same_day_review(mode) is online
    assert works_online(mode) is online


@pytest.mark.clause("3.7")
@pytest.mark.parametrize("mode", Mode)
def test_without_equipment_nothing_is_overdue(mode: Mode) -> None:
    assert counts_overdue(mode) is (mode is not Mode.NO_TECH)
    assert ASKS[mode].paper_pack is (mode is Mode.NO_TECH)


@pytest.mark.clause("5.7")
@pytest.mark.clause("5.11")
@pytest.mark.parametrize("mode", Mode)
def test_a_blended_day_mixes_remote_and_classroom_lessons(mode: Mode) -> None:
    assert lesson_is_remote(mode, remote_slot=True) is (mode in ONLINE)
    assert lesson_is_remote(mode, remote_slot=False) is (mode in ONLINE - {Mode.BLENDED})
