"""Whose files are fetched, and when: a slow sender leaves places, a stranger has none."""

import asyncio
from collections import Counter
from dataclasses import replace

from bot.ingress import FETCHES, FURTHER, Ingress
from bot.worker import Worker
from handlers.messages import Address, FileState
from scheduler.messenger import Update
from storage.database import Tx
from storage.files import FileStore
from tests.bot.bound import bind, bind_in
from tests.bot.patience import until, until_nothing
from tests.bot.script import Script, script
from tests.bot.test_ingress import (
    PHOTO,
    Messenger,
    Watched,
    database,
    ingress,
    messenger,
    on_disk,
    store,
    update,
)
from tests.bot.test_ingress import states as states_of_events
from tests.bot.test_ingress_measure import states as states_of_files
from tests.school_template import MONDAY

__all__ = ["database", "ingress", "messenger", "script", "store"]

FOR_EVER = 600.0


def of(chat: str, ref: str, *files: str) -> Update:
    """Make an event of somebody else's chat."""
    made = update(ref, *files)
    assert made.event is not None
    return replace(made, event=replace(made.event, address=Address("telegram", chat, chat)))


def downloads(messenger: Messenger) -> Counter[str]:
    """Count by chat the files that are being asked for: they are called like it."""
    return Counter(one[9] for one in messenger.asked if one.startswith("download"))


async def test_who_sends_slow_files_holds_one_of_the_places_that_others_wait_for(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    """Two come first, with three files each that take for ever."""
    slow = [(chat, f"{chat}{number}") for number in range(3) for chat in "ab"]
    messenger.slow |= {ref: FOR_EVER for _, ref in slow}
    await bind(database, *"abcd")

    async def not_ready() -> list[str]:
        found = await states_of_events(database)
        return [ref for ref in ("c1", "c2", "c3", "d1") if found[ref] != "ready"]

    async with asyncio.TaskGroup() as group:
        running = group.create_task(ingress.run())
        await ingress.take([of(chat, ref, ref) for chat, ref in slow])
        await until(lambda: downloads(messenger).total() == FETCHES)
        await ingress.take([of("c", f"c{n}", f"c{n}") for n in (1, 2, 3)] + [of("d", "d1", "d1")])
        await until_nothing(not_ready)
        running.cancel()
    held = downloads(messenger)
    assert held["a"] + held["b"] == 2 + FURTHER


async def test_an_album_comes_three_files_at_a_time(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    refs = [f"a{number}" for number in range(6)]
    messenger.slow |= dict.fromkeys(refs, FOR_EVER)
    await bind(database, "a")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(ingress.run())
        await ingress.take([of("a", ref, ref) for ref in refs])
        await until(lambda: downloads(messenger).total() >= 1 + FURTHER)
        await asyncio.sleep(0.1)
        running.cancel()
    assert downloads(messenger) == {"a": 1 + FURTHER}


async def test_who_enrols_and_sends_a_photo_in_one_breath_loses_nothing(
    ingress: Ingress, messenger: Messenger, database: Watched, script: Script, store: FileStore
) -> None:
    """Whether the photo belongs to one of us is known when the enrolment has been handled."""

    async def enrol(tx: Tx) -> None:
        await bind_in(tx, "new")

    script.deeds["yes"] = enrol
    batch = [of("new", "yes"), of("new", "work", "a", "b"), of("new", "more", "c")]
    worker = Worker(database, lambda: MONDAY)

    async def unhandled() -> list[str]:
        return [ref for ref, state in (await states_of_events(database)).items() if state != "done"]

    async with asyncio.TaskGroup() as group:
        fetching = group.create_task(ingress.run())
        await ingress.take(batch)
        await asyncio.sleep(0.2)
        assert sorted(await unhandled()) == ["more", "work", "yes"]
        assert downloads(messenger).total() == 0
        working = group.create_task(worker.run())
        await until_nothing(unhandled)
        fetching.cancel()
        working.cancel()
    assert await script.effects() == ["yes", "work", "more"]
    assert await states_of_files(database) == [FileState.STORED] * 3
    assert on_disk(store) == [PHOTO]


async def test_many_who_may_be_enrolling_keep_nobody_waiting(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    """No handler comes to their words, and behind them somebody of the school sends a photo."""
    await bind(database, "a")
    crowd = [f"x{number}" for number in range(20)]
    batch = [one for chat in crowd for one in (of(chat, f"hi {chat}"), of(chat, chat, chat))]

    async def not_ready() -> list[str]:
        return [] if (await states_of_events(database))["a1"] == "ready" else ["a1"]

    async with asyncio.TaskGroup() as group:
        running = group.create_task(ingress.run())
        await ingress.take([*batch, of("a", "a1", "a1")])
        await until_nothing(not_ready)
        running.cancel()
    assert downloads(messenger) == {"a": 1}
