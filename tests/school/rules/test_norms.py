from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.norms import (
    NORMS,
    SANPIN,
    Measure,
    NoNormError,
    Norm,
    Unit,
    expiring,
    extracurricular_minutes,
    homework_minutes,
    lesson_minutes,
    limit,
    online_lessons,
    screen_minutes,
    stricter,
)

NOVEMBER = date(2026, 11, 22)
SPRING = date(2027, 3, 1)
PARALLELS = st.integers(1, 11)
EVERY = frozenset(range(1, 12))
SOME_NORMS = st.lists(
    st.builds(
        Norm,
        measure=st.sampled_from(Measure),
        act=st.just("act"),
        clause=st.just("1"),
        value=st.integers(1, 300),
        unit=st.just(Unit.MINUTES),
        parallels=st.just(EVERY),
        valid_to=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    ),
    min_size=1,
    max_size=6,
)

# Grade, 5.12 screen, lessons a day, PC a lesson, PC a day at school and home, tablet, homework.
TABLE = [
    (1, 15, 1, 20, 40, 80, 30, 80, 60),
    (2, 15, 1, 20, 40, 80, 30, 80, 90),
    (3, 15, 1, 25, 50, 90, 45, 90, 90),
    (4, 15, 1, 25, 50, 90, 45, 90, 120),
    (5, 20, 2, 30, 60, 120, 60, 120, 120),
    (6, 20, 2, 30, 60, 120, 60, 120, 150),
    (7, 20, 2, 30, 60, 120, 60, 120, 150),
    (8, 25, 2, 30, 60, 120, 60, 120, 150),
    (9, 25, 3, 30, 60, 120, 60, 120, 210),
    (10, 30, 3, 35, 70, 170, 80, 150, 210),
    (11, 30, 3, 35, 70, 170, 80, 150, 210),
]


@pytest.mark.clause("5.12")
@pytest.mark.clause("П1-2.5")
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"grade {row[0]}")
def test_the_table_of_norms(row: tuple[int, ...]) -> None:
    grade, screen, lessons, *sanpin = row
    assert screen_minutes(grade, 1) == screen
    assert online_lessons(grade) == lessons
    measures = (
        Measure.PC_LESSON,
        Measure.PC_DAY_SCHOOL,
        Measure.PC_DAY_HOME,
        Measure.TABLET_DAY_SCHOOL,
        Measure.TABLET_DAY_HOME,
        Measure.HOMEWORK,
    )
    assert [limit(measure, grade, NOVEMBER).value for measure in measures] == sanpin
    assert homework_minutes(grade) == sanpin[-1]


@pytest.mark.clause("5.12")
@pytest.mark.parametrize(("grade", "first", "second"), [(9, 25, 25), (10, 30, 20), (11, 30, 20)])
def test_the_second_hour_of_the_oldest_is_shorter(grade: int, first: int, second: int) -> None:
    assert screen_minutes(grade, 1) == first
    assert screen_minutes(grade, 2) == screen_minutes(grade, 3) == second


@pytest.mark.clause("5.12")
@pytest.mark.parametrize(("grade", "minutes"), [(1, 30), (2, 60), (5, 60), (6, 90), (11, 90)])
def test_activities_outside_lessons(grade: int, minutes: int) -> None:
    assert extracurricular_minutes(grade) == minutes
    assert limit(Measure.EXTRACURRICULAR_TIMES, grade, NOVEMBER).value == 2


@pytest.mark.clause("5.12")
def test_three_lessons_of_grade_nine_exceed_the_day_at_school_but_not_at_home() -> None:
    whole_day = sum(screen_minutes(9, number) for number in range(1, online_lessons(9) + 1))
    assert whole_day == 75
    assert whole_day > limit(Measure.PC_DAY_SCHOOL, 9, NOVEMBER).value
    assert whole_day <= limit(Measure.PC_DAY_HOME, 9, NOVEMBER).value


@pytest.mark.clause("5.12")
@given(PARALLELS, st.integers(1, 8))
def test_every_grade_has_its_numbers_and_a_screen_block_fits_a_lesson(
    parallel: int, lesson_no: int
) -> None:
    assert lesson_minutes(parallel) == 30
    assert 15 <= screen_minutes(parallel, lesson_no) <= lesson_minutes(parallel)
    assert screen_minutes(parallel, lesson_no) <= limit(Measure.PC_LESSON, parallel, SPRING).value


@given(st.integers(1, 10))
def test_no_limit_falls_with_age_except_the_second_hour(younger: int) -> None:
    for function in (online_lessons, extracurricular_minutes, homework_minutes):
        assert function(younger) <= function(younger + 1)


@given(PARALLELS, st.sampled_from(Measure))
def test_each_measure_has_one_norm_for_each_grade(parallel: int, measure: Measure) -> None:
    found = limit(measure, parallel, NOVEMBER)
    assert len(found.norms) == 1
    assert not found.rests_on_expired


@given(SOME_NORMS)
def test_the_stricter_is_the_lowest(norms: list[Norm]) -> None:
    chosen = stricter(norms)
    assert chosen in norms
    assert all(chosen.value <= norm.value for norm in norms)


@pytest.mark.clause("1.2")
@given(SOME_NORMS, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_an_expired_norm_is_never_applied_silently(norms: list[Norm], on: date) -> None:
    measure = norms[0].measure
    found = limit(measure, 7, on, norms)
    same = [norm for norm in norms if norm.measure is measure]
    assert set(found.norms) == set(same)
    assert list(found.expired) == [norm for norm in same if norm.is_expired(on)]
    holding = [norm for norm in same if norm.holds(on)]
    assert found.value == min(norm.value for norm in holding or same)
    assert found.rests_on_expired is (not holding)


@pytest.mark.clause("1.2")
def test_sanpin_is_flagged_from_its_last_day_on() -> None:
    assert not limit(Measure.HOMEWORK, 7, SPRING - timedelta(days=1)).expired
    assert limit(Measure.HOMEWORK, 7, SPRING).rests_on_expired
    assert not limit(Measure.ONLINE_LESSONS, 7, SPRING).expired


@pytest.mark.clause("1.2")
def test_an_end_is_announced_sixty_days_before() -> None:
    last = date(2027, 2, 28)
    assert expiring(last - timedelta(days=60)) == ()
    soon = expiring(last - timedelta(days=59))
    assert {norm.act for norm in soon} == {SANPIN}
    assert len(soon) == len([norm for norm in NORMS if norm.act == SANPIN])


def test_a_norm_that_has_not_begun_is_not_applied() -> None:
    future = Norm(
        Measure.HOMEWORK, "act", "1", 45, Unit.MINUTES, EVERY, valid_from=date(2027, 3, 1)
    )
    with pytest.raises(NoNormError):
        limit(Measure.HOMEWORK, 7, NOVEMBER, [future])
    assert limit(Measure.HOMEWORK, 7, SPRING, [future, *NORMS]).value == 45


def test_what_no_norm_speaks_of_is_refused() -> None:
    with pytest.raises(NoNormError):
        online_lessons(12)
    with pytest.raises(NoNormError):
        stricter([])
    with pytest.raises(ValueError, match="from 1"):
        screen_minutes(7, 0)
