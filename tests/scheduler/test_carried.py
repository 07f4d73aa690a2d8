"""A defect in judging an answer costs the message its record, and nobody else anything."""

import asyncio
import re

import pytest

from scheduler.messenger import NotSent
from storage.outbox import SENT, UNKNOWN
from tests.bot.patience import until_nothing
from tests.scheduler.post import Post


class Unspeakable(NotSent):
    """A failure that cannot say what it is."""

    def __str__(self) -> str:
        raise ZeroDivisionError("no words for it")


async def test_an_answer_that_nobody_can_judge_ends_no_lane(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    expected = {"bad": UNKNOWN, "next": SENT, "b": SENT}

    async def lacking() -> list[str]:
        return [key for key, state in expected.items() if await post.state(key) != state]

    post.telegram.failures["anya"] = [Unspeakable()]
    await post.replies("bad", "next")
    await post.replies("b", chat="boris")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await until_nothing(lacking)
        running.cancel()
    number = (await post.message("bad")).id
    line = next(one for one in caplog.text.split("ERROR") if "message.unjudged" in one)
    assert re.search(rf"message\W+{number}\b", line)
    assert "no words for it" in line
    assert post.telegram.said.count("bad") == 1


async def test_nor_does_it_end_a_single_round(post: Post) -> None:
    post.telegram.failures["anya"] = [Unspeakable()]
    await post.replies("bad", "next")
    await post.deliver(rounds=2)
    assert [await post.state(key) for key in ("bad", "next")] == [UNKNOWN, SENT]
