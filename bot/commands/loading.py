"""`dezhurny school load`: the roster into the database, whole or not at all."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.commands import findings, rights
from bot.commands.desk import Now, at_database, instant
from bot.commands.terminal import FAILURE, complaints, plain_refusals, say
from school import loading
from school.loading import Changes, RoleNotGranted
from school.roster.rows import Roster
from school.roster.validate import read_roster

RosterPath = Annotated[Path, typer.Argument(metavar="PATH", help=say("cli-load-path-help"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("cli-dry-run-help"))]
Leavers = Annotated[bool, typer.Option("--leavers", help=say("cli-leavers-help"))]
Granted = Annotated[
    list[str] | None, typer.Option("--grant", metavar="ID", help=say("cli-grant-help"))
]

STEPS = len(loading.STAGES) + 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for. `granted` are the roster ids that may get a wider role."""

    dry_run: bool
    leavers: bool
    granted: frozenset[str]


def load(
    path: RosterPath,
    *,
    dry_run: DryRun = False,
    leavers: Leavers = False,
    grant: Granted = None,
    now: Now = "",
) -> None:
    """Read, check and compare a roster; write it unless this is a rehearsal."""
    moment = instant(now)
    wish = Wish(dry_run, leavers, frozenset(grant or ()))
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
                        wish,
                    )
                )
                bar.update(task, completed=STEPS)
        findings.tell_notices(reading.notices)
        if changes is None:
            findings.tell_problems(reading.problems)
            raise typer.Exit(FAILURE)
        _tell(changes, wish)


async def _load(roster: Roster, now: datetime, told: loading.Told, wish: Wish) -> Changes:
    """Compare, and write unless this is a rehearsal or a wider role was given unasked."""
    async with at_database() as database:
        if wish.dry_run:
            async with database.read() as tx:
                return await loading.compare(tx, roster)
        try:
            async with database.write() as tx:
                return await loading.apply(
                    tx, roster, now, leavers=wish.leavers, granted=wish.granted, told=told
                )
        except RoleNotGranted as refused:
            return refused.changes


def _tell(changes: Changes, wish: Wish) -> None:
    """Show what changed, or would; a load that was refused is told by whom it would raise."""
    roles = changes.wide_roles
    lost, unnamed = roles.lost(leavers=wish.leavers), roles.unnamed(wish.granted)
    if unnamed and not wish.dry_run:
        rights.tell_roles(roles.granted, (), dry_run=False)
        rights.tell_useless(wish.granted, roles.granted)
        rights.refuse_unnamed(unnamed)
    findings.tell_changes(changes, dry_run=wish.dry_run, leavers=wish.leavers)
    rights.tell_roles(roles.granted, lost, dry_run=wish.dry_run)
    rights.tell_useless(wish.granted, roles.granted)
    rights.tell_lacking(unnamed)
    rights.tell_not_legal(changes.not_legal)


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
