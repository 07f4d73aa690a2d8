import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.regulation import CLAUSES, Audience, UnknownClauseError, clause

CHAPTERS = {"1": 8, "2": 4, "3": 13, "4": 5, "5": 12, "6": 3, "П1-1": 6, "П1-2": 5}


def test_every_clause_is_there_in_the_regulation_s_order() -> None:
    assert list(CLAUSES) == [
        f"{chapter}.{number}"
        for chapter, count in CHAPTERS.items()
        for number in range(1, count + 1)
    ]


def test_the_appendix_speaks_to_students_and_teachers() -> None:
    for number, found in CLAUSES.items():
        if number.startswith("П1-1"):
            assert Audience.STUDENT in found.audience
        if number.startswith("П1-2"):
            assert Audience.TEACHER in found.audience
            assert not found.in_part


@given(st.sampled_from(list(CLAUSES)))
def test_a_clause_is_found_by_its_number_and_has_a_name_of_its_own(number: str) -> None:
    found = clause(number)
    assert found.number == number
    assert found.audience
    assert [each.title for each in CLAUSES.values()].count(found.title) == 1
    assert 0 < len(found.title) <= 70


@given(st.text(max_size=8).filter(lambda number: number not in CLAUSES))
def test_an_unknown_clause_is_refused(number: str) -> None:
    with pytest.raises(UnknownClauseError):
        clause(number)
