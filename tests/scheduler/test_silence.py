"""A messenger that answers nothing: what is on its way is lost to it, and not what waits."""

import asyncio
from collections import Counter

import pytest
import sqlalchemy as sa

from scheduler.delivery import Lane
from scheduler.lanes import Pace
from scheduler.messenger import DeliveryFailed, NotSent, OutcomeUnknown
from scheduler.parcels import OUTDATED
from storage import outbox
from storage.outbox import DROPPED, SENT, UNKNOWN
from storage.tables import messages
from tests.bot.patience import until
from tests.scheduler.couriers import Courier
from tests.scheduler.post import Post

MANY = 200
AT_ONCE = 8
"""How many notices a lane of Telegram's pace has on their way."""
PER_SECOND = 30


async def all_have_left(_: str) -> None:
    """Answer nobody before all that may be on their way are."""
    for _turn in range(100):
        await asyncio.sleep(0)


@pytest.fixture(params=[False, True], ids=["answers 502", "hangs"])
async def morning(post: Post, request: pytest.FixtureRequest) -> Post:
    """A morning for many chats, a lane of Telegram's pace, and no answer to any of them."""
    person_id, school_id = await post.rows.person("S701"), await post.rows.school()
    fields = {"person_id": person_id, "school_id": school_id}
    await post.plan(
        *(
            post.rows.notice(f"n{number}", f"chat {number}", payload={"key": "n"}, **fields)
            for number in range(MANY)
        )
    )
    for number in range(MANY):
        post.telegram.failures[f"chat {number}"] = [OutcomeUnknown("502")] * 10
    post.telegram.before = all_have_left if request.param else None
    post.lanes["telegram"] = post.lane(post.telegram, PER_SECOND)
    return post


async def fates(post: Post, kind: str = "nudge") -> Counter[str]:
    async with post.database.read() as tx:
        rows = await tx.execute(
            sa.select(messages.outbox.c.state).where(messages.outbox.c.kind == kind)
        )
        return Counter(row.state for row in rows)


async def test_a_minute_without_an_answer_costs_a_few_notices_and_not_the_morning(
    morning: Post,
) -> None:
    await morning.deliver_for(60)
    lost = (await fates(morning))[UNKNOWN]
    assert 0 < lost <= AT_ONCE + 7
    morning.telegram.failures.clear()
    await morning.deliver_for(600)
    assert await fates(morning) == {UNKNOWN: lost, SENT: MANY - lost}
    assert len(morning.telegram.calls) == MANY, "and nobody hears twice"


REPLIES = 60
FORTY_MINUTES = 2400


async def test_forty_minutes_without_an_answer_cost_few_replies(post: Post) -> None:
    """Those that find out whether it is back lose their tries, and not all that wait."""
    chats = [f"chat {number}" for number in range(REPLIES)]
    for chat in chats:
        post.telegram.failures[chat] = [OutcomeUnknown("timeout")] * 100
        await post.replies(chat, chat=chat)
    post.telegram.before = all_have_left
    post.lanes["telegram"] = post.lane(post.telegram, PER_SECOND)
    await post.deliver_for(FORTY_MINUTES)
    before = await fates(post, "reply")
    post.telegram.failures.clear()
    await post.deliver_for(600)
    lost = before[UNKNOWN]
    assert lost <= REPLIES // 6
    assert await fates(post, "reply") == {SENT: REPLIES - lost, **({UNKNOWN: lost} if lost else {})}


async def test_a_reply_goes_first_and_finds_out_as_well(morning: Post) -> None:
    await morning.deliver_for(60)
    before = len(morning.telegram.calls)
    await morning.replies("reply")
    await morning.deliver()
    assert morning.telegram.said[before] == "reply"
    assert len(morning.telegram.calls) <= before + 2
    assert await morning.state("reply") == SENT


@pytest.fixture
async def silent(post: Post) -> Post:
    """A lane on which two replies in a row got no answer; they rest for long."""
    chats = ("anya", "boris")
    for chat in chats:
        post.telegram.failures[chat] = [NotSent("no route")]
        await post.replies(chat, chat=chat)
    await post.deliver()
    for chat in chats:
        post.backoffs["telegram"].rest((await post.message(chat)).id, at_least=3600)
    return post


