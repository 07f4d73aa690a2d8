"""Webhook forgery (ASVS 13.3.1), secrets at the start (16.2.5), pictures (5.2.6): as a process.

There is no webhook yet, so there is none to forge: the process listens on nothing at all. What
could decode a picture is not loaded into it. And whatever is wrong with its settings, it says
which one, never what stands in it.
"""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.test_cli import Desk, desk
from tests.school_template import MONDAY, sqlite_url

__all__ = ["desk"]

ROOT = Path(__file__).parents[2]
TELEGRAM = "7210345678:AAWrongTokenOfThirtyFiveCharacters_x"
VK = "vk1.a.Wr0ng_Token-Of.Many_Characters"
PASSWORD = "hunter2"
SECRETS = (TELEGRAM, TELEGRAM.partition(":")[2], VK, "Wr0ng", PASSWORD)
LISTENING = "0A"
SECONDS = 60.0


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
        *command, cwd=path.parent, env=environment(path, **own), stdout=PIPE, stderr=PIPE
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
