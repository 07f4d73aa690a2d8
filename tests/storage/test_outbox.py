import asyncio
from datetime import timedelta
from functools import partial

import pytest

from storage import cards, outbox, queue
from storage.database import Database, Tx
from storage.outbox import DEAD, DROPPED, PLANNED, SENDING, SENT, UNKNOWN
from tests.storage.rows import Rows

MINUTE = timedelta(minutes=1)


async def change(rows: Rows, key: str, state: str) -> None:
    """Take a message through what leads to a state."""
    message = await rows.message(key)
    number, leaves = message.id, state in (SENDING, SENT, UNKNOWN)
    by = message.lane if leaves or message.state == SENDING else ""
    async with rows.database.write() as tx:
        if leaves and message.state == PLANNED:
            assert await outbox.sending(tx, message, '{"text": "rendered"}')
        if state == SENT:
            await outbox.sent(tx, number, "77", rows.now)
        elif state in (DEAD, DROPPED, UNKNOWN):
            await outbox.finish(tx, number, state, "because", by=by)


async def test_a_key_is_unique_for_ever(rows: Rows) -> None:
    assert await rows.plan(rows.notice("k"), rows.notice("k"), rows.notice("l")) == 2
    for state in (SENT, DROPPED):
        await change(rows, "k", state)
        assert await rows.plan(rows.notice("k", chat="other")) == 0
    assert (await rows.message("k")).address == "anya"


async def test_two_who_plan_the_same_notice_at_once_plan_it_once(rows: Rows) -> None:
    async with asyncio.TaskGroup() as group:
        plans = [group.create_task(rows.plan(rows.notice("k"))) for _ in range(4)]
    assert sorted(plan.result() for plan in plans) == [0, 0, 0, 1]


async def test_a_message_keeps_everything_it_was_planned_with(rows: Rows) -> None:
    planned = rows.notice(
        "k", school_id=1, object="task:7:2", person_id=5, card="day", payload={"число": [1, "два"]}
    )
    await rows.plan(planned)
    found = await rows.message("k")
    assert (found.school_id, found.object, found.person_id) == (1, "task:7:2", 5)
    assert (found.card, found.payload, found.rendered) == ("day", {"число": [1, "два"]}, "")
    assert (found.state, found.attempts, found.created_at) == (PLANNED, 0, rows.now)


async def test_who_is_bound_nowhere_gets_a_dead_message_for_the_list(rows: Rows) -> None:
    await rows.plan(rows.notice("k", lane="", address=""))
    assert (await rows.message("k")).state == DEAD
    assert await rows.due(lane="") == []


async def test_what_a_chat_that_was_cut_off_should_have_had_begins_anew_in_the_next(
    rows: Rows,
) -> None:
    ahead = {"person_id": 5, "send_after": rows.now + MINUTE}
    reasons = {"tried": outbox.NOT_BOUND, "refused": "the chat is closed"}
    await rows.plan(
        *(rows.notice(key, key, **ahead) for key in reasons),
        rows.notice("due", person_id=5),
        rows.notice("of another", "boris", **{**ahead, "person_id": 6}),
    )
    await change(rows, "tried", SENDING)  # by a clock that has been set back since
    keys = (*reasons, "due", "of another")
    numbers = {key: (await rows.message(key)).id for key in keys}
    async with rows.database.write() as tx:
        assert await outbox.again(tx, numbers["tried"], "away", by="telegram")
        for key, number in numbers.items():
            reason = reasons.get(key, outbox.NOT_BOUND)
            assert await outbox.finish(tx, number, DEAD, reason)
        assert await outbox.revive(tx, 5, "vk", "anya-vk", rows.now) == 1
    found = await rows.message("tried")
    assert (found.state, found.lane, found.address) == (PLANNED, "vk", "anya-vk")
    assert (found.rendered, found.attempts) == ("", 0)
    others = [await rows.message(key) for key in ("refused", "due", "of another")]
    assert {one.state for one in others} == {DEAD}


async def test_replies_leave_before_notices(rows: Rows) -> None:
    await rows.plan(
        rows.notice("n1", "boris"), rows.reply("r1", "vera"), rows.notice("n2", "galya")
    )
    assert await rows.due() == ["r1", "n1", "n2"]
    assert await rows.due(limit=1) == ["r1"]


async def test_a_chat_is_first_in_first_out_and_one_at_a_time(rows: Rows) -> None:
    await rows.plan(rows.reply("1"), rows.reply("2"), rows.reply("3"))
    for key in "123":
        assert await rows.due() == [key]
        await change(rows, key, SENDING)
        assert await rows.due() == []
        await change(rows, key, SENT)
    assert await rows.due() == []


