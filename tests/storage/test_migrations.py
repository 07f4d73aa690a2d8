import shutil
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import schema
from storage.database import Database, opened
from storage.tables import metadata

ONE_MORE = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{parent}"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("persons") as batch:
        batch.add_column(sa.Column("nick", sa.Text(), nullable=False, server_default="-"))
        batch.alter_column("phone", new_column_name="telephone")
    {more}


def downgrade():
    with op.batch_alter_table("persons") as batch:
        batch.alter_column("telephone", new_column_name="phone")
        batch.drop_column("nick")
"""


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    async with opened(empty_url) as database:
        yield database


def revisions() -> list[str]:
    """All revisions, first to last."""
    scripts = ScriptDirectory.from_config(schema.config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


async def tables(database: Database) -> set[str]:
    async with database.read() as tx:
        return set(await tx.run_sync(lambda c: sa.inspect(c).get_table_names()))


async def differences(database: Database) -> list[object]:
    def compare(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with database.read() as tx:
        return await tx.run_sync(compare)


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds a migration, which at its end does what the test says, to a copy of them all."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder)
    monkeypatch.setattr(schema, "FOLDER", folder)
    path, parent = folder / "versions" / "9999_one_more.py", revisions()[-1]

    def write(more: str) -> None:
        path.write_text(ONE_MORE.format(parent=parent, more=more), encoding="utf-8")

    return write


async def count(database: Database) -> dict[str, int]:
    async with database.read() as tx:
        return {
            name: int(await tx.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0)
            for name in sorted(await tables(database) - {"alembic_version"})
        }


async def test_up_down_and_up_again_through_every_revision(empty: Database) -> None:
    for before, revision in pairwise(["base", *revisions()]):
        await schema.migrate(empty, revision)
        await schema.migrate(empty, before)
        await schema.migrate(empty, revision)
        assert await schema.revision(empty) == revision
    for revision in [*revisions()[-2::-1], "base"]:
        await schema.migrate(empty, revision)
    assert await schema.revision(empty) == ""
    assert await tables(empty) == {"alembic_version"}
    await schema.migrate(empty)
    assert await schema.revision(empty) == schema.newest() == revisions()[-1]


async def test_the_migrated_schema_is_the_one_that_the_tables_tell_of(empty: Database) -> None:
    await schema.migrate(empty)
    assert await tables(empty) == {*metadata.tables, "alembic_version"}
    assert await differences(empty) == []


async def test_a_difference_would_be_seen(empty: Database) -> None:
    await schema.migrate(empty)
    async with empty.write() as tx:
        await tx.execute(sa.text("ALTER TABLE drafts ADD COLUMN surplus TEXT"))
    assert await differences(empty) != []


async def test_migrating_to_where_it_is_changes_nothing(database: Database) -> None:
    before = await count(database)
    await schema.migrate(database)
    assert await count(database) == before
    assert before["persons"] > 50


async def test_a_filled_database_keeps_its_rows(
    database: Database, one_more: Callable[[str], None]
) -> None:
    before = await count(database)
    one_more("pass")
    await schema.migrate(database)
    assert await schema.revision(database) == "9999"
    assert await count(database) == before
    async with database.read() as tx:
        nicks = await tx.execute(sa.text("SELECT DISTINCT nick FROM persons"))
        assert [row[0] for row in nicks] == ["-"]
        await tx.execute(sa.text("SELECT telephone FROM persons"))
    await schema.migrate(database, revisions()[-2])
    assert await count(database) == before
    assert await differences(database) == []


@pytest.mark.parametrize(
    ("more", "failure"),
    [
        ('op.execute("DELETE FROM persons")', Exception),
        ('raise KeyError("in the middle")', KeyError),
    ],
    ids=["rows that point nowhere", "an error"],
)
async def test_a_migration_that_fails_is_rolled_back_whole(
    database: Database, one_more: Callable[[str], None], more: str, failure: type[Exception]
) -> None:
    before, last = await count(database), revisions()[-1]
    one_more(more)
    is_reference = "DELETE" in more and database.is_sqlite
    with pytest.raises(schema.BrokenReferences if is_reference else failure):
        await schema.migrate(database)
    assert await schema.revision(database) == last
    assert await count(database) == before
    assert await differences(database) == []


async def test_what_a_button_names_is_numbered_once(database: Database) -> None:
    """On SQLite a number is otherwise given again once the newest row is gone."""
    for _ in range(2):
        async with database.read() as tx:
            if database.is_sqlite:
                made = await tx.execute(
                    sa.text("SELECT name FROM sqlite_master WHERE sql LIKE :s"),
                    {"s": "%AUTOINCREMENT%"},
                )
                assert {row[0] for row in made} == {"drafts", "reviews", "tasks", "works"}
        await schema.migrate(database, "0002")
        await schema.migrate(database)


async def test_foreign_keys_hold_again_after_a_migration(
    database: Database, one_more: Callable[[str], None]
) -> None:
    one_more("pass")
    await schema.migrate(database)
    async with database.write() as tx:
        with pytest.raises(sa.exc.IntegrityError):
            await tx.execute(sa.text("UPDATE students SET class_id = 999"))
