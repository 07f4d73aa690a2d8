"""The copy that `run` makes before it migrates."""

from pathlib import Path

from storage import schema, schools
from storage.database import Database, opened
from tests.school_template import sqlite_url


async def test_the_copy_has_what_was_committed_a_moment_ago(
    database: Database, tmp_path: Path
) -> None:
    async with database.write() as tx:
        school = (await schools.every(tx))[0]
        await schools.change(tx, school.id, {"name": "Школа № 1"})
    target = tmp_path / "copy.db"
    target.write_text("an older copy", encoding="utf-8")
    await schema.copy_aside(database, target)
    async with opened(sqlite_url(target)) as copy, copy.read() as tx:
        assert [one.name for one in await schools.every(tx)] == ["Школа № 1"]
