"""Bombs for `school load` (ASVS 5.2.2–5.2.5, 1.5.1): a workbook unpacks within limits, or not.

Each bomb is small, and is refused in words by a process that may use a gigabyte.
"""

import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from tests.school.roster.mini import mini, save_book

ROOT = Path(__file__).parents[2]
GIGABYTE = 2**30
LONG = 40
"""Seconds of a processor; on one that is busy with something else it may take longer."""
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SECRET = "тайна-из-файла"


def rebuilt(path: Path, parts: dict[str, str], *more: tuple[str | ZipInfo, bytes]) -> Path:
    """Write a good workbook with some of its parts replaced, and more members after them."""
    good = save_book(path.with_suffix(".good.xlsx"), {**mini()})
    with ZipFile(good) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = next((text for part, text in parts.items() if name.endswith(part)), None)
            target.writestr(name, source.read(name) if text is None else text)
        for member, content in more:
            target.writestr(member, content)
    good.unlink()
    return path


def sheet(rows: str, before: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{SPACE}">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def shared(path: Path, rows: str, long: str) -> Path:
    """Write a workbook whose first sheet's cells all name one long text."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    texts = f'<sst xmlns="{SPACE}"><si><t xml:space="preserve">{long} </t></si></sst>'
    with ZipFile(save_book(path.with_suffix(".good.xlsx"), {**mini()})) as good:
        types = good.read("[Content_Types].xml").decode()
    named = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts = {"sheet1.xml": sheet(rows), "Types].xml": types.replace("</Types>", named)}
    return rebuilt(path, parts, ("xl/sharedStrings.xml", texts.encode()))


def one_text_a_million_times(path: Path) -> Path:
    """A text of ten thousand letters is written once, and stands in every cell."""
    cells = '<c t="s"><v>0</v></c>' * 60
    rows = "".join(f'<row r="{number}">{cells}</row>' for number in range(1, 1500))
    return shared(path, rows, "я" * 9998)


def a_text_without_end(path: Path) -> Path:
    cells = '<c t="s"><v>0</v></c>' * 60
    row = f'<row r="1">{cells}</row>'
    return shared(path, row, "x" * (60 * 2**20))


def entities_that_multiply(path: Path) -> Path:
    lines = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)]
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "laughs">{"".join(lines)}]>'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e11;</t></is></c></row>'
    return rebuilt(path, {"sheet1.xml": sheet(cell, bomb)})


def an_entity_that_reads_a_file(path: Path) -> Path:
    secret = path.with_name("secret.txt")
    secret.write_text(SECRET, encoding="utf-8")
    door = f'<!DOCTYPE x [<!ENTITY door SYSTEM "{secret.as_uri()}">]>'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&door;</t></is></c></row>'
    return rebuilt(path, {"sheet1.xml": sheet(cell, door)})


def zeros_by_the_gigabyte(path: Path) -> Path:
    part = bytes(2**24)
    return rebuilt(path, {}, *((f"xl/media/{number}.bin", part) for number in range(16)))


def ten_thousand_members(path: Path) -> Path:
    return rebuilt(path, {}, *((f"xl/{number}.xml", b"") for number in range(10_000)))


def a_size_that_lies(path: Path) -> Path:
    """The directory says a kilobyte where there are a hundred megabytes."""
    rebuilt(path, {"sheet1.xml": " " * (100 * 2**20)})
    data = bytearray(path.read_bytes())
    for at in (i for i in range(len(data) - 46) if data[i : i + 4] == b"PK\x01\x02"):
        size = int.from_bytes(data[at + 24 : at + 28], "little")
        if size == 100 * 2**20:
            data[at + 24 : at + 28] = (1024).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def members_that_lead_elsewhere(path: Path) -> Path:
    link = ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    return rebuilt(
        path,
        {"sheet1.xml": sheet("<row")},
        ("../../escaped.txt", b"out"),
        ("/tmp/dezhurny-escaped.txt", b"out"),
        (link, b"/etc/passwd"),
    )


def a_zip_in_a_workbooks_clothes(path: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", bytes(2**24))
    return path


BOMBS: dict[Callable[[Path], Path], set[str]] = {
    one_text_a_million_times: {"roster-too-much-text"},
    a_text_without_end: {"roster-cell-too-long"},
    entities_that_multiply: {"roster-broken-workbook"},
    an_entity_that_reads_a_file: {"roster-broken-workbook", "roster-missing-column"},
    zeros_by_the_gigabyte: {"roster-unpacks-too-big"},
    ten_thousand_members: {"roster-unpacks-too-big"},
    a_size_that_lies: {"roster-broken-workbook"},
    members_that_lead_elsewhere: {"roster-broken-workbook"},
    a_zip_in_a_workbooks_clothes: {"roster-broken-workbook"},
}
PROGRAM = """
import json, sys
from pathlib import Path
from school.roster.validate import read_roster
for path in sys.argv[1:]:
    reading = read_roster(Path(path))
    said = [[one.reason, repr(one)] for one in (*reading.problems, *reading.notices)]
    print(json.dumps([reading.roster is None, said]), flush=True)
"""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (LONG, LONG))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bool, list[list[str]]]]:
    """What one process of a gigabyte said to all the bombs, by name."""
    folder = tmp_path_factory.mktemp("bombs")
    files = [make(folder / f"{make.__name__}.xlsx") for make in BOMBS]
    assert all(file.stat().st_size < 2**20 for file in files)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=600,
        preexec_fn=limited,
    )
    assert not (folder.parent / "escaped.txt").exists()
    assert not Path("/tmp/dezhurny-escaped.txt").exists()
    said = map(json.loads, done.stdout.splitlines())
    return {make.__name__: tuple(one) for make, one in zip(BOMBS, said, strict=True)}


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda make: make.__name__)
def test_a_bomb_is_refused_in_words(
    bomb: Callable[[Path], Path], read: dict[str, tuple[bool, list[list[str]]]]
) -> None:
    is_refused, said = read[bomb.__name__]
    assert is_refused
    assert BOMBS[bomb] & {reason for reason, _ in said}, said
    assert SECRET not in json.dumps(said, ensure_ascii=False)


def test_a_good_workbook_is_read_with_the_same_limits(tmp_path: Path) -> None:
    good = save_book(tmp_path / "school.xlsx", {**mini()})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(good)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=600,
        preexec_fn=limited,
    )
    assert json.loads(done.stdout)[0] is False


def test_the_password_of_a_workbook_is_not_asked_for(tmp_path: Path) -> None:
    """A member that is encrypted is damage like any other."""
    path = rebuilt(tmp_path / "locked.xlsx", {})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := data.find(mark, start)) >= 0:
            data[start + at] |= 1
            start += 4
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        assert all(member.flag_bits & 1 for member in archive.infolist())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=600,
    )
    assert "roster-broken-workbook" in done.stdout.decode()
