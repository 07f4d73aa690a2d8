"""What is known of a message after each way in which sending it can fail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from handlers.messages import CAPTION_CHARS, TEXT_CHARS
from handlers.texts import Texts
from scheduler import outcomes
from scheduler.messenger import (
    FloodWait,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Scope,
    TokenRefused,
)
from storage import files, outbox
from storage.files import Blob
from storage.outbox import DEAD, DROPPED, PLANNED, SENDING, SENT, UNKNOWN
from storage.tables import messages
from tests.scheduler.post import Post

HOUR = 3600.0


def repeated(text: str) -> str:
    return f"{Texts()('repeat-mark')} {text}"


async def test_a_definite_failure_is_tried_again_after_a_pause(post: Post) -> None:
    post.telegram.failures["anya"] = [NotSent("refused")]
    await post.replies("1")
    await post.deliver(rounds=3)
    assert (await post.state("1"), len(post.telegram.calls)) == (PLANNED, 1)
    await post.deliver_for(3)
    assert (await post.state("1"), post.telegram.said) == (SENT, ["1", "1"])


async def test_half_a_character_in_a_refusal_stops_nobody(post: Post) -> None:
    post.telegram.failures["anya"] = [Rejected("can't parse \ud83d\0")]
    await post.replies("1")
    await post.replies("b", chat="boris")
    await post.deliver(rounds=2)
    assert [await post.state(key) for key in ("1", "b")] == [DEAD, SENT]


async def test_a_reply_with_half_a_character_stops_nobody(post: Post) -> None:
    if not post.database.is_sqlite:
        pytest.skip("PostgreSQL keeps no such reply")
    await post.replies("1", payload={"text": "Анна \ud83d"})
    await post.replies("b", chat="boris")
    await post.deliver(rounds=2)
    assert [await post.state(key) for key in ("1", "b")] == [DEAD, SENT]


async def test_order_in_a_chat_is_kept_while_its_first_message_is_retried(post: Post) -> None:
    post.telegram.failures["anya"] = [NotSent("refused")] * 3
    await post.replies("1", "2", "3")
    await post.notice("4")
    await post.deliver_for(60)
    assert post.telegram.said == ["1", "1", "1", "1", "2", "3", "4 1"]


async def test_a_message_that_fails_stops_no_other_chat(post: Post) -> None:
    post.telegram.failures["anya"] = [NotSent("of this chat alone")] * 1000
    await post.replies("bad")
    for number in range(40):
        await post.replies(f"good {number}", chat=f"chat {number}")
        before = post.time.seconds
        await post.deliver(rounds=2)
        assert await post.state(f"good {number}") == SENT
        assert post.time.seconds - before < 2
        post.time.seconds += 10


async def test_a_platform_that_is_away_is_asked_seldom_and_nothing_is_given_up(
    post: Post,
) -> None:
    for number in range(30):
        await post.replies(f"r{number}", chat=f"chat {number}")
        post.telegram.failures[f"chat {number}"] = [NotSent("no route")] * 10_000
    await post.deliver_for(HOUR / 4)
    first = len(post.telegram.calls)
    await post.deliver_for(HOUR / 6)
    assert (len(post.telegram.calls) - first) / 10 < 30
    post.telegram.failures.clear()
    await post.deliver_for(10 * 60)
    assert {await post.state(f"r{number}") for number in range(30)} == {SENT}
    assert len(set(post.telegram.said[-30:])) == 30


@pytest.mark.parametrize(
    "failure",
    [TokenRefused("401"), NotSent("no route"), FloodWait(300), FloodWait(300, Scope.LANE)],
    ids=repr,
)
async def test_a_message_outlives_many_hours_without_the_platform(
    post: Post, failure: Exception
) -> None:
    post.telegram.failures["anya"] = [failure] * 10_000
    await post.replies("1")
    await post.deliver_for(4 * HOUR)
    assert await post.state("1") == PLANNED
    post.telegram.failures.clear()
    await post.deliver_for(600)
    assert await post.state("1") == SENT


async def test_a_message_that_is_never_taken_is_given_up_in_the_end(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "MOST_ATTEMPTS", 5)
    post.telegram.failures["anya"] = [NotSent("500 for this one")] * 10_000
    await post.replies("1", "2")
    await post.deliver_for(HOUR)
    assert await post.state("1") == DEAD


async def test_flood_control_of_one_lane_is_not_another_lanes(post: Post) -> None:
    post.telegram.failures["anya"] = [FloodWait(37, Scope.LANE)]
    await post.replies("1")
    await post.deliver()
    await post.replies("2", lane="vk")
    held_at = post.time.seconds
    await post.deliver("vk")
    assert (post.time.seconds, post.vk.said) == (held_at, ["2"])


async def test_what_will_never_be_taken_is_dead_at_once_and_the_next_one_leaves(
    post: Post,
) -> None:
    post.telegram.failures["anya"] = [Rejected("400 can't parse")]
    await post.replies("1", "2")
    await post.deliver(rounds=3)
    assert [await post.state(key) for key in "12"] == [DEAD, SENT]


async def test_who_waits_for_an_answer_hears_once_that_a_part_of_it_cannot_be_shown(
    post: Post,
) -> None:
    """The photos of a work whose files are gone, then the card to mark it."""
    unshown = Texts()("reply-unshown")
    post.telegram.failures["anya"] = [Rejected("a stored file cannot be read")] * 2
    await post.replies("reply|7|0", "reply|7|1", "reply|7|2")
    await post.deliver(rounds=6)
    assert post.telegram.said == ["reply|7|0", "reply|7|1", "reply|7|2", unshown]
    post.telegram.failures["anya"] = [Rejected("400")] * 2
    await post.replies("reply|8|0")
    await post.deliver(rounds=6)
    assert post.telegram.said[4:] == ["reply|8|0", unshown]


@pytest.mark.parametrize("failure", [OutcomeUnknown("timeout"), KeyError("a defect of ours")])
async def test_vk_is_asked_again_with_the_same_number_and_the_same_words(
    post: Post, failure: Exception
) -> None:
    post.vk.failures["anya"] = [failure, failure]
    await post.notice("k", lane="vk")
    await post.deliver_for(20, "vk")
    assert post.vk.said == ["k 1"] * 3
    assert len({call.random_id for call in post.vk.calls}) == 1
    assert await post.state("k") == SENT


async def test_vk_is_not_asked_for_ever_by_a_defect_of_ours(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "MOST_ATTEMPTS", 5)
    post.vk.failures["anya"] = [KeyError("a defect of ours")] * 10
    await post.replies("1", "2", lane="vk")
    await post.deliver_for(HOUR, "vk")
    assert await post.state("1") == UNKNOWN
    assert post.vk.said.count("1") == 6


async def test_what_ended_without_an_answer_is_forgotten(post: Post) -> None:
    """Refused, and then of no use: nothing says so but the outbox."""
    until = post.now + timedelta(minutes=1)
    await post.notice("n", useful_until=until)
    post.telegram.failures["anya"] = [NotSent("refused")]
    await post.deliver()
    assert post.backoffs["telegram"].remembered() == 1
    post.now += timedelta(minutes=1)
    await post.deliver_for(10)
    assert await post.state("n") == DROPPED
    assert post.backoffs["telegram"].remembered() == 0


async def test_a_reply_that_may_have_arrived_goes_to_telegram_again_marked_once(
    post: Post,
) -> None:
    post.telegram.failures["anya"] = [OutcomeUnknown("timeout")] * 3
    await post.replies("1", "2")
    await post.deliver_for(60)
    assert post.telegram.said == ["1", repeated("1"), repeated("1"), repeated("1"), "2"]


async def test_what_must_be_heard_is_repeated_and_a_nudge_is_not(post: Post) -> None:
    for chat in ("anya", "boris"):
        post.telegram.failures[chat] = [OutcomeUnknown("timeout")]
    await post.notice("nudge")
    await post.notice("answer", chat="boris", kind="answer")
    await post.deliver_for(60)
    assert sorted(post.telegram.said) == [repeated("answer 1"), "answer 1", "nudge 1"]
    assert [await post.state(key) for key in ("nudge", "answer")] == [UNKNOWN, SENT]


async def test_a_chat_goes_on_after_a_nudge_of_which_nobody_knows(post: Post) -> None:
    post.telegram.failures["anya"] = [OutcomeUnknown("timeout")]
    await post.notice("nudge")
    await post.deliver()
    await post.notice("next")
    await post.replies("reply")
    await post.deliver_for(5)
    assert post.telegram.said == ["nudge 1", "reply", "next 1"]


async def test_a_reply_is_not_repeated_for_ever(post: Post) -> None:
    post.telegram.failures["anya"] = [OutcomeUnknown("timeout")] * 1000
    await post.replies("1", "2")
    await post.deliver_for(8 * HOUR)
    assert post.telegram.said.count(repeated("1")) < 20
    assert await post.state("1") == UNKNOWN


async def test_an_outage_before_it_does_not_count_against_a_repeat(post: Post) -> None:
    post.telegram.failures["anya"] = [NotSent("no route")] * 30 + [OutcomeUnknown("timeout")]
    await post.replies("1")
    await post.deliver_for(8 * HOUR)
    assert (post.telegram.said[-1], await post.state("1")) == (repeated("1"), SENT)


async def test_a_card_of_which_nobody_knows_is_shown_again_without_a_mark(post: Post) -> None:
    post.telegram.failures["anya"] = [OutcomeUnknown("timeout")]
    await post.replies("1", card="day", payload={"text": "1", "card": "day"})
    await post.deliver_for(5)
    assert post.telegram.said == ["1", "1"]


@pytest.mark.parametrize("files_too", [False, True], ids=["text", "caption"])
async def test_a_long_reply_is_marked_while_there_is_room(post: Post, *, files_too: bool) -> None:
    limit = CAPTION_CHARS if files_too else TEXT_CHARS
    room = limit - len(repeated(""))
    async with post.database.write() as tx:
        file_id = await files.add(tx, Blob("ab" * 32, 1, "image/jpeg"), post.now)
    attached = [{"file_id": file_id, "kind": "photo"}] if files_too else []
    for chat, length in (("fits", room), ("full", room + 1)):
        payload = {"text": "x" * length, "files": attached}
        await post.replies(chat, chat=chat, payload=payload)
        post.telegram.failures[chat] = [OutcomeUnknown("timeout")]
    await post.deliver_for(10)
    told = [len(text) for text in post.telegram.said]
    assert (told[:2], sorted(told[2:])) == ([room, room + 1], [room + 1, limit])


async def test_after_a_crash_what_was_on_its_way_is_judged_as_unknown(post: Post) -> None:
    await post.replies("reply", chat="boris")
    await post.notice("nudge")
    await post.notice("answer", chat="vera", kind="answer")
    await post.notice("vk", lane="vk")
    await post.notice("waiting", chat="galya")
    for key in ("reply", "nudge", "answer", "vk"):
        found = await post.message(key)
        async with post.database.write() as tx:
            await outbox.sending(tx, found, f'{{"text":"{key}"}}')
    await post.crash()
    assert [await post.state(key) for key in ("reply", "nudge", "answer", "vk")] == [
        PLANNED,
        UNKNOWN,
        PLANNED,
        PLANNED,
    ]
    started_at = post.time.seconds
    await post.deliver()
    await post.deliver("vk")
    assert post.time.seconds - started_at < 1, "what was interrupted need not rest"
    assert sorted(post.telegram.said) == [repeated("answer"), repeated("reply"), "waiting 1"]
    assert post.vk.said == ["vk"]


async def test_a_crash_between_the_answer_and_its_record_repeats_with_the_same_number(
    post: Post,
) -> None:
    await post.crash()
    await post.notice("k", lane="vk")
    await post.deliver("vk")
    async with post.database.write() as tx:  # as if it had never been noted
        await tx.execute(sa.update(messages.outbox).values(state=PLANNED))
    found = await post.message("k")
    async with post.database.write() as tx:
        assert await outbox.sending(tx, found, found.rendered)
    await post.crash()
    await post.deliver("vk")
    assert len(post.vk.calls) == 2
    assert len({(call.text, call.random_id) for call in post.vk.calls}) == 1


async def test_a_restart_leaves_alone_what_was_given_up(post: Post) -> None:
    post.telegram.failures["anya"] = [OutcomeUnknown("timeout")]
    await post.notice("nudge")
    await post.deliver()
    for _ in range(2):
        await post.crash()
        await post.deliver()
    assert (await post.state("nudge"), post.telegram.said) == (UNKNOWN, ["nudge 1"])


async def test_a_kind_that_nobody_knows_any_more_does_not_stop_the_start(post: Post) -> None:
    await post.notice("k", kind="of an older version")
    async with post.database.write() as tx:
        await outbox.sending(tx, await post.message("k"), '{"text":"k"}')
    assert await post.state("k") == SENDING
    await post.crash()
    assert await post.state("k") == UNKNOWN
