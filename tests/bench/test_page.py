from datetime import date
from pathlib import Path

import pytest

from tests.bench import page
from tests.bench.figures import Bar, Figure, Table, Unit

ORDER = ("pipeline", "wave", "plan")
DAY = date(2026, 11, 23)


def section(name: str, title: str) -> str:
    figure = Figure("answers a second", Unit.PER_SECOND, [90.0], [100.0], Bar(80.0, at_least=True))
    table = Table(title, "a plain bot", [figure], "One\nnote.\n\nAnother.")
    return page.section(name, [table], page.measured(DAY, "A machine", 75.0, "3 rounds"))


def test_a_section_says_what_stood_beside_what_when_and_where() -> None:
    assert section("wave", "The wave") == (
        "<!-- bench: wave -->\n\n"
        "## The wave\n\n"
        "2026-11-23, 3 rounds, 1 min 15 s in all. A machine.\n\n"
        "Peer: a plain bot.\n\n"
        "| figure | ours | peer | ours ÷ peer | bar | verdict |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| answers a second | 90/s | 100/s | 0.90× | ≥ 80/s | met |\n\n"
        "- One note.\n"
        "- Another.\n\n"
        "<!-- end of wave -->\n"
    )


def test_a_part_of_the_benches_replaces_only_its_sections() -> None:
    every = {name: section(name, f"Old {name}") for name in ORDER}
    old = page.renewed("", every, ORDER)
    new = page.renewed(old, {"wave": section("wave", "New wave")}, ORDER)
    assert new == old.replace("Old wave", "New wave")


def test_sections_stand_in_their_order_whatever_ran_first() -> None:
    text = ""
    for name in ("plan", "pipeline", "wave"):
        text = page.renewed(text, {name: section(name, name)}, ORDER)
    assert text == page.renewed("", {name: section(name, name) for name in ORDER}, ORDER)
    assert text.startswith(page.PREFACE)


def test_a_renewed_page_is_renewed_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "benchmarks.md"
    monkeypatch.setattr(page, "PAGE", path)
    page.renew({"plan": section("plan", "The plan")}, ORDER)
    once = path.read_text(encoding="utf-8")
    page.renew({}, ORDER)
    assert path.read_text(encoding="utf-8") == once


def test_a_bench_of_two_peers_has_two_tables_in_one_section() -> None:
    tables = [Table(name, name, [Figure("x", Unit.COUNT, [1])]) for name in ("one", "two")]
    text = page.section("plan", tables, "Then.")
    assert text.count("| figure |") == 2
    assert text.index("## one") < text.index("### two")
    assert page.renewed("", {"plan": text}, ORDER).endswith("<!-- end of plan -->\n")
