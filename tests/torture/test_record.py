"""What a long torture leaves in docs/benchmarks.md, and what it does not forgive."""

from collections import Counter

import pytest

from tests.bench import page
from tests.torture import command, record
from tests.torture.checks import Verdict
from tests.torture.kills import RANDOM, Round
from tests.torture.points import POINTS


def done(**missing: int) -> Round:
    kills = Counter({RANDOM: 340} | dict.fromkeys(POINTS, 55) | missing)
    found = Round(7, Verdict(), kills, events=36_000, alive=180.0, waits=[0.1, 0.2, 2.0])
    found.in_flight.update(telegram=100, mail=10)
    found.verdict.repeats.update(telegram=40, mail=3)
    return found


def rows(found: Round) -> dict[str, tuple[str, ...]]:
    (table,) = record.tables(found, 200.0)
    return {figure.what: figure.cells()[1:] for figure in table.figures}


def test_the_section_has_every_figure_of_the_bar() -> None:
    told = rows(done())
    assert told["kills"] == ("1,000", "", "", "≥ 1,000", "met")
    assert told["points that were come to"] == ("12", "", "", "≥ 12", "met")
    assert told["lost"] == told["doubled"] == ("0", "", "", "≤ 0", "met")
    assert told["messages on Telegram that arrived unrecorded"][0] == "40"
    assert told["wait for an answer, deaths and all, p99"][0] == "2.00 s"
    section = page.section("torture", record.tables(done(), 200.0), "Then.")
    assert "Peer:" not in section
    assert "`make torture KILLS=1000 SEED=7`" in section
    assert page.SECTION.fullmatch(section)


@pytest.mark.parametrize("kind", ["lost", "doubled", "out_of_order", "false_receipts"])
def test_one_finding_is_not_met(kind: str) -> None:
    found = done()
    getattr(found.verdict, kind).append("a work")
    assert rows(found)[kind.replace("_", " ")][-1] == "**not met** by 1"


def test_more_repeats_than_were_in_flight_are_not_met() -> None:
    found = done()
    found.verdict.repeats["mail"] = 11
    assert "not met" in rows(found)["letters that came twice"][-1]


def test_a_point_that_no_life_came_to_is_not_forgiven_where_there_were_enough() -> None:
    name = next(iter(POINTS))
    assert command.missed(done()) == []
    assert command.missed(done(**{name: 0})) == [name]
    assert command.missed(Round(7, Verdict(), Counter({RANDOM: 100}))) == []
