"""Formula injection and hostile names at the operator's desk (ASVS 1.2.10, 1.1.2): nothing runs.

The roster is read as text, and what is written for the operator (table, JSON, slips, findings) is
text again: no formula, no terminal sequence, no markup of the terminal's, no script in a PDF.
"""

import ast
import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from school.roster.columns import clean, normal_name
from school.roster.validate import read_roster
from storage.database import opened
from storage.tables.people import persons
from tests.bot.test_cli import NOW, Desk, bare_desk
from tests.school.roster.mini import accepted, mini, save, save_book
from tests.security.hostile import FORMULAS, MARKUP, SQL

__all__ = ["bare_desk"]

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "locales", "scheduler", "school", "storage")
TERMINAL = (
    "\x1b[31mкрасный\x1b[0m",
    "\x1b]0;окно\x07",
    "\x1b]8;;https://evil.example\x1b\\Мария\x1b]8;;\x1b\\",
    "\x9b31mокно",
    "\x07звонок",
    "\x08\x08\x08назад",
    "до\x00после",
    "верх\x0bниз\x0c",
)
WRITERS = {"writer", "DictWriter", "Workbook", "to_csv", "to_excel"}
NEEDLESS = {"xlsxwriter", "xlwt", "pandas", "polars"}
WRITING_LIBRARIES = {"csv", "openpyxl", *NEEDLESS}
OPENS = "load_workbook"
FIT = [text for text in (*FORMULAS, *SQL, *MARKUP, *TERMINAL) if len(clean(text)) <= 200]


def as_kept(text: str) -> str:
    """Give a name as the roster keeps it: one line, without unseen marks."""
    return " ".join(clean(text).split())


NAMES = [text for text in FIT if as_kept(text)]
FILE_NAMES = sorted({text.replace("/", "|").replace("\0", "") for text in TERMINAL})


def roster(names: list[str]) -> dict[str, list[list[str]]]:
    """Make a small roster whose class is called by hostile names."""
    sheets = mini()
    header, first, *_ = sheets["students"]
    pupils = [
        [f"S{number}", "Гвоздь", name, "", "7Б", "", "", ""]
        for number, name in enumerate(names, start=3)
    ]
    sheets["students"] = [header, first, sheets["students"][2], *pupils]
    return sheets


@pytest.fixture
def loaded(bare_desk: Desk, tmp_path: Path) -> Desk:
    """A desk at which such a school is loaded."""
    result = bare_desk.types("school", "load", save(tmp_path / "roster", roster(NAMES)), *NOW)
    assert result.exit_code == 0, result.output
    assert is_plain(result.output)
    return bare_desk


def is_plain(output: str) -> bool:
    """Say whether a terminal would only show it."""
    return not any(sign in output for sign in ("\x1b", "\x9b", "\x07", "\x08", "\x00", "\x0b"))


async def _names(desk: Desk) -> list[str]:
    asked = sa.select(persons.c.given_name).where(persons.c.surname == "Гвоздь")
    url = desk.environment["DEZHURNY_DATABASE_URL"]
    async with opened(url) as database, database.read() as tx:
        return list(await tx.scalars(asked.order_by(persons.c.id)))


def names_in(desk: Desk) -> list[str]:
    return asyncio.run(_names(desk))


def test_a_hostile_roster_is_loaded_as_text(loaded: Desk) -> None:
    kept = names_in(loaded)
    assert len(kept) == len(NAMES)
    assert all(map(is_plain, kept)), [name for name in kept if not is_plain(name)]
    assert "=1+1" in kept
    assert "{ $form } { $name } { DATETIME($x) } { -brand }" in kept


def test_the_same_from_a_workbook_whose_cells_are_formulas(tmp_path: Path) -> None:
    """What openpyxl writes as a live formula is read as its text, not as what it comes to."""
    names = [name for name in NAMES if is_plain(name) and name == as_kept(name)]
    read = accepted(read_roster(save_book(tmp_path / "school.xlsx", {**roster(names)})))
    assert {one.given_name for one in read.people if one.surname == "Гвоздь"} == set(names)


def test_the_codes_of_such_a_school_are_text(loaded: Desk) -> None:
    """`[bold]` is no markup here, and no sequence reaches the terminal."""
    result = loaded.types("school", "codes", "--class", "7Б", *NOW)
    assert result.exit_code == 0, result.output
    assert is_plain(result.output)
    shown = " ".join(result.stdout.split())
    for name in ("=1+1", "[bold red]терминал[/bold red]", "@SUM(1+1)"):
        assert name in shown, shown


def test_the_codes_as_json_are_the_names_whole(loaded: Desk) -> None:
    result = loaded.types("school", "codes", "--class", "7Б", "--json", *NOW)
    issued = json.loads(result.stdout)
    assert {f"Гвоздь {name}" for name in names_in(loaded)} <= {one["name"] for one in issued}
    assert is_plain(result.stdout)


