"""A backup is a consistent pair, read back before it gets its name, and made beside the writer."""

import errno
import hashlib
import io
import json
import stat
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from storage.backups import archive, copying, disk
from storage.backups.disk import Fate, Pulse
from storage.backups.failures import BadArchive, Fault, Interrupted, ShelfInUse, Unsound
from storage.backups.making import Place, make
from storage.backups.shelf import Shelf
from tests.school_template import MONDAY
from tests.storage.backups.home import BOOKMARK, Home, left_on

DAY = timedelta(days=1)
BACKUPS = 12
PATIENCE = 60.0


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    return Home(tmp_path / "data", template)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "backups")


def unpacked(made: Path, folder: Path) -> archive.Unpacked:
    folder.mkdir()
    return archive.unpack(made, folder, lambda: None)


def test_a_backup_has_the_database_its_files_and_the_bookmark(
    home: Home, shelf: Shelf, tmp_path: Path
) -> None:
    photo, voice = home.keeps(b"photo"), home.keeps(b"voice" * 100_000)
    (home.store.folder / "aa").mkdir()
    (home.store.folder / "aa" / ("a" * 64)).write_bytes(b"nobody names this one")
    made = home.backed_up(shelf)
    assert made.path.name == "dezhurny-2026-11-23T0729+0300.tar"
    assert (made.files, made.copied, made.lost, made.removed) == (2, 2, {}, 0)
    assert left_on(shelf.folder) == {made.path.name, "files"}
    kept = {path.name for path in shelf.files.folder.rglob("*") if path.is_file()}
    assert kept == {photo, voice}

    found = unpacked(made.path, tmp_path / "unpacked")
    assert copying.examine(found.database, lambda: None).files == {photo: 5, voice: 500_000}
    assert found.bookmark is not None
    assert found.bookmark.read_text(encoding="utf-8") == BOOKMARK
    said = found.manifest
    assert (said.made_at, said.revision) == (
        MONDAY,
        home.asks("SELECT * FROM alembic_version")[0][0],
    )
    assert said.counts["persons"] == home.asks("SELECT count(*) FROM persons")[0][0]
    assert said.missing == ()


