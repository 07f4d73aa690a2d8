import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from storage import inbox
from storage.database import Database
from storage.inbox import FetchedFile, NewEvent
from storage.tables import messages
from tests.school_template import MONDAY


def event(ref: str, sender: str = "telegram:anya", **values: object) -> NewEvent:
    plain = NewEvent("telegram", ref, sender, raw="{}", event=f'{{"text": "{ref}"}}')
    return replace(plain, **values)  # type: ignore[arg-type]


async def put(database: Database, *events: NewEvent) -> int:
    async with database.write() as tx:
        return await inbox.store(tx, events, MONDAY)


async def ready(database: Database, limit: int = 50) -> list[str]:
    async with database.read() as tx:
        return [found.event[10:-2] for found in await inbox.ready(tx, limit)]


async def ids(database: Database) -> dict[str, int]:
    async with database.read() as tx:
        rows = await tx.execute(sa.select(messages.inbox.c.update_ref, messages.inbox.c.id))
        return {row[0]: row[1] for row in rows}


async def state(database: Database, ref: str) -> str:
    wanted = sa.select(messages.inbox.c.state).where(messages.inbox.c.update_ref == ref)
    async with database.read() as tx:
        return str((await tx.execute(wanted)).scalar_one())


async def test_the_same_update_three_times_is_one_event(database: Database) -> None:
    assert await put(database, event("1"), event("1")) == 1
    assert await put(database, event("1")) == 0
    assert await ready(database) == ["1"]


async def test_the_same_number_at_another_messenger_is_another_update(database: Database) -> None:
    assert await put(database, event("1"), event("1", messenger="vk")) == 2


async def test_a_handled_update_that_comes_again_stays_handled(database: Database) -> None:
    await put(database, event("1"))
    async with database.write() as tx:
        assert await inbox.done(tx, (await ids(database))["1"], MONDAY)
    assert await put(database, event("1")) == 0
    assert await ready(database) == []


async def test_an_event_is_done_once(database: Database) -> None:
    await put(database, event("1"))
    number = (await ids(database))["1"]
    async with database.write() as tx:
        assert await inbox.done(tx, number, MONDAY)
    async with database.write() as tx:
        assert not await inbox.done(tx, number, MONDAY)


async def test_two_at_once_cannot_both_have_done_an_event(database: Database) -> None:
    await put(database, event("1"))
    number = (await ids(database))["1"]

    async def finish() -> bool:
        async with database.write() as tx:
            is_mine = await inbox.done(tx, number, MONDAY)
            await asyncio.sleep(0.01)
            return is_mine

    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(finish()) for _ in range(3)]
    assert sorted(one.result() for one in tries) == [False, False, True]


async def test_what_was_not_understood_is_quarantined_and_what_says_nothing_is_done(
    database: Database,
) -> None:
    broken = event("1", sender="", event="", error="not JSON")
    await put(database, broken, event("2", sender="", event=""), event("3"))
    assert [await state(database, ref) for ref in "123"] == ["quarantined", "done", "ready"]
    async with database.read() as tx:
        assert await inbox.counts(tx) == {"quarantined": 1, "done": 1, "ready": 1}
        assert await inbox.unfinished(tx) == 1


async def test_events_come_oldest_first_up_to_a_limit(database: Database) -> None:
    await put(database, *(event(str(number), f"telegram:{number % 3}") for number in range(9)))
    assert await ready(database) == list("012345678")
    assert await ready(database, limit=4) == list("0123")


async def test_nothing_overtakes_an_earlier_event_of_its_sender_that_waits_for_files(
    database: Database,
) -> None:
    await put(
        database,
        event("a1"),
        event("a2", files=2),
        event("a3"),
        event("b1", "telegram:boris"),
        event("a4"),
    )
    assert await ready(database) == ["a1", "b1"]
    async with database.write() as tx:
        files = [FetchedFile(0, "too_big", None), FetchedFile(1, "missing", None)]
        await inbox.fetched(tx, (await ids(database))["a2"], files)
    assert await ready(database) == ["a1", "b1", "a2", "a3", "a4"]
    async with database.read() as tx:
        assert await inbox.files_of(tx, (await ids(database))["a2"]) == files


async def test_a_later_event_of_the_sender_that_waits_holds_nothing_up(database: Database) -> None:
    await put(database, event("a1"), event("a2", files=1))
    assert await ready(database) == ["a1"]


async def test_senders_take_turns_however_many_of_one_wait(database: Database) -> None:
    flood = [event(f"f{number}", "telegram:flood") for number in range(40)]
    await put(database, *flood, *(event(f"b{n}", f"telegram:{n}") for n in range(8)), event("b8"))
    others = [f"b{number}" for number in range(9)]
    assert (await ready(database))[:10] == ["f0", *others]
    assert (await ready(database, limit=10)) == ["f0", *others]
    assert len(await ready(database)) == 10 + 9


