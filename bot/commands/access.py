"""`dezhurny school unbind`: a lost phone stops working at once."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.desk import Now, at_database, instant, the_school
from bot.commands.terminal import USAGE, output, plain_refusals, refuse, say
from school.access import Someone, find, lost_phone
from storage import accounts
from storage.people import Person


class Messenger(StrEnum):
    """A messenger whose chat may be cut off alone."""

    TELEGRAM = "telegram"
    VK = "vk"


@dataclass(frozen=True, slots=True)
class CutOff:
    """What an unbinding did: how many chats it cut off, and whether a code worked until then."""

    chats: int
    had_code: bool
    is_bound_elsewhere: bool


RowId = Annotated[str, typer.Argument(metavar="ID", help=say("cli-unbind-id-help"))]
Which = Annotated[Messenger | None, typer.Option("--messenger", help=say("cli-messenger-help"))]


def unbind(row_id: RowId, messenger: Which = None, now: Now = "") -> None:
    """Cut off a person's chats and make the person's codes worthless; roles stay as they are."""
    moment = instant(now)
    with plain_refusals():
        found = asyncio.run(_find(row_id))
        if not found:
            refuse("cli-unknown-id", row_id=row_id)
        someone = found[0] if len(found) == 1 else _asked(found)
        done = asyncio.run(_cut_off(someone, moment, messenger.value if messenger else ""))
        for line in _told(someone.person, done):
            output().print(line, markup=False)


async def _find(row_id: str) -> list[Someone]:
    async with at_database() as database, database.read() as tx:
        return await find(tx, (await the_school(tx)).id, row_id)


async def _cut_off(someone: Someone, now: datetime, messenger: str) -> CutOff:
    person = someone.person
    async with at_database() as database, database.write() as tx:
        had_code = person.id in await accounts.live_codes(tx, person.school_id, now)
        chats = await lost_phone(tx, person, now, messenger)
        return CutOff(chats, had_code, bool(await accounts.bound_among(tx, [person.id])))


def _told(person: Person, done: CutOff) -> list[str]:
    """Tell what was cut off, what is left, and what to do where nothing is."""
    name = person.full_name
    if done.chats:
        lines = [say("cli-unbound", name=name, count=done.chats)]
    elif done.is_bound_elsewhere:
        lines = [say("cli-nothing-to-unbind-there", name=name)]
    else:
        lines = [say("cli-nothing-to-unbind", name=name)]
    if done.had_code:
        lines.append(say("cli-codes-closed"))
    if person.left_on is not None:
        lines.append(say("cli-left-school"))
    else:
        lines.append(say("cli-unbound-others" if done.is_bound_elsewhere else "cli-unbound-next"))
    return lines


def _asked(found: list[Someone]) -> Someone:
    """Ask which of several people is meant; where nobody can answer, say how to name one."""
    names = [f"{one.key} — {one.person.full_name}" for one in found]
    if not sys.stdin.isatty():
        refuse("cli-ambiguous-id", code=USAGE, people="; ".join(names))
    for number, name in enumerate(names, start=1):
        output().print(f"{number}. {name}", markup=False)
    answer: int = typer.prompt(say("cli-which-one"), type=int)
    if answer not in range(1, len(found) + 1):
        refuse("cli-ambiguous-id", code=USAGE, people="; ".join(names))
    return found[answer - 1]
