"""Tells the operator what is wrong with a roster, and what loading it changes."""

from collections.abc import Sequence

from rich.table import Table

from bot.commands.terminal import complaints, output, say
from school.loading import Change, Changes, SheetChanges
from school.roster.problems import Problem

MOST_PLACES = 500
MOST_ROWS = 15


def tell_problems(problems: Sequence[Problem]) -> None:
    """List every bad row with its sheet, row, column and reason."""
    complaints().print(say("roster-refused", count=len(problems)), style="red", markup=False)
    _tell_places(problems)


def tell_notices(notices: Sequence[Problem]) -> None:
    """List what the school should look at though it hinders nothing."""
    if notices:
        complaints().print(say("roster-notices", count=len(notices)), style="yellow", markup=False)
        _tell_places(notices)


def tell_changes(changes: Changes, *, dry_run: bool, leavers: bool) -> None:
    """Show a table of what changed, or would; then the rows, and the leavers by name."""
    console = output()
    console.print(_table(changes), soft_wrap=False)
    for sheet in changes.sheets:
        _tell_rows(sheet)
    _tell_leavers(changes, dry_run=dry_run, leavers=leavers)
    count = changes.count(leavers=leavers)
    if count:
        key = "cli-would-change" if dry_run else "cli-changed"
    else:
        is_kept = any(sheet.gone for sheet in changes.sheets)
        key = "cli-no-changes-but-kept" if is_kept else "cli-no-changes"
    console.print(say(key, count=count), markup=False)


def _tell_places(problems: Sequence[Problem]) -> None:
    console = complaints()
    for problem in problems[:MOST_PLACES]:
        console.print(_place(problem), markup=False)
    if len(problems) > MOST_PLACES:
        console.print(say("cli-and-more", count=len(problems) - MOST_PLACES), markup=False)


def _place(problem: Problem) -> str:
    """Say where and why, as narrowly as the place is known."""
    reason = say(problem.reason, **problem.params)
    if not problem.sheet:
        return say("roster-at-whole", reason=reason)
    if problem.row and problem.column:
        key = "roster-at-cell"
    elif problem.row:
        key = "roster-at-row"
    else:
        key = "roster-at-column" if problem.column else "roster-at-sheet"
    return say(key, sheet=problem.sheet, row=problem.row, column=problem.column, reason=reason)


def _table(changes: Changes) -> Table:
    table = Table(say("cli-sheet"), box=None)
    for column in ("cli-added", "cli-differs", "cli-gone", "cli-unchanged"):
        table.add_column(say(column), justify="right")
    for sheet in changes.sheets:
        table.add_row(
            say("cli-sheet-name", sheet=sheet.sheet),
            *(str(len(rows)) for rows in (sheet.added, sheet.changed, sheet.gone)),
            str(sheet.unchanged),
        )
    return table


def _tell_rows(sheet: SheetChanges) -> None:
    """Name the rows one by one, unless the whole sheet is new."""
    console = output()
    fresh = not (sheet.changed or sheet.gone or sheet.unchanged)
    told = [
        *(_line("+", row) for row in sheet.added if not fresh),
        *(_line("~", row) for row in sheet.changed),
        *(_line("-", row) for row in sheet.gone if not sheet.keeps_gone),
    ]
    if not told:
        return
    console.print(f"\n{say('cli-sheet-name', sheet=sheet.sheet)}:", markup=False)
    for line in told[:MOST_ROWS]:
        console.print(line, markup=False)
    if len(told) > MOST_ROWS:
        console.print(say("cli-and-more", count=len(told) - MOST_ROWS), markup=False)


def _line(sign: str, row: Change) -> str:
    fields = f": {', '.join(row.fields)}" if row.fields else ""
    return f"  {sign} {row.label}{fields}"


def _tell_leavers(changes: Changes, *, dry_run: bool, leavers: bool) -> None:
    console = output()
    if changes.returned:
        console.print(f"\n{say('cli-returned', count=len(changes.returned))}", markup=False)
        for name in changes.returned:
            console.print(f"  {name}", markup=False)
    if changes.leavers:
        key = "cli-leavers-kept"
        if leavers:
            key = "cli-leavers-would-go" if dry_run else "cli-leavers-gone"
        console.print(f"\n{say(key, count=len(changes.leavers))}", markup=False)
        for name in changes.leavers:
            console.print(f"  {name}", markup=False)
