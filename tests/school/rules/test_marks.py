import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.marks import Mark, MarkScale, allowed, is_allowed, scale_for


def test_numbers_from_five_down_to_two() -> None:
    assert [str(mark) for mark in allowed(7)] == ["5", "4", "3", "2"]


def test_pass_and_fail() -> None:
    assert allowed(7, MarkScale.PASS_FAIL) == (Mark.PASS, Mark.FAIL)


@pytest.mark.parametrize("scale", MarkScale)
def test_the_first_grade_has_no_marks(scale: MarkScale) -> None:
    assert allowed(1, scale) == ()
    assert scale_for(1, scale) is MarkScale.NONE


@given(st.integers(2, 11), st.sampled_from(MarkScale))
def test_older_grades_keep_the_scale_of_their_subject(parallel: int, scale: MarkScale) -> None:
    assert scale_for(parallel, scale) is scale


@given(st.integers(2, 11), st.sampled_from(Mark))
def test_a_mark_belongs_to_exactly_one_scale(parallel: int, mark: Mark) -> None:
    assert [is_allowed(mark, parallel, scale) for scale in MarkScale].count(True) == 1


@given(st.sampled_from(Mark), st.sampled_from(MarkScale))
def test_no_mark_is_allowed_in_the_first_grade(mark: Mark, scale: MarkScale) -> None:
    assert not is_allowed(mark, 1, scale)