def test_the_slips_hold_text_and_pictures_and_nothing_that_acts(
    loaded: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "slips.pdf"
    result = loaded.types("school", "codes", "--class", "7Б", "--pdf", file, *NOW)
    assert result.exit_code == 0, result.output
    raw = file.read_bytes()
    for acts in (b"/JavaScript", b"/JS", b"/Launch", b"/AA", b"/URI", b"/EmbeddedFile"):
        assert acts not in raw
    reader = PdfReader(file)
    assert isinstance(reader.root_object.get("/OpenAction", []), list), "where to open, no action"
    pages = reader.pages
    assert not any("/Annots" in page for page in pages)
    written = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Гвоздь =1+1" in written


@pytest.mark.parametrize("hostile", [*TERMINAL, "[red]x[/red]", "=1+1", "{ $value }", "<b>"])
def test_a_fault_is_told_without_doing_what_it_quotes(
    bare_desk: Desk, tmp_path: Path, hostile: str
) -> None:
    sheets = mini()
    sheets["students"][1][5] = hostile
    sheets["timetable"][1][0] = hostile
    result = bare_desk.types("school", "load", save(tmp_path / "roster", sheets), *NOW)
    assert result.exit_code == 1
    assert is_plain(result.output), result.output
    assert f"«{as_kept(hostile)}»" in " ".join(result.stderr.split())


def test_hostile_headers_and_a_hostile_file_name_are_told_as_text(
    bare_desk: Desk, tmp_path: Path
) -> None:
    """What is not needed is left out, and the operator is told its name: whole, and as text."""
    sheets = mini()
    headers = list({normal_name(name): name for name in NAMES if len(name) < 100}.values())[:50]
    sheets["students"] = [[*sheets["students"][0], *headers], *sheets["students"][1:]]
    folder = save(tmp_path / "roster", sheets)
    for name in FILE_NAMES:
        (folder / f"{name}.csv").write_text("a;b\n1;2\n", encoding="utf-8")
        (folder / f"{name}.xlsx").write_bytes(b"PK")
    result = bare_desk.types("school", "load", folder, *NOW)
    assert result.exit_code == 0, result.output
    assert is_plain(result.output), result.output
    told = " ".join(result.stderr.split())
    for name in headers:
        assert f"столбец «{as_kept(name)}»" in told, told
    for name in FILE_NAMES:
        assert f"Лист «{as_kept(name)}»" in told, told
        assert f"Лист «{as_kept(name)}.xlsx»" in told, told


@pytest.mark.parametrize("name", FILE_NAMES)
def test_what_cannot_be_read_is_told_by_its_name_as_text(
    bare_desk: Desk, tmp_path: Path, name: str
) -> None:
    """A book that is none, a folder with nothing in it, a path at which there is nothing."""
    book, empty = tmp_path / f"{name}.xlsx", tmp_path / name
    book.write_bytes(b"PK")
    empty.mkdir()
    for path in (book, empty, tmp_path / f"{name} нет"):
        result = bare_desk.types("school", "load", path, *NOW)
        assert result.exit_code == 1
        assert is_plain(result.output), result.output
        assert f"«{as_kept(path.name)}»" in " ".join(result.stderr.split())


def test_hostile_titles_of_a_workbook_are_told_as_text(bare_desk: Desk, tmp_path: Path) -> None:
    """Signs below a space are no XML, and such a book is broken; those above 127 are."""
    titles = ["\x9b31mокно", "=1+1", "@SUM(1+1)", "{ $form }", "\u202eтевирп\u202c", "<b>"]
    nothing: list[list[str]] = [["а"], ["1"]]
    book = save_book(tmp_path / "school.xlsx", {**mini(), **dict.fromkeys(titles, nothing)})
    result = bare_desk.types("school", "load", book, *NOW)
    assert result.exit_code == 0, result.output
    assert is_plain(result.output), result.output
    for title in titles:
        assert f"Лист «{as_kept(title)}»" in " ".join(result.stderr.split())


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def writing_lines(module: ast.Module) -> list[int]:
    """Find where a module names what could write a table, under whatever name it imports it."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            from_a_writer = (node.module or "").partition(".")[0] in WRITING_LIBRARIES
            if names & WRITERS or (from_a_writer and "*" in names):
                found.append(node.lineno)
        elif isinstance(node, ast.Import):
            roots = {alias.name.partition(".")[0] for alias in node.names}
            found += [node.lineno] if roots & NEEDLESS else []
        elif isinstance(node, ast.Attribute) and node.attr in WRITERS:
            found.append(node.lineno)
    return found


def test_no_room_writes_a_spreadsheet_yet() -> None:
    """Whoever adds an export quotes = + - @, tabs and returns in cells and headers, and says so."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, module in sources()
        for line in writing_lines(module)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import csv\ncsv.writer(f)",
        "from csv import writer\nwriter(f)",
        "from csv import DictWriter as rows\nrows(f, ())",
        "import csv as tables\nmake = tables.writer",
        "from csv import *\nwriter(f)",
        "from openpyxl import Workbook\nWorkbook()",
        "from openpyxl.workbook import Workbook as Book\nBook()",
        "import xlsxwriter as xw",
        "frame.to_excel('x.xlsx')",
    ],
)
def test_whoever_would_write_one_is_found(code: str) -> None:
    assert writing_lines(ast.parse(code))


def test_whoever_only_reads_one_is_not() -> None:
    assert not writing_lines(ast.parse("import csv\nfrom csv import reader\ncsv.reader(f)"))


def test_a_workbook_is_only_opened_for_reading() -> None:
    """What its XML may do to us, outer entities and those that multiply: `test_roster_bombs.py`."""
    nodes = [node for _, module in sources() for node in ast.walk(module)]
    mentioned = [
        node
        for node in nodes
        if (isinstance(node, ast.Attribute) and node.attr == OPENS)
        or (isinstance(node, ast.alias) and node.name == OPENS)
    ]
    opened_books = [
        {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        for node in nodes
        if isinstance(node, ast.Call) and node.func in mentioned
    ]
    assert opened_books == [{"read_only": "True", "keep_links": "False"}]
    assert len(mentioned) == 1
