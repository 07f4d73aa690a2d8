import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import groupby

import pytest
import sqlalchemy as sa

from handlers import notices
from handlers.messages import Reply
from handlers.reader import Kind, Reader
from scheduler import delivery
from scheduler.messenger import EditRejected, NotSent, OutcomeUnknown
from storage import files, outbox
from storage.database import Database, Tx
from storage.outbox import DEAD, DROPPED, PLANNED, SENDING, SENT
from storage.tables.people import persons
from tests.chat import photo
from tests.scheduler.post import Post

PATIENCE = 60.0
"""Seconds after which a test is given up, however busy the machine."""


async def test_sending_and_its_words_are_on_disk_before_the_request_leaves(post: Post) -> None:
    seen: list[tuple[str, str, int]] = []

    async def look(_chat: str) -> None:
        found = await post.message("k")
        seen.append((found.state, found.rendered, found.attempts))

    post.telegram.before = look
    await post.notice("k")
    await post.deliver()
    assert seen == [(SENDING, '{"text":"k 1"}', 1)]
    assert await post.state("k") == SENT


class Unlucky(Database):
    """A database whose commits fail where a test says."""

    failures: list[Exception | None]

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        async with super()._transaction(tx):
            yield
            failure = self.failures.pop(0) if self.failures else None
            if failure:
                raise failure


@pytest.fixture
async def unlucky(
    either_url: str, post_of: Callable[[Database], Post]
) -> AsyncIterator[tuple[Unlucky, Post]]:
    database = Unlucky(either_url)
    database.failures = []
    yield database, post_of(database)
    await database.close()


async def test_what_could_not_be_noted_as_sending_is_not_sent(
    unlucky: tuple[Unlucky, Post],
) -> None:
    database, post = unlucky
    await post.replies("1")
    database.failures = [OSError("disk full")]
    with pytest.raises(OSError, match="disk full"):
        await post.deliver()
    assert post.telegram.calls == []
    await post.deliver()
    assert post.telegram.said == ["1"]


async def test_an_outcome_that_could_not_be_noted_is_noted_later_and_nothing_goes_twice(
    unlucky: tuple[Unlucky, Post],
) -> None:
    database, post = unlucky
    await post.replies("1", "2")
    await post.replies("b", chat="boris")
    database.failures = [None, OSError("disk full"), OSError("still full")]
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            await post.deliver()
        assert await post.state("1") == SENDING
    await post.deliver(rounds=2)
    assert sorted(post.telegram.said) == ["1", "2", "b"]
    assert [await post.state(key) for key in ("1", "2", "b")] == [SENT, SENT, SENT]


async def test_an_outcome_counts_once_however_often_it_has_to_be_noted(
    unlucky: tuple[Unlucky, Post],
) -> None:
    database, post = unlucky
    post.telegram.failures = {"anya": [OutcomeUnknown("lost")], "boris": [NotSent("refused")]}
    await post.replies("1")
    await post.replies("b", chat="boris")
    database.failures = [None, *[OSError("disk full")] * 12]
    for _ in range(12):
        with pytest.raises(OSError, match="full"):
            await post.deliver()
    await post.deliver_for(10)
    assert [await post.state(key) for key in ("1", "b")] == [SENT, SENT]
    assert sorted(call.chat for call in post.telegram.calls) == ["anya", "anya", "boris", "boris"]


async def test_a_chat_gets_its_messages_one_after_another(post: Post) -> None:
    post.telegram.before = lambda _chat: asyncio.sleep(0.001)
    await post.replies("1", "2", "3")
    await post.notice("4")
    await post.deliver(rounds=6)
    assert post.telegram.said == ["1", "2", "3", "4 1"]
    assert post.telegram.most_at_once == 1


async def test_chats_are_served_at_the_same_time_replies_first(post: Post) -> None:
    async def until_no_more_come(_chat: str) -> None:
        here = 0
        while here < post.telegram.at_once:
            here = post.telegram.at_once
            for _ in range(100):
                await asyncio.sleep(0)

    post.telegram.before = until_no_more_come
    for number in range(12):
        await post.notice(f"n{number}", chat=f"chat {number}")
    await post.replies("reply", chat="vera")
    await post.deliver()
    assert post.telegram.said[0] == "reply"
    assert 2 < post.telegram.most_at_once == len(post.telegram.calls) <= delivery.GROUP
    await post.deliver(rounds=3)
    assert len(post.telegram.calls) == 13


