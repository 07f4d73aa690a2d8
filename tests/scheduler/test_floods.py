"""Whom a refusal for too much concerns: a message, its chat, or everybody on the lane."""

from datetime import timedelta

import pytest

from handlers.texts import Texts
from scheduler import outcomes
from scheduler.floods import Floods
from scheduler.lanes import Pace
from scheduler.messenger import FloodWait, Scope
from scheduler.parcels import OUTDATED
from storage.outbox import DEAD, DROPPED, PLANNED, SENT
from tests.scheduler.couriers import RealTime
from tests.scheduler.post import Post

HOUR = 3600.0
UNSHOWN = Texts()("reply-unshown")


@pytest.mark.parametrize(
    "refusal", [FloodWait(300, Scope.METHOD), FloodWait(5, Scope.MESSAGE), FloodWait(37)], ids=repr
)
async def test_what_is_refused_for_itself_stops_no_other(post: Post, refusal: FloodWait) -> None:
    post.vk.failures["anya"] = [refusal] * 1000
    await post.replies("with a file", lane="vk")
    for number in range(20):
        await post.replies(f"good {number}", chat=f"chat {number}", lane="vk")
        before = post.time.seconds
        await post.deliver("vk", rounds=2)
        assert await post.state(f"good {number}") == SENT
        assert post.time.seconds - before < 2
        post.time.seconds += 30


async def test_neither_do_many_with_files_while_the_quota_of_a_day_is_used_up(post: Post) -> None:
    for number in range(12):
        chat = f"teacher {number}"
        post.vk.failures[chat] = [FloodWait(300, Scope.METHOD)] * 1000
        await post.replies(f"file {number}", chat=chat, lane="vk")
    await post.deliver("vk", rounds=2)
    await post.replies("good", lane="vk")
    before = post.time.seconds
    await post.deliver("vk")
    assert (await post.state("good"), post.time.seconds - before) == (SENT, 0)


async def refuse_notices(post: Post, many: int) -> None:
    """Plan notices of which VK takes none."""
    for number in range(many):
        chat = f"refused {number}"
        post.vk.failures[chat] = [FloodWait(5, Scope.MESSAGE)] * 1000
        await post.notice(chat, chat, lane="vk")


async def test_neither_do_many_notices_hold_back_a_reply_or_another_notice(post: Post) -> None:
    await refuse_notices(post, 60)
    await post.deliver_for(20, "vk")
    for number in range(10):
        await post.replies(f"good {number}", chat=f"chat {number}", lane="vk")
        await post.notice(f"other {number}", f"vera {number}", lane="vk")
        before = post.time.seconds
        await post.deliver("vk")
        assert await post.state(f"good {number}") == SENT
        assert post.time.seconds - before < 0.1
        await post.deliver("vk")
        assert await post.state(f"other {number}") == SENT
        assert post.time.seconds - before < 1
        post.time.seconds += 7


async def test_many_notices_together_are_asked_about_some_twenty_times_a_minute(
    post: Post,
) -> None:
    await refuse_notices(post, 60)
    await post.deliver_for(10 * 60, "vk")
    assert 60 < len(post.vk.calls) < 60 + 10 * 25
    post.vk.failures.clear()
    await post.deliver_for(5 * 60, "vk")
    assert {await post.state(f"refused {number}") for number in range(60)} == {SENT}


async def test_a_reply_among_many_is_asked_about_as_soon_as_alone(post: Post) -> None:
    await refuse_notices(post, 60)
    await post.deliver_for(10, "vk")
    post.vk.failures["anya"] = [FloodWait(5, Scope.MESSAGE)]
    await post.replies("1", lane="vk")
    await post.deliver_for(6, "vk")
    assert await post.state("1") == SENT


async def test_it_rests_for_as_long_as_was_told_and_goes_before_what_came_later(
    post: Post,
) -> None:
    post.vk.failures["anya"] = [FloodWait(60, Scope.MESSAGE)] * 2
    await post.replies("1", "2", lane="vk")
    await post.deliver_for(59, "vk")
    assert post.vk.said == ["1"]
    await post.deliver_for(62, "vk")
    assert post.vk.said == ["1", "1", "1", "2"]


@pytest.mark.parametrize("scope", [Scope.MESSAGE, Scope.METHOD])
async def test_a_reply_is_given_up_after_a_while_and_its_chat_goes_on(
    post: Post, scope: Scope
) -> None:
    post.vk.failures["anya"] = [FloodWait(300, scope)] * outcomes.MOST_REFUSALS_OF_REPLY
    await post.replies("reply|7|0", "reply|8|0", lane="vk")
    await post.deliver_for(HOUR, "vk")
    assert await post.state("reply|7|0") == DEAD
    assert post.vk.said.count("reply|7|0") == outcomes.MOST_REFUSALS_OF_REPLY
    assert post.vk.said[-3:] == ["reply|7|0", "reply|8|0", UNSHOWN]


