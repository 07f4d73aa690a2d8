"""What one sender may bring in an hour holds for all that is under way at once, too."""

import asyncio
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from bot import ingress as ingress_module
from bot.ingress import Ingress
from bot.measure import Full, Measure
from handlers.messages import Address, FileKind, FileState, Incoming, RemoteFile
from scheduler.messenger import FileRefused, Update
from storage.files import FileStore
from storage.tables import messages
from tests.bot.bound import bind
from tests.bot.test_ingress import (
    ANYA,
    Messenger,
    Watched,
    database,
    ingress,
    messenger,
    on_disk,
    store,
)
from tests.school_template import MONDAY

__all__ = ["database", "ingress", "messenger", "store"]

HUNDRED = 100
TOO_MANY, STORED, MISSING = FileState.TOO_MANY, FileState.STORED, FileState.MISSING


def content(mark: str) -> bytes:
    """A file of a hundred bytes."""
    return f"%PDF-1.4 {mark}".ljust(HUNDRED).encode()


def brings(messenger: Messenger, ref: str, *declared: int, who: Address = ANYA) -> Update:
    """Make an event with files of a hundred bytes each that declare these sizes."""
    remote = []
    for number, size in enumerate(declared):
        name = f"{ref}-{number}"
        messenger.downloads.setdefault(name, [[content(name)[:60], content(name)[60:]]])
        messenger.slow.setdefault(name, 0.05)
        remote.append(RemoteFile(FileKind.DOCUMENT, name, size=size))
    return Update(ref, "{}", Incoming(who, MONDAY, text=ref, remote=tuple(remote)))


async def states(database: Watched) -> list[FileState]:
    """Return what became of all files, in order."""
    files = messages.inbox_files
    async with database.read() as tx:
        found = await tx.scalars(
            sa.select(files.c.state).order_by(files.c.event_id, files.c.position)
        )
        return [FileState(state) for state in found]


async def fetch(ingress: Ingress, *batch: Update) -> None:
    """Fetch for events that come at once, until nothing waits."""
    await ingress.take(batch)
    while await ingress.fetch_waiting():
        pass


@pytest.fixture(autouse=True)
def _small_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingress_module, "BYTES_AN_HOUR", 250)


@pytest.mark.parametrize("declared", [HUNDRED, 0], ids=["declared", "not declared"])
async def test_what_three_events_bring_at_once_is_counted_together(
    ingress: Ingress, messenger: Messenger, database: Watched, store: FileStore, declared: int
) -> None:
    """What declares nothing is cut off on its way, and may cut off what came with it."""
    await fetch(ingress, *(brings(messenger, ref, declared) for ref in "abc"))
    kept = (await states(database)).count(STORED)
    assert kept == 2 if declared else kept <= 2
    assert set(await states(database)) <= {STORED, TOO_MANY}
    assert sum(map(len, on_disk(store))) == kept * HUNDRED


@pytest.mark.parametrize("declared", [HUNDRED, 0], ids=["declared", "not declared"])
async def test_so_is_what_one_event_brings(
    ingress: Ingress, messenger: Messenger, database: Watched, store: FileStore, declared: int
) -> None:
    await fetch(ingress, brings(messenger, "a", *[declared] * 5))
    kept = (await states(database)).count(STORED)
    assert kept == 2 if declared else kept <= 2
    assert sum(map(len, on_disk(store))) == kept * HUNDRED


async def test_what_is_declared_beyond_the_measure_is_not_asked_for(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    await fetch(ingress, brings(messenger, "a", 200, HUNDRED))
    assert await states(database) == [STORED, TOO_MANY]
    assert "download a-1" not in messenger.asked


async def test_a_size_that_was_declared_too_small_is_not_believed(
    ingress: Ingress, messenger: Messenger, database: Watched, store: FileStore
) -> None:
    await fetch(ingress, brings(messenger, "a", 1, 1, 1, 1))
    kept = (await states(database)).count(STORED)
    assert kept <= 2
    assert sum(map(len, on_disk(store))) == kept * HUNDRED


async def test_what_did_not_come_or_was_smaller_takes_no_room(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    messenger.downloads["a-0"] = [FileRefused("gone")]
    await fetch(ingress, brings(messenger, "a", 240))
    await fetch(ingress, brings(messenger, "b", 240))
    await fetch(ingress, brings(messenger, "c", 140))
    assert await states(database) == [MISSING, STORED, STORED]


async def test_what_is_under_way_counts_for_the_number_of_files_as_well(
    ingress: Ingress, messenger: Messenger, database: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingress_module, "BYTES_AN_HOUR", 10**6)
    monkeypatch.setattr(ingress_module, "FILES_AN_HOUR", 4)
    await fetch(ingress, *(brings(messenger, ref, 0, 0) for ref in "abc"))
    assert sorted(await states(database)) == sorted([STORED] * 4 + [TOO_MANY] * 2)


async def test_everybody_has_a_measure_of_their_own(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    crowd = [f"pupil {number}" for number in range(5)]
    await bind(database, *crowd)
    whose = [Address("telegram", one, one) for one in crowd]
    await fetch(ingress, *(brings(messenger, one.user, 240, who=one) for one in whose))
    assert await states(database) == [STORED] * 5


async def test_a_measure_is_read_afresh_once_nothing_is_under_way(
    ingress: Ingress, messenger: Messenger, database: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ref, state in (("a", STORED), ("b", STORED), ("c", TOO_MANY)):
        await fetch(ingress, brings(messenger, ref, HUNDRED))
        assert (await states(database))[-1] is state
    monkeypatch.setattr(ingress_module, "BYTES_AN_HOUR", 350)
    await fetch(ingress, brings(messenger, "d", HUNDRED))
    assert (await states(database))[-1] is STORED


def taken(measure: Measure, sizes: Sequence[int]) -> int:
    """Take files one after another and return how many the measure held."""
    held = 0
    for size in sizes:
        try:
            with measure.share(size):
                held += 1
        except Full:
            pass
    return held


def test_a_measure_that_is_overdrawn_holds_nothing() -> None:
    assert taken(Measure(files=3, size=-1), [0, 1]) == 0
    assert taken(Measure(files=-1, size=100), [0, 1]) == 0
    assert taken(Measure(files=3, size=100), [50, 51, 50, 0]) == 2


async def test_a_fetch_that_is_broken_off_gives_its_share_back() -> None:
    measure = Measure(files=1, size=100)

    async def hang() -> None:
        with measure.share(10) as share:
            share.hold(90)
            await asyncio.sleep(60)

    async with asyncio.TaskGroup() as group:
        hanging = group.create_task(hang())
        await asyncio.sleep(0)
        assert (measure.files, measure.size) == (0, 10)
        hanging.cancel()
    assert (measure.files, measure.size) == (1, 100)
