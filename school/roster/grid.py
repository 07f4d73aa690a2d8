"""A sheet before its header is understood: numbered rows of text cells, within fixed limits."""

from collections.abc import Iterable
from typing import TypeAlias

from school.roster.problems import Param

MAX_FILE_BYTES = 32 * 2**20
MAX_UNPACKED_BYTES = 128 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 64
MAX_CELL_CHARS = 10_000
MAX_CHARS = 32 * 2**20

Grid: TypeAlias = list[tuple[int, list[str]]]


class GridError(Exception):
    """A file or a sheet cannot be read at all; `row` 0 means that no row is to blame."""

    def __init__(self, reason: str, row: int = 0, **params: Param) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row
        self.params = params


def bounded(rows: Iterable[tuple[int, list[str]]], room: int = MAX_CHARS) -> Grid:
    """Keep the rows that hold anything; refuse a sheet that no school can need.

    `room` is how many characters it may have in all: in a workbook one long text may stand in a
    million cells.
    """
    grid: Grid = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(grid) == MAX_ROWS:
            raise GridError("roster-too-many-rows", number, limit=MAX_ROWS)
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise GridError("roster-too-many-columns", number, limit=MAX_COLUMNS)
        if any(len(cell) > MAX_CELL_CHARS for cell in cells):
            raise GridError("roster-cell-too-long", number, limit=MAX_CELL_CHARS)
        room -= sum(map(len, cells))
        if room < 0:
            raise GridError("roster-too-much-text", number, limit=MAX_CHARS // 2**20)
        grid.append((number, cells[:MAX_COLUMNS]))
    return grid


def chars_in(grid: Grid) -> int:
    """Count the characters of a sheet."""
    return sum(len(cell) for _, cells in grid for cell in cells)
