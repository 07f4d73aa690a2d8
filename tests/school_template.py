"""A migrated database with the sample school in it, made once; and the days on which tests play."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from school import loading
from school.roster.rows import Roster
from school.roster.validate import read_roster
from storage import schema
from storage.database import opened

SAMPLE = Path(__file__).parent.parent / "samples" / "school"
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 11, 23, 7, 29, 50, tzinfo=MOSCOW)
"""Ten seconds before the morning cards of the first distance day."""
LOADED = datetime(2026, 11, 20, 12, 0, tzinfo=MOSCOW)
"""The Friday before: when the roster came in."""


def sample_roster() -> Roster:
    """Read the sample school; a fault in it fails the test that asked."""
    reading = read_roster(SAMPLE)
    if reading.roster is None:
        raise AssertionError("\n".join(map(str, reading.problems[:10])))
    return reading.roster


def sqlite_url(path: Path) -> str:
    """Give the address of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


async def make_template(path: Path) -> None:
    """Make a database of the newest schema with the sample school loaded."""
    async with opened(sqlite_url(path)) as database:
        await schema.migrate(database)
        async with database.write() as tx:
            await loading.apply(tx, sample_roster(), LOADED)