def test_an_old_program_can_check_a_backup_by_hand(
    home: Home, shelf: Shelf, tmp_path: Path
) -> None:
    home.keeps(b"photo")
    made = home.backed_up(shelf)
    with tarfile.open(made.path) as tar:
        assert json.load(tar.extractfile("manifest.json"))["format"] == 1  # type: ignore[arg-type]
        tar.extract("files.sha256", tmp_path, filter="data")
    command = ["sha256sum", "--check", "--strict", str(tmp_path / "files.sha256")]
    checked = subprocess.run(command, cwd=shelf.files.folder, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_nobody_but_the_owner_may_look(home: Home, shelf: Shelf) -> None:
    photo = home.keeps(b"photo")
    made = home.backed_up(shelf)
    for path in (made.path, shelf.files.path(photo)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (shelf.folder, shelf.files.folder, shelf.files.path(photo).parent):
        assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0


def test_the_second_backup_copies_only_what_is_new(home: Home, shelf: Shelf) -> None:
    home.keeps(b"first")
    home.backed_up(shelf)
    home.keeps(b"second")
    made = home.backed_up(shelf, MONDAY + DAY)
    assert (made.files, made.copied) == (2, 1)


def test_what_is_written_meanwhile_is_there_whole_or_not_at_all(
    home: Home, shelf: Shelf, tmp_path: Path
) -> None:
    """Each write moves the school's name and its language together; so must every backup."""
    written, over = threading.Semaphore(0), threading.Event()
    home.asks("UPDATE schools SET name = '-', language = '-'")
    home.asks("PRAGMA journal_mode = WAL")

    def write() -> None:
        number = 0
        with closing(connect(home.place.database, PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            while not over.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE schools SET name = ?", (str(number),))
                connection.execute("UPDATE schools SET language = ?", (str(number),))
                connection.execute("COMMIT")
                number += 1
                written.release()
                time.sleep(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    during = 0
    try:
        for count in range(BACKUPS):
            assert written.acquire(timeout=PATIENCE), "the writer stands still"
            drained(written)
            made = home.backed_up(shelf, MONDAY + count * DAY)
            during += drained(written)
            found = unpacked(made.path, tmp_path / str(count))
            with closing(connect(found.database)) as copy:
                name, language = copy.execute("SELECT name, language FROM schools").fetchone()
            assert name == language
    finally:
        over.set()
        writer.join()
    assert during > BACKUPS, "the writer waited for the backups"


def drained(semaphore: threading.Semaphore) -> int:
    """Take what is there without waiting, and say how much it was."""
    count = 0
    while semaphore.acquire(blocking=False):
        count += 1
    return count


def test_a_file_that_is_gone_or_spoilt_is_told_and_the_rest_is_saved(
    home: Home, shelf: Shelf
) -> None:
    good, gone, spoilt = home.keeps(b"good"), home.keeps(b"gone"), home.keeps(b"spoilt")
    home.store.path(gone).unlink()
    home.store.path(spoilt).write_bytes(b"spoi1t")
    made = home.backed_up(shelf)
    assert made.files == 1
    assert made.lost == {
        home.store.path(gone): Fate.MISSING,
        home.store.path(spoilt): Fate.DAMAGED,
    }
    assert shelf.files.path(good).exists()
    assert set(archive.read(made.path).missing) == {gone, spoilt}
    assert archive.files_of(made.path) == [good]


def test_a_file_that_ageing_takes_away_meanwhile_is_not_called_lost(
    home: Home, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = home.keeps(b"old")
    copy = copying.copy

    def copy_and_age(source: Path, target: Path, pulse: Pulse) -> None:
        copy(source, target, pulse)
        home.store.path(old).unlink()
        home.asks("DELETE FROM files")

    monkeypatch.setattr(copying, "copy", copy_and_age)
    made = home.backed_up(shelf)
    assert (made.files, made.lost) == (0, {})
    assert archive.read(made.path).missing == (old,)


def test_a_file_that_went_bad_on_the_shelf_is_mended(home: Home, shelf: Shelf) -> None:
    photo = home.keeps(b"photo")
    home.backed_up(shelf)
    shelf.files.path(photo).write_bytes(b"bit rot")
    made = home.backed_up(shelf, MONDAY + DAY)
    assert (made.copied, made.lost) == (1, {})
    assert shelf.files.path(photo).read_bytes() == b"photo"


def test_a_file_that_went_bad_at_home_stays_good_on_the_shelf(home: Home, shelf: Shelf) -> None:
    photo = home.keeps(b"photo")
    home.backed_up(shelf)
    home.store.path(photo).write_bytes(b"bit rot")
    assert home.backed_up(shelf, MONDAY + DAY).lost == {}
    assert shelf.files.path(photo).read_bytes() == b"photo"


class Failing(io.BytesIO):
    """A file that its disk gives no further than its beginning."""

    def read(self, _size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(errno.EIO, "Input/output error")
        return super().read(4)


@pytest.fixture
def disk_fails_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Let a file fail in the middle of being read, as a bad sector does."""
    bad: set[Path] = set()
    opened = Path.open

    def open_(self: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
        found = opened(self, mode, *rest, **options)
        if self not in bad or mode != "rb":
            return found
        with found:
            return Failing(found.read())

    monkeypatch.setattr(Path, "open", open_)
    return bad.add


def test_a_file_that_cannot_be_read_stops_nothing_but_itself(
    home: Home, shelf: Shelf, disk_fails_at: Callable[[Path], None]
) -> None:
    good, bad, folder = home.keeps(b"good"), home.keeps(b"bad sector"), home.keeps(b"folder")
    disk_fails_at(home.store.path(bad))
    home.store.path(folder).unlink()
    home.store.path(folder).mkdir()
    made = home.backed_up(shelf)
    assert made.files == 1
    assert made.lost == {
        home.store.path(bad): Fate.UNREADABLE,
        home.store.path(folder): Fate.UNREADABLE,
    }
    assert archive.files_of(made.path) == [good]
    assert not list(shelf.files.folder.glob(".*"))


def test_a_copy_on_the_shelf_that_cannot_be_read_is_made_anew(
    home: Home, shelf: Shelf, disk_fails_at: Callable[[Path], None]
) -> None:
    photo = home.keeps(b"photo")
    home.backed_up(shelf)
    first = shelf.files.path(photo).stat().st_ino
    disk_fails_at(shelf.files.path(photo))
    made = home.backed_up(shelf, MONDAY + DAY)
    assert (made.copied, made.lost) == (1, {})
    assert shelf.files.path(photo).stat().st_ino != first
    assert shelf.files.path(photo).read_text(encoding="ascii") == "photo"


def test_what_cannot_be_written_makes_no_backup(home: Home, shelf: Shelf) -> None:
    photo = home.keeps(b"photo")
    shelf.files.path(photo).mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        home.backed_up(shelf)
    assert left_on(shelf.folder) == {"files"}


def test_a_damaged_database_makes_no_backup_and_removes_none(home: Home, shelf: Shelf) -> None:
    first = home.backed_up(shelf)
    pages = bytearray(home.place.database.read_bytes())
    middle = len(pages) // 2 // 4096 * 4096
    pages[middle : middle + 65536] = bytes(65536)
    home.place.database.write_bytes(pages)
    with pytest.raises(Unsound):
        home.backed_up(shelf, MONDAY + DAY, keep=1)
    assert left_on(shelf.folder) == {first.path.name, "files"}


def test_a_row_that_refers_to_nothing_makes_no_backup(home: Home, shelf: Shelf) -> None:
    home.asks("INSERT INTO roles (person_id, role) VALUES (999999, 'student')")
    with pytest.raises(Unsound, match="roles") as refused:
        home.backed_up(shelf)
    assert refused.value.fault is Fault.LOST_REFERENCE
    assert refused.value.params == {"table": "roles", "other": "persons"}
    assert left_on(shelf.folder) <= {"files"}


def test_what_is_no_database_of_ours_makes_no_backup(tmp_path: Path, shelf: Shelf) -> None:
    with closing(connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE notes (text)")
    place = Place(tmp_path / "other.db", tmp_path / "files", tmp_path / "vk.bookmark")
    with pytest.raises(Unsound, match="no such table"):
        make(place, shelf, MONDAY, 1)


def test_a_backup_that_reads_back_differently_gets_no_name(
    home: Home, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = archive.write

    def spoil(target: Path, *rest: object) -> None:
        write(target, *rest)  # type: ignore[arg-type]
        with target.open("r+b") as file:
            file.seek(target.stat().st_size // 2)
            file.write(b"spoilt")

    monkeypatch.setattr(archive, "write", spoil)
    with pytest.raises(BadArchive, match="damaged"):
        home.backed_up(shelf)
    assert left_on(shelf.folder) == {"files"}


def test_a_file_that_reads_back_differently_is_a_failing_disk(
    home: Home, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.keeps(b"photo")
    monkeypatch.setattr(disk, "digest_of", lambda *_: "another")
    with pytest.raises(OSError, match="does not read back") as failed:
        home.backed_up(shelf)
    assert failed.value.errno == errno.EIO


def test_whoever_stops_the_program_stops_the_backup(home: Home, shelf: Shelf) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        make(home.place, shelf, MONDAY, 1, stop)
    assert left_on(shelf.folder) <= {"files"}


def test_two_backups_at_once_are_one_too_many(home: Home, shelf: Shelf) -> None:
    with shelf.workplace(), pytest.raises(ShelfInUse):
        home.backed_up(Shelf(shelf.folder))
    home.backed_up(shelf)


def test_the_list_of_files_is_what_sha256sum_writes(home: Home, shelf: Shelf) -> None:
    sha256 = home.keeps(b"photo")
    made = home.backed_up(shelf)
    with tarfile.open(made.path) as tar:
        content = tar.extractfile("files.sha256")
        assert content is not None
        assert content.read().decode() == f"{sha256}  {sha256[:2]}/{sha256}\n"
    assert hashlib.sha256(b"photo").hexdigest() == sha256