async def test_chats_do_not_wait_for_each_other(rows: Rows) -> None:
    await rows.plan(rows.reply("a1", "anya"), rows.reply("a2", "anya"), rows.reply("b1", "boris"))
    await change(rows, "a1", SENDING)
    assert await rows.due() == ["b1"]
    assert await rows.due(lane="vk") == []


async def test_a_notice_waits_for_earlier_notices_that_are_due_but_not_for_later_hours(
    rows: Rows,
) -> None:
    await rows.plan(
        rows.notice("evening", send_after=rows.now + 10 * MINUTE),
        rows.notice("first"),
        rows.notice("second"),
    )
    assert await rows.due() == ["first"]
    assert await rows.due(after=10 * MINUTE) == ["evening"]


async def test_a_reply_overtakes_a_notice_but_not_a_reply(rows: Rows) -> None:
    await rows.plan(rows.notice("n"), rows.reply("r1"), rows.reply("r2"))
    assert await rows.due() == ["r1"]
    await change(rows, "r1", SENT)
    assert await rows.due() == ["r2"]
    await change(rows, "r2", SENT)
    assert await rows.due() == ["n"]


async def test_a_later_notice_waits_for_an_earlier_reply_that_rests(rows: Rows) -> None:
    await rows.plan(rows.reply("r"), rows.notice("n"))
    resting = (await rows.message("r")).id
    async with rows.database.read() as tx:
        assert await queue.due(tx, "telegram", rows.now, 10, but_not=[resting]) == []


async def test_nothing_leaves_before_its_hour(rows: Rows) -> None:
    await rows.plan(rows.notice("later", send_after=rows.now + MINUTE))
    assert await rows.due() == []
    assert await rows.due(after=MINUTE) == ["later"]


@pytest.mark.parametrize("end", [SENT, DEAD, DROPPED, UNKNOWN])
async def test_whatever_became_of_a_message_the_next_one_leaves(rows: Rows, end: str) -> None:
    await rows.plan(rows.notice("1"), rows.notice("2"), rows.reply("3"))
    await change(rows, "1", end)
    assert await rows.due() == ["3"]
    await change(rows, "3", end)
    assert await rows.due() == ["2"]


async def test_the_words_and_the_attempt_are_noted_before_the_request(rows: Rows) -> None:
    await rows.plan(rows.notice("k"))
    await change(rows, "k", SENDING)
    found = await rows.message("k")
    assert (found.state, found.rendered, found.attempts) == (SENDING, '{"text": "rendered"}', 1)
    async with rows.database.write() as tx:
        assert await outbox.again(tx, found.id, "refused", by="telegram")
    again = await rows.message("k")
    assert (again.state, again.rendered, again.attempts) == (PLANNED, found.rendered, 1)


async def test_another_way_begins_anew(rows: Rows) -> None:
    await rows.plan(rows.notice("k"))
    await change(rows, "k", SENDING)
    async with rows.database.write() as tx:
        number = (await rows.message("k")).id
        assert await outbox.reroute(tx, number, "vk", "anya-vk", by="telegram")
    found = await rows.message("k")
    assert (found.lane, found.address, found.rendered, found.attempts) == ("vk", "anya-vk", "", 0)
    assert await rows.due() == []
    assert await rows.due(lane="vk") == ["k"]


async def test_when_it_was_sent_is_known_only_once_it_was(rows: Rows) -> None:
    await rows.plan(rows.notice("k"))
    async with rows.database.read() as tx:
        assert await outbox.sent_at(tx, "k") is None
    await change(rows, "k", SENT)
    async with rows.database.read() as tx:
        assert await outbox.sent_at(tx, "k") == rows.now
        assert await outbox.exists(tx, "k")
        assert not await outbox.exists(tx, "nobody")


async def test_a_card_has_one_newest_message_a_chat(rows: Rows) -> None:
    async with rows.database.write() as tx:
        assert await cards.message_of(tx, "telegram", "anya", "day") == ""
        await cards.shown_by(tx, "telegram", "anya", "day", "10")
        await cards.shown_by(tx, "telegram", "anya", "day", "12")
        await cards.shown_by(tx, "telegram", "boris", "day", "11")
        await cards.shown_by(tx, "vk", "anya", "day", "13")
        assert await cards.message_of(tx, "telegram", "anya", "day") == "12"
        assert await cards.message_of(tx, "telegram", "anya", "draft") == ""