async def refuse_replies(post: Post, many: int) -> list[str]:
    """Plan replies of which VK takes none: `execute` tells each of them what it says of all."""
    chats = [f"chat {number}" for number in range(many)]
    for chat in chats:
        post.vk.failures[chat] = [FloodWait(60, Scope.MESSAGE)] * 1000
        await post.replies(chat, chat=chat, lane="vk")
    return chats


async def test_replies_that_are_all_refused_outlive_it(post: Post) -> None:
    chats = await refuse_replies(post, 30)
    await post.deliver_for(2 * HOUR, "vk")
    post.vk.failures.clear()
    await post.deliver_for(600, "vk")
    assert {await post.state(chat) for chat in chats} == {SENT}


async def test_but_not_while_others_pass(post: Post) -> None:
    chats = await refuse_replies(post, 3)
    for number in range(2 * outcomes.MOST_REFUSALS_OF_REPLY):
        await post.replies(f"good {number}", chat="anya", lane="vk")
        await post.deliver_for(HOUR / 10, "vk")
        assert await post.state(f"good {number}") == SENT
    assert {await post.state(chat) for chat in chats} == {DEAD}


async def test_a_notice_may_be_refused_for_hours_but_not_for_ever(post: Post) -> None:
    post.vk.failures["anya"] = [FloodWait(5, Scope.MESSAGE)] * 1000
    await post.notice("k", lane="vk")
    await post.deliver_for(6 * HOUR, "vk")
    assert await post.state("k") == PLANNED
    await post.deliver_for(6 * HOUR, "vk")
    assert (await post.state("k"), len(post.vk.calls)) == (DEAD, outcomes.MOST_REFUSALS)


async def test_nor_once_it_is_of_no_use(post: Post) -> None:
    post.vk.failures["anya"] = [FloodWait(5, Scope.MESSAGE)] * 1000
    await post.notice("k", lane="vk", useful_until=post.now + timedelta(minutes=5))
    await post.deliver_for(60, "vk")
    post.now += timedelta(minutes=5)
    await post.deliver_for(60, "vk")
    assert await post.state("k") == DROPPED


async def test_an_outage_before_it_does_not_count_against_it(post: Post) -> None:
    away, refused = [FloodWait(1, Scope.LANE)] * 50, [FloodWait(5, Scope.MESSAGE)] * 3
    post.vk.failures["anya"] = [*away, *refused]
    await post.replies("1", lane="vk")
    await post.deliver_for(HOUR, "vk")
    assert await post.state("1") == SENT


async def test_what_only_tidies_up_holds_up_no_conversation(post: Post) -> None:
    post.vk.edit_failures["anya"] = [FloodWait(300, Scope.METHOD)]
    await post.replies("tidy", lane="vk", kind=OUTDATED, object="77")
    await post.replies("answer", lane="vk")
    await post.deliver("vk", rounds=2)
    assert [await post.state(key) for key in ("tidy", "answer")] == [DROPPED, SENT]


async def test_a_limit_of_the_token_holds_the_whole_lane(post: Post) -> None:
    post.vk.failures["anya"] = [FloodWait(37, Scope.LANE)]
    await post.replies("1", lane="vk")
    await post.deliver("vk")
    await post.replies("2", chat="boris", lane="vk")
    held_at = post.time.seconds
    await post.deliver("vk", rounds=2)
    assert post.time.seconds - held_at >= 37
    assert sorted(post.vk.said) == ["1", "1", "2"]
    assert await post.state("1") == SENT


async def test_telegram_s_refusal_rests_the_chat_replies_and_notices_alike(post: Post) -> None:
    post.telegram.failures["anya"] = [FloodWait(37)]
    await post.notice("notice")
    await post.deliver()
    refused_at = post.time.seconds
    await post.replies("reply")
    await post.deliver(rounds=2)
    assert (post.telegram.said, post.time.seconds) == (["notice 1"], refused_at)
    await post.deliver_for(36)
    assert post.telegram.said == ["notice 1"]
    await post.deliver_for(2)
    assert post.telegram.said == ["notice 1", "reply", "notice 1"]


async def test_when_several_chats_are_refused_the_whole_lane_is_held_for_as_long_as_was_asked(
    post: Post,
) -> None:
    for number in range(3):
        post.telegram.failures[f"chat {number}"] = [FloodWait(37)]
        await post.replies(f"{number}", chat=f"chat {number}")
    await post.deliver()
    held_at = post.time.seconds
    await post.replies("other", chat="boris")
    await post.deliver(rounds=2)
    assert post.time.seconds - held_at >= 37
    await post.deliver_for(3)
    assert sorted(post.telegram.said) == sorted(["0", "1", "2"] * 2 + ["other"])


