"""An installation is restored whole or stays as it is, wherever the process is killed."""

import asyncio
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.restoring import Restored, restore_from
from storage import schema
from storage.backups.failures import BackupFailed, BadArchive, FilesLacking, InUse, Occupied
from storage.backups.making import Made
from storage.backups.shelf import Shelf
from storage.failures import NewerSchema
from tests.school_template import MONDAY
from tests.storage.backups.home import BOOKMARK, MOST_STEPS, Home, killed_at, left_on

LATER = MONDAY + timedelta(hours=5)
OLD, NEW = "before the backup", "after the backup"


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    return Home(tmp_path / "data", template)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "backups")


def restored(made: Made, home: Home, *, force: bool = False, incomplete: bool = False) -> Restored:
    return asyncio.run(
        restore_from(made.path, home.place, LATER, force=force, incomplete=incomplete)
    )


def dies_with_a_journal(home: Home, name: str) -> None:
    """Let a writer be killed: its last commit is in the journal only."""
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(home.place.database, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE schools SET name = ?", (name,))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert home.place.database.with_name("school.db-wal").stat().st_size


def test_an_empty_machine_gets_everything_back(home: Home, shelf: Shelf, tmp_path: Path) -> None:
    photo = home.keeps(b"photo")
    home.named(OLD)
    made = home.backed_up(shelf)
    fresh = Home(tmp_path / "another machine")
    found = restored(made, fresh)
    assert (found.people, found.files, found.lacking, found.set_aside) == (
        home.asks("SELECT count(*) FROM persons")[0][0],
        1,
        0,
        None,
    )
    assert (found.made_at, found.zone.key) == (MONDAY, "Europe/Moscow")
    assert fresh.name == OLD
    assert fresh.holds(photo)
    assert fresh.place.bookmark.read_text(encoding="utf-8") == BOOKMARK
    assert left_on(fresh.place.database.parent) == {"school.db", "files", "vk.bookmark"}


def test_a_database_is_set_aside_only_when_told_so(home: Home, shelf: Shelf) -> None:
    home.named(OLD)
    made = home.backed_up(shelf)
    dies_with_a_journal(home, NEW)
    home.place.bookmark.write_text("later", encoding="utf-8")
    with pytest.raises(Occupied):
        restored(made, home)
    assert home.name == NEW
    found = restored(made, home, force=True)
    assert home.name == OLD
    assert home.place.bookmark.read_text(encoding="utf-8") == BOOKMARK
    assert found.set_aside is not None
    aside = sqlite3.connect(found.set_aside)
    assert aside.execute("SELECT name FROM schools").fetchone()[0] == NEW
    aside.close()
    bookmark = home.place.bookmark.with_name(f"vk.bookmark{found.set_aside.name[9:]}")
    assert bookmark.read_text(encoding="utf-8") == "later"


def test_a_backup_without_a_bookmark_leaves_none(home: Home, shelf: Shelf) -> None:
    """A later bookmark with an older database would skip what came in between."""
    home.place.bookmark.unlink()
    made = home.backed_up(shelf)
    home.place.bookmark.write_text("later", encoding="utf-8")
    restored(made, home, force=True)
    assert not home.place.bookmark.exists()


def test_a_file_that_went_bad_at_home_comes_back_good(home: Home, shelf: Shelf) -> None:
    photo, voice = home.keeps(b"photo"), home.keeps(b"voice")
    made = home.backed_up(shelf)
    home.store.path(photo).write_bytes(b"ph0to")
    home.store.path(voice).unlink()
    restored(made, home, force=True)
    assert home.holds(photo)
    assert home.holds(voice)


def test_files_that_are_not_beside_the_archive_are_asked_for(
    home: Home, shelf: Shelf, tmp_path: Path
) -> None:
    home.keeps(b"photo")
    made = home.backed_up(shelf)
    shutil.rmtree(shelf.files.folder)
    fresh = Home(tmp_path / "another machine")
    with pytest.raises(FilesLacking) as refused:
        restored(made, fresh)
    assert refused.value.count == 1
    assert not fresh.place.database.exists()
    assert restored(made, fresh, incomplete=True).lacking == 1


def test_a_damaged_database_is_set_aside_with_its_journal(home: Home, shelf: Shelf) -> None:
    made = home.backed_up(shelf)
    dies_with_a_journal(home, NEW)
    home.place.database.write_bytes(b"not a database at all" * 1000)
    journal = home.place.database.with_name("school.db-wal").read_bytes()
    found = restored(made, home, force=True)
    assert home.is_sound()
    assert found.set_aside is not None
    kept = found.set_aside.with_name(f"{found.set_aside.name}-wal")
    assert kept.read_bytes() == journal
    assert found.set_aside.read_bytes().startswith(b"not a database")


def test_a_database_that_somebody_has_open_is_left_alone(home: Home, shelf: Shelf) -> None:
    home.named(OLD)
    made = home.backed_up(shelf)
    home.named(NEW)
    with home.opened() as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN")
        other.execute("SELECT * FROM schools").fetchone()
        with pytest.raises(InUse):
            restored(made, home, force=True)
    assert home.name == NEW


def test_a_backup_that_is_damaged_changes_nothing(home: Home, shelf: Shelf) -> None:
    made = home.backed_up(shelf)
    home.named(NEW)
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(BadArchive, match="damaged"):
        restored(made, home, force=True)
    assert home.name == NEW
    assert left_on(home.place.database.parent) == {"school.db", "vk.bookmark"}


def test_a_backup_of_a_later_program_is_refused(home: Home, shelf: Shelf) -> None:
    home.asks("UPDATE alembic_version SET version_num = '9998'")
    made = home.backed_up(shelf)
    home.asks("UPDATE alembic_version SET version_num = ?", schema.newest())
    home.named(NEW)
    with pytest.raises(NewerSchema):
        restored(made, home, force=True)
    assert home.name == NEW


def test_a_backup_of_an_earlier_program_is_brought_up_to_date(
    home: Home, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home.named(OLD)
    made = home.backed_up(shelf)
    before = schema.newest()
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, migrations)
    (migrations / "versions" / "9999_one_more.py").write_text(
        f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{before}"
branch_labels = depends_on = None
def upgrade():
    op.add_column("moments", sa.Column("note", sa.Text(), nullable=True))
""",
        encoding="utf-8",
    )
    monkeypatch.setattr(schema, "FOLDER", migrations)
    found = restored(made, home, force=True)
    assert found.migrated_from == before
    assert home.name == OLD
    assert home.asks("SELECT version_num FROM alembic_version") == [("9999",)]
    assert home.asks("SELECT note FROM moments") == [] or home.asks("SELECT note FROM moments")


def died(work: Callable[[int], bool], check: Callable[[], None]) -> int:
    """Kill work before its first step, its second, and so on, until it has no more; how many."""
    for step in range(1, MOST_STEPS):
        killed = work(step)
        check()
        if not killed:
            return step - 1
    raise AssertionError(f"the work has more than {MOST_STEPS} steps")


@pytest.mark.process
def test_a_backup_that_is_killed_leaves_the_earlier_ones_whole(
    template: Path, tmp_path: Path
) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    shared, old = home.keeps(b"shared"), home.keeps(b"old")
    home.named(OLD)
    for days in (3, 2):
        home.backed_up(shelf, MONDAY - timedelta(days=days))
    home.asks("DELETE FROM files WHERE sha256 = ?", old)
    late = home.keeps(b"late")
    home.named(NEW)
    shutil.copytree(shelf.folder, tmp_path / "before")

    def work(step: int) -> bool:
        shutil.rmtree(shelf.folder)
        shutil.copytree(tmp_path / "before", shelf.folder)
        return killed_at(step, lambda: home.backed_up(shelf, keep=1))

    def check() -> None:
        for number, one in enumerate(shelf.archives()):
            fresh = Home(tmp_path / f"fresh-{number}")
            made = Made(one.path, 0, 0, 0, 0)
            is_new = one.made_at == MONDAY.replace(second=0)
            restored(made, fresh)
            assert fresh.name == (NEW if is_new else OLD)
            assert all(fresh.holds(one) for one in (shared, late if is_new else old))
            shutil.rmtree(fresh.place.database.parent)
        assert shelf.archives()

    assert died(work, check) > 10
    assert [one.made_at for one in shelf.archives()] == [MONDAY.replace(second=0)]
    assert {path.name for path in shelf.files.folder.rglob("*") if path.is_file()} == {shared, late}


@pytest.mark.process
def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new(
    template: Path, tmp_path: Path
) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    photo = home.keeps(b"photo")
    home.named(OLD)
    made = home.backed_up(shelf)
    home.place.bookmark.write_text("later", encoding="utf-8")
    home.store.path(photo).unlink()
    late = home.keeps(b"late")
    dies_with_a_journal(home, NEW)
    data = home.place.database.parent
    shutil.copytree(data, tmp_path / "before")
    seen = set()

    def work(step: int) -> bool:
        shutil.rmtree(data)
        shutil.copytree(tmp_path / "before", data)
        return killed_at(step, lambda: restored(made, home, force=True))

    def check() -> None:
        assert home.is_sound()
        seen.add(home.name)
        assert home.holds(late)
        if home.name == OLD:
            assert home.holds(photo)
            assert home.place.bookmark.read_text(encoding="utf-8") == BOOKMARK
            kept = [path for path in data.glob("school.db.before-restore-*") if path.is_file()]
            assert len(kept) == 1

    assert died(work, check) > 10
    assert seen == {OLD, NEW}
    assert not list(data.glob(".restoring-*"))


@pytest.mark.process
def test_a_restore_after_a_killed_one_succeeds(template: Path, tmp_path: Path) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    home.named(OLD)
    made = home.backed_up(shelf)
    home.named(NEW)
    for step in (5, 12, 19, 24):
        killed_at(step, lambda: restored(made, home, force=True))
    data = home.place.database.parent
    for aside in data.glob("*.before-restore-*"):
        aside.unlink()
    restored(made, home, force=True)
    assert home.name == OLD
    assert not list(data.glob(".restoring-*"))


def test_every_failure_has_its_sentence() -> None:
    from bot.commands.terminal import BACKUP_FAILURES, say  # noqa: PLC0415

    def kinds(of: type[BackupFailed]) -> set[type[BackupFailed]]:
        return {of}.union(*(kinds(one) for one in of.__subclasses__()))

    assert set(BACKUP_FAILURES) == kinds(BackupFailed) - {BackupFailed}
    for key in BACKUP_FAILURES.values():
        assert say(key, reason="—", count=2)