async def test_notices_leave_room_for_replies(post: Post) -> None:
    release = asyncio.Event()

    async def hang(chat: str) -> None:
        if chat.startswith("chat"):
            await release.wait()

    post.telegram.before = hang
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        for number in range(delivery.GROUP):
            await post.notice(f"n{number}", chat=f"chat {number}")
        await on_their_way(post, delivery.GROUP - delivery.KEPT_FOR_REPLIES)
        await post.replies("reply", chat="vera")
        await becomes(post, "reply", SENT)
        assert post.telegram.at_once == delivery.GROUP - delivery.KEPT_FOR_REPLIES
        release.set()
        for number in range(delivery.GROUP):
            await becomes(post, f"n{number}", SENT)
        running.cancel()


async def test_no_more_leaves_at_once_than_in_a_quarter_of_a_second(post: Post) -> None:
    post.lanes["telegram"] = post.lane(post.telegram, per_second=8)
    post.telegram.before = lambda _chat: asyncio.sleep(0.02)
    for number in range(5):
        await post.notice(f"n{number}", chat=f"chat {number}")
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await becomes(post, "n4", SENT)
        running.cancel()
    assert post.telegram.most_at_once <= 2


async def test_a_notice_is_rendered_when_it_first_leaves_and_repeated_word_for_word(
    post: Post,
) -> None:
    await post.notice("k")
    assert post.renders == []
    post.telegram.failures["anya"] = [NotSent("refused"), NotSent("refused")]
    await post.deliver_for(20)
    assert post.telegram.said == ["k 1", "k 1", "k 1"]
    assert await post.state("k") == SENT


async def test_the_same_words_are_repeated_by_the_next_life_too(post: Post) -> None:
    await post.notice("k")
    post.telegram.failures["anya"] = [NotSent("refused")]
    await post.deliver()
    await post.crash()
    await post.deliver()
    assert post.telegram.said == ["k 1", "k 1"]


async def test_a_notice_whose_reason_is_gone_is_dropped(post: Post) -> None:
    await post.notice("k")
    await post.notice("next")
    post.gone.add("k")
    await post.deliver(rounds=2)
    assert post.telegram.said == ["next 1"]
    assert await post.state("k") == DROPPED


async def test_a_notice_to_who_has_left_the_school_is_dropped(post: Post) -> None:
    await post.notice("k")
    async with post.database.write() as tx:
        await tx.execute(sa.update(persons).values(left_on=post.now.date()))
    await post.deliver()
    assert (post.telegram.said, await post.state("k")) == ([], DROPPED)


async def test_a_notice_is_dropped_once_it_is_of_no_use_even_when_it_has_been_tried(
    post: Post,
) -> None:
    until = post.now + timedelta(minutes=30)
    await post.notice("late", useful_until=until)
    await post.notice("in time", chat="boris", useful_until=until)
    post.telegram.failures["anya"] = [NotSent("refused")]
    await post.deliver()
    assert [await post.state(key) for key in ("late", "in time")] == [PLANNED, SENT]
    post.now = until
    await post.deliver_for(5)
    assert await post.state("late") == DROPPED
    assert post.telegram.said == ["late 1", "in time 1"]


async def test_a_newer_version_of_a_card_stands_in_for_an_older_one(post: Post) -> None:
    for key in ("1", "2", "3"):
        await post.replies(key, card="day", payload={"text": key, "card": "day"})
    await post.deliver(rounds=4)
    assert post.telegram.said == ["3"]
    assert [await post.state(key) for key in "123"] == [DROPPED, DROPPED, SENT]


async def card(post: Post, key: str, *, edit: bool) -> None:
    await post.replies(key, card="day", payload={"text": key, "card": "day", "edit": edit})
    await post.deliver()


