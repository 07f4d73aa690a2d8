"""A folder of CSV files or one XLSX workbook, read into sheets of rows by column name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from school.roster import csv_files
from school.roster.columns import SHEETS, clean, is_forbidden, normal_name, shown_name
from school.roster.grid import Grid, GridError
from school.roster.problems import Findings

_TEXTS = {".csv", ".tsv", ".txt"}
_WORKBOOKS = {".xlsx", ".xlsm"}
_SAME_SHEET = {"ktp": "ктп"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number as the person sees it, and its cells as text ("" where empty)."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with those of its columns that are known, under their normal names."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheets(path: Path, findings: Findings) -> dict[str, Sheet]:
    """Read every known sheet under the path; what cannot be read goes to the findings."""
    files = _files(path, findings)
    if not files:
        reason = "roster-nothing-here" if path.exists() else "roster-no-path"
        findings.refuse("", 0, "", reason, path=_told(path.name))
        findings.unusable.update(SHEETS)
    sheets: dict[str, Sheet] = {}
    for title, grid in _grids(files, findings):
        name = _known_sheet(title)
        if name not in SHEETS:
            findings.note(_told(title), 0, "", "roster-unknown-sheet")
        elif name in sheets or name in findings.unusable:
            sheets.pop(name, None)
            findings.give_up(name, "roster-sheet-twice")
        elif isinstance(grid, GridError):
            findings.unusable.add(name)
            findings.refuse(shown_name(name), grid.row, "", grid.reason, **grid.params)
        elif (sheet := _headed(name, grid, findings)) is not None:
            sheets[name] = sheet
    return sheets


def _files(path: Path, findings: Findings) -> list[Path]:
    """Choose what to read: CSV files before a workbook, of which only a single one is clear."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        return []
    seen = sorted(file for file in path.iterdir() if file.is_file() and file.name[0] not in "~.")
    texts = [file for file in seen if file.suffix.lower() in _TEXTS]
    books = [file for file in seen if file.suffix.lower() in _WORKBOOKS]
    if texts:
        for book in books:
            findings.note(_told(book.name), 0, "", "roster-workbook-left-out")
    return texts or (books if len(books) == 1 else [])


def _grids(files: Sequence[Path], findings: Findings) -> Iterator[tuple[str, Grid | GridError]]:
    for file in files:
        if file.suffix.lower() in _TEXTS:
            yield file.stem, _csv_grid(file)
            continue
        from school.roster import workbook  # noqa: PLC0415 openpyxl loads what decodes pictures

        try:
            yield from workbook.read(file)
        except GridError as error:
            findings.refuse(_told(file.name), error.row, "", error.reason, **error.params)
            findings.unusable.update(SHEETS)


def _csv_grid(file: Path) -> Grid | GridError:
    known = SHEETS.get(_known_sheet(file.stem))
    try:
        return csv_files.read(file, known.every if known else ())
    except GridError as error:
        return error


def _told(name: str) -> str:
    """Give the name of a file or a sheet on one line, without what a terminal would obey."""
    return " ".join(clean(name).split())


def _known_sheet(title: str) -> str:
    name = normal_name(title)
    return _SAME_SHEET.get(name, name)


def _headed(name: str, grid: Grid, findings: Findings) -> Sheet | None:
    """Understand the header; None where the rows under it would only mislead."""
    header_row, header = grid[0] if grid else (0, [])
    columns = [normal_name(cell) for cell in header]
    shown = shown_name(name)
    before = len(findings.problems)
    for at, column in enumerate(columns):
        if column and column in columns[:at]:
            findings.refuse(shown, header_row, header[at], "roster-column-twice")
        elif is_forbidden(column):
            findings.refuse(shown, header_row, header[at], "roster-forbidden-column")
        elif column and column not in SHEETS[name].every:
            findings.note(shown, header_row, header[at], "roster-unknown-column")
    missing = [column for column in SHEETS[name].needed if column not in columns]
    for column in missing:
        findings.refuse(shown, header_row, shown_name(column), "roster-missing-column")
    if missing or len(findings.problems) > before:
        findings.unusable.add(name)
        return None
    rows = tuple(_row(name, columns, number, cells, findings) for number, cells in grid[1:])
    return Sheet(name, tuple(column for column in columns if column), rows)


def _row(
    name: str, columns: Sequence[str], number: int, cells: Sequence[str], findings: Findings
) -> SheetRow:
    named = dict(zip(columns, cells, strict=False))
    stray = [
        cell for at, cell in enumerate(cells) if cell and not (columns[at : at + 1] or [""])[0]
    ]
    if stray:
        findings.refuse(shown_name(name), number, "", "roster-stray-cells", value=stray[0])
    known = SHEETS[name].every
    return SheetRow(number, MappingProxyType({column: named.get(column, "") for column in known}))
