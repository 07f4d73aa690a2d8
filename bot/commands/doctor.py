"""`dezhurny doctor`: whether the installation is well, and what to look at if it is not."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import typer
from rich.table import Table

from bot import settings
from bot.commands.desk import Now, instant
from bot.commands.terminal import FAILURE, output, plain_refusals, say
from bot.settings import Settings
from handlers.texts import Texts
from storage import schema, schools
from storage.database import Database, opened
from storage.health import Health, health
from storage.inbox import QUARANTINED
from storage.outbox import DEAD, UNKNOWN

PATIENCE = timedelta(minutes=15)


@dataclass(slots=True)
class Report:
    """Lines to show by title, and complaints: with even one, the exit code is 1."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def line(self, title: str, value: str) -> None:
        """Add a line."""
        self.lines.append((say(title), value))

    def complain(self, key: str, **params: str | float) -> None:
        """Add a complaint."""
        self.complaints.append(say(key, **params))


def doctor(now: Now = "") -> None:
    """Look at settings, schema, inbox and outbox; changes nothing."""
    moment = instant(now)
    report = Report()
    with plain_refusals():
        configured = settings.load()
        _examine_settings(configured, report)
        asyncio.run(_examine(configured, moment, report))
        _tell(report)
    if report.complaints:
        raise typer.Exit(FAILURE)


def _examine_settings(configured: Settings, report: Report) -> None:
    for name, is_on in (
        ("Telegram", configured.telegram_is_on),
        ("VK", configured.vk_is_on),
        (say("cli-mail"), configured.mail_is_on),
    ):
        report.lines.append((name, say("cli-on" if is_on else "cli-off")))


async def _examine(configured: Settings, now: datetime, report: Report) -> None:
    async with opened(configured.database_url) as database:
        if database.is_sqlite and not database.path.exists():
            report.complain("cli-no-database", file=str(database.path))
            return
        if await _has_newest_schema(database, report):
            await _examine_contents(database, now, report)


async def _has_newest_schema(database: Database, report: Report) -> bool:
    current, newest = await schema.revision(database), schema.newest()
    report.line("cli-schema", current or "—")
    if current != newest:
        report.complain("cli-old-schema", current=current or "—", newest=newest)
    return current == newest


async def _examine_contents(database: Database, now: datetime, report: Report) -> None:
    async with database.read() as tx:
        every = await schools.every(tx)
        found = await health(tx, now)
    report.line("cli-school", "; ".join(school.name or "—" for school in every) or "—")
    if not every:
        report.complain("cli-no-school")
    if not found.is_sound:
        report.complain("cli-unsound")
    report.line("cli-inbox", _counts(found.inbox))
    report.line("cli-outbox", _counts(found.outbox))
    _examine_outbox(found, now, report, Texts(say.language, zone=every[0].zone) if every else say)


def _examine_outbox(found: Health, now: datetime, report: Report, local: Texts) -> None:
    since = found.overdue_since
    report.line("cli-oldest", local.stamp(since) if since else "—")
    if since is not None and now - since > PATIENCE:
        report.complain("cli-overdue", since=local.stamp(since))
    if found.inbox.get(QUARANTINED):
        report.complain("cli-quarantined", count=found.inbox[QUARANTINED])
    if found.outbox.get(UNKNOWN):
        report.complain("cli-unknown-fate", count=found.outbox[UNKNOWN])
    if found.outbox.get(DEAD):
        report.line("cli-dead", say("cli-dead-count", count=found.outbox[DEAD]))
    if found.unbound:
        report.line("cli-not-entered", say("cli-dead-count", count=found.unbound))


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{state} {count}" for state, count in sorted(states.items())) or "—"


def _tell(report: Report) -> None:
    console = output()
    table = Table(show_header=False, box=None)
    for title, value in report.lines:
        table.add_row(title, value)
    console.print(table)
    for complaint in report.complaints:
        console.print(f"! {complaint}", style="red", markup=False)
    if not report.complaints:
        console.print(say("cli-well"), markup=False)
