"""How a command ends that was interrupted, that fails, or that is given an impossible instant."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot import logs
from bot.__main__ import app
from bot.commands import codes
from tests.school_template import sqlite_url

INTERRUPTED = """
import runpy, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Finder())
sys.argv = ["dezhurny", "run"]
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


def types(folder: Path, *words: str, **environment: str) -> Result:
    database = {"DEZHURNY_DATABASE_URL": sqlite_url(folder / "school.db")}
    return CliRunner().invoke(app, words, env=database | environment)


@pytest.fixture
def _unlogged() -> Iterator[None]:
    """As a command begins: nobody has said where a log goes."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.ROOMS}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    before = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)


@pytest.mark.parametrize(
    "moment",
    [
        *("9999-12-31T23:59:59-03:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+05:00"),
        *("0001-01-01T00:00:00+00:00", "1999-12-31T23:59:59+00:00", "2101-01-01T00:00:00+00:00"),
    ],
)
@pytest.mark.parametrize("command", ["run", "demo", "doctor", "backup", "school codes"])
def test_an_instant_no_school_lives_in_is_refused(
    tmp_path: Path, command: str, moment: str
) -> None:
    result = types(tmp_path, *command.split(), "--now", moment)
    assert result.exit_code == 2
    assert result.stderr == f"«{moment}» слишком далеко: часы бота ходят с 2000 по 2100 год.\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_unlogged")
def test_an_interrupted_command_says_so_and_ends_as_shells_expect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(codes, "issue_codes", interrupt)
    monkeypatch.setattr(codes, "the_school", interrupt)
    result = types(tmp_path, "school", "codes")
    assert result.exit_code == 130
    assert result.stderr == "Прервано.\n"


@pytest.mark.usefixtures("_unlogged")
def test_a_crash_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise LookupError("Соколова Мария")

    monkeypatch.setattr(codes, "the_school", crash)
    result = types(tmp_path, "school", "codes")
    assert result.exit_code == 1
    assert result.stderr == (
        "Внутренняя ошибка (LookupError), команда остановлена. "
        "Подробности покажет та же команда с DEZHURNY_LOG_LEVEL=DEBUG.\n"
    )


@pytest.mark.usefixtures("_unlogged")
def test_a_crash_is_told_in_full_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody's name is in it."""

    def crash(*_: object) -> None:
        raise LookupError("Соколова Мария")

    monkeypatch.setattr(codes, "the_school", crash)
    result = types(tmp_path, "school", "codes", DEZHURNY_LOG_LEVEL="DEBUG")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "LookupError" in result.stderr
    assert "Соколова" not in result.stderr


@pytest.mark.process
@pytest.mark.parametrize(
    ("module", "said", "code"),
    [("typer", "", -signal.SIGINT), ("bot.app", "Прервано.\n", 130)],
    ids=["before the command line is there", "before the messengers are there"],
)
def test_ctrl_c_during_the_imports_shows_no_traceback(
    tmp_path: Path, module: str, said: str, code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(name=module)],
        capture_output=True,
        timeout=600,
        check=False,
        text=True,
        env={"DEZHURNY_DATABASE_URL": sqlite_url(tmp_path / "school.db"), "LANG": "C.UTF-8"},
        cwd=Path(__file__).parents[2],
    )
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith(said)
    assert done.returncode == code
