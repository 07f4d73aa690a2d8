"""A disk without room, under the database or under the copies, is told as what it is."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from bot import disks
from tests.bot.test_backup_commands import Desk
from tests.school_template import MONDAY, SAMPLE, sqlite_url
from tests.torture.test_disk import small_disk

NOW = ("--now", MONDAY.isoformat())
TELEGRAM = {"DEZHURNY_TELEGRAM_TOKEN": "7000000001:sandbox"}


@pytest.fixture
def desk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, template)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder):
        yield folder


def fill(folder: Path, but: int = 0) -> None:
    """Leave so many bytes free on a small disk."""
    with (folder / "ballast").open("wb") as file, suppress(OSError):
        while (free := shutil.disk_usage(folder).free) > but:
            os.write(file.fileno(), bytes(min(free - but, 1 << 20)))


@pytest.mark.process
@pytest.mark.parametrize("words", [("school", "load", SAMPLE), ("run",)], ids=["load", "run"])
def test_a_full_disk_under_the_database_is_named(
    desk: Desk, small: Path, words: tuple[object, ...]
) -> None:
    shutil.copyfile(desk.home.place.database, small / "school.db")
    fill(small)
    result = desk.types(*words, DEZHURNY_DATABASE_URL=sqlite_url(small / "school.db"), **TELEGRAM)
    assert result.exit_code == 1
    assert f"кончилось место на диске с {small}." in result.stderr
    assert "disk I/O" not in result.stderr


@pytest.mark.process
@pytest.mark.parametrize("as_json", [False, True], ids=["table", "json"])
def test_the_doctor_tells_what_it_can_see_of_a_full_disk(
    desk: Desk, small: Path, *, as_json: bool
) -> None:
    shutil.copyfile(desk.home.place.database, small / "school.db")
    fill(small)
    words = ("doctor", "--offline", *NOW, *(["--json"] if as_json else []))
    result = desk.types(*words, DEZHURNY_DATABASE_URL=sqlite_url(small / "school.db"), **TELEGRAM)
    assert result.exit_code == 1
    assert not result.stderr
    if as_json:
        report = json.loads(result.stdout)
        assert report["facts"]["free"] == "0.0 ГБ"
        assert [one["what"] for one in report["complaints"]] == ["disk-full", "database-full"]
        return
    first, *rest = result.stdout.splitlines()
    assert first.split() == ["Свободно", "на", "диске", "0.0", "ГБ"]
    assert any(line.split()[:2] == ["Последняя", "копия"] for line in rest)
    assert f"! База не отвечает: кончилось место на диске с {small}." in result.stdout


@pytest.mark.parametrize("is_full", [True, False])
def test_a_disk_that_fails_is_full_only_where_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, is_full: bool
) -> None:
    fails_at(monkeypatch, "BEGIN IMMEDIATE", "disk I/O error", sqlite3.SQLITE_IOERR_WRITE)
    monkeypatch.setattr(disks, "is_full", lambda _: is_full)
    result = desk.types("school", "load", SAMPLE, *NOW)
    assert result.exit_code == 1
    assert ("кончилось место" in result.stderr) == is_full
    assert ("disk I/O error" in result.stderr) != is_full


def test_a_damaged_database_is_no_full_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.home.place.database.write_bytes(b"not a database at all" * 100)
    monkeypatch.setattr(disks, "is_full", lambda _: True)
    result = desk.types("doctor", "--offline", *NOW)
    assert result.exit_code == 1
    assert "! База не отвечает как надо: file is not a database." in result.stdout


@pytest.mark.process
@pytest.mark.parametrize("but", [0, 64 << 10, 500 << 10], ids=["nothing", "a bit", "nearly enough"])
def test_no_room_for_a_copy_is_no_damage(desk: Desk, small: Path, but: int) -> None:
    fill(small, but)
    copies = small / ("copies-" * 25)
    result = desk.types("backup", copies, *NOW)
    assert result.exit_code == 1
    assert result.stderr == (
        f"На диске с {copies} не хватает места: освободите его и повторите. "
        "База и прежние копии целы.\n"
    )
    assert not list(small.rglob("*.tar"))


@pytest.mark.parametrize(
    ("reason", "code", "expected"),
    [
        ("database or disk is full", sqlite3.SQLITE_FULL, "copies не хватает места"),
        ("disk I/O error", sqlite3.SQLITE_IOERR_FSYNC, "Диск не читает или не пишет"),
        ("malformed", sqlite3.SQLITE_CORRUPT, "База повреждена"),
    ],
    ids=["full", "failing", "damaged"],
)
def test_a_copy_that_cannot_be_written_says_nothing_of_the_database(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, reason: str, code: int, expected: str
) -> None:
    fails_at(monkeypatch, "VACUUM INTO", reason, code)
    result = desk.types("backup", "copies", *NOW)
    assert result.exit_code == 1
    assert expected in result.stderr
    assert "целы" in result.stderr


def fails_at(monkeypatch: pytest.MonkeyPatch, words: str, reason: str, code: int) -> None:
    """Let SQLite fail at a statement."""
    failure = sqlite3.OperationalError(reason)
    failure.sqlite_errorcode = code

    def check(statement: str) -> None:
        if statement.startswith(words):
            raise failure

    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, *rest: Any) -> Self:
            check(statement)
            return super().execute(statement, *rest)

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *rest: Any) -> sqlite3.Cursor:
            check(statement)
            return super().execute(statement, *rest)

        def cursor(self, *_: Any) -> Any:
            return Cursor(self)

    connect = partial(sqlite3.connect, factory=Connection)
    monkeypatch.setattr(sqlite3, "connect", connect)
