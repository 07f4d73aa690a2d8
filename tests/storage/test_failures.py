from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import accounts
from storage import database as database_module
from storage.database import Database, opened
from storage.failures import is_in_trouble
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


async def test_a_connection_that_is_gone_is_trouble_of_the_database(
    database: Database, tmp_path: Path
) -> None:
    if database.is_sqlite:
        async with opened(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/school.db") as nowhere:
            assert is_in_trouble(await failure_of(nowhere, "SELECT 1"))
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
