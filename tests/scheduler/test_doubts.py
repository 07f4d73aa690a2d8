"""A commit whose answer is lost: what it noted as sending never left, and leaves then, once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum, auto

import pytest

from scheduler import delivery
from scheduler.doubts import Doubts
from scheduler.messenger import ChatClosed
from storage import outbox
from storage.database import Database, Tx
from storage.outbox import PLANNED, SENDING, SENT
from tests.bot.patience import until, until_nothing
from tests.scheduler.couriers import RealTime
from tests.scheduler.post import MINUTE, Post


class Commit(Enum):
    """What becomes of a commit."""

    HEARD = auto()
    UNHEARD = auto()
    BROKEN = auto()


class Deaf(Database):
    """A database whose next commits fail, or come to pass and nobody hears of it."""

    commits: list[Commit]

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        fate = Commit.HEARD
        async with super()._transaction(tx):
            yield
            fate = self.commits.pop(0) if self.commits else fate
            if fate is Commit.BROKEN:
                raise ConnectionResetError("before the commit")
        if fate is Commit.UNHEARD:
            raise ConnectionResetError("the answer to COMMIT was lost")


@pytest.fixture
async def deaf(
    either_url: str, post_of: Callable[[Database], Post]
) -> AsyncIterator[tuple[Deaf, Post]]:
    database = Deaf(either_url)
    database.commits = []
    yield database, post_of(database)
    await database.close()


async def deliver(database: Deaf, post: Post, *commits: Commit) -> None:
    """Let a round of the lane to Telegram end with a commit that is not heard of."""
    database.commits = list(commits)
    with pytest.raises(ConnectionResetError):
        await post.deliver()


async def unsent(post: Post, *keys: str) -> list[str]:
    return [key for key in keys if await post.state(key) != SENT]


async def test_what_was_noted_as_sending_unheard_leaves_later_once_and_in_order(
    deaf: tuple[Deaf, Post],
) -> None:
    database, post = deaf
    await post.replies("1", "2")
    for _ in range(3):
        await deliver(database, post, Commit.UNHEARD)
        assert (await post.state("1"), post.telegram.calls) == (SENDING, [])
    await post.deliver(rounds=3)
    assert post.telegram.said == ["1", "2"]
    assert await unsent(post, "1", "2") == []
    assert (await post.message("1")).attempts == 1


async def test_a_notice_too(deaf: tuple[Deaf, Post]) -> None:
    database, post = deaf
    await post.notice("1")
    await post.notice("2")
    await deliver(database, post, Commit.HEARD, Commit.UNHEARD)
    assert (await post.state("1"), post.telegram.calls) == (SENDING, [])
    await post.deliver(rounds=3)
    assert post.telegram.said == ["1 1", "2 1"]


async def test_a_commit_that_comes_to_pass_only_later_mutes_nobody(
    deaf: tuple[Deaf, Post],
) -> None:
    database, post = deaf
    await post.replies("1", "2")
    planned = await post.message("1")
    await deliver(database, post, Commit.BROKEN)
    async with database.write() as tx:
        assert await outbox.sending(tx, planned, '{"text":"1"}')
    await post.deliver(rounds=3)
    assert post.telegram.said == ["1", "2"]


async def test_what_is_on_its_way_is_not_taken_back(
    deaf: tuple[Deaf, Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "REST_SECONDS", 0.01)
    database, post = deaf
    release = asyncio.Event()

    async def hang(chat: str) -> None:
        if chat == "slow":
            await release.wait()

    post.telegram.before = hang
    await post.replies("slow", chat="slow")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await until(lambda: post.telegram.said == ["slow"])
        await post.replies("quick 1", "quick 2")
        database.commits = [Commit.UNHEARD] * 5
        await until_nothing(lambda: unsent(post, "quick 1", "quick 2"))
        assert await post.state("slow") == SENDING
        release.set()
        await until_nothing(lambda: unsent(post, "slow"))
        running.cancel()
    assert sorted(post.telegram.said) == ["quick 1", "quick 2", "slow"]


async def test_an_outcome_that_was_noted_unheard_is_not_noted_over_what_came_of_it(
    deaf: tuple[Deaf, Post],
) -> None:
    """A closed chat: the notice has gone another way before the lane notes that again."""
    database, post = deaf
    await post.bind("telegram", "anya", seen=2 * MINUTE)
    await post.bind("vk", "anya", seen=MINUTE)
    post.telegram.failures["anya"] = [ChatClosed("blocked")]
    await post.notice("k")
    await deliver(database, post, Commit.HEARD, Commit.HEARD, Commit.UNHEARD)
    found = await post.message("k")
    assert (found.state, found.lane) == (PLANNED, "vk")
    await post.deliver("vk")
    await post.deliver()
    await post.deliver("vk", rounds=2)
    assert (await post.state("k"), post.vk.said) == (SENT, ["k 2"])


async def test_a_doubt_is_over_after_a_while(post: Post) -> None:
    time = RealTime()
    doubts = Doubts(time.now)
    await post.replies("1")
    message = await post.message("1")
    doubts.arose([message])
    time.seconds += Doubts.KEPT_SECONDS - 1
    doubts.ended(())
    assert doubts._since  # noqa: SLF001 memory has no other door
    time.seconds += 2
    doubts.ended(())
    assert not doubts._since  # noqa: SLF001


async def test_what_left_for_certain_is_in_doubt_no_more(post: Post) -> None:
    doubts = Doubts(RealTime().now)
    await post.replies("1")
    planned = await post.message("1")
    doubts.arose([planned])
    doubts.ended([planned.id])
    async with post.database.write() as tx:
        assert await outbox.sending(tx, planned, "words")
        await doubts.take_back(tx)
    assert await post.state("1") == SENDING
