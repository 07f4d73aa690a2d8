from pathlib import Path

import pytest

from tests.bench import __main__ as command
from tests.bench import page, wave
from tests.bench.figures import Asked, Figure, Table, Unit
from tests.bench.limited import LIMIT
from tests.bench.machine import this_machine


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Asked]:
    """Put a bench that takes no time in the place of the plan, and the page somewhere else."""
    heard: list[Asked] = []

    def run(what: Asked) -> list[Table]:
        heard.append(what)
        return [Table("The plan", "nobody", [Figure("x", Unit.COUNT, [1])])]

    monkeypatch.setattr("tests.bench.plan.run", run)
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr("bot.logs.configure", lambda *_: None)
    return heard


def test_a_bench_runs_as_asked_and_renews_the_page(
    asked: list[Asked], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["plan", "--rounds", "7", "--events", "9"]) == 0
    assert asked == [Asked(rounds=7, events=9)]
    section = page.SECTION.search((tmp_path / "benchmarks.md").read_text(encoding="utf-8"))
    assert section is not None
    assert section[0] in capsys.readouterr().out


def test_a_quick_run_leaves_the_page_alone(asked: list[Asked], tmp_path: Path) -> None:
    assert command.main(["plan", "--quick"]) == 0
    assert asked[0].sized(150_000, 2000) == 2000
    assert not (tmp_path / "benchmarks.md").exists()


@pytest.mark.parametrize(
    ("words", "told"), [(["plann"], "no bench plann"), (["plan", "--rounds", "0"], "at least one")]
)
def test_what_cannot_be_measured_is_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        command.main(words)
    assert refused.value.code == 2
    assert told in capsys.readouterr().err


def test_every_bench_has_a_section_in_the_parameters() -> None:
    assert f"`{' '.join(page.BENCHES)}`" in page.PREFACE


def test_the_machine_is_told_with_its_disk(tmp_path: Path) -> None:
    machine = this_machine(tmp_path)
    assert machine.cores >= 1
    assert machine.sync > 0
    assert machine.processor in str(machine)


def test_a_strict_second_takes_thirty_and_refuses_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("tests.bench.wave.time.monotonic", lambda: now)
    pace, chat = wave.StrictSecond(), object()
    for _ in range(LIMIT):
        pace.take(chat)  # type: ignore[arg-type]
    now = 100.99
    with pytest.raises(Exception, match="Too Many Requests"):
        pace.take(chat)  # type: ignore[arg-type]
    now = 101.0
    pace.take(chat)  # type: ignore[arg-type]
    assert (pace.accepted, pace.refused) == (LIMIT + 1, 1)
