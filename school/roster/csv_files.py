"""CSV as schools save it: UTF-8, UTF-16 or windows-1251, with semicolons, commas or tabs."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from school.roster.columns import clean, normal_name
from school.roster.grid import MAX_FILE_BYTES, Grid, GridError, bounded

_SEPARATORS = ";,\t"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(file: Path, columns: Collection[str]) -> Grid:
    """Read a file whose header should name these columns; raises GridError where it cannot.

    Rows are numbered as a spreadsheet numbers them: a cell of several lines is one row, and the
    `sep=;` line that Excel understands is none.
    """
    if file.stat().st_size > MAX_FILE_BYTES:
        raise GridError("roster-file-too-big", limit=MAX_FILE_BYTES // 2**20)
    text = _decoded(file.read_bytes())
    told = _SEPARATOR_LINE.match(text)
    if told:
        return bounded(_records(text[told.end() :], told[1]))
    return bounded(_records(text, _separator(text, columns)))


def _decoded(data: bytes) -> str:
    encodings: tuple[str, ...]
    if data.startswith(_UTF16):
        encodings = ("utf-16",)
    elif data.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "windows-1251")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise GridError("roster-unknown-encoding")


def _separator(text: str, columns: Collection[str]) -> str:
    """Choose the separator under which the header names most of the columns."""

    def names(separator: str) -> tuple[int, int]:
        try:
            header = next((cells for _, cells in _records(text, separator) if any(cells)), [])
        except GridError:
            return 0, 0
        return sum(normal_name(cell) in columns for cell in header), len(header)

    return max(_SEPARATORS, key=names)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [clean(cell) for cell in cells]
    except csv.Error as error:
        raise GridError("roster-broken-quotes", number + 1) from error
