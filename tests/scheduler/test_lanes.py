import asyncio
from itertools import pairwise

import pytest

from scheduler.lanes import Backoff, Pace
from tests.scheduler.couriers import RealTime, Watched


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


async def test_notices_are_spread_over_the_second_and_use_nearly_all_of_it() -> None:
    time = RealTime()
    pace = Pace(10, time.now, sleep=time.sleep)
    left = await left_at(pace, time, *"abcdefghijk" * 10, is_reply=False)
    assert max(later - earlier for earlier, later in pairwise(left)) < 0.11
    assert left[100] == pytest.approx(10, rel=0.03)


async def test_a_reply_waits_for_one_place_however_many_notices_wait() -> None:
    time = RealTime()
    pace = Pace(30, time.now, sleep=time.sleep)
    await left_at(pace, time, *map(str, range(60)), is_reply=False)
    left: list[str] = []

    async def leave(chat: str, *, is_reply: bool) -> None:
        assert await pace.wait(chat, is_reply=is_reply)
        left.append(chat)

    began = time.seconds
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(leave(f"notice {number}", is_reply=False))
        await asyncio.sleep(0)
        group.create_task(leave("reply", is_reply=True))
        for _ in range(20):
            await asyncio.sleep(0)
            if "reply" in left:
                break
        # Whoever sleeps moves this clock, so it runs faster than a real one.
        assert time.seconds - began < 0.2
    assert left.index("reply") <= 1


async def test_a_lane_that_was_late_makes_up_for_it_but_never_overfills_a_second() -> None:
    time = RealTime()
    pace = Pace(20, time.now, sleep=time.sleep)
    left = []
    for number in range(200):
        if number % 7 == 0:
            time.seconds += 0.08
        await pace.wait(str(number), is_reply=False)
        left.append(time.seconds)
    assert min(left[first + 20] - left[first] for first in range(180)) >= 1.0
    assert (left[-1] - left[0]) / 199 < 1.05 / 20


async def test_a_refusal_slows_the_lane_and_it_creeps_back() -> None:
    time = RealTime()
    pace = Pace(10, time.now, sleep=time.sleep)
    pace.refused(1)
    pace.refused(1)
    assert pace.held() == 1
    first = await left_at(pace, time, *map(str, range(21)))
    assert first[0] == 1
    assert first[20] - first[10] == pytest.approx(1.005 * 1.25, rel=0.05)
    time.seconds += 20
    later = await left_at(pace, time, *map(str, range(21)))
    assert later[20] - later[10] == pytest.approx(1.005, rel=0.01)


async def test_it_is_never_slower_than_by_its_limit() -> None:
    time = RealTime()
    pace = Pace(10, time.now, sleep=time.sleep)
    for _ in range(50):
        pace.refused(0.1)
        time.seconds += 0.2
    left = await left_at(pace, time, *map(str, range(21)))
    assert left[20] - left[10] < 1.02 * Pace.SLOWEST + 0.1


async def test_who_would_wait_long_for_a_held_lane_is_sent_back() -> None:
    time = RealTime()
    pace = Pace(10, time.now, sleep=time.sleep)
    pace.hold(Pace.PATIENCE_SECONDS + 1)
    assert not await pace.wait("anya", is_reply=True)
    assert pace.waiting == 0
    time.seconds += 1.5
    assert await pace.wait("anya", is_reply=True)


async def test_a_chat_may_have_a_burst_and_then_one_a_second() -> None:
    time = RealTime()
    pace = Pace(1000, time.now, chat=True, sleep=time.sleep)
    left = await left_at(pace, time, *["anya"] * (Pace.CHAT_BURST + 3))
    assert left[Pace.CHAT_BURST - 1] < 0.1
    assert left[Pace.CHAT_BURST :] == pytest.approx([1, 2, 3], abs=0.1)
    assert (await left_at(pace, time, "boris")) == pytest.approx([0], abs=0.1)


async def test_changes_in_place_have_a_pace_of_their_own_in_a_chat() -> None:
    time = RealTime()
    pace = Pace(1000, time.now, chat=True, sleep=time.sleep)
    await left_at(pace, time, *["anya"] * Pace.CHAT_BURST)
    began, left = time.seconds, []
    for _ in range(Pace.CHAT_BURST + 2):
        await pace.wait("anya", is_reply=True, is_change=True)
        left.append(time.seconds - began)
    assert left[Pace.CHAT_BURST - 1] < 0.1
    assert left[Pace.CHAT_BURST :] == pytest.approx([1, 2], abs=0.1)


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
    rests = [fails(backoff, number) for number in range(3000)]
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


