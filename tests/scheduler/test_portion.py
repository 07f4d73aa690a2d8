"""How much a plan writes at once follows from how long it took."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from scheduler.portion import Portion, cut
from storage.announcements import Announcement

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def said(kind: str, *numbers: int) -> Announcement:
    return Announcement(1, kind, {}, NOW, None, [(f"{kind}{one}", one, "") for one in numbers])


def told(parts: Sequence[Announcement]) -> list[str]:
    return [key for one in parts for key, _, _ in one.told]


@pytest.mark.parametrize("room", range(1, 9))
def test_parts_hold_everything_once_in_order_and_no_more_than_there_is_room_for(room: int) -> None:
    everything = [said("a", 1, 2, 3), said("b"), said("c", 4), said("d", 5, 6, 7)]
    rest: Sequence[Announcement] = everything
    parts = []
    while rest:
        part, rest = cut(rest, room)
        assert len(told(part)) <= room
        assert len(told(part)) == room or not told(rest)
        parts += part
    assert told(parts) == told(everything)
    assert {one.kind for one in parts if one.told} == {"a", "c", "d"}


def test_nothing_is_cut_from_nothing() -> None:
    assert cut([], 3) == ([], ())


@pytest.mark.parametrize("a_notice", [0.00002, 0.00005])
def test_it_settles_at_what_takes_a_moment(a_notice: float) -> None:
    portion = Portion()
    for _ in range(5):
        portion.took(portion.size, portion.size * a_notice)
    assert portion.size * a_notice == pytest.approx(Portion.SECONDS, rel=0.05)


def test_one_slow_disk_halves_it_at_most_and_the_next_makes_up_for_it() -> None:
    portion = Portion(800)
    portion.took(800, 2.0)
    assert portion.size == 400
    portion.took(400, 0.008)
    assert portion.size == 800


def test_it_stays_within_its_bounds() -> None:
    portion = Portion()
    for _ in range(5):
        portion.took(portion.size, 0.0)
    assert portion.size == Portion.MOST
    for _ in range(5):
        portion.took(portion.size, 9.0)
    assert portion.size == Portion.FEWEST


def test_the_end_of_a_slice_says_nothing() -> None:
    portion = Portion(800)
    portion.took(3, 9.0)
    portion.took(0, 0.0)
    assert portion.size == 800
