"""Finds which texts the demonstration's page says: `t("page-…", {…})`, `t: "page-…"`, data-t."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot import demo
from tests.words_in_code import HOLE, Saying

FOLDER = Path(demo.__path__[0]) / "page"

_CALL = re.compile(r"\bt\(\s*([\"'`])(page-[^\"'`]*)\1\s*(,\s*\{|,|\))")
_MARKED = re.compile(r"\bdata-t=\"([^\"]*)\"|\bt(?:[A-Z]\w*)?: \"(page-[a-z0-9-]+)\"")
_KEY = re.compile(r"(?:^|(?<=[\s:]))page-[a-z0-9-]+")
_QUOTED = re.compile(r"([\"'`])(page(?:-[a-z0-9]+)+)\1")
_MADE = re.compile(r"`(page-(?:[a-z0-9-]|\$\{[^}]*\})+)`")
_COMMENT = re.compile(r"(?<!\S)/\*.*?\*/|(?<!\S)//[^\n]*", re.DOTALL)
_HOLE = re.compile(r"\$\{[^}]*\}")


@cache
def page_sayings() -> tuple[Saying, ...]:
    """Return every place of the page that says a text; `params` is None where they are a value."""
    return tuple(saying for path in _files() for saying in _said_in(path))


@cache
def page_constants() -> frozenset[str]:
    """Return every string of the page that could be a key."""
    quoted = {found for path in _files() for _, found in _QUOTED.findall(_read(path))}
    return frozenset(quoted | {saying.key for saying in page_sayings()})


@cache
def page_patterns() -> dict[str, str]:
    """Return every template literal that could make a key, and where it stands."""
    return {
        _HOLE.sub(HOLE, made[1]): f"{path.name}:{_line(text, made.start())}"
        for path in _files()
        for text in (_read(path),)
        for made in _MADE.finditer(text)
    }


def _files() -> Iterator[Path]:
    for suffix in ("*.js", "*.html"):
        yield from sorted(FOLDER.glob(suffix))


@cache
def _read(path: Path) -> str:
    """Read a file of the page without its comments; the lines keep their numbers."""
    text = path.read_text(encoding="utf-8")
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)


def _said_in(path: Path) -> Iterator[Saying]:
    text = _read(path)
    for marked in _MARKED.finditer(text):
        where = f"{path.name}:{_line(text, marked.start())}"
        for key in _KEY.findall(marked[1] or marked[2]):
            yield Saying(key, frozenset(), on_button=False, where=where)
    for call in _CALL.finditer(text):
        params: frozenset[str] | None = frozenset()
        if call[3] != ")":
            params = _names(text[call.end() :]) if call[3].endswith("{") else None
        where = f"{path.name}:{_line(text, call.start())}"
        yield Saying(_HOLE.sub(HOLE, call[2]), params, on_button=False, where=where)


def _names(text: str) -> frozenset[str] | None:
    """Return the names of an object literal whose `{` has just been read; None if it spreads."""
    members, depth = [""], 0
    for letter in text:
        if not depth and letter == "}":
            break
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            members.append("")
        else:
            members[-1] += letter
    names = [member.split(":")[0].strip().strip("\"'") for member in members]
    return None if any(name.startswith("...") for name in names) else frozenset(filter(None, names))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