def may_be_away(post: Post) -> bool:
    """Say whether one more failure rests the lane, as none has got through."""
    return post.backoffs["telegram"].pause(0) > 0


async def test_what_was_interrupted_is_no_answer(silent: Post) -> None:
    await silent.notice("nudge", chat="vera")
    async with silent.database.write() as tx:
        await outbox.sending(tx, await silent.message("nudge"), '{"text":"nudge"}')
    await silent.lanes["telegram"].recover()
    assert await silent.state("nudge") == UNKNOWN
    assert may_be_away(silent)


@pytest.mark.parametrize("failure", [NotSent("no route"), OutcomeUnknown("timeout")], ids=repr)
async def test_neither_is_a_card_that_could_not_be_tidied_up(
    silent: Post, failure: DeliveryFailed
) -> None:
    silent.telegram.edit_failures["vera"] = [failure]
    await silent.replies("tidy", chat="vera", kind=OUTDATED, object="77")
    await silent.deliver()
    assert await silent.state("tidy") == DROPPED
    assert may_be_away(silent)


SLOW_ANSWER = 0.2


async def plan(post: Post, chats: list[str], lane: str = "telegram") -> None:
    person_id, school_id = await post.rows.person("S701"), await post.rows.school()
    fields = {"person_id": person_id, "school_id": school_id, "lane": lane}
    await post.plan(
        *(post.rows.notice(chat, chat, payload={"key": "n"}, **fields) for chat in chats)
    )


@pytest.mark.parametrize("lane", ["telegram", "vk"])
async def test_what_one_lost_connection_takes_along_is_one_failure(post: Post, lane: str) -> None:
    """The platform is back at once, and whoever asks then is answered in a few seconds."""
    courier: Courier = getattr(post, lane)
    await plan(post, [f"chat {number}" for number in range(60)], lane)
    for number in range(60):
        courier.failures[f"chat {number}"] = [OutcomeUnknown("connection reset")]
    courier.before = all_have_left
    post.lanes[lane] = post.lane(courier, PER_SECOND)
    await post.deliver(lane)
    assert len(courier.calls) >= AT_ONCE
    courier.failures.clear()
    began = post.time.seconds
    await post.replies("question", chat="somebody", lane=lane)
    await post.deliver_for(5, lane)
    assert "question" in courier.said
    assert post.time.seconds - began < 10


@pytest.mark.parametrize("per_second", [1, PER_SECOND])
async def test_the_eldest_that_never_pass_hold_up_nobody_for_ever(
    post: Post, per_second: int
) -> None:
    """Sixteen addresses that fail every time stand before everybody else, today and tomorrow."""
    courier = post.telegram

    async def refuse(chat: str) -> None:
        await all_have_left(chat)
        if chat.startswith("bad"):
            post.time.seconds += SLOW_ANSWER
            raise NotSent("450 domain not found")

    courier.before = refuse
    post.lanes["telegram"] = post.lane(courier, per_second)
    for day in ("today", "tomorrow"):
        await plan(post, [f"bad {day} {number}" for number in range(16)])
        await plan(post, [f"good {day} {number}" for number in range(60)])
        await post.deliver_for(3600)
        passed = [one.chat for one in courier.calls if one.chat.startswith(f"good {day}")]
        assert len(passed) == len(set(passed)) == 60


async def test_one_that_hangs_holds_up_nobody_when_two_others_fail(post: Post) -> None:
    """A long upload is under way; the platform is well, but for two answers."""
    is_uploaded = asyncio.Event()

    async def hang(chat: str) -> None:
        if chat == "uploader":
            await is_uploaded.wait()

    post.telegram.before = hang
    for chat in ("anya", "boris"):
        post.telegram.failures[chat] = [NotSent("502")]
    lane = Lane(post.telegram, post.database, post.store, lambda: post.now, Pace(PER_SECOND))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(lane.run())
        await post.replies("upload", chat="uploader")
        await until(lambda: "upload" in post.telegram.said)
        for chat in ("anya", "boris"):
            await post.replies(chat, chat=chat)
        await until(lambda: {"anya", "boris"} <= set(post.telegram.said))
        for number in range(10):
            await post.replies(f"reply {number}", chat=f"chat {number}")
        await until(lambda: len(post.telegram.said) >= 13)
        assert not is_uploaded.is_set()
        is_uploaded.set()
        running.cancel()
