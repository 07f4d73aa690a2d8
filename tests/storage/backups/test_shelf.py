"""The shelf keeps the newest backups, and touches nothing that is not its own."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from storage.backups import archive
from storage.backups.shelf import Shelf, named
from tests.school_template import MONDAY
from tests.storage.backups.home import Home, left_on

DAY = timedelta(days=1)
FOREIGN = (
    "dezhurny-2026-11-20T0215+0300.tar.gz",
    "dezhurny-2026-11-20T0215+0300 (1).tar",
    "dezhurny-2026-13-20T0215+0300.tar",
    "dezhurny-old.tar",
    "readme.txt",
)


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    return Home(tmp_path / "data", template)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "backups")


def test_the_newest_stay_with_their_files(home: Home, shelf: Shelf) -> None:
    shared, old = home.keeps(b"shared"), home.keeps(b"old")
    home.backed_up(shelf)
    home.asks("DELETE FROM files WHERE sha256 = ?", old)
    home.backed_up(shelf, MONDAY + DAY, keep=2)
    assert shelf.files.path(old).exists()
    made = home.backed_up(shelf, MONDAY + 2 * DAY, keep=2)
    assert made.removed == 1
    assert [one.made_at for one in shelf.archives()] == [
        (MONDAY + days * DAY).replace(second=0) for days in (2, 1)
    ]
    assert not shelf.files.path(old).exists()
    assert shelf.files.path(shared).exists()


def test_what_others_put_there_stays(home: Home, shelf: Shelf) -> None:
    home.backed_up(shelf)
    for name in FOREIGN:
        (shelf.folder / name).write_text("not ours", encoding="utf-8")
    (shelf.folder / "dezhurny-2026-11-01T0215+0300.tar").mkdir()
    (shelf.folder / "dezhurny-2026-11-02T0215+0300.tar").symlink_to(home.place.database)
    photo = shelf.files.folder / "holiday.jpg"
    photo.write_text("not ours", encoding="utf-8")
    before = left_on(shelf.folder)
    home.backed_up(shelf, MONDAY + DAY, keep=1)
    gone = before - left_on(shelf.folder)
    assert gone == {"dezhurny-2026-11-23T0729+0300.tar"}
    assert photo.exists()


def test_while_one_backup_cannot_be_read_no_file_is_removed(home: Home, shelf: Shelf) -> None:
    home.backed_up(shelf)
    spoilt = shelf.folder / "dezhurny-2026-11-22T0215+0300.tar"
    spoilt.write_bytes(b"spoilt")
    stray = shelf.files.folder / "ab" / ("ab" * 32)
    stray.parent.mkdir()
    stray.write_bytes(b"perhaps the spoilt one needs it")
    home.backed_up(shelf, MONDAY + DAY, keep=3)
    assert stray.exists()
    home.backed_up(shelf, MONDAY + 2 * DAY, keep=3)
    assert not spoilt.exists()
    assert not stray.exists()


def test_a_name_tells_the_instant_in_any_zone(tmp_path: Path) -> None:
    for name in ("dezhurny-2026-11-23T0429+0000.tar", "dezhurny-2026-11-23T0729+0300.tar"):
        path = tmp_path / name
        path.touch()
        found = named(path)
        assert found is not None
        assert found.made_at == MONDAY.replace(second=0)


def test_there_need_be_no_shelf_to_look_at(tmp_path: Path) -> None:
    assert Shelf(tmp_path / "nowhere").archives() == []


def test_what_a_killed_process_left_is_swept_away(home: Home, shelf: Shelf) -> None:
    home.backed_up(shelf)
    (shelf.folder / ".dezhurny-half").mkdir()
    (shelf.folder / ".dezhurny-half" / "database.db").write_bytes(b"half")
    (shelf.files.folder / ".incoming-half").write_bytes(b"half")
    home.backed_up(shelf, MONDAY + DAY)
    assert {path.name for path in shelf.folder.glob(".*")} == {".dezhurny.lock"}
    assert not list(shelf.files.folder.glob(".*"))


def test_a_backup_from_the_future_neither_counts_nor_goes(home: Home, shelf: Shelf) -> None:
    """Made while the clock was ahead."""
    shared, later = home.keeps(b"shared"), home.keeps(b"later")
    ahead = home.backed_up(shelf, MONDAY + 100 * DAY)
    home.asks("DELETE FROM files WHERE sha256 = ?", later)
    for day in range(3):
        made = home.backed_up(shelf, MONDAY + day * DAY, keep=1)
        assert made.path.exists()
        assert made.removed == (1 if day else 0)
        assert [one.path for one in shelf.made_by(MONDAY + day * DAY)] == [made.path]
    assert [one.path for one in shelf.archives()] == [ahead.path, made.path]
    assert shelf.files.path(later).exists()
    assert shelf.files.path(shared).exists()


def test_a_backup_that_the_disk_does_not_give_keeps_all_files(
    home: Home, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = home.keeps(b"old")
    home.backed_up(shelf)
    home.asks("DELETE FROM files")
    files_of = archive.files_of

    def broken(path: Path) -> list[str]:
        if "-24T" in path.name:
            return files_of(path)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(archive, "files_of", broken)
    assert home.backed_up(shelf, MONDAY + DAY).path.exists()
    assert shelf.files.path(old).exists()
