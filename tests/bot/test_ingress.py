import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import ingress as ingress_module
from bot.ingress import FILE_BYTES, Ingress
from bot.worker import Worker, with_files
from handlers.messages import Address, Attachment, FileKind, FileState, Incoming, RemoteFile
from scheduler.messenger import FileRefused, FloodWait, NotSent, TokenRefused, Update
from storage import inbox
from storage.database import Database, Tx
from storage.files import FileStore
from storage.tables import messages
from tests.bot.bound import bind
from tests.bot.script import Script, script
from tests.chat import photo
from tests.school_template import MONDAY

__all__ = ["script"]

ANYA = Address("telegram", "anya", "anya")
PHOTO = photo("1").content


@dataclass
class Messenger:
    """A messenger that hands out what the test says, and notes what is asked of it."""

    lane: str = "telegram"
    batches: list[Sequence[Update] | Exception] = field(default_factory=list)
    confirms: list[Exception | None] = field(default_factory=list)
    downloads: dict[str, list[Sequence[bytes] | Exception]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    breaks: bool = False

    async def poll(self) -> Sequence[Update]:
        self.asked.append("poll")
        if not self.batches:
            await asyncio.sleep(600)
        batch = self.batches.pop(0)
        if isinstance(batch, Exception):
            raise batch
        return batch

    async def confirm(self) -> None:
        self.asked.append("confirm")
        failure = self.confirms.pop(0) if self.confirms else None
        if failure:
            raise failure

    async def acknowledge(self, update: Update) -> None:
        self.asked.append(f"acknowledge {update.ref}")
        if self.breaks:
            raise NotSent("too late")

    async def working(self, chat: str) -> None:
        self.asked.append(f"working {chat}")
        if self.breaks:
            raise NotSent("no network")

    async def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        self.asked.append(f"download {file.ref}")
        await asyncio.sleep(self.slow.get(file.ref, 0))
        tries = self.downloads.get(file.ref, [[PHOTO]])
        found = tries.pop(0) if len(tries) > 1 else tries[0]
        if isinstance(found, Exception):
            raise found
        for chunk in found:
            yield chunk


class Watched(Database):
    """A database that notes its commits beside what is asked of the messenger."""

    log: list[str]
    failures: list[Exception]

    @asynccontextmanager
    async def _transaction(self, tx: Tx) -> AsyncIterator[None]:
        async with super()._transaction(tx):
            yield
            if self.failures:
                raise self.failures.pop(0)
        self.log.append("commit")


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
async def database(chosen_url: str, messenger: Messenger) -> AsyncIterator[Watched]:
    made = Watched(chosen_url)
    made.log, made.failures = [], []
    await bind(made, ANYA.user, "user")
    made.log = messenger.asked
    yield made
    await made.close()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def ingress(messenger: Messenger, database: Watched, store: FileStore) -> Ingress:
    return Ingress(messenger, database, store, lambda: MONDAY)


def update(ref: str, *refs: str, text: str = "", **values: object) -> Update:
    """Make an update; `refs` are its photos."""
    remote = tuple(RemoteFile(FileKind.PHOTO, one) for one in refs)
    event = Incoming(ANYA, MONDAY, text=text or ref, remote=remote)
    return replace(Update(ref, "{}", event), **values)  # type: ignore[arg-type]


async def ready(database: Database) -> list[Incoming]:
    """Return the events as handlers would get them."""
    async with database.read() as tx:
        return [await with_files(tx, event) for event in await inbox.ready(tx)]


async def states(database: Database) -> dict[str, str]:
    query = sa.select(messages.inbox.c.update_ref, messages.inbox.c.state)
    async with database.read() as tx:
        return {row[0]: row[1] for row in await tx.execute(query)}


async def fetched(ingress: Ingress, database: Database, *remote: RemoteFile) -> list[Attachment]:
    """Let an event with these files in, and return them as a handler gets them."""
    event = Incoming(ANYA, MONDAY, text="work", remote=remote)
    await ingress.take([Update("1", "{}", event)])
    assert await ready(database) == []
    await ingress.fetch_waiting()
    (found,) = await ready(database)
    return list(found.attachments)


def on_disk(store: FileStore) -> list[bytes]:
    return [path.read_bytes() for path in store.folder.rglob("*") if path.is_file()]


async def test_a_batch_is_on_disk_before_the_messenger_is_told(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    await ingress.take([update("1"), update("2", press="spinner"), update("3")])
    assert messenger.asked == ["commit", "acknowledge 2", "confirm"]
    assert [event.text for event in await ready(database)] == ["1", "2", "3"]


async def test_a_batch_that_cannot_be_stored_is_not_confirmed(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    database.failures.append(OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        await ingress.take([update("1", press="spinner")])
    assert messenger.asked == []
    await ingress.take([update("1", press="spinner")])
    assert len(await ready(database)) == 1


@pytest.mark.usefixtures("either_url")
async def test_a_confirmation_that_fails_brings_the_batch_again_and_harms_nothing(
    ingress: Ingress, messenger: Messenger, script: Script, database: Watched
) -> None:
    messenger.confirms.append(NotSent("killed in between"))
    with pytest.raises(NotSent):
        await ingress.take([update("1"), update("2")])
    worker = Worker(database, lambda: MONDAY)
    await worker.handle_ready()
    await ingress.take([update("1"), update("2"), update("3")])
    await worker.handle_ready()
    assert await script.effects() == ["1", "2", "3"]


async def test_the_same_update_three_times_has_one_effect(
    ingress: Ingress, script: Script, database: Watched
) -> None:
    worker = Worker(database, lambda: MONDAY)
    for _ in range(3):
        await ingress.take([update("1"), update("1")])
        await worker.handle_ready()
    assert await script.effects() == ["1"]
    assert await script.answers() == ["got 1"]


@pytest.mark.usefixtures("either_url")
async def test_an_update_that_cannot_be_understood_does_not_stop_the_rest(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    broken = Update("2", '{"update_id": 2, "message": 5}', error="ValidationError")
    await ingress.take([update("1"), broken, update("3"), Update("4", "{}")])
    assert await states(database) == {"1": "ready", "2": "quarantined", "3": "ready", "4": "done"}
    assert "confirm" in messenger.asked


@pytest.mark.usefixtures("either_url")
@pytest.mark.parametrize("text", ["half a smile \ud83d", "nothing\0at all", "\udcff\0"])
async def test_a_text_that_no_database_keeps_does_not_stop_the_rest(
    ingress: Ingress, script: Script, database: Watched, text: str
) -> None:
    name = RemoteFile(FileKind.STICKER, "", name=text)
    strange = Incoming(ANYA, MONDAY, text=text, action=text, remote=(name,))
    await ingress.take([update("1"), Update("2", f'"{text}"', strange), update("3")])
    await ingress.fetch_waiting()
    await Worker(database, lambda: MONDAY).handle_ready()
    first, second, third = await script.effects()
    assert (first, third) == ("1", "3")
    assert second.encode()
    assert "\0" not in second


async def test_an_event_that_cannot_be_written_down_is_quarantined(
    ingress: Ingress, database: Watched
) -> None:
    impossible = Incoming(Address("telegram", "\ud83d", ""), MONDAY)
    await ingress.take([Update("1", "{}", impossible), update("2")])
    assert await states(database) == {"1": "quarantined", "2": "ready"}


async def test_a_spinner_is_not_worth_the_batch(ingress: Ingress, messenger: Messenger) -> None:
    messenger.breaks = True
    await ingress.take([update("1", press="spinner"), update("2", press="spinner")])
    *spinners, last = messenger.asked[-3:]
    assert (sorted(spinners), last) == (["acknowledge 1", "acknowledge 2"], "confirm")


async def test_a_file_is_stored_before_a_handler_sees_the_event(
    ingress: Ingress, database: Watched, store: FileStore
) -> None:
    remote = RemoteFile(FileKind.PHOTO, "a", name="лист 1", size=7)
    (found,) = await fetched(ingress, database, remote)
    assert (found.state, found.name, found.kind) == (FileState.STORED, "лист 1", FileKind.PHOTO)
    assert found.file_id > 0
    assert on_disk(store) == [PHOTO]


@pytest.mark.usefixtures("either_url")
async def test_the_same_photo_twice_is_one_file(
    ingress: Ingress, database: Watched, store: FileStore
) -> None:
    files = [RemoteFile(FileKind.PHOTO, "a"), RemoteFile(FileKind.PHOTO, "b")]
    first, second = await fetched(ingress, database, *files)
    assert first.file_id == second.file_id
    assert on_disk(store) == [PHOTO]


async def test_a_file_that_is_declared_too_big_is_not_even_asked_for(
    ingress: Ingress, messenger: Messenger, database: Watched, store: FileStore
) -> None:
    (found,) = await fetched(
        ingress, database, RemoteFile(FileKind.VIDEO, "a", size=FILE_BYTES + 1)
    )
    assert found == Attachment(FileKind.VIDEO, FileState.TOO_BIG, size=FILE_BYTES + 1)
    assert "download a" not in messenger.asked
    assert not store.folder.exists()


async def test_a_file_that_turns_out_too_big_leaves_nothing_behind(
    ingress: Ingress,
    messenger: Messenger,
    database: Watched,
    store: FileStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ingress_module, "FILE_BYTES", 100)
    messenger.downloads["a"] = [[PHOTO, b"x" * 100]]
    (found,) = await fetched(ingress, database, RemoteFile(FileKind.PHOTO, "a"))
    assert found.state is FileState.TOO_BIG
    assert on_disk(store) == []


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (FileRefused("gone"), FileState.MISSING),
        (FileRefused("file is too big", too_big=True), FileState.TOO_BIG),
        (KeyError("a defect of ours"), FileState.MISSING),
    ],
    ids=["gone", "too big", "defect"],
)
async def test_a_file_that_is_not_handed_out_does_not_stop_the_event(
    ingress: Ingress,
    messenger: Messenger,
    database: Watched,
    refusal: Exception,
    state: FileState,
) -> None:
    messenger.downloads["a"] = [refusal]
    files = [RemoteFile(FileKind.PHOTO, "a"), RemoteFile(FileKind.PHOTO, "b")]
    first, second = await fetched(ingress, database, *files)
    assert (first.state, first.file_id) == (state, 0)
    assert second.state is FileState.STORED


@pytest.mark.parametrize("failure", [NotSent("502"), OSError("disk full"), FloodWait(0.01)])
async def test_a_file_is_asked_for_again_while_that_makes_sense(
    ingress: Ingress,
    messenger: Messenger,
    database: Watched,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ingress_module, "FIRST_PAUSE", 0.001)
    messenger.downloads["a"] = [failure, failure, [PHOTO]]
    (found,) = await fetched(ingress, database, RemoteFile(FileKind.PHOTO, "a"))
    assert found.state is FileState.STORED
    assert messenger.asked.count("download a") == 3


@pytest.mark.parametrize("hangs", [True, False], ids=["hangs", "fails on"])
async def test_after_a_while_the_event_goes_on_without_the_file(
    ingress: Ingress,
    messenger: Messenger,
    database: Watched,
    store: FileStore,
    monkeypatch: pytest.MonkeyPatch,
    *,
    hangs: bool,
) -> None:
    monkeypatch.setattr(ingress_module, "FETCH_SECONDS", 2.0)
    monkeypatch.setattr(ingress_module, "FIRST_PAUSE", 0.01)
    messenger.slow["a"] = 60 if hangs else 0
    messenger.downloads["a"] = [NotSent("no network")]
    files = [RemoteFile(FileKind.PHOTO, "a"), RemoteFile(FileKind.PHOTO, "b")]
    first, second = await fetched(ingress, database, *files)
    assert (first.state, second.state) == (FileState.MISSING, FileState.STORED)
    assert on_disk(store) == [PHOTO]


@pytest.mark.parametrize("content", [b"MZ\x90\0\3\0\0\0" + b"\0" * 60, b"\0\1\2", b""])
async def test_what_no_teacher_could_open_is_unsupported(
    ingress: Ingress, messenger: Messenger, database: Watched, content: bytes
) -> None:
    messenger.downloads["a"] = [[content]]
    (found,) = await fetched(ingress, database, RemoteFile(FileKind.DOCUMENT, "a", name="a.pdf"))
    assert found.state is FileState.UNSUPPORTED


async def test_a_sticker_carries_no_file(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    (found,) = await fetched(ingress, database, RemoteFile(FileKind.STICKER, "a"))
    assert found.state is FileState.UNSUPPORTED
    assert "download a" not in messenger.asked


@pytest.mark.parametrize("breaks", [False, True], ids=["said", "could not be said"])
async def test_the_sender_hears_that_it_takes_long(
    ingress: Ingress,
    messenger: Messenger,
    database: Watched,
    monkeypatch: pytest.MonkeyPatch,
    *,
    breaks: bool,
) -> None:
    monkeypatch.setattr(ingress_module, "SLOW_SECONDS", 0.01)
    messenger.breaks = breaks
    messenger.slow["a"] = 0.05
    (found,) = await fetched(ingress, database, RemoteFile(FileKind.PHOTO, "a"))
    assert found.state is FileState.STORED
    assert messenger.asked.count("working anya") == 1


async def test_an_album_reaches_the_handler_in_order_whichever_photo_is_fetched_first(
    ingress: Ingress, messenger: Messenger, script: Script, database: Watched
) -> None:
    messenger.slow["a"] = 0.03
    await ingress.take([update("1", "a"), update("2", "b"), update("3", "c"), update("4")])
    worker = Worker(database, lambda: MONDAY)
    async with asyncio.TaskGroup() as group:
        fetching = group.create_task(ingress.fetch_waiting())
        for _ in range(100):
            await worker.handle_ready()
            if fetching.done():
                break
            await asyncio.sleep(0.001)
    await worker.handle_ready()
    assert await script.effects() == ["1", "2", "3", "4"]


@pytest.mark.usefixtures("either_url")
async def test_an_event_that_cannot_be_read_any_more_is_left_to_the_worker(
    ingress: Ingress, script: Script, database: Watched
) -> None:
    await ingress.take([update("1", "a"), update("2", "b")])
    async with database.write() as tx:
        broken = sa.update(messages.inbox).where(messages.inbox.c.update_ref == "1")
        await tx.execute(broken.values(event="{}"))
    await ingress.fetch_waiting()
    worker = Worker(database, lambda: MONDAY)
    for _ in range(4):
        await worker.handle_ready()
    assert await states(database) == {"1": "quarantined", "2": "done"}
    assert await script.effects() == ["2"]


@pytest.mark.usefixtures("either_url")
async def test_files_whose_record_failed_are_fetched_again(
    ingress: Ingress, database: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingress_module, "REST_SECONDS", 0.001)
    await ingress.take([update("1", "a"), update("2", "b")])
    database.failures.append(OSError("disk full"))
    await ingress.fetch_waiting()
    assert sorted((await states(database)).values()) == ["fetching", "ready"]
    await ingress.fetch_waiting()
    assert [event.attachments[0].state for event in await ready(database)] == ["stored"] * 2


class Running:
    """Ingress as it runs, until the block ends."""

    def __init__(self, ingress: Ingress) -> None:
        self._ingress = ingress

    async def until(self, database: Database, **expected: str) -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(self._ingress.run())
            for _ in range(6000):
                found = await states(database)
                if all(found.get(ref.removeprefix("u")) == one for ref, one in expected.items()):
                    running.cancel()
                    return
                await asyncio.sleep(0.005)
        raise AssertionError(await states(database))


async def test_it_goes_on_after_everything_that_fails(
    ingress: Ingress, messenger: Messenger, database: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingress_module, "FIRST_PAUSE", 0.001)
    messenger.batches = [
        NotSent("no network"),
        [update("1")],
        FloodWait(0.01),
        KeyError("a defect of ours"),
        [update("2", "a")],
    ]
    await Running(ingress).until(database, u1="ready", u2="ready")


@pytest.mark.parametrize(("many", "polls"), [(3, 2), (4, 1)])
async def test_after_a_poll_that_brought_many_the_next_one_waits_a_moment(
    ingress: Ingress, messenger: Messenger, monkeypatch: pytest.MonkeyPatch, many: int, polls: int
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    messenger.batches = [[update(str(number)) for number in range(many)]]
    with pytest.raises(asyncio.CancelledError):
        await ingress._receive()  # noqa: SLF001 nothing but its pauses
    assert messenger.asked.count("poll") == polls
    assert (pauses == [ingress_module.GATHER_SECONDS]) is (polls == 1)
    assert messenger.asked.index("commit") < messenger.asked.index("confirm")


async def test_a_messenger_that_is_away_is_asked_ever_more_seldom(
    ingress: Ingress, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 12:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    away = [NotSent("no network")] * 7
    messenger.batches = [*away, [], FloodWait(90), NotSent("x"), OSError("disk"), *away]
    with pytest.raises(asyncio.CancelledError):
        await ingress._receive()  # noqa: SLF001 a minute in a moment
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 90, 2, 4, 8, 16]


async def test_a_refused_token_is_told_once_in_plain_words_until_it_is_taken(
    ingress: Ingress,
    messenger: Messenger,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hints: list[int] = []

    async def sleep(_: float) -> None:
        hints.append(caplog.text.count("DEZHURNY_TELEGRAM_TOKEN is not accepted"))
        if len(hints) == 8:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    refused, away = TokenRefused("getUpdates: 401 Unauthorized"), NotSent("no network")
    messenger.batches = [away, refused, refused, away, refused, [], away, refused, refused]
    with pytest.raises(asyncio.CancelledError):
        await ingress._receive()  # noqa: SLF001 a minute in a moment
    assert hints == [0, 1, 1, 1, 1, 1, 2, 2]
    assert caplog.text.count("poll.failed") == len(hints)


@pytest.mark.usefixtures("either_url")
async def test_a_slow_file_holds_up_nobody_but_its_sender(
    ingress: Ingress, messenger: Messenger, database: Watched
) -> None:
    messenger.slow["slow"] = 600
    others = []
    for number in range(2, 10):
        one = update(str(number), f"f{number}")
        assert one.event is not None
        address = Address("telegram", f"chat{number}", "user")
        others.append(replace(one, event=replace(one.event, address=address)))
    messenger.batches = [[update("1", "slow"), *others]]
    await Running(ingress).until(database, u1="fetching", u2="ready", u9="ready")
