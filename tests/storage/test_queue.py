"""What is due is found along an index, whatever the backlog: it is asked for at every send."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import outbox, queue, sqlite
from storage.database import Database, Tx
from storage.outbox import Message
from tests.storage.rows import Rows

MINUTE = timedelta(minutes=1)


async def steps_of(database: Database, ask: Callable[[Tx], Awaitable[object]]) -> str:
    """Return the steps by which SQLite finds what is asked for."""
    asked: list[str] = []
    async with database.read() as tx:
        driver = (await tx.get_raw_connection()).driver_connection
        assert isinstance(driver, sqlite.Connection)
        await driver.set_trace_callback(asked.append)
        await ask(tx)
        await driver.set_trace_callback(None)  # type: ignore[arg-type]  # SQLite's own way to end
        steps = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[-1]}")
        return "\n".join(row.detail for row in steps)


async def _replies(tx: Tx, _rows: Rows) -> list[Message]:
    return await queue.replies(tx, "telegram", 10)


async def _notices(tx: Tx, rows: Rows) -> list[Message]:
    return await queue.notices(tx, "telegram", rows.now, 10)


@pytest.mark.parametrize("find", [_replies, _notices])
async def test_a_backlog_is_neither_read_whole_nor_sorted(
    rows: Rows, find: Callable[[Tx, Rows], Awaitable[list[Message]]]
) -> None:
    if not rows.database.is_sqlite:
        pytest.skip("PostgreSQL goes by what ANALYZE found, which is nothing here")
    steps = await steps_of(rows.database, lambda tx: find(tx, rows))
    assert "USING INDEX ix_outbox_lane (lane=? AND state=? AND is_reply=?" in steps
    assert "USING INDEX ix_outbox_chat (lane=? AND address=? AND state=?)" in steps
    assert "TEMP B-TREE FOR ORDER BY" not in steps
    assert "SCAN outbox" not in steps
    assert "SCAN other" not in steps, steps


async def test_what_was_due_earlier_leaves_earlier_whenever_it_was_planned(rows: Rows) -> None:
    await rows.plan(
        rows.notice("evening", "vera", send_after=rows.now + 2 * MINUTE),
        rows.notice("noon", "galya", send_after=rows.now + MINUTE),
        rows.notice("now", "boris"),
    )
    assert await rows.due(after=2 * MINUTE) == ["now", "noon", "evening"]


async def test_replies_and_notices_are_found_apart(rows: Rows) -> None:
    await rows.plan(rows.notice("n", "vera"), rows.reply("r"), rows.notice("waits"))
    async with rows.database.read() as tx:
        assert [one.key for one in await queue.replies(tx, "telegram", 10)] == ["r"]
        assert [one.key for one in await queue.notices(tx, "telegram", rows.now, 10)] == ["n"]
        assert await queue.notices(tx, "telegram", rows.now, 0) == []
        assert await queue.replies(tx, "telegram", -1) == []


async def test_who_must_not_be_written_to_now_keeps_no_other_waiting(rows: Rows) -> None:
    await rows.plan(
        *(rows.reply(f"r{number}", f"chat {number}") for number in range(4)),
        *(rows.notice(f"n{number}", f"chat {10 + number}") for number in range(4)),
    )
    quiet = ["chat 0", "chat 1", "chat 10", "chat 11"]
    async with rows.database.read() as tx:
        replies = await queue.replies(tx, "telegram", 2, (), quiet)
        notices = await queue.notices(tx, "telegram", rows.now, 2, (), quiet)
    assert [one.key for one in (*replies, *notices)] == ["r2", "r3", "n2", "n3"]


async def test_what_had_better_not_be_sent_comes_where_there_is_nothing_else(rows: Rows) -> None:
    await rows.plan(
        *(rows.reply(f"r{number}", f"chat {number}") for number in range(3)),
        *(rows.notice(f"n{number}", f"chat {10 + number}") for number in range(3)),
    )
    old = {kind: (await rows.message(f"{kind}0")).id for kind in "rn"}
    every = [(await rows.message(f"{kind}{number}")).id for kind in "rn" for number in range(3)]
    async with rows.database.read() as tx:
        for rather_not, found in ((old.values(), ["r1", "n1"]), (every, ["r0", "n0"])):
            replies = await queue.replies(tx, "telegram", 1, (), (), rather_not)
            notices = await queue.notices(tx, "telegram", rows.now, 1, (), (), rather_not)
            assert [one.key for one in (*replies, *notices)] == found
        replies = await queue.replies(tx, "telegram", 9, [old["r"]], (), every)
    assert [one.key for one in replies] == ["r1", "r2"]


async def test_what_rests_is_left_out_however_much_it_is_and_the_order_stays(rows: Rows) -> None:
    await rows.plan(
        *(rows.reply(f"r{number}", f"chat {number}") for number in range(160)),
        rows.notice("n later", "vera", send_after=rows.now - MINUTE),
        rows.notice("n first", "galya", send_after=rows.now - 2 * MINUTE),
        rows.notice("n rests", "dima", send_after=rows.now - 3 * MINUTE),
    )
    every = [(await rows.message(f"r{number}")).id for number in range(160)]
    resting = {*every[:150], (await rows.message("n rests")).id}
    async with rows.database.read() as tx:
        replies = await queue.replies(tx, "telegram", 3, resting, ["chat 150"])
        notices = await queue.notices(tx, "telegram", rows.now, 3, resting)
        assert await queue.replies(tx, "telegram", 3, every) == []
    assert [one.key for one in replies] == ["r151", "r152", "r153"]
    assert [one.key for one in notices] == ["n first", "n later"]
    assert replies[0] == await rows.message("r151")


async def test_what_never_left_is_planned_again_as_it_was(rows: Rows) -> None:
    await rows.plan(rows.reply("1"), rows.reply("2"))
    planned = await rows.message("1")
    async with rows.database.write() as tx:
        assert not await queue.take_back(tx, planned), "it is planned"
        assert await outbox.sending(tx, planned, "words")
        assert not await queue.take_back(tx, replace(planned, address="boris"))
        assert not await queue.take_back(tx, replace(planned, attempts=1)), "a later attempt"
        assert await queue.take_back(tx, planned)
    assert await rows.message("1") == replace(planned, rendered="words")
    assert await rows.due() == ["1"]


async def test_what_was_sent_is_not_taken_back(rows: Rows) -> None:
    await rows.plan(rows.reply("1"))
    planned = await rows.message("1")
    async with rows.database.write() as tx:
        assert await outbox.sending(tx, planned, "words")
        await outbox.sent(tx, planned.id, "77", rows.now)
        assert not await queue.take_back(tx, planned)
    assert (await rows.message("1")).state == outbox.SENT
