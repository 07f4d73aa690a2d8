"""`dezhurny school load`: the roster into the database, whole or not at all."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.commands import findings
from bot.commands.desk import Now, at_database, instant
from bot.commands.terminal import FAILURE, complaints, plain_refusals, say
from school import loading
from school.loading import Changes
from school.roster.rows import Roster
from school.roster.validate import read_roster

RosterPath = Annotated[Path, typer.Argument(metavar="PATH", help=say("cli-load-path-help"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("cli-dry-run-help"))]
Leavers = Annotated[bool, typer.Option("--leavers", help=say("cli-leavers-help"))]

STEPS = len(loading.STAGES) + 2


def load(
    path: RosterPath, *, dry_run: DryRun = False, leavers: Leavers = False, now: Now = ""
) -> None:
    """Read, check and compare a roster; write it unless this is a rehearsal."""
    moment = instant(now)
    with plain_refusals():
        with _bar() as bar:
            task = bar.add_task(say("cli-reading"), total=STEPS)
            reading = read_roster(path)
            bar.advance(task)
            changes = None
            if reading.roster is not None:
                bar.update(task, description=say("cli-comparing"))
                changes = asyncio.run(
                    _load(
                        reading.roster,
                        moment,
                        lambda _: bar.update(task, description=say("cli-writing"), advance=1),
                        dry_run=dry_run,
                        leavers=leavers,
                    )
                )
                bar.update(task, completed=STEPS)
        findings.tell_notices(reading.notices)
        if changes is None:
            findings.tell_problems(reading.problems)
            raise typer.Exit(FAILURE)
        findings.tell_changes(changes, dry_run=dry_run, leavers=leavers)


async def _load(
    roster: Roster, now: datetime, told: loading.Told, *, dry_run: bool, leavers: bool
) -> Changes:
    async with at_database() as database:
        if dry_run:
            async with database.read() as tx:
                return await loading.compare(tx, roster)
        async with database.write() as tx:
            return await loading.apply(tx, roster, now, leavers=leavers, told=told)


def _bar() -> Progress:
    console = complaints()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
