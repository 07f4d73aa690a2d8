import asyncio

import pytest

from scheduler.lanes import Backoff, Pace
from tests.scheduler.couriers import RealTime


async def left_at(pace: Pace, time: RealTime, *chats: str, is_reply: bool = True) -> list[float]:
    """Return when each message left, in seconds from now."""
    began = time.seconds
    found = []
    for chat in chats:
        await pace.wait(chat, is_reply=is_reply)
        found.append(round(time.seconds - began, 3))
    return found


async def test_the_platforms_rate_is_kept_from_the_first_second_on() -> None:
    time = RealTime()
    pace = Pace(20, time.now, sleep=time.sleep)
    left = await left_at(pace, time, *(f"chat {number}" for number in range(60)))
    for first in range(40):
        assert left[first + 20] - left[first] >= 0.999


async def test_notices_leave_a_little_of_the_rate_to_replies() -> None:
    time = RealTime()
    pace = Pace(10, time.now, sleep=time.sleep)
    left = await left_at(pace, time, *"abcdefghijk", is_reply=False)
    assert left[10] == pytest.approx(1.1)


async def test_a_chat_may_have_a_burst_and_then_one_a_second() -> None:
    time = RealTime()
    pace = Pace(1000, time.now, chat=True, sleep=time.sleep)
    left = await left_at(pace, time, *["anya"] * (Pace.CHAT_BURST + 3))
    assert left[Pace.CHAT_BURST - 1] < 0.1
    assert left[Pace.CHAT_BURST :] == pytest.approx([1, 2, 3], abs=0.1)
    assert (await left_at(pace, time, "boris")) == pytest.approx([0], abs=0.1)


async def test_a_change_in_place_is_not_paced_by_its_chat() -> None:
    time = RealTime()
    pace = Pace(1000, time.now, chat=True, sleep=time.sleep)
    assert (await left_at(pace, time, *[""] * 50))[-1] < 0.1


async def test_it_does_not_remember_every_chat_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "REMEMBERED_CHATS", 3)
    time = RealTime()
    pace = Pace(1000, time.now, chat=True, sleep=time.sleep)
    await left_at(pace, time, *(f"chat {number}" for number in range(50)))
    assert len(pace._chats) <= 4  # noqa: SLF001 memory has no other door


async def test_a_hold_lets_nothing_through_and_the_longest_counts() -> None:
    time = RealTime()
    pace = Pace(1000, time.now, sleep=time.sleep)
    assert pace.held() == 0
    pace.hold(30)
    pace.hold(5)
    began = time.seconds
    await pace.rest()
    assert (time.seconds - began, pace.held()) == (30, 0)


def test_pauses_double_with_jitter_up_to_a_limit() -> None:
    time = RealTime()
    backoff = Backoff(time.now)
    for tries in range(2000):
        backoff.pause(7)
        expected = min(2.0 ** min(tries, 20), 300)
        time.seconds += 0.79 * expected
        assert backoff.resting() == [7]
        time.seconds += 0.42 * expected
        assert backoff.resting() == []


def test_a_message_that_fails_alone_rests_alone() -> None:
    backoff = Backoff(RealTime().now)
    assert [backoff.pause(7) for _ in range(20)] == [0] * 20


def test_when_many_fail_and_none_gets_through_the_lane_rests_too_but_not_for_long() -> None:
    backoff = Backoff(RealTime().now)
    rests = [backoff.pause(number) for number in range(3000)]
    assert rests[0] == 0
    assert 0 < rests[1] < rests[3] < rests[5]
    assert all(0.8 * 30 <= rest <= 1.2 * 30 for rest in rests[8:])
    backoff.forget(5)
    assert backoff.pause(6) == 0


def test_jitter_spreads_what_failed_together() -> None:
    time = RealTime()
    backoff = Backoff(time.now)
    for number in range(100):
        backoff.pause(number)
    time.seconds += 1
    assert 10 < len(backoff.resting()) < 90


async def test_real_time_is_the_default() -> None:
    pace = Pace(1000)
    pace.hold(0.02)
    async with asyncio.timeout(5):
        await pace.rest()
    assert pace.held() == 0
