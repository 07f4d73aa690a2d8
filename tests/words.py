"""Takes the messages of `locales/` apart: their parameters, and what these may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fluent.syntax import FluentParser, ast, visitor

from handlers.texts import FOLDER, Texts

PLURAL = frozenset({"zero", "one", "two", "few", "many", "other"})
COUNTS: tuple[float, ...] = (0, 1, 2, 5, 11, 21, 1.5)
Params = dict[str, str | float]


@dataclass(frozen=True)
class Word:
    """A message. `choices` are the variants a parameter selects among, `numbers` are numeric."""

    key: str
    file: str
    params: frozenset[str]
    choices: dict[str, frozenset[str]]
    numbers: frozenset[str]

    def samples(self, plain: str = "5") -> Iterator[Params]:
        """Give parameters: every choice and every count of each, the others held still."""
        usual: Params = {name: 1 if name in self.numbers else plain for name in self.params}
        yield usual
        for name in self.params:
            values: tuple[str | float, ...] = tuple(sorted(self.choices.get(name, ())))
            for value in COUNTS if name in self.numbers else values:
                yield usual | {name: value}


class _Look(visitor.Visitor):
    """Collects what a message refers to."""

    def __init__(self) -> None:
        self.params: set[str] = set()
        self.choices: dict[str, set[str]] = {}
        self.numbers: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.params.add(node.id.name)

    def visit_FunctionReference(self, node: ast.FunctionReference) -> None:  # noqa: N802
        for argument in node.arguments.positional:
            if isinstance(argument, ast.VariableReference):
                self.numbers.add(argument.id.name)
        self.generic_visit(node)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802
        if isinstance(node.selector, ast.VariableReference):
            name = node.selector.id.name
            keys = {_key(variant) for variant in node.variants}
            if any(isinstance(variant.key, ast.NumberLiteral) for variant in node.variants) or (
                keys <= PLURAL and keys != {"other"}
            ):
                self.numbers.add(name)
            self.choices.setdefault(name, set()).update(keys)
        self.generic_visit(node)


def _key(variant: ast.Variant) -> str:
    key = variant.key
    return str(key.value if isinstance(key, ast.NumberLiteral) else key.name)


@cache
def words(language: str) -> dict[str, Word]:
    """Return the messages of a language by key."""
    found = {}
    for path in sorted((FOLDER / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                look = _Look()
                look.visit(entry)
                look.params.discard("form")
                choices = {name: frozenset(keys) for name, keys in look.choices.items()}
                numbers = frozenset(look.numbers)
                params = frozenset(look.params)
                found[entry.id.name] = Word(entry.id.name, path.name, params, choices, numbers)
    return found


@cache
def rendered(language: str) -> tuple[tuple[str, str], ...]:
    """Return (key, text) of every message in both forms of address, with every sample."""
    return tuple(
        (key, Texts(language, informal=informal, of_page=True)(key, **params))
        for key, word in words(language).items()
        for informal in (True, False)
        for params in word.samples()
    )
