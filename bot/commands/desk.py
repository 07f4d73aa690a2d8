"""What every command that touches the database needs: settings, an instant, the newest schema."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import settings
from bot.commands.terminal import USAGE, refuse, say
from scheduler.clock import WallClock
from storage import schema, schools
from storage.database import Database, Tx, opened
from storage.schools import School

YEARS = range(2000, 2101)
"""A calendar has no day before the year 1 or after 9999, and a school plans weeks ahead."""

Now = Annotated[str, typer.Option("--now", metavar="ISO", help=say("cli-now-help"))]


def instant(text: str) -> datetime:
    """Read `--now`, or the clock where nothing is said; an instant without a zone is refused."""
    if not text:
        return WallClock().now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        refuse("cli-bad-now", code=USAGE, text=text)
    if found.tzinfo is None:
        refuse("cli-now-without-zone", code=USAGE, text=text)
    if found.year not in YEARS:
        years = {"first": str(YEARS.start), "last": str(YEARS[-1])}
        refuse("cli-now-too-far", code=USAGE, text=text, **years)
    return found.astimezone(UTC)


@asynccontextmanager
async def at_database() -> AsyncIterator[Database]:
    """Open the configured database, brought to the newest schema."""
    async with opened(settings.load().database_url) as database:
        await schema.migrate(database)
        yield database


async def the_school(tx: Tx) -> School:
    """Find the one school of this database; refuses where there is none, or several."""
    every = await schools.every(tx)
    if not every:
        refuse("cli-no-school")
    if len(every) > 1:
        refuse("cli-several-schools", count=len(every))
    return every[0]
