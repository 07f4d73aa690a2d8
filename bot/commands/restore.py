"""`dezhurny restore`: a backup in the place of what there is, whole or not at all."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.commands.backup import place_of
from bot.commands.desk import Now, instant
from bot.commands.terminal import complaints, output, plain_refusals, refuse, say
from bot.restoring import Restored, restore_from
from handlers.texts import Texts
from storage.backups import archive
from storage.database import opened

Archive = Annotated[Path, typer.Argument(metavar="FILE", help=say("cli-restore-file-help"))]
Force = Annotated[bool, typer.Option("--force", help=say("cli-restore-force-help"))]
Incomplete = Annotated[bool, typer.Option("--incomplete", help=say("cli-restore-incomplete-help"))]


def restore(
    file: Archive, *, force: Force = False, incomplete: Incomplete = False, now: Now = ""
) -> None:
    """Check a backup and put it in place; what was there is set aside."""
    moment = instant(now)
    with plain_refusals():
        configured = settings.load()

        async def put_back() -> Restored:
            async with opened(configured.database_url) as database:
                if not database.is_sqlite:
                    refuse("cli-restore-postgres")
                await asyncio.to_thread(archive.read, file)
                place = place_of(configured, database)
                async with database.sole_use():
                    return await restore_from(
                        file, place, moment, force=force, incomplete=incomplete
                    )

        _tell(asyncio.run(put_back()))


def _tell(restored: Restored) -> None:
    local = Texts(say.language, zone=restored.zone)
    lines = [
        say(
            "cli-restored",
            made=local.stamp(restored.made_at),
            people=restored.people,
            works=restored.works,
            files=restored.files,
        )
    ]
    if restored.migrated_from:
        lines.append(say("cli-restored-migrated", revision=restored.migrated_from))
    if restored.set_aside:
        lines.append(say("cli-restored-aside", file=str(restored.set_aside)))
    if restored.told.known:
        lines.append(say("cli-restored-known", count=restored.told.known))
    if restored.told.unknown:
        lines.append(say("cli-restored-unknown", count=restored.told.unknown))
    if restored.told.revoked:
        lines.append(say("cli-restored-codes", count=restored.told.revoked))
    lines.append(say("cli-restored-next"))
    for line in lines:
        output().print(line, markup=False)
    if restored.lacking:
        lost = say("cli-files-lost", count=restored.lacking)
        complaints().print(lost, style="yellow", markup=False)
