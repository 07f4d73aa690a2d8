"""`dezhurny backup`: the database and the files, put aside whole while the bot goes on."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.commands.desk import Now, instant
from bot.commands.terminal import complaints, output, plain_refusals, refuse, say
from bot.settings import Settings
from storage import schools
from storage.backups.making import Made, Place, make
from storage.backups.shelf import Shelf
from storage.database import Database, opened

Target = Annotated[Path | None, typer.Argument(metavar="DIR", help=say("cli-backup-dir-help"))]
Keep = Annotated[int | None, typer.Option("--keep", min=1, help=say("cli-backup-keep-help"))]
MEGABYTE = 1 << 20
MOST_NAMED = 5


def backup(target: Target = None, keep: Keep = None, now: Now = "") -> None:
    """Make a backup, read it back, and let go of the oldest."""
    moment = instant(now)
    with plain_refusals():
        configured = settings.load()
        folder = target or configured.backup_dir
        if folder is None:
            refuse("cli-backup-where")
        made = asyncio.run(_make(configured, folder, keep or configured.backup_keep, moment))
        _tell(made)


def place_of(configured: Settings, database: Database) -> Place:
    """Say where an installation on SQLite keeps what it must not lose."""
    return Place(database.path.resolve(), configured.files_dir, configured.vk_bookmark)


async def _make(configured: Settings, folder: Path, keep: int, now: datetime) -> Made:
    async with opened(configured.database_url) as database:
        if not database.is_sqlite:
            refuse("cli-backup-postgres", files=str(configured.files_dir))
        if not database.path.exists():
            refuse("cli-no-database", file=str(database.path))
        async with database.read() as tx:
            zone = await schools.zone(tx)
        place = place_of(configured, database)
    local = now.astimezone(zone or UTC)
    return await asyncio.to_thread(make, place, Shelf(folder), local, keep)


def _tell(made: Made) -> None:
    said = say(
        "cli-backed-up",
        file=str(made.path),
        files=made.files,
        copied=made.copied,
        megabytes=f"{made.size / MEGABYTE:.1f}",
    )
    output().print(said, markup=False)
    if made.removed:
        output().print(say("cli-backups-removed", count=made.removed), markup=False)
    if made.lost:
        lost = say("cli-files-lost", count=len(made.lost))
        complaints().print(lost, style="yellow", markup=False)
        for path in list(made.lost)[:MOST_NAMED]:
            complaints().print(f"  {path}", markup=False)
