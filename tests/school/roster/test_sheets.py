"""CSV as schools really save it: what must not matter, and what must be refused."""

import codecs
import csv
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from school.roster import csv_files, grid
from school.roster.columns import SHEETS, clean, normal_name
from school.roster.validate import read_roster
from tests.school.roster.mini import Rows, accepted, mini, put, read, said, save


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_encoding_and_separator_do_not_matter(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    expected = accepted(read_roster(save(tmp_path / "plain", mini())))
    folder = save(tmp_path / "other", mini(), encoding=encoding, separator=separator)
    assert accepted(read_roster(folder)) == expected


def test_case_spaces_and_order_of_the_header_do_not_matter(tmp_path: Path) -> None:
    sheets = mini()
    expected = accepted(read_roster(save(tmp_path / "plain", sheets)))
    for name, rows in sheets.items():
        turned = [list(reversed(row)) for row in rows]
        turned[0] = [f"  {column.upper().replace('_', ' ')} " for column in turned[0]]
        sheets[name] = [[], turned[0], [""] * len(turned[0]), *turned[1:]]
    assert accepted(read_roster(save(tmp_path / "other", sheets))) == expected


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    sheets = mini()
    header, first, second = sheets["students"]
    first[1] = "Ёлкина\nпо паспорту иначе"  # one cell, two lines, one row
    second[4] = "99Z"
    sheets["students"] = [header, first, [""] * len(header), second]
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «students», строка 4, столбец «класс»: «99Z» — не класс; напишите, например, 5А"
    ]


def test_the_line_by_which_excel_names_its_separator_is_no_row(tmp_path: Path) -> None:
    sheets = put(mini(), "students", 3, класс="99")
    save(tmp_path, sheets)
    file = tmp_path / "students.csv"
    file.write_text("sep=;\r\n" + file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert [problem.row for problem in read_roster(tmp_path).problems] == [3]


def test_an_unknown_column_is_accepted_with_a_notice(tmp_path: Path) -> None:
    sheets = mini()
    for row, cell in zip(sheets["students"], ("Кружок", "шахматы", ""), strict=True):
        row.append(cell)
    reading = read(tmp_path, sheets)
    accepted(reading)
    assert said(reading.notices) == [
        "Лист «students», строка 1, столбец «Кружок»: такой столбец не нужен, он пропущен"
    ]


@pytest.mark.parametrize("column", ["Паспорт", "номер паспорта", "СНИЛС", "снилс ", "Диагноз"])
def test_what_a_school_must_not_hand_over_is_refused_by_name(tmp_path: Path, column: str) -> None:
    sheets = mini()
    for row, cell in zip(sheets["students"], (column, "112-233-445 95", ""), strict=True):
        row.append(cell)
    reading = read(tmp_path, sheets)
    assert reading.roster is None
    assert said(reading.problems) == [
        (
            f"Лист «students», строка 1, столбец «{column.strip()}»: "
            "паспорта, СНИЛС и диагнозы сюда не загружают; удалите столбец из файла"
        )
    ]
    assert "112-233-445" not in repr(reading)


def test_a_missing_and_a_repeated_column_are_refused(tmp_path: Path) -> None:
    sheets = mini()
    sheets["bells"] = [row[:-1] for row in sheets["bells"]]
    sheets["teachers"][0][2] = "ФИО"
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «bells», строка 1, столбец «конец»: этого столбца нет, а он обязателен",
        "Лист «teachers», строка 1, столбец «ФИО»: столбец встретился дважды; оставьте один",
    ]


def test_an_empty_file_lacks_its_columns(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {**mini(), "modes": []}
    assert [(problem.column, problem.row) for problem in read(tmp_path, sheets).problems] == [
        ("кому", 0),
        ("режим", 0),
        ("дата_с", 0),
    ]


def test_cells_beyond_the_header_are_not_lost_in_silence(tmp_path: Path) -> None:
    sheets = mini()
    sheets["students"][1].append("съехало")
    assert said(read(tmp_path, sheets).problems) == [
        (
            "Лист «students», строка 2: "
            "«съехало» стоит правее столбцов с названиями; проверьте разделитель и кавычки"
        )
    ]


def test_a_quotation_mark_that_swallows_rows_is_refused(tmp_path: Path) -> None:
    save(tmp_path, mini())
    file = tmp_path / "students.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Ёлкина", '"Ёлкина'), encoding="utf-8")
    assert said(read_roster(tmp_path).problems) == [
        (
            "Лист «students», строка 2: "
            "кавычки в ячейке не закрыты или стоят не там; проверьте эту строку и соседние"
        )
    ]


def test_bytes_in_no_known_encoding_are_refused(tmp_path: Path) -> None:
    save(tmp_path, mini())
    (tmp_path / "students.csv").write_bytes(codecs.encode("класс", "windows-1251") + b"\x98")
    assert said(read_roster(tmp_path).problems) == [
        "Лист «students»: не удалось понять кодировку; сохраните файл как CSV UTF-8"
    ]


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MAX_ROWS", 1, "roster-too-many-rows"),
        ("MAX_COLUMNS", 3, "roster-too-many-columns"),
        ("MAX_CELL_CHARS", 5, "roster-cell-too-long"),
    ],
)
def test_a_sheet_beyond_the_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str
) -> None:
    monkeypatch.setattr(grid, limit, value)
    assert reason in {problem.reason for problem in read(tmp_path, mini()).problems}


def test_a_file_beyond_the_limit_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "MAX_FILE_BYTES", 10)
    reasons = {problem.reason for problem in read(tmp_path, mini()).problems}
    assert reasons == {"roster-file-too-big"}


def test_a_leading_zero_and_a_formula_stay_text(tmp_path: Path) -> None:
    sheets = put(mini(), "students", 2, id="007", фамилия="=1+1", имя="+7")
    sheets["parents"][1][4] = "007"
    sheets["groups"][1][4] = "007"
    roster = accepted(read(tmp_path, sheets))
    assert roster.students[0].person == "students:007"
    assert roster.person(roster.students[0].person).name.listed == "=1+1 +7"


def test_unseen_marks_make_nobody_else(tmp_path: Path) -> None:
    sheets = put(mini(), "timetable", 2, учитель="\u202aКоролева\u00a0Анна Ивано\u00adвна\ufeff")
    assert accepted(read(tmp_path, sheets)).lessons[0].teacher == "teachers:T01"


_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cf"], exclude_characters="\0"),
    max_size=30,
)
_COLUMNS = SHEETS["teachers"].every


@settings(deadline=None)  # files are as slow as the machine is busy
@given(
    rows=st.lists(
        st.lists(_CELL, min_size=len(_COLUMNS), max_size=len(_COLUMNS)), min_size=1, max_size=5
    ),
    separator=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[['a"b', ";", ",", "\t", "\r"]], separator=",", encoding="utf-8")
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, separator: str, encoding: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "teachers.csv"
    with file.open("w", encoding=encoding, newline="") as written:
        csv.writer(written, delimiter=separator).writerows([_COLUMNS, *rows])
    expected = [[clean(cell) for cell in row] for row in rows]
    numbered = enumerate([list(_COLUMNS), *expected], start=1)
    assert csv_files.read(file, _COLUMNS) == [(at, row) for at, row in numbered if any(row)]


@given(st.sampled_from(sorted({name for sheet in SHEETS.values() for name in sheet.every})))
def test_a_normal_name_stays_itself(name: str) -> None:
    assert normal_name(name) == name
    assert normal_name(f" {name.upper().replace('_', '  ')}\n") == name
