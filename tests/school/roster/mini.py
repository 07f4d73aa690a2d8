"""A roster of one class, small enough to be broken on purpose, and how its faults read."""

import csv
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
from fluent.runtime import FluentBundle, FluentResource

from school.roster.problems import Problem
from school.roster.rows import Roster
from school.roster.validate import Reading, read_roster

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Rows = list[list[str]]
LOCALES = Path(__file__).parents[3] / "locales"

_MINI: dict[str, Rows] = {
    "classes": [
        ["параллель", "литера", "учебная_неделя", "смена", "классный_руководитель"],
        ["7", "Б", "5", "1", "T01"],
    ],
    "students": [
        ["id", "фамилия", "имя", "отчество", "класс", "дата_рождения", "email", "режим"],
        ["S1", "Ёлкина", "Вера", "Львовна", "7Б", "01.02.2013", "vera@pochta.example", ""],
        ["S2", "Дуб", "Лев", "", "7Б", "2013-03-04", "", "дистанционный"],
    ],
    "parents": [
        ["id", "ФИО", "email", "телефон", "ученик_id", "степень_родства", "законный_представитель"],
        ["P1", "Ёлкин Лев Ильич", "elkin@semya.example", "8 (900) 000-00-01", "S1", "отец", "да"],
    ],
    "teachers": [
        ["id", "ФИО", "email", "предметы", "роли"],
        ["T01", "Королёва Анна Ивановна", "", "Алгебра, Английский язык", ""],
        ["T02", "Гусь Пётр Олегович", "", "", "учитель, завуч"],
    ],
    "groups": [
        ["класс", "предмет", "группа", "учитель", "ученик_id"],
        ["7Б", "Английский язык", "1", "T01", "S1"],
        ["7Б", "Английский язык", "2", "T02", "S2"],
    ],
    "bells": [
        ["смена", "урок", "начало", "конец"],
        ["1", "1", "8:30", "9:00"],
        ["1", "2", "09.15", "09.45"],
    ],
    "timetable": [
        ["день", "урок", "класс", "группа", "предмет", "учитель", "формат", "ссылка"],
        ["пн", "1", "7Б", "", "Алгебра", "T01", "материалы", ""],
        ["вторник", "2", "7Б", "", "Русский язык", "T02", "онлайн", "https://sferum.example/1"],
    ],
}


def mini() -> dict[str, Rows]:
    """Give a fresh copy of the small roster, without a fault in it."""
    return deepcopy(_MINI)


def put(sheets: dict[str, Rows], sheet: str, row: int, **cells: str) -> dict[str, Rows]:
    """Change cells of the row that a person sees under this number."""
    header = sheets[sheet][0]
    for column, value in cells.items():
        sheets[sheet][row - 1][header.index(column)] = value
    return sheets


def save(
    folder: Path,
    sheets: dict[str, Rows],
    *,
    encoding: str = "utf-8",
    separator: str = ";",
) -> Path:
    """Write a folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    return folder


def save_book(path: Path, sheets: dict[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write an XLSX workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def read(folder: Path, sheets: dict[str, Rows]) -> Reading:
    """Write and read a roster, holding every fault against both languages."""
    reading = read_roster(save(folder, sheets))
    said((*reading.problems, *reading.notices), "en")
    said((*reading.problems, *reading.notices))
    return reading


def accepted(reading: Reading) -> Roster:
    """Give the roster of a reading that must have no problem."""
    assert said(reading.problems) == []
    assert reading.roster is not None
    return reading.roster


def bundle(language: str) -> FluentBundle:
    """Give the messages of the rosters."""
    texts = FluentBundle([language], use_isolating=False)
    source = (LOCALES / language / "roster.ftl").read_text(encoding="utf-8")
    texts.add_resource(FluentResource(source))
    return texts


_BUNDLES = {language: bundle(language) for language in ("ru", "en")}


def said(problems: Iterable[Problem], language: str = "ru") -> list[str]:
    """Say every problem as a person reads it; a missing word or parameter fails the test."""
    return [_sentence(problem, language) for problem in problems]


def _sentence(problem: Problem, language: str) -> str:
    reason = _formatted(language, problem.reason, dict(problem.params))
    place: dict[str, str | int] = {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "reason": reason,
    }
    return _formatted(language, problem.place, place)


def _formatted(language: str, key: str, params: dict[str, str | int]) -> str:
    value = _BUNDLES[language].get_message(key).value
    assert value is not None
    text, errors = _BUNDLES[language].format_pattern(value, params)
    assert errors == []
    assert isinstance(text, str)
    return text
