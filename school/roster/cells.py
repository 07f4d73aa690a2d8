"""One row of a sheet, read cell by cell: a value of the right kind, or a reported problem."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from typing import TypeVar

from school.roster.columns import SHEETS, shown_name
from school.roster.problems import Findings, Param
from school.roster.sheets import Sheet, SheetRow
from school.rules.names import fold

T = TypeVar("T")
Moment = TypeVar("Moment", date, time)

_RUSSIAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T][\d:.]+)?")
_CLOCK = re.compile(r"(?:\d{4}-\d{2}-\d{2} )?(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?")
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s.,;<>\"()]+")
_SPAN = re.compile(r"(\d{1,2})(?:\s*[-\u2010-\u2015\u2212]\s*(\d{1,2}))?")
_COMMAS = re.compile(r"[,;]")
PARALLELS = range(1, 12)
_YEARS = range(1900, 2101)
_LONGEST_EMAIL = 254
_FEWEST_DIGITS = 5
_MOST_DIGITS = 9
_SHORT, _LONG = 200, 2_000
_LONG_COLUMNS = {"ссылка", "тема", "примечание", "значение"}
YES_NO = {"да": True, "нет": False, "yes": True, "no": False, "1": True, "0": False}


def parse_day(text: str) -> date:
    """Read 23.11.2026 or 2026-11-23; anything else, or a year beyond 1900–2100, is ValueError."""
    if match := _RUSSIAN_DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise ValueError(f"not a date: {text!r}")
    if year not in _YEARS:
        raise ValueError(f"not a year of this school: {year}")
    return date(year, month, day)


def parse_clock(text: str) -> time:
    """Read 8:30, 08.30 or 08:30:00; anything else is ValueError."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"not a time of day: {text!r}")
    return time(int(match[1]), int(match[2]))


def parse_parallels(text: str) -> tuple[int, ...]:
    """Read «1», «5-9» or «1, 5–9» as sorted parallels 1–11; anything else is ValueError."""
    found: set[int] = set()
    for part in listed(text):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError(f"not parallels: {part!r}")
        first, last = int(match[1]), int(match[2] or match[1])
        if first not in PARALLELS or last not in PARALLELS or last < first:
            raise ValueError(f"not parallels: {part!r}")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def listed(text: str) -> tuple[str, ...]:
    """Split a list within a cell at commas or semicolons; empty parts fall away."""
    parts = (" ".join(part.split()) for part in _COMMAS.split(text))
    return tuple(part for part in parts if part)


class Row:
    """A row being read. A reader that finds nothing usable reports it and returns None."""

    def __init__(self, sheet: str, row: SheetRow, findings: Findings) -> None:
        self.sheet = sheet
        self.number = row.number
        self._cells = row.cells
        self._findings = findings

    def refuse(self, column: str, reason: str, **params: Param) -> None:
        """Report a problem at a column of this row ("" is the row as a whole)."""
        self._findings.refuse(self.sheet, self.number, shown_name(column), reason, **params)

    def note(self, column: str, reason: str, **params: Param) -> None:
        """Report a notice at a column of this row."""
        self._findings.note(self.sheet, self.number, shown_name(column), reason, **params)

    def text(self, column: str) -> str:
        """Give the cell on one line, "" where it is empty."""
        return " ".join(self._cells[column].split())

    def day(self, column: str) -> date | None:
        """Give a date; an empty cell is None without a problem."""
        return self._parsed(column, parse_day, "roster-bad-date")

    def clock(self, column: str) -> time | None:
        """Give a local time of day; an empty cell is None without a problem."""
        return self._parsed(column, parse_clock, "roster-bad-time")

    def parallels(self, column: str) -> tuple[int, ...]:
        """Give sorted parallels; an empty cell is all of them and comes as no parallels."""
        return self._parsed(column, parse_parallels, "roster-bad-parallels") or ()

    def whole(self, column: str, low: int, high: int) -> int | None:
        """Give a whole number from `low` to `high`; an empty cell is None without a problem."""
        text = self.text(column)
        if not text:
            return None
        is_short = len(text) <= _MOST_DIGITS
        if is_short and text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        self.refuse(column, "roster-bad-number", value=text, low=low, high=high)
        return None

    def choice(self, column: str, table: Mapping[str, T], default: T) -> T:
        """Give what one of the table's words means; an empty or a bad cell is the default."""
        text = self.text(column)
        if not text:
            return default
        meanings = {fold(word): meaning for word, meaning in table.items()}
        if fold(text) in meanings:
            return meanings[fold(text)]
        words: dict[T, str] = {}
        for word, meaning in table.items():
            words.setdefault(meaning, word)
        choices = ", ".join(words.values())
        self.refuse(column, "roster-bad-choice", value=text, choices=choices)
        return default

    def email(self, column: str) -> str:
        """Give one address, "" where the cell is empty or holds no single address."""
        text = self.text(column)
        if not text or (_EMAIL.fullmatch(text) and len(text) <= _LONGEST_EMAIL):
            return text
        self.refuse(column, "roster-bad-email", value=text)
        return ""

    def phone(self, column: str) -> str:
        """Give a telephone number as the school writes it, "" where there is none."""
        text = self.text(column)
        if not text or sum(letter.isdigit() for letter in text) >= _FEWEST_DIGITS:
            return text
        self.refuse(column, "roster-bad-phone", value=text)
        return ""

    def link(self, column: str) -> str:
        """Give a web address, "" where there is none."""
        text = self.text(column)
        if not text or (text.startswith(("https://", "http://")) and " " not in text):
            return text
        self.refuse(column, "roster-bad-link", value=text)
        return ""

    def in_order(self, first: Moment | None, last: Moment | None, column: str) -> bool:
        """Say whether the second may follow the first; reports the column if it may not."""
        if first is None or last is None or first <= last:
            return True
        self.refuse(column, "roster-ends-before-start")
        return False

    def _parsed(self, column: str, parse: Callable[[str], T], reason: str) -> T | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self.refuse(column, reason, value=text)
            return None


def rows_of(sheet: Sheet | None, findings: Findings) -> Iterator[Row]:
    """Go through a sheet's rows, reporting needed cells that are empty and cells over length."""
    if sheet is None:
        return
    columns = SHEETS[sheet.name]
    for read in sheet.rows:
        row = Row(shown_name(sheet.name), read, findings)
        for column in columns.needed:
            if not row.text(column):
                row.refuse(column, "roster-empty")
        for column in columns.every:
            limit = _LONG if column in _LONG_COLUMNS else _SHORT
            if len(row.text(column)) > limit:
                row.refuse(column, "roster-cell-too-long", limit=limit)
        yield row
