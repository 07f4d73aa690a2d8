"""The page of figures, docs/benchmarks.md: a section a bench, each replaced when it runs again."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.bench.figures import Table

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADS = ("figure", "ours", "peer", "ours ÷ peer", "bar", "verdict")
BENCHES = ("pipeline", "wave", "plan", "restart", "memory", "start", "vk")
ORDER = (*BENCHES, "torture")
SECTION = re.compile(r"<!-- bench: (\w+) -->\n.*?<!-- end of (\w+) -->\n", re.DOTALL)
PREFACE = """\
# Benchmarks

Made by `make bench`; a part of it by `BENCH="wave plan"`, which replaces those sections and keeps
the others. What somebody else's code can do, too, stands beside that peer, measured in the same
run, in turn with ours: the ratio is the one to trust, because machines differ and busy ones differ
from themselves. A figure is the median of its rounds; in brackets, the lowest and the highest
ratio of a round, or where there is no peer the lowest and the highest figure. The bar is what we
promise. The benches and their peers are in `tests/bench/`, the plain bot is
`tests/bot/plain_aiogram_bot.py`. With the defaults all of it takes about half an hour; the whole
bars need `STEADY=600 EVENTS=1000000`, which is hours. The last section is of
`make torture KILLS=1000`, which takes half an hour.

| parameter | default | |
|---|---|---|
| `BENCH` | all | which: `pipeline wave plan restart memory start vk` |
| `ROUNDS` | 4 | how often ours and the peer take turns; the waves take a fourth of it |
| `STEADY` | 60 | seconds of 200 events a second; the bar asks for 600 |
| `EVENTS` | 50000 | events over which memory is watched; the bar asks for 1000000 |
| `QUICK` | | small sizes, to see that the benches run; the page stays as it is |
"""


def section(name: str, tables: Sequence[Table], measured: str) -> str:
    """Write a bench's section; `measured` says when, where and how."""
    parts = [f"<!-- bench: {name} -->\n", f"## {tables[0].title}\n", f"{measured}\n"]
    for number, table in enumerate(tables):
        if number:
            parts.append(f"### {table.title}\n")
        if table.peer:
            parts.append(f"Peer: {table.peer}.\n")
        parts.append(written(table))
        if table.notes:
            notes = table.notes.strip().split("\n\n")
            parts.append("".join(f"- {' '.join(note.split())}\n" for note in notes))
    return "\n".join([*parts, f"<!-- end of {name} -->\n"])


def measured(day: date, machine: object, seconds: float, rounds: str) -> str:
    """Say when, where and how a section was measured."""
    return f"{day.isoformat()}, {rounds}, {_duration(seconds)} in all. {machine}."


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def written(table: Table) -> str:
    """Write a table of figures, with a line end behind it."""
    rows = [HEADS, tuple("-" * 3 for _ in HEADS), *(figure.cells() for figure in table.figures)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def renewed(page: str, fresh: dict[str, str], order: Sequence[str]) -> str:
    """Put fresh sections in the place of the old ones and keep the others, in a fixed order."""
    kept = {found[1]: found[0] for found in SECTION.finditer(page)}
    merged = kept | fresh
    return "\n".join([PREFACE, *(merged[name] for name in order if name in merged)])


def renew(fresh: dict[str, str], order: Sequence[str]) -> None:
    """Do that to the page on disk."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    PAGE.write_text(renewed(old, fresh, order), encoding="utf-8")
