import asyncio
import hashlib
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import files
from storage.database import Database
from storage.files import Blob, DiskFailed, FileStore, FileTooBig, content_type
from tests.chat import pdf, photo, voice
from tests.school_template import MONDAY

PHOTO = photo("1").content


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        yield chunk


def everything(store: FileStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


async def test_a_file_is_named_by_its_content(store: FileStore) -> None:
    blob = await store.save(stream(PHOTO[:7], b"", PHOTO[7:]), 1000)
    assert blob == Blob(hashlib.sha256(PHOTO).hexdigest(), len(PHOTO), "image/jpeg")
    assert store.path(blob.sha256).read_bytes() == PHOTO
    assert store.path(blob.sha256).stat().st_mode & 0o077 == 0


async def test_the_same_content_is_kept_once_even_at_the_same_time(store: FileStore) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(store.save(stream(PHOTO), 1000))
    assert len(everything(store)) == 1


async def test_as_much_as_the_limit_is_stored_and_a_byte_more_is_not(store: FileStore) -> None:
    await store.save(stream(b"x" * 10), 10)
    with pytest.raises(FileTooBig):
        await store.save(stream(b"y" * 10, b"y"), 10)
    assert [path.read_bytes() for path in everything(store)] == [b"x" * 10]


async def test_a_stream_that_is_too_long_is_closed_and_not_read_to_its_end(
    store: FileStore,
) -> None:
    read, is_closed = 0, False

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read, is_closed
        try:
            while True:
                read += 4
                yield b"data"
        finally:
            is_closed = True

    with pytest.raises(FileTooBig):
        await store.save(endless(), 10)
    assert (read, is_closed) == (12, True)


async def test_a_stream_that_breaks_leaves_nothing_behind(store: FileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PHOTO[:7]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.save(broken(), 1000)
    assert everything(store) == []


@contextmanager
def full_disk(most_bytes: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("chunk", [100, 100_000], ids=["at the end", "in the middle"])
async def test_a_disk_that_takes_no_more_is_named_and_left_as_it_was(
    store: FileStore, chunk: int
) -> None:
    await store.save(stream(b"x"), 10)
    content = [b"y" * chunk] * 3
    with pytest.raises(DiskFailed, match="too large"), full_disk(150):
        await store.save(stream(*content), 10**6)
    assert [path.read_bytes() for path in everything(store)] == [b"x"]
    assert (await store.save(stream(*content), 10**6)).size == 3 * chunk


async def test_a_stream_that_breaks_on_a_full_disk_is_the_disks_failure_or_its_own(
    store: FileStore,
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"y" * 200
        raise ConnectionResetError

    with pytest.raises(DiskFailed), full_disk(150):
        await store.save(broken(), 1000)
    assert everything(store) == []


async def test_a_folder_that_cannot_be_made_is_the_disks_failure(tmp_path: Path) -> None:
    (tmp_path / "files").touch()
    with pytest.raises(DiskFailed, match="File exists"):
        await FileStore(tmp_path / "files").save(stream(PHOTO), 1000)


async def test_so_is_a_place_that_is_taken(store: FileStore) -> None:
    blob = await store.save(stream(PHOTO), 1000)
    store.path(blob.sha256).unlink()
    store.path(blob.sha256).mkdir()
    with pytest.raises(DiskFailed, match="directory"):
        await store.save(stream(PHOTO), 1000)
    assert everything(store) == []


async def test_a_fetch_that_is_given_up_leaves_nothing_behind(store: FileStore) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield PHOTO[:7]
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await store.save(slow(), 1000)
    assert everything(store) == []


async def test_what_a_killed_process_left_half_done_is_swept_away(store: FileStore) -> None:
    blob = await store.save(stream(PHOTO), 1000)
    (store.folder / ".incoming-abc").write_bytes(b"half")
    assert store.sweep() == 1
    assert [path.name for path in everything(store)] == [blob.sha256]


def test_there_is_nothing_to_sweep_where_nothing_was_stored(store: FileStore) -> None:
    assert store.sweep() == 0


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (PHOTO, "image/jpeg"),
        (voice().content, "audio/ogg"),
        (pdf().content, "application/pdf"),
        ("Решение: x = 2".encode(), "text/plain"),
        ("Решение: x = 2".encode("cp1251"), "text/plain"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "application/x-msdownload"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
    ids=["jpeg", "ogg", "pdf", "utf-8", "windows-1251", "exe", "bytes", "nothing"],
)
def test_the_type_is_told_by_the_content(head: bytes, expected: str) -> None:
    assert content_type(head) == expected


async def test_known_content_keeps_its_number(database: Database) -> None:
    async with database.write() as tx:
        first = await files.add(tx, Blob("a" * 64, 10, "text/plain"), MONDAY)
        assert await files.add(tx, Blob("b" * 64, 11, "image/png"), MONDAY) != first
        assert await files.add(tx, Blob("a" * 64, 10, "text/plain"), MONDAY) == first
        row = await files.by_id(tx, first)
        assert row is not None
        assert (row.sha256, row.size, row.content_type) == ("a" * 64, 10, "text/plain")
        assert await files.by_id(tx, 999) is None
