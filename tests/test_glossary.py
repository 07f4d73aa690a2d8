"""The glossary and the code name the same things."""

import ast
import re
from pathlib import Path

import pytest

import bot
from storage.tables import metadata

ROOT = Path(bot.__file__).parent.parent
ROOMS = ("bot", "scheduler", "handlers", "school", "storage")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and not line.startswith("| in the code")
]
BUILT = [(row[0], row[-1]) for row in ROWS if ".py`" in row[-1]]


def classes() -> set[str]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    types = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    aliases = [node.targets for node in nodes if isinstance(node, ast.Assign)]
    return types | {one.id for each in aliases for one in each if isinstance(one, ast.Name)}


def quoted() -> set[str]:
    return {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1])}


def test_every_word_with_a_place_is_a_name_in_the_code() -> None:
    known = classes()
    words = {word for names, _ in BUILT for word in re.findall(r"\b[A-Z][a-z]\w+", names)}
    assert len(words) > 80
    assert words - known == {"File", "Inbox", "Outbox"}


@pytest.mark.parametrize("place", sorted(name for name in quoted() if "/" in name))
def test_every_place_is_there(place: str) -> None:
    assert (ROOT / place).exists()


def test_every_table_and_column_is_there() -> None:
    named = re.findall(r"tables? `(\w+)`", GLOSSARY)
    assert not set(named) - metadata.tables.keys()
    pairs = {name.partition(".")[::2] for name in quoted() if re.fullmatch(r"[a-z_]+\.\w+", name)}
    of_tables = {(table, column) for table, column in pairs if table in metadata.tables}
    assert len(of_tables) > 10
    assert not {pair for pair in of_tables if pair[1] not in metadata.tables[pair[0]].c}
