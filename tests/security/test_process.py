"""Webhook forgery (ASVS 13.3.1), secrets at the start (16.2.5), pictures (5.2.6): as a process.

There is no webhook yet, so there is none to forge: the process listens on nothing at all. What
could decode a picture is not loaded into it. And whatever is wrong with its settings, it says
which one, never what stands in it. What it writes is for nobody else to read (14.2.4), and neither
is what comes of the lines that `docs/operating.md` gives an operator to type.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.app import migrate_with_backup
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from storage import schema
from storage.database import opened
from tests.bot.phones import SandboxPhone
from tests.bot.test_cli import Desk, desk
from tests.chat import photo
from tests.school_template import MONDAY, SAMPLE, sqlite_url

__all__ = ["desk"]

ROOT = Path(__file__).parents[2]
TELEGRAM = "7210345678:AAWrongTokenOfThirtyFiveCharacters_x"
VK = "vk1.a.Wr0ng_Token-Of.Many_Characters"
PASSWORD = "hunter2"
SECRETS = (TELEGRAM, TELEGRAM.partition(":")[2], VK, "Wr0ng", PASSWORD)
LISTENING = "0A"
SECONDS = 60.0
USUAL = 0o022
"""The umask of most machines."""
OTHERS = 0o077
PAGE = ROOT / "docs" / "operating.md"


def environment(path: Path, **own: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "DEZHURNY" not in name}
    return inherited | {
        "PYTHONPATH": str(ROOT),
        "DEZHURNY_DATABASE_URL": sqlite_url(path),
        "DEZHURNY_FILES_DIR": str(path.parent / "files"),
        "DEZHURNY_LOG_LEVEL": "DEBUG",
        **own,
    }


@asynccontextmanager
async def running(path: Path, **own: str) -> AsyncIterator[Process]:
    command = (sys.executable, "-m", "bot", "run", "--now", MONDAY.isoformat())
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=path.parent,
        env=environment(path, **own),
        stdout=PIPE,
        stderr=PIPE,
        umask=USUAL,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def listening(pid: int) -> list[str]:
    """Return the local addresses on which a process waits for connections."""
    own = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            own.add(str(handle.readlink()))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in own:
                found.append(f"{table} {fields[1]}")
    return found


def decoders(pid: int) -> list[str]:
    """Return the libraries for pictures and tables that a process has loaded."""
    loaded = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    return [name for name in ("/PIL/", "/pillow", "/cv2/", "/numpy/", "/fitz/") if name in loaded]


async def said_until(process: Process, *words: str) -> str:
    """Read what is logged until all of these were said."""
    assert process.stderr is not None
    told = ""
    async with asyncio.timeout(SECONDS):
        while not all(word in told for word in words):
            line = await process.stderr.readline()
            assert line, told
            told += line.decode()
    return told


@pytest.mark.process
@pytest.mark.frameworks
async def test_with_wrong_tokens_it_says_so_without_them_and_listens_on_nothing(
    template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with (
        Sandbox(MONDAY) as sandbox,
        running(
            path,
            DEZHURNY_TELEGRAM_TOKEN=TELEGRAM,
            DEZHURNY_TELEGRAM_API_URL=sandbox.telegram_api_url,
            DEZHURNY_VK_TOKEN=VK,
            DEZHURNY_VK_API_URL=sandbox.vk_api_url,
            DEZHURNY_SMTP_URL=f"smtp://school:{PASSWORD}@127.0.0.1:1",
            DEZHURNY_MAIL_FROM="dezhurny@school.example",
            DEZHURNY_LOG_FORMAT="json",
        ) as process,
    ):
        told = await said_until(process, "running", "poll.failed", "telegram", "vk")
        assert listening(process.pid) == []
        assert decoders(process.pid) == []
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            rest = await process.communicate()
    everything = told + "".join(part.decode() for part in rest)
    assert "stopp" in everything
    for secret in SECRETS:
        assert secret not in everything, everything


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEZHURNY_DATABASE_URL", f"postgresql+asyncpg://school:{PASSWORD}@127.0.0.1:1/school"),
        ("DEZHURNY_DATABASE_URL", f"mysql://school:{PASSWORD}@127.0.0.1/school"),
        ("DEZHURNY_DATABASE_URL", f"{PASSWORD}"),
        ("DEZHURNY_SMTP_URL", f"http://school:{PASSWORD}@127.0.0.1"),
        ("DEZHURNY_TELEGRAM_API_URL", f"ftp://{PASSWORD}"),
        ("DEZHURNY_VK_GROUP_ID", PASSWORD),
        ("DEZHURNY_LOG_LEVEL", PASSWORD),
    ],
)
@pytest.mark.parametrize("words", [("run",), ("school", "codes"), ("doctor",)], ids=" ".join)
def test_a_setting_that_makes_no_sense_is_not_repeated(
    desk: Desk, words: tuple[str, ...], name: str, value: str
) -> None:
    result = desk.types(*words, **{name: value})
    assert result.exit_code == 1, result.output
    assert result.output.strip()
    assert PASSWORD not in result.output
    assert PASSWORD not in repr(result.exception)


def typed(path: Path, *words: object) -> str:
    """Type a command as an operator does, and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words), "--now", MONDAY.isoformat()],
        cwd=path.parents[1],
        env=environment(path),
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
        umask=USUAL,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what others may read, write or enter, with its mode."""
    return {
        str(path.relative_to(folder)): oct(path.stat().st_mode)
        for path in folder.rglob("*")
        if path.stat().st_mode & OTHERS
    }


@pytest.mark.process
@pytest.mark.frameworks
async def test_nobody_else_may_read_what_the_commands_write(tmp_path: Path) -> None:
    path, slips, others = (tmp_path / name for name in ("data/d.db", "9А.pdf", "7Б.pdf"))
    typed(path, "school", "load", SAMPLE)
    issued = json.loads(typed(path, "school", "codes", "--class", "7Б", "--json", "--pdf", others))
    typed(path, "school", "codes", "--class", "9А", "--pdf", slips)
    typed(path, "backup", tmp_path / "backup")
    assert slips.stat().st_size > 1000
    assert others.stat().st_size > 1000
    vk = next(bot for bot in BOTS if bot.messenger is Messenger.VK)
    async with (
        Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox,
        running(path, DEZHURNY_VK_TOKEN=vk.token, DEZHURNY_VK_API_URL=sandbox.vk_api_url) as run,
    ):
        phone = SandboxPhone(sandbox, Messenger.VK, "Мария")
        await phone.says(next(one["code"] for one in issued if one["id"] == "S701"))
        await phone.presses("Да, это я")
        await phone.sends(photo())
        await phone.until(lambda: any((path.parent / "files").rglob("?" * 64)), "a file on disk")
        there = {found.name for found in path.parent.iterdir()}
        assert there >= {"d.db-wal", "d.db-shm", "d.db.lock", "heartbeat.json", "vk.bookmark"}
        assert open_to_others(tmp_path) == {}
        run.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            await run.communicate()
    assert open_to_others(tmp_path) == {}


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    before = os.umask(USUAL)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_usual_umask")
async def test_a_database_and_the_copy_before_a_migration_are_their_owners_alone(
    tmp_path: Path,
) -> None:
    """Whoever makes them: another program than the command line has a umask of its own."""
    async with opened(sqlite_url(tmp_path / "data" / "d.db")) as database:
        await schema.migrate(database, "0001")
        await migrate_with_backup(database)
        copy = database.path.with_name(f"{database.path.name}.before-{schema.newest()}")
        assert open_to_others(tmp_path) == {}
    assert copy.exists()


def script(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(parents=True)
    made = folder / name
    made.write_text("\n".join(("#!/bin/sh", *lines)), encoding="utf-8")
    made.chmod(0o700)
    return made


def shell(line: str, **own: str) -> str:
    done = subprocess.run(
        ["sh", "-eu", "-c", line],
        env={"PATH": os.environ["PATH"], **own},
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS,
    )
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize(("code", "said"), [(0, ""), (1, "! база закрыта\nвторая строка\n")])
def test_the_line_for_cron_speaks_only_of_troubles_and_leaves_nothing(
    tmp_path: Path, code: int, said: str
) -> None:
    found = re.search(r"^\*/5 \* \* \* \* dezhurny (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    assert "%" not in found[1], "cron reads it as the end of the line"
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    told = ("echo '! база закрыта'", "echo 'вторая строка'", f"exit {code}")
    script(home / ".venv" / "bin", "dezhurny", *told)
    line = found[1].replace("/srv/dezhurny", str(home))
    assert shell(line, TMPDIR=str(temporary)) == said
    assert not list(temporary.iterdir())


def test_a_backup_is_tried_in_a_place_of_ones_own_that_does_not_stay(tmp_path: Path) -> None:
    page = PAGE.read_text("utf-8")
    assert "/tmp/" not in page
    block = page.partition("Раз в четверть")[2].split("```")[1]
    program = script(
        tmp_path / "bin",
        "dezhurny",
        "place=${DEZHURNY_DATABASE_URL#sqlite+aiosqlite:///}; place=${place%/dezhurny.db}",
        'test "$DEZHURNY_FILES_DIR" = "$place/files" && touch "$place/dezhurny.db"',
        'stat -c "%a %n" "$place"; echo "$@"',
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = f"{program.parent}:{os.environ['PATH']}"
    place, words = shell(block, PATH=path, TMPDIR=str(temporary)).splitlines()
    assert place.startswith(f"700 {temporary}/")
    assert words.startswith("restore /mnt/backup/dezhurny/dezhurny-")
    assert not list(temporary.iterdir())
