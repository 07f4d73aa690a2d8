"""The doctor looks at the database: schema, soundness, school, queues, and the files it names."""

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot import logs
from bot.checkup import folders
from bot.checkup.report import Report
from bot.commands import reasons
from bot.commands.terminal import say
from handlers.texts import Texts
from storage import health as of_database
from storage import schema, schools
from storage.database import Database, Tx, opened
from storage.files import FileStore
from storage.health import Health
from storage.inbox import QUARANTINED
from storage.outbox import DEAD

PATIENCE = timedelta(minutes=15)
RECENT = timedelta(days=7)
"""For so long the doctor complains of what was set aside; later it is only counted."""
MOST_SHOWN = 5


async def examine(url: str, files: Path, now: datetime, report: Report) -> None:
    """Look at a database and its files; changes nothing."""
    if shut := folders.fault(files):
        report.complain("cli-files-shut", folder=str(files), reason=reasons.worded(say, shut))
    async with opened(url) as database:
        if database.is_sqlite and not database.path.exists():
            report.complain("cli-no-database", file=str(database.path))
            return
        is_newest = await _has_newest_schema(database, report)
        if database.is_sqlite and not _is_writable(database.path):
            report.complain("cli-database-read-only")
        if not is_newest:
            return
        async with database.read() as tx:
            fault = await of_database.fault(tx)
            if fault:
                report.complain("cli-unsound", reason=fault)
                return
            await _examine_school(tx, report)
            await _examine_queues(tx, now, report)
            named = await of_database.files_named(tx)
        lacking = await asyncio.to_thread(_lacking, FileStore(files), named)
        report.line("cli-files", str(len(named)))
        if lacking:
            report.complain("cli-files-lacking", count=lacking, folder=str(files))


def _is_writable(database: Path) -> bool:
    """Say whether a database's file, its journals and their folder may be written to."""
    journals = [database.with_name(f"{database.name}-{end}") for end in ("wal", "shm")]
    kept = [database, *(journal for journal in journals if journal.exists())]
    return not folders.fault(database.parent) and all(os.access(one, os.W_OK) for one in kept)


async def _has_newest_schema(database: Database, report: Report) -> bool:
    current, newest = await schema.revision(database), schema.newest()
    report.line("cli-schema", current or "—")
    if current != newest:
        report.complain("cli-old-schema", current=current or "—", newest=newest)
    return current == newest


async def _examine_school(tx: Tx, report: Report) -> None:
    every = await schools.every(tx)
    report.line("cli-school", "; ".join(school.name or "—" for school in every) or "—")
    if every:
        report.local = Texts(say.language, zone=every[0].zone)
    else:
        report.complain("cli-no-school")


async def _examine_queues(tx: Tx, now: datetime, report: Report) -> None:
    found = await of_database.health(tx, now)
    report.line("cli-inbox", _counts(found.inbox))
    report.line("cli-outbox", _counts(found.outbox))
    _examine_waiting(found, now, report)
    if found.outbox.get(DEAD):
        report.line("cli-dead", say("cli-dead-count", count=found.outbox[DEAD]))
    if found.unbound:
        report.line("cli-not-entered", say("cli-dead-count", count=found.unbound))
    if found.inbox.get(QUARANTINED):
        await _examine_quarantine(tx, now - RECENT, report)
    unknown = await of_database.of_unknown_fate(tx, now - RECENT)
    if unknown:
        report.note("cli-unknown-fate", count=unknown)
    unsent = await of_database.unsent_on_lanes_off(tx, now - RECENT)
    if unsent:
        report.note("cli-unsent", count=unsent)


def _examine_waiting(found: Health, now: datetime, report: Report) -> None:
    since = found.overdue_since
    report.line("cli-oldest", report.local.stamp(since) if since else "—")
    if since is not None and now - since > PATIENCE:
        report.complain("cli-overdue", since=report.local.stamp(since))
    since = found.unhandled_since
    if since is not None and now - since > PATIENCE:
        report.complain("cli-unhandled", since=report.local.stamp(since))


async def _examine_quarantine(tx: Tx, since: datetime, report: Report) -> None:
    """Complain of what was set aside lately, one line an event, without its contents."""
    count = await of_database.quarantined_count(tx, since)
    if not count:
        return
    report.complain("cli-quarantined", count=count)
    for event in await of_database.quarantined(tx, since, MOST_SHOWN):
        cause = logs.redacted(event.cause) or "—"
        told = f"{event.messenger}, {report.local.stamp(event.received_at)}: {cause}"
        report.line(f"{say('cli-event')} {event.id}", told)


def _lacking(store: FileStore, named: Mapping[str, int]) -> int:
    """Count the files that are not on disk, cannot be read, or have another size there."""
    return sum(_size_of(store.path(sha256)) != size for sha256, size in named.items())


def _size_of(path: Path) -> int:
    try:
        with path.open("rb") as file:  # what cannot be read is no file, whatever its folder says
            return os.fstat(file.fileno()).st_size
    except OSError:
        return -1


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{state} {count}" for state, count in sorted(states.items())) or "—"
