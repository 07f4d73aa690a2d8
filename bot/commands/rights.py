"""Tells the operator what a roster's cells decide about who sees whom: wide roles, guardians."""

import shlex
from collections.abc import Collection, Iterable, Sequence
from typing import NoReturn

import typer

from bot.commands.terminal import FAILURE, complaints, output, say
from school.wide_roles import WideRole

MOST_NAMED = 50


def tell_roles(granted: Sequence[WideRole], lost: Sequence[WideRole], *, dry_run: bool) -> None:
    """Name everyone who newly gets, or loses, a role that sees beyond their own classes.

    A rehearsal has taken nothing away.
    """
    _tell("cli-roles-granted", granted)
    _tell("cli-roles-would-go" if dry_run else "cli-roles-lost", lost)


def tell_useless(named: Collection[str], granted: Sequence[WideRole]) -> None:
    """Name the operator's `--grant` that grant nothing: nobody of that id newly gets a role."""
    useless = sorted(set(named) - {name for one in granted for name in (one.key, one.row_id)})
    if useless:
        _print(say("cli-grant-useless", count=len(useless), flags=_flags(useless)))


def tell_lacking(unnamed: Sequence[WideRole]) -> None:
    """Say at a rehearsal what the load will ask for."""
    if unnamed:
        _print(say("cli-grant-needed", flags=_flags(_ids(unnamed))))


def refuse_unnamed(unnamed: Sequence[WideRole]) -> NoReturn:
    """End a load that gives somebody a wider role though nobody has said it should."""
    sentence = say("cli-not-granted", flags=_flags(_ids(unnamed)))
    complaints().print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(FAILURE)


def tell_not_legal(people: Sequence[str]) -> None:
    """Say who hears about a child without being its legal representative (decision 0016)."""
    if people:
        shown = ", ".join(people[:MOST_NAMED]) + ("…" if len(people) > MOST_NAMED else "")
        line = say("cli-not-legal", count=len(people), people=shown)
        _print(f"\n{line}")


def _tell(key: str, roles: Sequence[WideRole]) -> None:
    if roles:
        _print(f"\n{say(key, count=len(roles))}")
    for one in roles:
        role = say(f"cli-role-{one.role.value.replace('_', '-')}")
        _print(f"  {one.label}: {role}")


def _print(text: str) -> None:
    """Print without folding: a flag is copied whole, and a line stays one line."""
    output().print(text, markup=False, soft_wrap=True)


def _ids(roles: Iterable[WideRole]) -> Iterable[str]:
    return dict.fromkeys(one.row_id for one in roles)


def _flags(ids: Iterable[str]) -> str:
    """Spell the flags as they may be pasted: an id is a cell of a sheet, and may be anything."""
    return " ".join(shlex.join(("--grant", row_id)) for row_id in ids)