async def test_a_child_who_presses_fast_may_be_refused_again_and_again_and_stops_nobody(
    post: Post,
) -> None:
    """Changes in place are refused like messages."""
    card = {"text": "card", "card": "day"}
    await post.replies("shown", card="day", payload=card)
    await post.deliver()
    post.telegram.edit_failures["anya"] = [FloodWait(3)] * 20
    for number in range(20):
        await post.replies(f"press {number}", card="day", payload={**card, "edit": True})
        await post.replies(f"other {number}", chat=f"chat {number}")
        before = post.time.seconds
        await post.deliver(rounds=2)
        assert (await post.state(f"other {number}"), post.time.seconds) == (SENT, before)
        post.time.seconds += 5


class Flooded:
    """A lane's pace, its refusals and its real time."""

    def __init__(self, per_second: float = 10) -> None:
        self.time = RealTime()
        self.pace = Pace(per_second, self.time.now, sleep=self.time.sleep)
        self.floods = Floods(self.pace)

    async def at_full_pace(self) -> None:
        """Let as much leave as may."""
        for number in range(30):
            assert await self.pace.wait(f"chat {number}", is_reply=True)

    def refused(self, chat: str, seconds: float) -> float:
        """Let a chat be refused; return for how long that holds the lane."""
        self.floods.refused(chat, FloodWait(seconds))
        return self.pace.held()


async def test_at_full_pace_one_other_chat_is_enough_and_the_first_costs_a_breath() -> None:
    lane = Flooded()
    await lane.at_full_pace()
    assert lane.refused("anya", 30) == Floods.BREATH_SECONDS
    assert lane.floods.resting() == ["anya"]
    lane.time.seconds += 0.5
    assert lane.refused("boris", 29.5) == 29.5


async def test_one_chat_alone_costs_a_lane_at_full_pace_no_more_than_a_breath() -> None:
    lane = Flooded()
    for number in range(10):
        await lane.at_full_pace()
        assert (lane.refused("anya", 3) > 0) == (number == 0)
        lane.time.seconds += 3


async def test_an_idle_lane_asks_for_two_others() -> None:
    lane = Flooded()
    assert [lane.refused(chat, 5) for chat in ("anya", "boris", "anya", "vera")] == [0, 0, 0, 5]


async def test_chats_that_were_refused_long_ago_say_nothing_of_the_lane() -> None:
    lane = Flooded()
    for number in range(50):
        assert lane.refused(f"chat {number}", 1) == 0
        lane.time.seconds += 1 + Floods.TOGETHER_SECONDS / 2
    assert len(lane.floods._chats) < 4  # noqa: SLF001 memory has no other door


@pytest.mark.parametrize("others", [1, 2])
async def test_neither_does_one_that_still_rests(others: int) -> None:
    lane = Flooded()
    for number in range(others):
        lane.refused(f"chat {number}", HOUR)
    lane.time.seconds += HOUR / 2
    if others == 1:
        await lane.at_full_pace()
    assert lane.refused("anya", 20) == (Floods.BREATH_SECONDS if others == 1 else 0)
    assert len(lane.floods.resting()) == others + 1


@pytest.mark.parametrize("rest", [5, HOUR])
async def test_a_refusal_speaks_of_the_lane_for_its_rest_a_minute_at_most_and_ten_seconds(
    rest: float,
) -> None:
    counts = min(rest, Floods.LONGEST_TOGETHER) + Floods.TOGETHER_SECONDS
    for later, holds in ((counts - 0.5, True), (counts + 0.5, False)):
        lane = Flooded()
        assert [lane.refused(chat, rest) for chat in ("boris", "vera")] == [0, 0]
        lane.time.seconds += later
        assert (lane.refused("anya", 20) > 0) is holds


async def test_no_wait_is_longer_than_can_be_meant() -> None:
    lane = Flooded()
    lane.floods.refused("", FloodWait(10**9, Scope.LANE))
    assert lane.pace.held() == Floods.LONGEST_OF_LANE
    lane.time.seconds += Floods.LONGEST_OF_LANE
    assert [lane.refused(chat, 10**9) for chat in "abc"] == [0, 0, Floods.LONGEST_OF_LANE]
    lane.time.seconds += Floods.LONGEST_OF_CHAT
    assert lane.floods.resting() == []


async def test_a_chat_that_is_told_to_wait_for_ever_is_asked_again_in_an_hour(post: Post) -> None:
    post.telegram.failures["anya"] = [FloodWait(10**9)]
    await post.replies("1")
    await post.deliver_for(HOUR + 2)
    assert (post.telegram.said, await post.state("1")) == (["1", "1"], SENT)


async def test_what_concerns_a_message_or_a_method_rests_no_chat() -> None:
    lane = Flooded()
    for scope in (Scope.MESSAGE, Scope.METHOD):
        lane.floods.refused("anya", FloodWait(60, scope))
    assert (lane.pace.held(), lane.floods.resting()) == (0, [])
