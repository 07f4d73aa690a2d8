"""A messenger without a token, a school without a mail server: nothing waits for them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import detour
from scheduler.detour import Detour
from scheduler.messenger import ChatClosed
from storage import announcements, health, outbox
from storage.announcements import Announcement
from storage.outbox import DEAD, PLANNED, SENT, SWITCHED_OFF, UNKNOWN
from storage.tables.messages import outbox as table
from tests.scheduler.post import MINUTE, Post
from tests.scheduler.test_failover import mailbox

HOUR = timedelta(hours=1)


@pytest.fixture
async def bound(post: Post) -> Post:
    """Мария has Telegram, used last, and VK, and a mailbox."""
    await post.bind("telegram", "anya", seen=2 * MINUTE)
    await post.bind("vk", "anya", seen=MINUTE)
    await mailbox(post, "anya@example.org")
    return post


def switch_off(post: Post, *lanes: str) -> None:
    post.database.off = frozenset(lanes)


async def cleared(post: Post, after: timedelta = detour.PATIENCE) -> int:
    """Look now, in a new life, and once more; return how many messages both times moved."""
    way_round = Detour(post.database)
    return sum([await way_round.clear(post.now), await way_round.clear(post.now + after)])


async def announce(post: Post, key: str, after: timedelta = timedelta(0)) -> None:
    """Announce to Мария, whose chat and whether there is one is looked up."""
    person_id, school_id = await post.rows.person("S701"), await post.rows.school()
    told, when = [(key, person_id, "x")], post.now + after
    said = Announcement(school_id, "nudge", {"key": key}, when, None, told)
    async with post.database.write() as tx:
        assert await announcements.plan(tx, said, post.now) == 1


async def reason(post: Post, key: str) -> str:
    async with post.database.read() as tx:
        return str(await tx.scalar(sa.select(table.c.error).where(table.c.key == key)))


async def test_what_waited_for_a_lane_goes_to_the_other_messenger(bound: Post) -> None:
    await bound.notice("k")
    switch_off(bound, "telegram")
    assert await cleared(bound) == 1
    await bound.deliver("vk")
    assert bound.vk.said == ["k 1"]
    assert await bound.state("k") == SENT


async def test_then_to_the_mailbox(bound: Post) -> None:
    await bound.notice("k")
    switch_off(bound, "telegram", "vk")
    assert await cleared(bound) == 1
    await bound.deliver("mail")
    assert [(call.chat, call.text) for call in bound.mail.calls] == [("anya@example.org", "k 1")]


async def test_and_where_nothing_runs_it_ends_with_its_reason_and_the_doctor_is_calm(
    bound: Post,
) -> None:
    await bound.notice("k")
    await bound.replies("reply")
    await bound.notice("letter", lane="mail", chat="anya@example.org")
    switch_off(bound, "telegram", "vk", "mail")
    assert await cleared(bound) == 3
    for key in ("k", "reply", "letter"):
        assert (await bound.state(key), await reason(bound, key)) == (DEAD, SWITCHED_OFF)
    async with bound.database.read() as tx:
        assert (await health.health(tx, bound.now + HOUR)).overdue_since is None
        assert await health.unsent_on_lanes_off(tx, bound.now) == 3
    assert await cleared(bound) == 0


async def test_a_reply_and_a_letter_go_nowhere_else(bound: Post) -> None:
    await bound.replies("reply")
    await bound.notice("letter", lane="mail", chat="anya@example.org")
    switch_off(bound, "telegram", "mail")
    assert await cleared(bound) == 2
    assert [await bound.state(key) for key in ("reply", "letter")] == [DEAD, DEAD]


async def test_what_is_due_later_waits_for_the_lane_to_run_again(bound: Post) -> None:
    await bound.notice("k", send_after=bound.now + HOUR)
    switch_off(bound, "telegram")
    assert await cleared(bound) == 0
    switch_off(bound)
    bound.now += HOUR
    await bound.deliver()
    assert bound.telegram.said == ["k 1"]


async def test_a_variable_that_is_missing_by_mistake_costs_nothing(bound: Post) -> None:
    await bound.notice("k")
    await bound.replies("reply")
    switch_off(bound, "telegram")
    assert await cleared(bound, detour.PATIENCE - MINUTE) == 0
    switch_off(bound)
    await bound.deliver_for(10)
    assert bound.telegram.said == ["reply", "k 1"]


async def test_nor_does_it_cost_what_has_waited_for_long(bound: Post) -> None:
    await bound.notice("k", send_after=bound.now - HOUR)
    await bound.notice("later", send_after=bound.now + MINUTE)
    switch_off(bound, "telegram")
    way_round = Detour(bound.database)
    assert await way_round.clear(bound.now) == 0
    assert await way_round.clear(bound.now + detour.PATIENCE - MINUTE) == 0
    assert await way_round.clear(bound.now + detour.PATIENCE) == 1
    assert (await bound.message("k")).lane == "vk"
    assert await way_round.clear(bound.now + detour.PATIENCE + MINUTE) == 1


async def test_a_clock_that_was_put_back_does_not_prolong_the_patience(bound: Post) -> None:
    await bound.notice("k")
    switch_off(bound, "telegram")
    way_round = Detour(bound.database)
    assert await way_round.clear(bound.now + 24 * HOUR) == 0
    assert await way_round.clear(bound.now) == 0
    assert await way_round.clear(bound.now + detour.PATIENCE) == 1


async def test_what_was_asked_and_not_answered_is_asked_again_when_the_lane_is_back(
    bound: Post,
) -> None:
    await bound.notice("k", lane="vk", send_after=bound.now - HOUR)
    async with bound.database.write() as tx:
        assert await outbox.sending(tx, await bound.message("k"), "")
    switch_off(bound, "vk")
    assert await cleared(bound, MINUTE) == 0
    switch_off(bound)
    await bound.crash()
    await bound.deliver_for(10, "vk")
    assert await bound.state("k") == SENT


async def test_what_is_planned_meanwhile_goes_when_the_lane_is_back(post: Post) -> None:
    await post.bind("vk", "anya")
    switch_off(post, "vk")
    await announce(post, "k", after=HOUR)
    await announce(post, "at once")
    await post.replies("reply", lane="vk")
    assert await cleared(post, detour.PATIENCE - MINUTE) == 0
    switch_off(post)
    await post.deliver_for(10, "vk")
    assert post.vk.said == ["reply", "at once 1"]
    post.now += HOUR
    await post.deliver_for(10, "vk")
    assert await post.state("k") == SENT


async def test_or_ends_with_its_reason_for_the_doctor(post: Post) -> None:
    await post.bind("vk", "anya")
    await mailbox(post, "")
    switch_off(post, "vk")
    await announce(post, "k")
    assert await cleared(post) == 1
    assert (await post.state("k"), await reason(post, "k")) == (DEAD, SWITCHED_OFF)


async def test_what_is_planned_meanwhile_takes_a_lane_that_runs_at_once(bound: Post) -> None:
    switch_off(bound, "vk")
    await announce(bound, "k")
    await bound.deliver()
    assert bound.telegram.said == ["k 1"]


async def test_what_was_on_its_way_is_of_unknown_fate(bound: Post) -> None:
    await bound.notice("k")
    async with bound.database.write() as tx:
        assert await outbox.sending(tx, await bound.message("k"), "{}")
    switch_off(bound, "telegram")
    assert await cleared(bound) == 1
    assert await bound.state("k") == UNKNOWN


async def test_lanes_that_run_are_left_alone(bound: Post) -> None:
    await bound.notice("k", lane="vk")
    switch_off(bound, "telegram", "mail")
    assert await cleared(bound) == 0
    switch_off(bound)
    await bound.notice("l")
    assert await cleared(bound) == 0
    assert [await bound.state(key) for key in "kl"] == [PLANNED, PLANNED]


async def test_a_backlog_is_cleared_whatever_its_length(bound: Post) -> None:
    for number in range(2 * detour.AT_ONCE + 1):
        await bound.notice(f"k{number}")
    switch_off(bound, "telegram")
    assert await cleared(bound) == 2 * detour.AT_ONCE + 1


async def test_a_closed_chat_fails_over_to_no_lane_that_is_off(bound: Post) -> None:
    bound.vk.failures["anya"] = [ChatClosed("blocked")]
    await bound.notice("k", lane="vk")
    switch_off(bound, "telegram", "mail")
    await bound.deliver("vk")
    assert await bound.state("k") == DEAD
