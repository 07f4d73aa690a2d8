"""`dezhurny doctor`: whether the installation is well, and what to do where it is not."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot import settings
from bot.checkup import contents, house, messengers
from bot.checkup.report import Report
from bot.commands.desk import Now, instant
from bot.commands.terminal import FAILURE, output, plain_refusals, say, told
from bot.settings import Settings
from scheduler.clock import WallClock
from storage.failures import DatabaseFailed

Offline = Annotated[bool, typer.Option("--offline", help=say("cli-offline-help"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli-json-help"))]


def doctor(*, offline: Offline = False, as_json: AsJson = False, now: Now = "") -> None:
    """Look at everything, ask the messengers unless `--offline`, and change nothing."""
    moment = instant(now)
    report = Report()
    with plain_refusals():
        configured = settings.load()
        asyncio.run(_examine(configured, moment, report, offline=offline))
        if as_json:
            typer.echo(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            _tell(report)
    if report.complaints:
        raise typer.Exit(FAILURE)


async def _examine(configured: Settings, now: datetime, report: Report, *, offline: bool) -> None:
    """Look at the disks first: without room there, nothing that comes after may answer."""
    clock = WallClock()
    house.examine_disks(_places(configured), report)
    for name, is_on in (
        ("Telegram", configured.telegram_is_on),
        ("VK", configured.vk_is_on),
        ("cli-mail", configured.mail_is_on),
    ):
        report.line(name, say("cli-on" if is_on else "cli-off"))
    try:
        await contents.examine(configured.database_url, configured.files_dir, now, report)
    except DatabaseFailed as failure:
        key, params = told(failure)
        report.complain(key, **params)
    house.examine_life(configured, clock.now(), report)
    house.examine_backups(configured, now, report)
    if not offline:
        await messengers.examine(configured, clock.now, report)


def _places(configured: Settings) -> list[Path]:
    database = configured.database_file
    kept = (database.parent if database else None, configured.files_dir, configured.backup_dir)
    return [place for place in kept if place is not None]


def _tell(report: Report) -> None:
    console = output()
    table = Table(show_header=False, box=None)
    for _, title, value in report.lines:
        table.add_row(escape(title), escape(value))
    console.print(table, soft_wrap=False)
    for note in report.notes:
        console.print(f"· {note.text}", markup=False)
    for complaint in report.complaints:
        console.print(f"! {complaint.text}", style="red", markup=False)
    if not report.complaints:
        console.print(say("cli-well"), markup=False)
