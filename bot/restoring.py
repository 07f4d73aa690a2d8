"""Restores an installation: a backup is checked, brought up to date, and only then put in place."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler import aftermath
from scheduler.aftermath import Aftermath, Memory
from storage import accounts, schema, schools
from storage.backups import restoring
from storage.backups.making import Place
from storage.backups.restoring import Prepared
from storage.database import Database, opened
from storage.failures import DatabaseFailed

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `lacking` files are nowhere; `set_aside` is the old database."""

    made_at: datetime
    people: int
    works: int
    files: int
    lacking: int
    migrated_from: str
    set_aside: Path | None
    told: Aftermath
    zone: ZoneInfo


async def restore_from(
    file: Path, place: Place, now: datetime, *, force: bool, incomplete: bool
) -> Restored:
    """Put a backup in place; the caller alone serves the database.

    Raises BackupFailed, NewerSchema and OSError, and then the old state is whole.
    """
    with restoring.workplace(place) as work:
        prepared = await asyncio.to_thread(restoring.prepare, file, work)
        restoring.check_free(place, force=force)
        said = prepared.manifest
        told, zone = await _bring_up_to_date(prepared, place, now)
        brought = await asyncio.to_thread(
            restoring.bring_files, file, prepared, place, incomplete=incomplete
        )
        local = now.astimezone(zone or UTC_ZONE)
        set_aside = await asyncio.to_thread(restoring.put, prepared, place, local)
    return Restored(
        made_at=said.made_at,
        people=said.counts.get("persons", 0),
        works=said.counts.get("works", 0),
        files=len(prepared.files),
        lacking=brought.lacking,
        migrated_from=said.revision if said.revision != schema.newest() else "",
        set_aside=set_aside,
        told=told,
        zone=zone or UTC_ZONE,
    )


async def _bring_up_to_date(
    prepared: Prepared, place: Place, now: datetime
) -> tuple[Aftermath, ZoneInfo | None]:
    """Migrate the backup's database, and settle in it what happened since."""
    made_at = prepared.manifest.made_at
    async with opened(_url(prepared.database)) as fresh:
        await schema.migrate(fresh)
        memory = await _recalled(place, fresh, made_at)
        async with fresh.write() as tx:
            told = await aftermath.make_up(tx, memory, made_at, now)
            details = {"made_at": made_at.isoformat(), "unknown": told.unknown}
            details["revoked"] = told.revoked
            await accounts.record(tx, now, "database.restored", details=details)
            return told, await schools.zone(tx)


async def _recalled(place: Place, fresh: Database, made_at: datetime) -> Memory | None:
    """Ask the database that is to be replaced, if it is there and can still be understood."""
    if not place.database.exists():
        return None
    try:
        async with opened(_url(place.database)) as old:
            if await schema.revision(old) != schema.newest():
                return None
            async with old.read() as of_old, fresh.read() as of_fresh:
                return await aftermath.recall(of_old, of_fresh, made_at)
    except DatabaseFailed:
        return None


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