@pytest.mark.parametrize(
    ("older", "newer", "superseded"),
    [
        ({"edit": True}, {"edit": True}, True),
        ({"edit": True}, {}, True),
        ({}, {}, True),
        ({}, {"edit": True}, False),
    ],
    ids=["edit, edit", "edit, new", "new, new", "new, edit"],
)
async def test_a_version_of_a_card_gives_way_to_a_newer_one_that_shows_at_least_as_much(
    rows: Rows, older: dict[str, bool], newer: dict[str, bool], *, superseded: bool
) -> None:
    """A card that was asked for anew stands at the bottom, whatever a press changes after it."""
    await rows.plan(
        rows.reply("old", card="day", payload=older),
        rows.reply("other chat", "boris", card="day", payload={}),
        rows.reply("other card", card="draft", payload={}),
    )
    old = await rows.message("old")
    async with rows.database.read() as tx:
        assert not await cards.is_superseded(tx, old)
    await rows.plan(rows.reply("new", card="day", payload=newer))
    async with rows.database.read() as tx:
        assert await cards.is_superseded(tx, old) is superseded
        assert not await cards.is_superseded(tx, await rows.message("new"))


async def test_a_version_that_has_left_already_supersedes_nothing(rows: Rows) -> None:
    await rows.plan(rows.reply("old", card="day"), rows.reply("new", card="day"))
    await change(rows, "new", DEAD)
    async with rows.database.read() as tx:
        assert not await cards.is_superseded(tx, await rows.message("old"))


async def test_what_is_planned_about_an_object_can_be_dropped_and_what_left_cannot(
    rows: Rows,
) -> None:
    about = {"object": "task:7:1"}
    await rows.plan(*(rows.notice(key, key, **about) for key in ("planned", "sending", "sent")))
    await rows.plan(rows.notice("other", object="task:8:1"))
    await change(rows, "sending", SENDING)
    await change(rows, "sent", SENT)
    async with rows.database.write() as tx:
        assert await outbox.drop_planned(tx, "nudge", "task:7:1", "it came in") == 1
        states = [message.state for message in await outbox.about(tx, "nudge", "task:7:1")]
    assert states == [DROPPED, SENDING, SENT]
    assert (await rows.message("other")).state == PLANNED


async def test_what_another_chat_would_bring_back_is_ahead_and_can_be_dropped(rows: Rows) -> None:
    about = partial(rows.notice, object="task:7:1", person_id=5)
    later = rows.now + MINUTE
    await rows.plan(
        about("planned"),
        about("unbound", "", lane="", send_after=later),
        about("missed", "", lane=""),
        about("refused", "boris", send_after=later),
        about("other", "", lane="", send_after=later, object="task:8:1"),
    )
    await change(rows, "refused", DEAD)
    async with rows.database.write() as tx:
        found = await outbox.ahead(tx, "nudge", "task:7:1", rows.now)
        assert [message.key for message in found] == ["planned", "unbound"]
        assert await outbox.drop_planned(tx, "nudge", "task:7:1", "it came in", now=rows.now) == 2
        assert not await outbox.ahead(tx, "nudge", "task:7:1", rows.now)
        assert await outbox.revive(tx, 5, "vk", "anya-vk", rows.now) == 1
    keys = ("planned", "unbound", "missed", "refused", "other")
    states = [(await rows.message(key)).state for key in keys]
    assert states == [DROPPED, DROPPED, DEAD, DEAD, PLANNED]


async def test_the_next_instant_at_which_something_leaves(rows: Rows) -> None:
    await rows.plan(
        rows.notice("1"),
        rows.notice("2", send_after=rows.now + MINUTE),
        rows.notice("3", send_after=rows.now + 2 * MINUTE),
    )
    async with rows.database.read() as tx:
        assert await outbox.next_due(tx, rows.now) == rows.now + MINUTE
        assert await outbox.next_due(tx, rows.now + MINUTE) == rows.now + 2 * MINUTE
        assert await outbox.next_due(tx, rows.now + 2 * MINUTE) is None


async def test_a_house_is_at_rest_when_its_lanes_have_nothing_under_way(rows: Rows) -> None:
    await rows.plan(
        rows.notice("due"),
        rows.notice("later", "vera", send_after=rows.now + MINUTE),
        rows.notice("of another", lane="vk"),
        rows.notice("nobody knows", "galya"),
    )
    await change(rows, "nobody knows", UNKNOWN)
    async with rows.database.read() as tx:
        assert await outbox.unfinished(tx, ["telegram"], rows.now) == 1
        assert await outbox.unfinished(tx, ["telegram", "vk"], rows.now + MINUTE) == 3
    await change(rows, "due", SENDING)
    async with rows.database.read() as tx:
        assert await outbox.unfinished(tx, ["telegram"], rows.now) == 1
    await change(rows, "due", SENT)
    async with rows.database.read() as tx:
        assert await outbox.unfinished(tx, ["telegram"], rows.now) == 0


async def test_what_a_kind_was_ever_told_about(rows: Rows) -> None:
    await rows.plan(
        rows.notice("1", object="person:5"),
        rows.notice("2", object="person:5", kind="other"),
        rows.notice("3", object="person:6"),
        rows.notice("4", object="person:7"),
        rows.notice("5", object="person:8", kind="other"),
    )
    await change(rows, "3", DROPPED)
    asked = ["person:5", "person:6", "person:8"]
    async with rows.database.read() as tx:
        assert await outbox.told_about(tx, "nudge", asked) == {"person:5", "person:6"}