async def test_a_card_changes_in_place(post: Post) -> None:
    for key, edit in (("1", False), ("2", True), ("3", False), ("4", True)):
        await card(post, key, edit=edit)
    assert [(call.text, call.edits) for call in post.telegram.calls] == [
        ("1", ""),
        ("2", "message 1"),
        ("3", ""),
        ("4", "message 3"),
    ]


async def test_a_change_that_is_refused_becomes_a_new_message(post: Post) -> None:
    await card(post, "1", edit=False)
    post.telegram.edit_failures["anya"] = [EditRejected("too old")]
    await card(post, "2", edit=True)
    await card(post, "3", edit=True)
    assert [(call.text, call.edits) for call in post.telegram.calls] == [
        ("1", ""),
        ("2", "message 1"),
        ("2", ""),
        ("3", "message 3"),
    ]
    assert await post.state("2") == SENT


async def test_a_database_in_trouble_is_no_reason_to_give_a_notice_up(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = sqlite3.OperationalError("disk I/O error")
    trouble.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
    failures = [trouble]

    async def render(_reader: Reader) -> Reply | None:
        if failures:
            raise failures.pop()
        return Reply("in the end")

    monkeypatch.setitem(notices.KINDS, "read", Kind(render))
    await post.notice("k", kind="read")
    with pytest.raises(sqlite3.OperationalError):
        await post.deliver()
    await post.deliver()
    assert post.telegram.said == ["in the end"]


async def test_a_change_of_a_card_that_was_never_shown_is_a_new_message(post: Post) -> None:
    await card(post, "1", edit=True)
    assert [(call.text, call.edits) for call in post.telegram.calls] == [("1", "")]


async def test_a_notice_that_cannot_be_rendered_is_dead_and_stops_nobody(post: Post) -> None:
    await post.notice("unrenderable")
    await post.notice("unknown kind", kind="of a later version")
    await post.notice("fine")
    await post.deliver(rounds=3)
    assert post.telegram.said == ["fine 1"]
    assert [await post.state(key) for key in ("unrenderable", "unknown kind")] == [DEAD, DEAD]


async def test_a_rendering_that_the_database_refuses_leaves_nothing_and_stops_nobody(
    unlucky: tuple[Unlucky, Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, post = unlucky

    async def break_the_transaction(reader: Reader) -> Reply | None:
        await files.add(reader.tx, files.Blob("half", 1, "text/plain"), post.now)
        await reader.tx.execute(sa.text("INSERT INTO persons (id) VALUES (1)"))
        return Reply("never")

    monkeypatch.setitem(notices.KINDS, "broken", Kind(break_the_transaction))
    await post.notice("bad", kind="broken")
    await post.notice("good", chat="boris")
    await post.deliver()
    assert post.telegram.said == ["good 1"]
    assert (await post.state("bad"), await post.state("good")) == (DEAD, SENT)
    async with post.database.read() as tx:
        assert not await tx.scalar(sa.text("SELECT count(*) FROM files WHERE sha256 = 'half'"))


async def test_a_file_goes_along_by_its_path(post: Post) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield photo("1").content

    blob = await post.store.save(content(), 1000)
    async with post.database.write() as tx:
        file_id = await files.add(tx, blob, post.now)
    stored = {"file_id": file_id, "kind": "photo", "name": "лист 1"}
    await post.replies("k", payload={"text": "k", "files": [stored]})
    await post.deliver()
    (sent,) = post.telegram.calls[0].files
    assert (sent.path.read_bytes(), sent.name) == (photo("1").content, "лист 1")
    assert (sent.content_type, sent.sha256) == ("image/jpeg", blob.sha256)


async def test_a_random_id_is_a_positive_int32_of_its_own_for_ever(post: Post) -> None:
    for number in range(15):
        await post.notice(f"n{number}", chat=f"chat {number}", lane="vk")
        post.vk.failures[f"chat {number}"] = [NotSent("refused")]
    await post.crash()
    await post.deliver_for(60, "vk")
    await post.crash()
    await post.deliver_for(60, "vk")
    by_chat = sorted((call.chat, call.random_id) for call in post.vk.calls)
    numbers = [
        {random_id for _, random_id in found} for _, found in groupby(by_chat, lambda one: one[0])
    ]
    assert [len(found) for found in numbers] == [1] * 15
    everyone = set().union(*numbers)
    assert len(everyone) == 15
    assert all(0 < random_id < 2**31 for random_id in everyone)


async def test_a_letter_has_a_subject(post: Post) -> None:
    await post.notice("k", lane="mail", chat="mariya.sokolova@pochta.example")
    await post.deliver("mail")
    assert '"subject":"' in (await post.message("k")).rendered


async def test_a_lane_wakes_at_a_commit_and_outlives_a_failure(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "REST_SECONDS", 10 * PATIENCE)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await asyncio.sleep(0.02)
        await post.replies("1")
        await becomes(post, "1", SENT)
        running.cancel()


async def test_a_stop_that_coincides_with_news_is_not_overlooked(post: Post) -> None:
    """`asyncio.wait_for` of Python 3.11 swallows a cancellation that comes with the result."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await asyncio.sleep(0.02)
        post.database.spread([outbox.replies_on("telegram")])
        running.cancel()


async def becomes(post: Post, key: str, state: str) -> None:
    for _ in range(10_000):
        if await post.state(key) == state:
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"{key} is {await post.state(key)}")


async def on_their_way(post: Post, requests: int) -> None:
    for _ in range(10_000):
        if post.telegram.at_once >= requests:
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"{post.telegram.at_once} are on their way")


async def test_a_request_that_hangs_holds_up_nobody_but_its_chat(post: Post) -> None:
    release = asyncio.Event()

    async def hang(chat: str) -> None:
        if chat == "slow":
            await release.wait()

    post.telegram.before = hang
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await post.replies("slow 1", "slow 2", chat="slow")
        await becomes(post, "slow 1", SENDING)
        for number in range(25):
            await post.replies(f"r{number}", chat=f"chat {number % 5}")
        await becomes(post, "r24", SENT)
        assert await post.state("slow 1") == SENDING
        assert await post.state("slow 2") == PLANNED
        release.set()
        await becomes(post, "slow 2", SENT)
        running.cancel()


async def test_a_lane_that_is_stopped_sees_through_what_is_on_its_way_and_begins_nothing(
    post: Post,
) -> None:
    is_asked, release = asyncio.Event(), asyncio.Event()

    async def hold(_chat: str) -> None:
        is_asked.set()
        await release.wait()

    post.telegram.before = hold
    lane = post.lanes["telegram"]
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(lane.run())
        await post.replies("1", "2")
        await is_asked.wait()
        stopping = group.create_task(lane.stop())
        await asyncio.sleep(0.01)
        assert not stopping.done()
        release.set()
        await stopping
        running.cancel()
    assert [await post.state(key) for key in "12"] == [SENT, PLANNED]


async def test_a_lane_that_does_not_come_to_rest_is_not_waited_for_for_ever(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "STOP_SECONDS", 0.02)
    post.telegram.before = lambda _chat: asyncio.sleep(10 * PATIENCE)
    lane = post.lanes["telegram"]
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(lane.run())
        await post.replies("1")
        await becomes(post, "1", SENDING)
        await lane.stop()
        running.cancel()
    assert await post.state("1") == SENDING


async def test_at_most_a_group_is_on_its_way_when_a_process_is_killed(post: Post) -> None:
    post.telegram.before = lambda _chat: asyncio.sleep(10 * PATIENCE)
    for number in range(delivery.GROUP + 5):
        await post.notice(f"n{number}", chat=f"notice {number}")
        await post.replies(f"r{number}", chat=f"reply {number}")
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        running = group.create_task(post.lanes["telegram"].run())
        await on_their_way(post, delivery.GROUP)
        post.database.spread([outbox.replies_on("telegram"), outbox.notices_on("telegram")])
        await asyncio.sleep(0.05)
        running.cancel()
    async with post.database.read() as tx:
        assert len(await outbox.in_state(tx, "telegram", SENDING)) == delivery.GROUP
