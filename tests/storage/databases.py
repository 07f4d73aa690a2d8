"""A pytest plugin: the same school on SQLite and on a real PostgreSQL.

`either_database` runs a test on both. A PostgreSQL that cannot start fails the test in CI, and
skips it elsewhere.
"""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from school import loading
from storage import schema
from storage.database import Database, opened
from tests.school_template import LOADED, sample_roster, sqlite_url
from tests.storage.postgres import NoPostgresError, PostgresServer, running_postgres

TEMPLATE = "school_template"
BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole session."""
    try:
        with running_postgres() as server:
            yield server
    except NoPostgresError as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL must run in CI: {error}")
        pytest.skip(f"PostgreSQL cannot be started here, so nothing is known about it: {error}")


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a migrated database with the sample school in it."""
    asyncio.run(_make_template(postgres))
    return TEMPLATE


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The address of a fresh copy of the template."""
    name = f"school_{next(_numbers)}"
    copy = f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY file_copy"
    postgres.command(copy)
    yield postgres.url(name)
    postgres.command(f"DROP DATABASE {name} (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a database without a table."""
    name = f"empty_{next(_numbers)}"
    postgres.command(f"CREATE DATABASE {name} STRATEGY file_copy")
    yield postgres.url(name)
    postgres.command(f"DROP DATABASE {name} (FORCE)")


@pytest.fixture(params=BOTH)
def either_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of the sample school, on each kind of database in turn."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    path = tmp_path / "school.db"
    shutil.copyfile(request.getfixturevalue("template"), path)
    return sqlite_url(path)


@pytest.fixture
def chosen_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The sample school on SQLite; on both where the test also uses `either_url`."""
    if "either_url" in request.fixturenames:
        return str(request.getfixturevalue("either_url"))
    path = tmp_path / "school.db"
    shutil.copyfile(request.getfixturevalue("template"), path)
    return sqlite_url(path)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a table, on each kind in turn."""
    if request.param == "postgres":
        return str(request.getfixturevalue("empty_postgres_url"))
    return sqlite_url(tmp_path / "empty.db")


@pytest.fixture
async def either_database(either_url: str) -> AsyncIterator[Database]:
    """The sample school, on each kind of database in turn; closed after the test."""
    async with opened(either_url) as database:
        yield database


async def _make_template(server: PostgresServer) -> None:
    server.command(f"CREATE DATABASE {TEMPLATE} STRATEGY file_copy")
    async with opened(server.url(TEMPLATE)) as database:
        await schema.migrate(database)
        async with database.write() as tx:
            await loading.apply(tx, sample_roster(), LOADED)
