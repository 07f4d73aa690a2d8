import asyncio
from datetime import UTC, datetime, timedelta, timezone

from scheduler.clock import SetClock, ShiftedClock, WallClock
from tests.school_template import MONDAY


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    assert WallClock().now().tzinfo is UTC


async def test_a_shifted_clock_starts_where_it_is_told_and_runs_at_real_speed() -> None:
    clock = ShiftedClock(MONDAY)
    assert timedelta(0) <= clock.now() - MONDAY < timedelta(minutes=1)
    assert clock.now().tzinfo is UTC
    before = shift_of(clock)
    await asyncio.sleep(0.01)
    after = shift_of(clock)
    assert max(before[0], after[0]) <= min(before[1], after[1])


def shift_of(clock: ShiftedClock) -> tuple[timedelta, timedelta]:
    """Tell between which bounds a clock is ahead: the process may be held up between two looks."""
    wall = WallClock()
    earlier, shown, later = wall.now(), clock.now(), wall.now()
    return shown - later, shown - earlier


def test_a_set_clock_stands_moves_and_never_goes_back() -> None:
    clock = SetClock(MONDAY)
    assert clock.now() == MONDAY
    clock.set(MONDAY + timedelta(hours=1))
    clock.set(MONDAY)
    assert clock.now() == MONDAY + timedelta(hours=1)
    clock.set(datetime(2026, 11, 23, 20, 0, tzinfo=timezone(timedelta(hours=10))))
    assert clock.now() == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
