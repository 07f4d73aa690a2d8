"""Where the slips go: a new file, filled or gone, because what is on it is shown only once."""

import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot import slips
from bot.commands import codes
from bot.commands.paper import Paper
from tests.bot.test_cli import Desk, bare_desk, desk
from tests.school_template import MONDAY

__all__ = ["bare_desk", "desk"]

NOW = ("--now", MONDAY.isoformat())
NOBODY = "Новых кодов нет: у всех есть привязанный чат или действующий код."
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 what shutil gives


def test_slips_that_are_there_stay_when_nobody_needs_a_code(desk: Desk, tmp_path: Path) -> None:
    paper = tmp_path / "9А.pdf"
    asked = ("school", "codes", "--class", "9А", "--pdf", paper, *NOW)
    assert desk.types(*asked).exit_code == 0
    printed = paper.read_bytes()
    again = desk.types(*asked)
    assert again.exit_code == 0
    assert again.stdout.startswith(NOBODY)
    assert "листочк" not in again.output
    assert paper.read_bytes() == printed
    assert "".join(page.extract_text() for page in PdfReader(paper).pages)


def test_where_nobody_needs_a_code_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    assert desk.types("school", "codes", *NOW).exit_code == 0
    for more in ([], ["--json"]):
        result = desk.types("school", "codes", "--pdf", tmp_path / "late.pdf", *more, *NOW)
        assert result.exit_code == 0
        assert NOBODY in result.output
        assert json.loads(result.stdout) == [] if more else not result.stderr
    assert not (tmp_path / "late.pdf").exists()


@pytest.mark.parametrize("content", [b"", b"the only copy"], ids=["empty", "full"])
@pytest.mark.parametrize("as_link", [False, True], ids=["a file", "a link to one"])
def test_a_file_that_is_there_is_never_overwritten(
    desk: Desk, tmp_path: Path, content: bytes, *, as_link: bool
) -> None:
    kept, paper = tmp_path / "kept.pdf", tmp_path / "slips.pdf"
    kept.write_bytes(content)
    (paper.symlink_to if as_link else paper.hardlink_to)(kept)
    result = desk.types("school", "codes", "--reissue", "--pdf", paper, *NOW)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Файл {paper} уже есть: уберите его или назовите другой. Коды не выданы.\n"
    )
    assert kept.read_bytes() == content
    assert desk.count("activation_codes") == 0


def test_slips_may_go_where_there_is_no_file_to_lose(desk: Desk) -> None:
    result = desk.types("school", "codes", "--class", "9А", "--pdf", os.devnull, *NOW)
    assert result.exit_code == 0, result.output
    assert "28 листочков" in result.stderr
    assert Path(os.devnull).exists()


def test_a_run_that_fails_leaves_no_empty_file(bare_desk: Desk, tmp_path: Path) -> None:
    result = bare_desk.types("school", "codes", "--pdf", tmp_path / "slips.pdf", *NOW)
    assert result.exit_code == 1
    assert "Школа ещё не загружена" in result.stderr
    assert not (tmp_path / "slips.pdf").exists()


def test_no_code_is_issued_onto_a_full_disk(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 20, 1 << 20, 4096))
    result = desk.types("school", "codes", "--pdf", tmp_path / "slips.pdf", *NOW)
    assert result.exit_code == 1
    assert f"На диске нет места для файла {tmp_path / 'slips.pdf'}" in result.stderr
    assert not (tmp_path / "slips.pdf").exists()
    assert desk.count("activation_codes") == 0


def test_codes_that_nobody_will_see_are_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk filled up between the look at it and the writing."""
    monkeypatch.setattr(slips, "slips_pdf", lambda *_: b"some")
    monkeypatch.setattr(codes, "Paper", Full)
    result = desk.types("school", "codes", "--class", "9А", "--pdf", tmp_path / "a.pdf", *NOW)
    assert result.exit_code == 1
    assert "--reissue" in result.stderr
    assert not (tmp_path / "a.pdf").exists()


class Full(Paper):
    """A file on a disk that has just become full."""

    def _write(self, content: bytes) -> None:
        assert content
        Path("/dev/full").write_bytes(content)