async def test_what_was_changed_meanwhile_is_not_noted_as_sending(rows: Rows) -> None:
    await rows.plan(rows.notice("cut off"), rows.notice("gone", "boris"))
    cut_off, gone = await rows.message("cut off"), await rows.message("gone")
    async with rows.database.write() as tx:
        await outbox.reroute(tx, cut_off.id, "vk", "anya-vk")
        await outbox.finish(tx, gone.id, DROPPED, "because")
        assert not await outbox.sending(tx, cut_off, "words")
        assert not await outbox.sending(tx, gone, "words")
    assert [(await rows.message(key)).attempts for key in ("cut off", "gone")] == [0, 0]


async def test_what_left_meanwhile_is_neither_sent_another_way_nor_given_up(rows: Rows) -> None:
    """PostgreSQL lets a lane commit between somebody's look at a message and the change of it."""
    await rows.plan(rows.notice("1"), rows.notice("2", "boris"))
    looked_at = [await rows.message(key) for key in "12"]
    for key, state in zip("12", (SENDING, SENT), strict=True):
        await change(rows, key, state)
    async with rows.database.write() as tx:
        for message in looked_at:
            assert not await outbox.reroute(tx, message.id, "vk", "anya-vk")
            assert not await outbox.finish(tx, message.id, DEAD, "because")
    found = [await rows.message(key) for key in "12"]
    assert [(one.state, one.lane) for one in found] == [(SENDING, "telegram"), (SENT, "telegram")]


@pytest.mark.parametrize("meanwhile", [PLANNED, SENT, DEAD, "another way"])
async def test_only_what_a_lane_has_on_its_way_is_the_lanes_to_settle(
    rows: Rows, meanwhile: str
) -> None:
    await rows.plan(rows.notice("k"))
    number = (await rows.message("k")).id
    if meanwhile == "another way":
        async with rows.database.write() as tx:
            assert await outbox.reroute(tx, number, "vk", "anya-vk")
            assert await outbox.sending(tx, await _in(tx, "vk"), "words")
    elif meanwhile != PLANNED:
        await change(rows, "k", meanwhile)
    before = await rows.message("k")
    async with rows.database.write() as tx:
        assert not await outbox.again(tx, number, "refused", by="telegram")
        assert not await outbox.reroute(tx, number, "mail", "a@example.org", by="telegram")
        assert not await outbox.finish(tx, number, UNKNOWN, "because", by="telegram")
    assert await rows.message("k") == before


async def _in(tx: Tx, lane: str) -> outbox.Message:
    (message,) = await outbox.in_state(tx, lane, PLANNED)
    return message


async def test_who_settles_at_the_same_instant_as_a_lane_waits_and_then_changes_nothing(
    rows: Rows,
) -> None:
    await rows.plan(rows.notice("k"))
    planned = await rows.message("k")
    is_noted, results = asyncio.Event(), []

    async def leave() -> None:
        async with rows.database.write() as tx:
            results.append(await outbox.sending(tx, planned, "words"))
            is_noted.set()
            await asyncio.sleep(0.1)

    async def readdress() -> None:
        await is_noted.wait()
        async with rows.database.write() as tx:
            results.append(await outbox.reroute(tx, planned.id, "vk", "anya-vk"))

    async with asyncio.TaskGroup() as group:
        group.create_task(leave())
        group.create_task(readdress())
    assert results == [True, False]
    found = await rows.message("k")
    assert (found.state, found.lane) == (SENDING, "telegram")


async def test_what_is_planned_for_a_chat(rows: Rows) -> None:
    await rows.plan(
        rows.notice("1"), rows.notice("2", "boris"), rows.reply("3"), rows.notice("4", lane="vk")
    )
    await change(rows, "3", SENT)
    async with rows.database.read() as tx:
        assert [one.key for one in await outbox.planned_to(tx, "telegram", "anya")] == ["1"]


async def test_the_salt_of_an_installation_stays(database: Database) -> None:
    async with database.read() as tx:
        first = await outbox.salt(tx)
    async with database.read() as tx:
        assert await outbox.salt(tx) == first
    assert first


async def test_what_is_planned_on_a_lane_that_is_off_waits_for_it(rows: Rows) -> None:
    rows.database.off = frozenset({"mail"})
    await rows.plan(rows.notice("letter", lane="mail"), rows.notice("nowhere", "", lane=""))
    assert (await rows.message("letter")).state == PLANNED
    assert (await rows.message("nowhere")).state == DEAD
    rows.database.off = frozenset()
    assert await rows.due("mail") == ["letter"]
