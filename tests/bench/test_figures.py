import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Bar, Figure, Unit, fitted, percentile


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (1.0, 100)]
)
def test_a_percentile_is_a_value_that_occurred(share: float, expected: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_the_slowest_of_a_few_is_their_99th_percentile() -> None:
    assert percentile([5.0, 1.0, 3.0], 0.99) == 5.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=50),
    st.floats(0.0, 1.0, exclude_min=True),
)
def test_that_share_of_all_values_does_not_exceed_it(values: list[float], share: float) -> None:
    within = sum(value <= percentile(values, share) for value in values)
    assert within >= math.ceil(share * len(values))


def test_a_ratio_is_the_median_of_the_rounds_and_not_the_ratio_of_medians() -> None:
    figure = Figure("x", Unit.PER_SECOND, [10.0, 40.0, 90.0], [10.0, 10.0, 100.0])
    assert figure.ratios == [1.0, 4.0, 0.9]
    assert figure.cells() == ("x", "40/s", "10/s", "1.00× (0.90…4.00)", "", "")


def test_without_a_peer_the_rounds_themselves_are_shown() -> None:
    assert Figure("x", Unit.SECONDS, [3.0, 1.0, 2.0]).cells()[1] == "2.00 s (1.00 s…3.00 s)"
    assert Figure("x", Unit.COUNT, [0, 0, 0]).cells()[1] == "0"


def test_rounds_go_in_pairs() -> None:
    with pytest.raises(ValueError, match="zip"):
        _ = Figure("x", Unit.SECONDS, [1.0, 2.0], [1.0]).ratios


def test_nothing_is_divided_by_a_peer_that_found_nothing() -> None:
    figure = Figure("x", Unit.PERCENT, [0.001], [0.0], Bar(0.001))
    assert figure.cells() == ("x", "0.10 %", "0.00 %", "", "≤ 0.10 %", "met")


@pytest.mark.parametrize(
    ("bar", "reached", "verdict"),
    [
        (Bar(100.0), 100.0, "met"),
        (Bar(100.0), 150.0, "**not met** by 50%"),
        (Bar(0.97, at_least=True), 0.97, "met"),
        (Bar(0.8, at_least=True), 0.6, "**not met** by 25%"),
        (Bar(0), 0, "met"),
        (Bar(0), 3, "**not met** by 3"),
    ],
)
def test_a_verdict_says_by_how_much(bar: Bar, reached: float, verdict: str) -> None:
    assert Figure("x", Unit.COUNT, [reached], bar=bar).verdict == verdict


def test_a_bar_of_the_ratio_judges_the_ratio() -> None:
    bar = Bar(0.5, at_least=True, of_ratio=True)
    figure = Figure("x", Unit.PER_SECOND, [30.0], [100.0], bar)
    assert figure.cells()[4:] == ("≥ 0.50×", "**not met** by 40%")


def test_where_there_is_too_little_to_judge_there_is_no_verdict() -> None:
    few = "too few events to judge"
    figure = Figure("x", Unit.MEBIBYTES_PER_HOUR, [9.0], bar=Bar(1.0), unjudged=few)
    assert figure.cells()[4:] == ("≤ 1.00 MiB/h", few)


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [
        (0.96123, Unit.PERCENT, "96.1 %"),
        (0.00066, Unit.PERCENT, "0.07 %"),
        (0.0123, Unit.SECONDS, "0.012 s"),
        (5.4321, Unit.SECONDS, "5.43 s"),
        (1234.5, Unit.MILLISECONDS, "1234 ms"),
        (-0.5, Unit.MEBIBYTES_PER_HOUR, "-0.500 MiB/h"),
        (0.0, Unit.MEBIBYTES, "0 MiB"),
        (150_000, Unit.COUNT, "150,000"),
    ],
)
def test_an_amount_is_written_in_its_unit(amount: float, unit: Unit, written: str) -> None:
    assert unit.written(amount) == written


def test_a_line_is_found_and_noise_is_told() -> None:
    xs = [float(x) for x in range(10)]
    exact = fitted(xs, [3 + 0.5 * x for x in xs])
    assert exact.slope == pytest.approx(0.5)
    assert exact.error == pytest.approx(0.0)
    noisy = fitted(xs, [3 + 0.5 * x + (-1) ** int(x) for x in xs])
    assert abs(noisy.slope - 0.5) < 2 * noisy.error