async def test_a_sender_who_waits_alone_is_taken_ten_at_a_time(database: Database) -> None:
    await put(database, *(event(str(number)) for number in range(12)))
    assert await ready(database) == [str(number) for number in range(10)]


async def test_many_files_of_one_sender_keep_nobody_elses_waiting(database: Database) -> None:
    flood = [event(f"f{number}", "telegram:flood", files=1) for number in range(20)]
    await put(database, *flood, event("b1", "telegram:boris", files=1))
    async with database.read() as tx:
        found = await inbox.fetching(tx, "telegram", 8)
    assert [one.event[10:-2] for one in found] == ["f0", "b1", "f1", "f2"]


async def test_files_are_fetched_for_their_own_messenger_oldest_first(database: Database) -> None:
    await put(database, event("1", files=1), event("2", files=1), event("3"))
    await put(database, event("4", messenger="vk", files=1))
    async with database.read() as tx:
        found = await inbox.fetching(tx, "telegram", 10)
        assert [one.event[10:-2] for one in found] == ["1", "2"]
        assert len(await inbox.fetching(tx, "telegram", 1)) == 1


async def test_files_that_come_twice_are_kept_once(database: Database) -> None:
    """Two fetches of one event, such as around a crash, and the first of them counts."""
    await put(database, event("1", files=1))
    number = (await ids(database))["1"]
    for state_of_file in ("missing", "too_big"):
        async with database.write() as tx:
            await inbox.fetched(tx, number, [FetchedFile(0, state_of_file, None)])
    async with database.read() as tx:
        assert await inbox.files_of(tx, number) == [FetchedFile(0, "missing", None)]


@pytest.mark.parametrize("limit", [1, 3])
async def test_after_so_many_attempts_an_event_is_quarantined(
    database: Database, limit: int
) -> None:
    await put(database, event("1"))
    number = (await ids(database))["1"]
    for attempt in range(1, limit + 1):
        async with database.write() as tx:
            assert await inbox.failed(tx, number, "KeyError", limit) is (attempt == limit)
    assert await state(database, "1") == "quarantined"
    assert await ready(database) == []


async def test_a_failure_of_what_is_done_already_changes_nothing(database: Database) -> None:
    await put(database, event("1"))
    number = (await ids(database))["1"]
    async with database.write() as tx:
        await inbox.done(tx, number, MONDAY)
    for _ in range(4):
        async with database.write() as tx:
            assert not await inbox.failed(tx, number, "KeyError")
    assert await state(database, "1") == "done"


async def words(database: Database) -> dict[str, str]:
    """Return what is kept of each update, raw and understood."""
    box = messages.inbox
    async with database.read() as tx:
        rows = await tx.execute(sa.select(box.c.update_ref, box.c.raw + box.c.event))
        return {row[0]: row[1] for row in rows}


async def test_of_what_is_done_no_word_is_kept(either_database: Database) -> None:
    broken = event("b", sender="", raw="{garbled", event="", error="not JSON")
    silent = event("c", sender="", raw="{typing}", event="")
    await put(either_database, event("a"), broken, silent, event("d"), event("e"))
    numbers = await ids(either_database)
    async with either_database.write() as tx:
        assert await inbox.done(tx, numbers["a"], MONDAY)
        assert await inbox.failed(tx, numbers["d"], "KeyError", limit=1)
    kept = await words(either_database)
    assert (kept["a"], kept["b"], kept["c"]) == ("", "{garbled", "")
    assert kept["d"] == '{}{"text": "d"}'
    assert await put(either_database, event("a"), silent) == 0, "both are still known"
    assert await words(either_database) == kept


async def test_an_event_waits_for_what_its_sender_said_before_and_for_no_more(
    either_database: Database,
) -> None:
    photo = event("photo", "telegram:new", files=1)
    await put(
        either_database,
        event("theirs", "telegram:boris"),
        event("album", "telegram:new", files=1),
        event("yes", "telegram:new"),
        photo,
        event("after", "telegram:new"),
    )
    numbers = await ids(either_database)

    async def waits(ref: str) -> bool:
        async with either_database.read() as tx:
            (found,) = [
                one for one in await inbox.fetching(tx, "telegram", 10) if one.id == numbers[ref]
            ]
            return await inbox.waits_for_words(tx, found)

    assert not await waits("album")
    assert await waits("photo")
    async with either_database.write() as tx:
        await inbox.fetched(tx, numbers["album"], [FetchedFile(0, "missing", None)])
    assert await waits("photo")
    async with either_database.write() as tx:
        assert await inbox.done(tx, numbers["yes"], MONDAY)
    assert not await waits("photo"), "the album is not handled yet, but says nothing"
