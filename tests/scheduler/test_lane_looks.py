"""A lane looks for what no commit tells of: an hour that has come, a chat that has become free."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from scheduler import delivery
from scheduler.messenger import EditRejected, NotSent
from scheduler.parcels import OUTDATED
from storage.outbox import DROPPED, SENT
from tests.scheduler.post import Post

PATIENCE = 60.0


@pytest.fixture
def _never_looks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "REST_SECONDS", 10 * PATIENCE)


@asynccontextmanager
async def running(post: Post) -> AsyncIterator[None]:
    """Let the lane to Telegram run for a block, a minute at most."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        task = group.create_task(post.lanes["telegram"].run())
        yield
        task.cancel()


async def becomes(post: Post, *keys: str, state: str = SENT) -> None:
    """Wait until messages are in a state."""
    for _ in range(10_000):
        if [await post.state(key) for key in keys] == [state] * len(keys):
            return
        await asyncio.sleep(0.002)
    raise AssertionError([await post.state(key) for key in keys])


async def test_a_notice_whose_hour_comes_leaves_however_many_press_meanwhile(post: Post) -> None:
    await post.notice("later", "vera", send_after=post.now + timedelta(seconds=1))

    async def press() -> None:
        for number in range(10_000):
            await post.replies(f"reply {number}", chat=f"chat {number}")
            await asyncio.sleep(0.02)

    async with running(post), asyncio.TaskGroup() as group:
        pressing = group.create_task(press())
        await asyncio.sleep(0.1)
        post.now += timedelta(seconds=2)
        await becomes(post, "later")
        assert not pressing.done()
        pressing.cancel()


@pytest.mark.usefixtures("_never_looks_by_itself")
async def test_the_newer_version_of_a_card_does_not_wait_for_the_older_one_to_be_dropped(
    post: Post,
) -> None:
    await post.replies("old", "new", card="draft")
    async with running(post):
        await becomes(post, "new")
    assert await post.state("old") == DROPPED


@pytest.mark.usefixtures("_never_looks_by_itself")
async def test_several_notices_to_one_chat_follow_one_another_at_once(post: Post) -> None:
    for key in "abcd":
        await post.notice(key, "vera")
    async with running(post):
        await becomes(post, *"abcd")


@pytest.mark.usefixtures("_never_looks_by_itself")
async def test_a_card_that_cannot_be_tidied_up_holds_nobody_up(post: Post) -> None:
    for number, failure in enumerate((NotSent("10"), EditRejected("message to edit not found"))):
        chat, key = f"chat {number}", f"tidy {number}"
        post.telegram.edit_failures[chat] = [failure]
        await post.replies(key, chat=chat, kind=OUTDATED, object="77")
        await post.replies(f"answer {number}", chat=chat)
    async with running(post):
        await becomes(post, "answer 0", "answer 1")
        await becomes(post, "tidy 0", "tidy 1", state=DROPPED)
    assert [call.edits for call in post.telegram.calls].count("77") == 2
    assert not any(call.text.startswith("tidy") and not call.edits for call in post.telegram.calls)