def test_what_ended_without_an_answer_is_not_remembered_for_ever() -> None:
    time = RealTime()
    backoff = Watched(time.now)
    for number in range(10_000):
        backoff.pause(number)
        time.seconds += 10
        assert backoff.remembered() < 1000


def test_a_message_that_is_dropped_leaves_nothing_and_tells_nothing_of_the_platform() -> None:
    backoff = Watched(RealTime().now)
    for number in range(3):
        backoff.pause(number)
    backoff.drop(1)
    assert (backoff.remembered(), sorted(backoff.resting())) == (2, [0, 2])
    assert backoff.pause(0) > 0, "the other one fails still"


def test_what_rests_for_itself_lets_the_lane_go_on_and_rests_as_long_as_was_told() -> None:
    time = RealTime()
    backoff = Backoff(time.now)
    for number in range(30):
        backoff.rest(number, 60)
    assert backoff.pause(30) == 0
    time.seconds += 59
    assert len(backoff.resting()) == 30
    time.seconds += 2
    assert backoff.resting() == []


def test_a_refusal_is_held_against_one_that_is_refused_alone_or_while_others_pass() -> None:
    backoff = Backoff(RealTime().now)
    assert [backoff.refused(7) for _ in range(3)] == [1, 2, 3]
    assert [backoff.refused(number) for number in (8, 7, 8, 7)] == [1, 3, 1, 3]
    backoff.passed(9)
    assert [backoff.refused(number) for number in (8, 7, 8, 7)] == [2, 4, 2, 4]
    backoff.drop(8)
    assert backoff.refused(7) == 5


def test_one_at_a_time_finds_out_while_nobody_is_heard() -> None:
    time = RealTime()
    backoff = Backoff(time.now)
    rooms = []
    for number in range(3):
        rooms.append(backoff.room(8, 0))
        fails(backoff, number)
    rooms.append(backoff.room(8, 5))
    backoff.leaves(3)
    rooms.append(backoff.room(8, 1))
    time.seconds += 60
    rooms.append(backoff.room(8, 1))
    backoff.passed(3)
    assert [*rooms, backoff.room(8, 3)] == [8, 8, 1, 1, 0, 1, 5]


def test_what_left_together_fails_together_and_rests_the_lane_for_a_moment() -> None:
    backoff = Backoff(RealTime().now)
    for number in range(30):
        backoff.leaves(number)
    assert all(backoff.pause(number) <= 1.2 for number in range(30))
    assert backoff.room(8, 29) == 1


def test_what_fails_again_though_others_pass_says_nothing_of_the_platform() -> None:
    backoff = Backoff(RealTime().now)
    for number in (1, 2):
        fails(backoff, number)
    backoff.passed(3)
    assert [fails(backoff, number) for number in (1, 2, 1)] == [0, 0, 0]
    assert fails(backoff, 2) > 0, "nobody else was heard meanwhile"


def test_while_nobody_is_heard_what_failed_had_better_not_find_out() -> None:
    time = RealTime()
    backoff = Backoff(time.now)
    tried = []
    for number in range(3):
        fails(backoff, number)
        tried.append(backoff.tried())
    time.seconds += 60
    backoff.passed(3)
    assert [*tried, backoff.tried()] == [[], [0, 1], [0, 1, 2], []]


def fails(backoff: Backoff, message_id: int) -> float:
    """Let a message leave and get no answer; say how long the lane rests."""
    backoff.leaves(message_id)
    rest = backoff.pause(message_id)
    backoff.is_back(message_id)
    return rest


async def test_a_lane_is_busy_while_more_than_half_of_what_may_leave_does() -> None:
    time = RealTime()
    pace = Pace(10, time.now, sleep=time.sleep)
    assert not pace.is_busy()
    await left_at(pace, time, *map(str, range(10)))
    assert pace.is_busy()
    time.seconds += 3
    assert not pace.is_busy()


async def test_real_time_is_the_default() -> None:
    pace = Pace(1000)
    pace.hold(0.02)
    async with asyncio.timeout(60):
        await pace.rest()
    assert pace.held() == 0


async def test_what_arrived_late_keeps_the_next_waiting() -> None:
    """The first message opens the connection, so it reaches the platform later than it left."""
    time = RealTime()
    pace = Pace(3, time.now, sleep=time.sleep)
    left, answers = [], []
    for number in range(6):
        place = await pace.wait(str(number), is_reply=True)
        assert place is not None
        left.append(time.seconds)
        time.seconds += 0.3 if number == 0 else 0.05
        pace.answered(place)
        answers.append(time.seconds)
    assert left[3] - answers[0] >= 1.0 - 0.05
    assert left[4] - answers[1] >= 1.0 - 0.05
    assert left[4] - left[1] < 1.1
