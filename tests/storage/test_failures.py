import asyncio
import socket
import threading
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage import accounts
from storage import database as database_module
from storage.database import Database, Tx, opened
from storage.failures import is_in_trouble
from tests.bot.patience import until
from tests.school_template import MONDAY


async def failure_of(database: Database, *statements: str) -> Exception:
    async def ask() -> None:
        async with database.write() as tx:
            for statement in statements:
                await tx.execute(sa.text(statement))

    with pytest.raises(sa.exc.DBAPIError) as caught:
        await ask()
    return caught.value


async def test_a_lock_that_another_holds_is_trouble_of_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.02)
    patience = [] if database.is_sqlite else ["SET LOCAL lock_timeout = 20"]
    url = database.url.render_as_string(hide_password=False)
    async with opened(url) as other, database.write() as tx:
        await accounts.tried(tx, "vk", "somebody", MONDAY)
        await tx.execute(sa.text("DELETE FROM code_tries"))
        table = "DROP TABLE code_tries"
        assert is_in_trouble(await failure_of(other, *patience, table))


def threads_of_sqlite() -> list[str]:
    return [one.name for one in threading.enumerate() if "connection_worker" in one.name]


async def test_a_connection_that_is_gone_is_trouble_of_the_database(
    database: Database, tmp_path: Path
) -> None:
    if database.is_sqlite:
        async with opened(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/school.db") as nowhere:
            assert is_in_trouble(await failure_of(nowhere, "SELECT 1"))
        await until(lambda: not threads_of_sqlite())  # aiosqlite lets it end by itself
        return
    ended = "SELECT pg_terminate_backend(pg_backend_pid())"
    assert is_in_trouble(await failure_of(database, ended, "SELECT 1"))


@pytest.mark.parametrize("statement", ["SELECT * FROM no_such_table", "SELECT 1 FROM"])
async def test_a_statement_that_is_wrong_is_its_own_fault(
    database: Database, statement: str
) -> None:
    assert not is_in_trouble(await failure_of(database, statement))


async def test_so_is_a_row_that_breaks_a_rule(database: Database) -> None:
    wrong = "INSERT INTO cards (messenger) VALUES (NULL)"
    assert not is_in_trouble(await failure_of(database, wrong))
    assert not is_in_trouble(KeyError("of a handler"))


async def refusal(database: Database) -> Exception:
    """Ask for a connection in vain."""
    with pytest.raises(Exception, match=r".*") as caught:
        await database.read_whole(_nothing)
    for way in (database.write(), database.read()):
        with pytest.raises(type(caught.value)):
            async with way:
                pytest.fail("there is a connection")
    with pytest.raises(type(caught.value)):
        await database.write_whole(_nothing)
    return caught.value


async def _nothing(_tx: Tx) -> None:
    pytest.fail("there is a connection")


async def test_a_server_that_cannot_be_reached_is_trouble_of_the_database(tmp_path: Path) -> None:
    for where in ("127.0.0.1:1/school", f"/school?host={tmp_path}"):
        async with opened(f"postgresql+asyncpg://dezhurny@{where}") as away:
            failure = await refusal(away)
            assert is_in_trouble(failure), repr(failure)


async def test_so_is_one_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = partial(create_async_engine, connect_args={"timeout": 0.1})
    monkeypatch.setattr(database_module, "create_async_engine", impatient)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"127.0.0.1:{silent.getsockname()[1]}"
        async with opened(f"postgresql+asyncpg://dezhurny@{where}/school") as away:
            assert is_in_trouble(await refusal(away))


@pytest.mark.postgres
async def test_so_is_one_that_has_no_connection_to_spare(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "POOL", 1)
    small = partial(create_async_engine, max_overflow=0, pool_timeout=0.05)
    monkeypatch.setattr(database_module, "create_async_engine", small)
    async with opened(postgres_url) as database:
        async with database.read(), asyncio.TaskGroup() as group:
            other = group.create_task(refusal(database))
        assert is_in_trouble(other.result())
        assert await database.read_whole(one) == 1


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("ours", "changed"),
    [("postgres@", "nobody_here@"), ("/school", "/no_such_school")],
    ids=["who", "where"],
)
async def test_so_is_one_that_does_not_let_us_in_any_more(
    postgres_url: str, ours: str, changed: str
) -> None:
    """Nothing is wrong with what was to be written: a password was changed, or a name."""
    async with opened(postgres_url.replace(ours, changed)) as outside:
        assert is_in_trouble(await refusal(outside))


async def one(tx: Tx) -> int:
    return int(await tx.scalar(sa.text("SELECT 1")) or 0)


async def test_a_file_of_ours_that_fails_inside_a_transaction_is_not(database: Database) -> None:
    async def read_a_file(_tx: Tx) -> None:
        raise FileNotFoundError(2, "No such file", "a work")

    with pytest.raises(FileNotFoundError) as caught:
        await database.write_whole(read_a_file)
    assert not is_in_trouble(caught.value)
    for ours in (ConnectionRefusedError("a messenger"), TimeoutError()):
        with pytest.raises(type(ours)) as refused:
            async with database.write():
                raise ours
        assert refused.value is ours
        assert not is_in_trouble(ours)
