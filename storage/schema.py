"""Brings a database to the newest schema, and says which schema it has."""

import asyncio
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage import sqlite
from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"


class BrokenReferences(Exception):
    """A migration left rows that point nowhere; it was rolled back."""


def config() -> Config:
    """Return Alembic's configuration; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return made


def newest() -> str:
    """Return the newest revision."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    return head or ""


async def revision(database: Database) -> str:
    """Return the database's revision, "" for an empty database."""
    async with database.read() as tx:
        found = await tx.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    return found or ""


async def copy_aside(database: Database, target: Path) -> None:
    """Write a consistent copy of a SQLite database, its journal included; replaces `target`.

    Only its owner may read it.
    """
    await asyncio.to_thread(target.unlink, missing_ok=True)
    await asyncio.to_thread(target.touch, 0o600)
    engine = _engine(database)
    try:
        async with engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await driver.execute("VACUUM INTO ?", (str(target),))
    finally:
        await engine.dispose()


async def migrate(database: Database, target: str = "head") -> None:
    """Move the database to a revision in one transaction; raises BrokenReferences.

    On SQLite foreign keys are off meanwhile, because a batch migration rebuilds tables, and every
    reference is checked before the commit. A new file is its owner's alone, and so are, on SQLite,
    the journals beside it, which take after it.
    """
    if database.is_sqlite:
        await asyncio.to_thread(_own, database.path)
    engine = _engine(database)
    try:
        async with engine.connect() as connection:
            if database.is_sqlite:
                raw = await connection.get_raw_connection()
                raw.driver_connection.isolation_level = None  # type: ignore[union-attr]
                for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
                    await connection.exec_driver_sql(f"PRAGMA {pragma}")
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            await connection.run_sync(_move, target)
            if database.is_sqlite:
                broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                if broken:
                    await connection.exec_driver_sql("ROLLBACK")
                    raise BrokenReferences(str(broken[:5]))
                await connection.exec_driver_sql("COMMIT")
            await connection.commit()
    finally:
        await engine.dispose()


def _engine(database: Database) -> AsyncEngine:
    """Make an engine for one piece of work; a connection that fails leaves no thread behind."""
    options = {"async_creator_fn": sqlite.connect} if database.is_sqlite else {}
    return create_async_engine(database.url, poolclass=NullPool, connect_args=options)


def _own(path: Path) -> None:
    """Make the file of a new database, and its folder, which nobody else may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(0o600)


def _move(connection: sa.Connection, target: str) -> None:
    made = config()
    made.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    order = [script.revision for script in ScriptDirectory.from_config(made).walk_revisions()]
    is_back = target == "base" or (
        current in order and target in order and order.index(target) > order.index(current)
    )
    (command.downgrade if is_back else command.upgrade)(made, target)
