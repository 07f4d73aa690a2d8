"""Finds in the code which texts it says: the keys, and the parameters it gives them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import bot
import handlers
import scheduler
import school
import storage

HOLE = "{}"
ROOMS = (bot, handlers, scheduler, school, storage)
SPEAKING = frozenset({"t", "say", "Refusal", "Texts", "ty", "vy"})
"""Whatever is called by one of these names says the text of its first argument."""

BUTTON = frozenset({"Button"})
REFUSING = "refuse"
"""A function of that name does, too; a row's method of that name does not."""

_KEY = re.compile(r"[a-z]+(-[a-z0-9]+)+")


@dataclass(frozen=True)
class Saying:
    """A place that says a text; an f-string's key has holes, `params` is None where it is `**`."""

    key: str
    params: frozenset[str] | None
    on_button: bool
    where: str


@cache
def sayings() -> tuple[Saying, ...]:
    """Return every place that says something."""
    return tuple(saying for path in _files() for saying in _said_in(path))


@cache
def constants() -> frozenset[str]:
    """Return every string in the code that could be a key."""
    return frozenset(
        node.value
        for path in _files()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and (_KEY.fullmatch(node.value) or node.value.isalpha())
    )


@cache
def patterns(prefixes: frozenset[str]) -> dict[str, str]:
    """Return every f-string that could make a key of a known prefix, and where it stands."""
    found = {}
    for path in _files():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.JoinedStr):
                pattern = _pattern(node)
                is_key = re.fullmatch(r"[a-z]+(-[a-z0-9]+)*-\{\}(-[a-z0-9]+)*", pattern)
                if is_key and pattern.split("-")[0] in prefixes:
                    found[pattern] = f"{path.name}:{node.lineno}"
    return found


def _files() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted(Path(room.__path__[0]).rglob("*.py"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _said_in(path: Path) -> Iterator[Saying]:
    tree = _tree(path)
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    for scope in functions:
        labels = {id(node.args[0]) for node in _calls(scope, BUTTON) if node.args}
        for call in _calls(scope, SPEAKING):
            if not call.args:
                continue
            named = [keyword.arg for keyword in call.keywords]
            params = None if None in named else frozenset(filter(None, named))
            for key in _keys(call.args[0], scope):
                yield Saying(key, params, id(call) in labels, f"{path.name}:{call.lineno}")


def _calls(scope: ast.AST, names: frozenset[str]) -> Iterator[ast.Call]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and (
            _called(node.func) in names
            or (isinstance(node.func, ast.Name) and node.func.id == REFUSING)
        ):
            yield node


def _called(func: ast.expr) -> str:
    """Give the last name of what is called: "t" of `turn.t(…)`, "Texts" of `Texts()(…)`."""
    if isinstance(func, ast.Name):
        return func.id
    if isinstance(func, ast.Attribute):
        return func.attr
    return _called(func.func) if isinstance(func, ast.Call) else ""


def _keys(node: ast.expr, scope: ast.AST) -> Iterator[str]:
    """Give the keys an expression may be: a string, a choice, an f-string, a name set before."""
    match node:
        case ast.Constant(value=str(key)):
            if _KEY.fullmatch(key) or key.isalpha():
                yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from _keys(body, scope)
            yield from _keys(orelse, scope)
        case ast.JoinedStr():
            yield _pattern(node)
        case ast.Name(id=name):
            for assigned in ast.walk(scope):
                if isinstance(assigned, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == name
                    for target in assigned.targets
                ):
                    yield from _keys(assigned.value, scope)


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values
    )
