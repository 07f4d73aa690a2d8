"""An XLSX workbook: the same school as from CSV, and nothing that a hostile file could do."""

import gc
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from school.roster import workbook
from school.roster.columns import clean
from school.roster.grid import Grid, GridError
from school.roster.validate import read_roster
from tests.school.roster.mini import Cell, accepted, mini, said, save, save_book

_OPEN_FILES = Path("/proc/self/fd")


def cells_of(file: Path) -> Grid:
    [(_, read)] = workbook.read(file)
    assert not isinstance(read, GridError)
    return read


def test_a_workbook_is_the_same_school_as_its_csv(tmp_path: Path) -> None:
    expected = accepted(read_roster(save(tmp_path / "csv", mini())))
    book = save_book(tmp_path / "school.xlsx", {**mini()})
    assert accepted(read_roster(book)) == expected
    beside = save_book(save(tmp_path / "csv", mini()) / "beside.xlsx", {**mini()})
    assert said(read_roster(beside.parent).notices) == [
        "Лист «beside.xlsx»: книга пропущена: рядом лежат листы CSV, и прочитаны они"
    ]
    (tmp_path / "~$school.xlsx").write_bytes(b"what an open Excel leaves behind")
    assert accepted(read_roster(tmp_path)) == expected


def test_real_dates_times_and_numbers_are_read_as_they_are_shown(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        name: [list(row) for row in rows] for name, rows in mini().items()
    }
    sheets["classes"][1] = [7, "Б", 5.0, 1, "T01"]
    sheets["students"][1][5] = date(2013, 2, 1)
    sheets["students"][2][5] = datetime(2013, 3, 4, 0, 0)  # noqa: DTZ001  (Excel has no zones)
    sheets["parents"][1][6] = True
    sheets["bells"][1:] = [
        [1, 1, time(8, 30), timedelta(hours=9)],
        [1, 2, datetime(1899, 12, 31, 9, 15), time(9, 45)],  # noqa: DTZ001  (see above)
    ]
    expected = accepted(read_roster(save(tmp_path / "csv", mini())))
    assert accepted(read_roster(save_book(tmp_path / "school.xlsx", {**sheets}))) == expected


def test_leading_zeros_stay_whether_typed_or_formatted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["0012", 12, 12, 89000000001, 2.5])
    sheet.cell(1, 2).number_format = "0000"
    book.save(tmp_path / "book.xlsx")
    ((_, cells),) = cells_of(tmp_path / "book.xlsx")
    assert cells[:5] == ["0012", "0012", "12", "89000000001", "2.5"]


def test_a_formula_stays_its_own_text(tmp_path: Path) -> None:
    formulas: list[Cell] = ["=1+1", '=HYPERLINK("https://evil.example","Оценки")', "+7", "@x"]
    file = save_book(tmp_path / "book.xlsx", {"students": [formulas]})
    ((_, cells),) = cells_of(file)
    assert cells[:4] == formulas


def test_rows_keep_their_numbers_over_gaps(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A7000"] = "id", "S1"
    book.save(tmp_path / "book.xlsx")
    assert [number for number, _ in cells_of(tmp_path / "book.xlsx")] == [1, 7000]


def test_a_row_number_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_EXCEL_LAST_ROW", 10_000)
    file = _with_sheet(tmp_path, '<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>')
    assert _problems(file)[0] == "roster-broken-workbook"


@pytest.mark.parametrize(
    "inside",
    [
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',  # a shared string that is not there
        '<row r="1"><c r="A1"><v>one</v></c></row>',
        '<row r="1"><c r="??"><v>1</v></c></row>',
        "<row",
    ],
)
def test_a_damaged_sheet_is_refused_in_words(tmp_path: Path, inside: str) -> None:
    assert _problems(_with_sheet(tmp_path, inside)) == ["roster-broken-workbook"]


@pytest.mark.skipif(not _OPEN_FILES.is_dir(), reason="only Linux lists a process's open files")
@pytest.mark.parametrize("inside", ["<row", '<row r="1"><c r="??"><v>1</v></c></row>'])
def test_a_damaged_book_is_closed_at_once(tmp_path: Path, inside: str) -> None:
    file = _with_sheet(tmp_path, inside)
    gc.disable()
    try:
        with pytest.raises(GridError):
            workbook.read(file)
        assert file not in [one.resolve() for one in _OPEN_FILES.iterdir()]
    finally:
        gc.enable()


def test_what_only_calls_itself_a_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "school.xlsx"
    file.write_bytes(b"<html>not a workbook</html>")
    assert said(read_roster(file).problems) == [
        "Лист «school.xlsx»: книга повреждена; откройте её в Excel и сохраните заново как XLSX"
    ]


def test_a_zip_bomb_is_refused_before_it_unpacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 2**22)
    file = tmp_path / "school.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(5):
            archive.writestr(f"xl/{part}.xml", b" " * 2**20)
    assert file.stat().st_size < 2**14
    assert _problems(file) == ["roster-unpacks-too-big"]


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "laughs">{"".join(lines)}]>'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row>'
    assert _problems(_with_sheet(tmp_path, cell, before=bomb)) == ["roster-broken-workbook"]


@settings(max_examples=40, deadline=None)  # each example writes a whole workbook
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=20).filter(
            lambda text: "_x" not in text and not ILLEGAL_CHARACTERS_RE.search(text)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    file = save_book(tmp_path_factory.getbasetemp() / "any.xlsx", {"any": [cells]})
    expected = [clean(cell) for cell in cells]
    read = cells_of(file)
    padded = [(row + [""] * len(cells))[: len(cells)] for _, row in read]
    assert padded == ([expected] if any(expected) else [])


def _problems(file: Path) -> list[str]:
    said(read_roster(file).problems)
    return [problem.reason for problem in read_roster(file).problems]


def _with_sheet(tmp_path: Path, inside: str, before: str = "") -> Path:
    """Write a good workbook, then put other XML where its only sheet was."""
    good = save_book(tmp_path / "good.xlsx", {"students": [["id"]]})
    file = tmp_path / "school.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(file, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            if part.startswith("xl/worksheets/"):
                space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                data = (
                    f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}">'
                    f"<sheetData>{inside}</sheetData></worksheet>"
                ).encode()
            target.writestr(part, data)
    return file
