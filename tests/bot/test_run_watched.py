"""A running bot under watch: its health, its metrics, its backups, and the doctor beside."""

import asyncio
import json
import os
import shutil
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.nouns import Messenger
from bot.sandbox.server import Rules, Sandbox
from scheduler.clock import WallClock
from storage.backups.shelf import Shelf
from tests.bot.patience import until, until_nothing
from tests.bot.phones import SandboxPhone
from tests.bot.test_run import START_SECONDS, environment
from tests.ports import free_port
from tests.school_template import MONDAY

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

STOP_SECONDS = 60
MEASURES = (
    'dezhurny_sends_total{lane="telegram",result="sent",what="send"} 1.0',
    'dezhurny_updates_total{messenger="vk"} 1.0',
    'dezhurny_events_total{result="handled"} 2.0',
    'dezhurny_outbox{lane="vk",state="sent"} 1.0',
    'dezhurny_since_seconds{what="backup"}',
    "process_resident_memory_bytes",
)


@asynccontextmanager
async def started(path: Path, env: Mapping[str, str], *words: str) -> AsyncIterator[Process]:
    command = (sys.executable, "-m", "bot", *words)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=path.parent, env=env, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def told_by(path: Path, env: Mapping[str, str], *words: str) -> tuple[int, str]:
    async with started(path, env, *words) as process:
        said, complained = await process.communicate()
        return process.returncode or 0, (said + complained).decode()


async def asks(port: int, what: str) -> tuple[int, str]:
    address = f"http://127.0.0.1:{port}/{what}"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


async def lacking(port: int) -> list[str]:
    """Tell what `/metrics` does not show yet: an outcome is written down after the answer."""
    status, metrics = await asks(port, "metrics")
    assert status == 200
    return [measure for measure in MEASURES if measure not in metrics]


async def test_it_is_watched_backed_up_and_well(template: Path, tmp_path: Path) -> None:
    path, port, shelf = tmp_path / "school.db", free_port(), Shelf(tmp_path / "copies")
    shutil.copyfile(template, path)
    async with Sandbox(MONDAY, rules=Rules.unhurried()) as sandbox:
        env = environment(sandbox, path) | {
            "DEZHURNY_HEALTH_PORT": str(port),
            "DEZHURNY_BACKUP_DIR": str(shelf.folder),
        }
        async with started(path, env, "run", "--now", MONDAY.isoformat()) as bot:
            phones = [SandboxPhone(sandbox, messenger, "Аня") for messenger in Messenger]
            for phone in phones:
                await phone.says("Здравствуйте")
            for phone in phones:
                await phone.sees("Пришлите, пожалуйста, код", within=START_SECONDS)
            code, found = await told_by(path, env, "backup", "--now", MONDAY.isoformat())
            assert (code, len(shelf.archives())) == (0, 1), found

            status, said = await asks(port, "healthz")
            assert (status, json.loads(said)["reasons"]) == (200, [])
            await until_nothing(partial(lacking, port))
            words = ("doctor", "--offline", "--json", "--now", MONDAY.isoformat())
            code, found = await told_by(path, env, *words)
            report = json.loads(found)
            assert (code, report["complaints"]) == (0, []), found
            assert report["facts"]["running"] == f"работает (процесс {bot.pid})"
            assert report["facts"]["telegram: последний ответ"]

            code, found = await told_by(path, env, "restore", str(shelf.archives()[0].path))
            assert code == 1
            assert "уже работает" in found

            bot.terminate()
            async with asyncio.timeout(STOP_SECONDS):
                _, log = await bot.communicate()
            assert bot.returncode == 0, log.decode()
            assert "[error" not in log.decode(), log.decode()
            assert "backup.made" not in log.decode(), "a rehearsed night is none"
        code, found = await told_by(path, env, "doctor", "--offline", "--now", MONDAY.isoformat())
    assert code == 1
    assert "Бот остановлен" in found


async def test_on_the_real_clock_it_backs_up_by_itself(template: Path, tmp_path: Path) -> None:
    path, shelf = tmp_path / "school.db", Shelf(tmp_path / "copies")
    shutil.copyfile(template, path)
    inherited = {name: value for name, value in os.environ.items() if "DEZHURNY" not in name}
    env = inherited | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DEZHURNY_DATABASE_URL": f"sqlite+aiosqlite:///{path}",
        "DEZHURNY_BACKUP_DIR": str(shelf.folder),
    }
    async with started(path, env, "run") as bot:
        await until(lambda: bool(shelf.archives()))
        bot.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            _, log = await bot.communicate()
    assert bot.returncode == 0, log.decode()
    assert shelf.archives()[0].made_at <= WallClock().now()


async def test_a_port_that_is_taken_is_told_in_a_sentence(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = os.environ | {
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DEZHURNY_DATABASE_URL": f"sqlite+aiosqlite:///{path}",
            "DEZHURNY_HEALTH_PORT": str(taken.getsockname()[1]),
        }
        code, found = await told_by(path, env, "run")
    assert code == 1
    assert "DEZHURNY_HEALTH_PORT" in found
    assert "Traceback" not in found
