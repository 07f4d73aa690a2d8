"""Who waits for an answer hears it when a part of it cannot even be put into words."""

import json
from collections.abc import Callable

import pytest

from handlers.texts import Texts
from scheduler.messenger import Rejected
from storage import outbox
from storage.database import Database
from storage.outbox import DEAD, SENT
from tests.scheduler.post import Post

UNSHOWN = Texts()("reply-unshown")
UNREADABLE = {"text": None, "hologram": "of a later version"}


@pytest.fixture
def post(either_database: Database, post_of: Callable[[Database], Post]) -> Post:
    """The post office of the sample school, on each kind of database in turn."""
    return post_of(either_database)


async def test_who_waits_for_an_answer_hears_once_that_a_part_of_it_cannot_be_read(
    post: Post,
) -> None:
    await post.replies("reply|7|0", "reply|7|1", payload=UNREADABLE)
    await post.replies("reply|7|2")
    await post.deliver(rounds=4)
    assert post.telegram.said == ["reply|7|2", UNSHOWN]
    assert [await post.state(f"reply|7|{part}") for part in (0, 1, 2)] == [DEAD, DEAD, SENT]


async def test_one_word_stands_for_what_is_unreadable_and_what_is_refused(post: Post) -> None:
    post.telegram.failures["anya"] = [Rejected("400")]
    await post.replies("reply|7|0")
    await post.replies("reply|7|1", payload=UNREADABLE)
    await post.deliver(rounds=5)
    assert post.telegram.said == ["reply|7|0", UNSHOWN]


async def test_the_word_for_it_is_no_reason_for_another(post: Post) -> None:
    await post.replies("unshown|7", "outdated|7", payload=UNREADABLE)
    await post.notice("unrenderable")
    await post.deliver(rounds=4)
    assert post.telegram.said == []
    keys = ("unshown|7", "outdated|7", "unrenderable")
    assert [await post.state(key) for key in keys] == [DEAD] * 3
    async with post.database.read() as tx:
        assert not await outbox.unfinished(tx, ["telegram"], post.now)


async def corrupted(post: Post, key: str) -> None:
    """Leave words behind that this version cannot read."""
    async with post.database.write() as tx:
        await outbox.reword(tx, (await post.message(key)).id, json.dumps(UNREADABLE))


async def test_what_was_interrupted_and_cannot_be_read_holds_up_nobody(post: Post) -> None:
    await post.replies("reply|7|0")
    async with post.database.write() as tx:
        words = json.dumps(UNREADABLE)
        assert await outbox.sending(tx, await post.message("reply|7|0"), words)
    await post.replies("reply|8|0", chat="boris")
    await post.lanes["telegram"].recover()
    await post.deliver(rounds=4)
    assert sorted(post.telegram.said) == sorted(["reply|8|0", UNSHOWN])
    assert [await post.state(key) for key in ("reply|7|0", "reply|8|0")] == [DEAD, SENT]


async def test_nor_does_the_version_of_a_card_before(post: Post) -> None:
    for key in ("reply|7|0", "reply|8|0"):
        await post.replies(key, card="day", payload={"text": key, "card": "day"})
        await post.deliver(rounds=2)
        await corrupted(post, key)
    assert [await post.state(key) for key in ("reply|7|0", "reply|8|0")] == [SENT, SENT]
    await post.replies("reply|9|0")
    await post.deliver(rounds=2)
    assert post.telegram.said == ["reply|7|0", "reply|8|0", "reply|9|0"]
