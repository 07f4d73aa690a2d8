"""Where the page is served, and what refuses to be."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands import rehearsal
from bot.demo import live
from bot.demo.backstage import SCHOOL
from bot.demo.house import Show
from bot.demo.live import NoPortError, served
from tests.school_template import SAMPLE, sample_roster

LOOPBACK = "127.0.0.1"
START = rehearsal.SAMPLE_BEGINS


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """Hold a port of this machine."""
    with closing(socket.create_server((LOOPBACK, port))) as held:
        yield held.getsockname()[1]


@pytest.fixture(autouse=True)
def nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no school and start no bot: only the page is served."""

    async def open_nothing(*_: object) -> None:
        return

    monkeypatch.setattr(live.Live, "open", open_nothing)


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


async def test_a_taken_port_gives_way_to_the_next_free_one(tmp_path: Path) -> None:
    with taken() as port:
        async with served(Show(SCHOOL, START, LOOPBACK, port), tmp_path) as found:
            assert port < port_of(found.sandbox.url) < port + live.MOST_PORTS


async def test_where_none_is_free_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_PORTS", 1)
    with taken() as port, pytest.raises(ExceptionGroup) as refused:
        async with served(Show(SCHOOL, START, LOOPBACK, port), tmp_path):
            raise AssertionError("it is served")
    assert refused.group_contains(NoPortError)


async def test_the_clock_runs_as_a_clock_from_the_start(tmp_path: Path) -> None:
    async with served(Show(SCHOOL, START, LOOPBACK, 0), tmp_path) as found:
        state = found.sandbox.world.clock.state()
        assert state.rate == 1
        assert state.now >= START
        assert state.now.isoformat().startswith("2026-11-23T07:05")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.10", "::", "school.example", ""])
def test_another_address_than_this_machines_is_refused_in_a_sentence(host: str) -> None:
    answer = CliRunner().invoke(app, ["demo", "--host", host, "--no-browser", "--port", "0"])
    assert answer.exit_code == 2
    assert answer.stderr.count("\n") == 1
    assert "ни паролей, ни замков" in answer.stderr


def test_sheets_with_faults_are_told_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "school.csv").write_text("ключ;значение\n", encoding="utf-8")
    answer = CliRunner().invoke(app, ["demo", "--no-browser", "--school", str(tmp_path)])
    assert answer.exit_code == 1
    assert "http://" not in answer.output
    assert "классы" in answer.stderr or "classes" in answer.stderr


def test_a_rehearsal_begins_on_the_next_working_monday() -> None:
    moscow = ZoneInfo("Europe/Moscow")
    friday = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    found = rehearsal.beginning(SAMPLE, None, friday)
    assert found == datetime(2026, 11, 9, 7, 5, tzinfo=moscow), "after the holidays"
    roster = sample_roster()
    monday = datetime(2026, 11, 23, tzinfo=moscow).date()
    assert rehearsal.working_monday(roster, monday) == monday


def test_a_rehearsal_begins_when_it_is_told_to() -> None:
    asked = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
    for school in (None, SAMPLE):
        found = rehearsal.beginning(school, asked, asked)
        assert found == asked
        assert str(found.tzinfo) == "Europe/Moscow"
    assert rehearsal.beginning(None, None, asked) == START
