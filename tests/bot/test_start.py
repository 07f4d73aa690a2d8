"""What a bot looks at as it starts: its folder of files, and whether there is a school."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app
from bot.__main__ import app as command_line
from bot.settings import BadSettings
from storage.database import Database, opened
from storage.schema import migrate
from tests.school_template import sqlite_url


def test_it_does_not_start_where_no_file_could_be_stored(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file", encoding="utf-8")
    result = CliRunner().invoke(
        command_line,
        ["run"],
        env={
            "DEZHURNY_DATABASE_URL": sqlite_url(tmp_path / "school.db"),
            "DEZHURNY_FILES_DIR": str(tmp_path / "files"),
        },
    )
    assert result.exit_code == 1
    assert "Переменная DEZHURNY_FILES_DIR задана неверно" in result.stderr
    assert "files.cannot_store" in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "school.db").exists()


def test_a_folder_that_is_yet_to_be_made_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.demand_files(tmp_path / "data" / "files")
    assert not (tmp_path / "data").exists()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(BadSettings, match="DEZHURNY_FILES_DIR"):
        app.demand_files(tmp_path / "data" / "files")


async def test_an_empty_school_is_warned_of(
    tmp_path: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await app.warn_of_no_school(database)
    assert "school.none" not in caplog.text
    async with opened(sqlite_url(tmp_path / "new.db")) as empty:
        await migrate(empty)
        await app.warn_of_no_school(empty)
    assert "school.none" in caplog.text
    assert "dezhurny school load" in caplog.text
