"""Where the slips go: a new file, filled or gone, because what is on it is shown only once."""

import json
import os
import re
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot import slips
from bot.commands import codes
from bot.commands.paper import Paper
from school import enrolment
from school.access import IssuedCode, find
from school.enrolment import CodeFate
from storage.database import Tx
from storage.people import Role
from tests.bot.test_cli import Desk, bare_desk, desk
from tests.school_template import MONDAY

__all__ = ["bare_desk", "desk"]

NOW = ("--now", MONDAY.isoformat())
NOBODY = "Новых кодов нет: у всех есть привязанный чат или действующий код."
NEWCOMERS = {"S701", "S702", "P001"}
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
    assert result.stderr == (
        f"На диске не хватает места для файла {tmp_path / 'slips.pdf'}. "
        "Освободите место или назовите другой файл. Коды не выданы.\n"
    )
    assert not (tmp_path / "slips.pdf").exists()
    assert desk.count("activation_codes") == 0


@pytest.mark.parametrize(
    ("place", "reason"),
    [("nowhere/slips.pdf", "нет такой папки или файла"), (".", "это папка")],
)
def test_a_place_that_takes_no_slips_is_told(
    desk: Desk, tmp_path: Path, place: str, reason: str
) -> None:
    result = desk.types("school", "codes", "--pdf", tmp_path / place, *NOW)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Листочки не записать в {tmp_path / place}: {reason}. Коды не выданы.\n"
    )
    assert desk.count("activation_codes") == 0


def full_disk(patched: pytest.MonkeyPatch) -> None:
    """The disk fills up between the look at it and the writing."""
    patched.setattr(slips, "slips_pdf", lambda *_: b"some")
    patched.setattr(codes, "Paper", Full)


def interruption(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(codes, "_slips", raising(KeyboardInterrupt()))


def crash(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(codes, "_slips", raising(LookupError()))


@pytest.mark.parametrize(
    ("ends", "exit_code", "said"),
    [
        (full_disk, 1, "Листочки не записались в {paper}: на диске кончилось место.\n"),
        (interruption, 130, "Прервано.\n"),
        (crash, 1, "Внутренняя ошибка (LookupError)"),
    ],
)
def test_codes_that_nobody_saw_work_no_more_and_those_handed_out_do(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends: Callable[[pytest.MonkeyPatch], None],
    exit_code: int,
    said: str,
) -> None:
    handed_out, paper = issued(desk), tmp_path / "new.pdf"
    for newcomer in NEWCOMERS:
        assert desk.types("school", "unbind", newcomer, *NOW).exit_code == 0
    with monkeypatch.context() as patched:
        ends(patched)
        result = desk.types("school", "codes", "--pdf", paper, *NOW)
    assert result.exit_code == exit_code
    assert said.format(paper=paper) in result.stderr
    assert "новые коды погашены. Повторите ту же команду" in result.stderr
    assert "--reissue" not in result.stderr
    assert not paper.exists()
    assert fate(desk, handed_out["S102"]) is CodeFate.GOOD
    assert set(issued(desk)) == NEWCOMERS


def test_codes_that_were_never_stored_take_no_older_one_with_them(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interruption may come before the commit."""
    handed_out = issued(desk, "--class", "7Б")["S701"]

    async def imagined(tx: Tx, *_: object, **__: object) -> list[IssuedCode]:
        (found,) = await find(tx, 1, "S701")
        return [IssuedCode(found.person, "S701", "7Б", (Role.STUDENT,), "A" * 10)]

    monkeypatch.setattr(codes, "issue_codes", imagined)
    interruption(monkeypatch)
    result = desk.types("school", "codes", "--reissue", "--pdf", tmp_path / "a.pdf", *NOW)
    assert result.exit_code == 130
    assert "прежние" not in result.stderr
    assert fate(desk, handed_out) is CodeFate.GOOD


def test_what_was_issued_anew_has_ended_the_older_codes_and_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_out = issued(desk, "--class", "7Б")["S701"]
    interruption(monkeypatch)
    words = ("school", "codes", "--class", "7Б", "--reissue", "--pdf", tmp_path / "a.pdf", *NOW)
    result = desk.types(*words)
    assert "и прежние уже не действуют. Повторите ту же команду" in result.stderr
    assert fate(desk, handed_out) is CodeFate.REVOKED
    monkeypatch.setattr(
        codes, "_withdraw", raising(PermissionError(13, "Permission denied", "school.db"))
    )
    result = desk.types(*words)
    assert "Повторите ту же команду: она заменит и их." in result.stderr
    assert "unbind" not in result.stderr


def test_codes_that_cannot_be_revoked_are_told_by_id(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interruption(monkeypatch)
    monkeypatch.setattr(
        codes, "_withdraw", raising(PermissionError(13, "Permission denied", "school.db"))
    )
    result = desk.types("school", "codes", "--class", "7Б", "--pdf", tmp_path / "a.pdf", *NOW)
    assert result.exit_code == 1
    first, second = result.stderr.splitlines()[-2:]
    assert re.search(r"погасить новые коды не удалось \(\d+\): (\w\d+(, )?)+\. Чтобы", first)
    assert first.endswith("сначала для каждого: dezhurny school unbind ID.")
    assert second == "Не удалось открыть school.db: нет прав."
    assert not (tmp_path / "a.pdf").exists()


def issued(desk: Desk, *words: str) -> dict[str, str]:
    result = desk.types("school", "codes", "--json", *words, *NOW)
    assert result.exit_code == 0, result.output
    return {one["id"]: one["code"] for one in json.loads(result.stdout)}


def fate(desk: Desk, code: str) -> CodeFate:
    return desk.looks(lambda tx: enrolment.check(tx, code, "vk", "1", MONDAY)).fate


def raising(error: BaseException) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise error

    return fail


class Full(Paper):
    """A file on a disk that has just become full."""

    def _write(self, content: bytes) -> None:
        assert content
        Path("/dev/full").write_bytes(content)
