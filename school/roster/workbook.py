"""An XLSX workbook, read as the text that a person sees in its cells."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from school.roster.columns import clean
from school.roster.grid import (
    MAX_CELL_CHARS,
    MAX_CHARS,
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
    Grid,
    GridError,
    bounded,
    chars_in,
)

_EXCEL_LAST_ROW = 1_048_576
_MAX_PARTS = 1_000
_MAX_SHEETS = 50
_ZEROS = re.compile(r"0+")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# What a damaged or hostile workbook raises out of zipfile, the XML parser and openpyxl.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    InvalidFileException,
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read(file: Path) -> list[tuple[str, Grid | GridError]]:
    """Read every worksheet with its title; raises GridError where the file is no workbook.

    A formula comes as its own text, never as a value; a number keeps the leading zeros of its
    format.
    """
    _check_size(file)
    try:
        with file.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles that nobody reads here
            # By its path, openpyxl would leave a broken book open.
            book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
            try:
                sheets = book.worksheets
                if len(sheets) > _MAX_SHEETS:
                    raise GridError("roster-too-many-sheets", limit=_MAX_SHEETS)
                return _grids(sheets)
            finally:
                book.close()
    except _BROKEN as error:
        raise GridError("roster-broken-workbook") from error


def _check_size(file: Path) -> None:
    """Refuse what would unpack into more than a school has: zipfile reads no more than declared."""
    if file.stat().st_size > MAX_FILE_BYTES:
        raise GridError("roster-file-too-big", limit=MAX_FILE_BYTES // 2**20)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except _BROKEN as error:
        raise GridError("roster-broken-workbook") from error
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise GridError("roster-unpacks-too-big", limit=MAX_UNPACKED_BYTES // 2**20)


def _grids(sheets: Sequence[Any]) -> list[tuple[str, Grid | GridError]]:
    found: list[tuple[str, Grid | GridError]] = []
    room = MAX_CHARS
    for sheet in sheets:
        grid = _grid(sheet, room)
        room -= 0 if isinstance(grid, GridError) else chars_in(grid)
        found.append((sheet.title, grid))
    return found


def _grid(sheet: Any, room: int) -> Grid | GridError:
    sheet.reset_dimensions()  # the size that a file declares for a sheet is often wrong
    try:
        return bounded(_rows(sheet), room)
    except GridError as error:
        return error


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        if number > _EXCEL_LAST_ROW:
            raise GridError("roster-broken-workbook")
        filled = [at for at, cell in enumerate(cells, start=1) if cell.value is not None]
        if filled:
            yield number, [_cleaned(cell, number) for cell in cells[: filled[-1]]]


def _cleaned(cell: Any, row: int) -> str:
    """Clean what a cell shows, unless it is a text without end, which would be copied for each."""
    shown = _shown(cell.value, cell)
    if len(shown) > MAX_CELL_CHARS:
        raise GridError("roster-cell-too-long", row, limit=MAX_CELL_CHARS)
    return clean(shown)


def _shown(value: object, cell: Any) -> str:  # noqa: PLR0911  (a line for each type)
    match value:
        case None:
            return ""
        case bool():
            return "да" if value else "нет"
        case int() | float():
            return _number(value, str(cell.number_format))
        case datetime():
            return _moment(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            hours, minutes = divmod(value % _DAY // _MINUTE, 60)
            return f"{hours:02}:{minutes:02}"
        case ArrayFormula() | DataTableFormula():
            return str(getattr(value, "text", "") or "")
        case _:
            return str(value)


def _number(value: float, number_format: str) -> str:
    whole = round(value)
    if value != whole:
        return repr(value)
    width = len(number_format) if _ZEROS.fullmatch(number_format) else 0
    return str(whole).zfill(width)


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
