"""`dezhurny school codes`: one-time codes as a table, as JSON, or as slips to cut up."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot import settings
from bot.commands.desk import Now, at_database, instant, the_school
from bot.commands.paper import Paper
from bot.commands.terminal import USAGE, complaints, output, plain_refusals, refuse, say
from bot.settings import Settings
from school.access import IssuedCode, issue_codes
from school.enrolment import CODE_LIFE
from school.rules.codes import fingerprint, grouped
from school.rules.names import ClassName, ClassNameError, parse_class
from storage import accounts, people
from storage.schools import School

ClassOption = Annotated[str, typer.Option("--class", metavar="7Б", help=say("cli-class-help"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli-json-help"))]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help=say("cli-pdf-help"))]
Reissue = Annotated[bool, typer.Option("--reissue", help=say("cli-reissue-help"))]

MESSENGERS = ("telegram", "vk")


def codes(
    class_name: ClassOption = "",
    *,
    as_json: AsJson = False,
    pdf: Pdf = None,
    reissue: Reissue = False,
    now: Now = "",
) -> None:
    """Issue codes to those who have neither a bound chat nor a code that still works."""
    moment = instant(now)
    chosen = _class_named(class_name)
    issued: list[IssuedCode] = []
    with plain_refusals(), ExitStack() as stack:
        configured = settings.load()
        paper = stack.enter_context(Paper(pdf)) if pdf is not None else None
        if paper is not None:
            worthless = _worthless_unless_filled(paper, issued, moment, reissue=reissue)
            stack.enter_context(worthless)
        school = asyncio.run(_issue(chosen, moment, paper, issued, reissue=reissue))
        if issued and (as_json or paper is not None):
            _hint(configured)
        if issued and paper is not None:
            paper.fill(_slips(school, issued, configured, moment))
            written = say("cli-slips-written", count=len(issued), file=str(pdf))
            complaints().print(written, markup=False)
        if as_json:
            typer.echo(json.dumps([_entry(one, configured) for one in issued], ensure_ascii=False))
            if paper is not None and not issued:
                complaints().print(say("cli-no-codes"), markup=False)
        elif paper is None or not issued:
            _tell(issued)


def links(code: str, configured: Settings) -> dict[str, str]:
    """Give the deep link of each messenger that is on and whose address is known."""
    found = {}
    if configured.telegram_is_on and configured.telegram_username:
        name = configured.telegram_username.lstrip("@")
        found["telegram"] = f"https://t.me/{name}?start={code}"
    if configured.vk_is_on and configured.vk_group_id:
        found["vk"] = f"https://vk.me/club{configured.vk_group_id}?ref={code}"
    return found


async def _issue(
    class_name: ClassName | None,
    now: datetime,
    paper: Paper | None,
    issued: list[IssuedCode],
    *,
    reissue: bool,
) -> School:
    """Issue codes and list them; where there is no place for their slips, none is issued.

    They are listed before they are committed, so that an interruption loses none of them.
    """
    async with at_database() as database, database.write() as tx:
        school = await the_school(tx)
        if class_name is not None:
            known = await people.classes_of_school(tx, school.id)
            if class_name not in {(one.parallel, one.letter) for one in known}:
                names = ", ".join(one.name for one in known)
                refuse("cli-unknown-class", name=str(class_name), known=names)
        fresh = await issue_codes(tx, school.id, now, class_name, reissue=reissue)
        if fresh and paper is not None:
            paper.take(len(fresh))
        issued += fresh
        return school


@contextmanager
def _worthless_unless_filled(
    paper: Paper, issued: Sequence[IssuedCode], now: datetime, *, reissue: bool
) -> Iterator[None]:
    """Make codes worthless again where the block ends and their slips are on no paper.

    Nobody has seen them, and a code that works would keep its owner from getting another, unless
    by `reissue`; that has revoked the codes before them.
    """
    try:
        yield
    finally:
        if issued and not paper.is_filled:
            key, is_again = "cli-codes-left", reissue
            try:
                is_again = asyncio.run(_withdraw(issued, now)) > 0 and reissue
                key = "cli-codes-undone"
            finally:
                named = ", ".join(one.row_id for one in issued)
                asked = "again" if is_again else "first"
                sentence = say(key, issued=asked, people=named, count=len(issued))
                complaints().print(sentence, style="red", markup=False)


async def _withdraw(issued: Sequence[IssuedCode], now: datetime) -> int:
    """Revoke exactly these codes and return how many; one that was never committed is none."""
    withdrawn = 0
    async with at_database() as database, database.write() as tx:
        school = await the_school(tx)
        for one in issued:
            held = await accounts.code(tx, [fingerprint(one.code, school.code_pepper)])
            if held is not None and held.used_at is None and held.revoked_at is None:
                await accounts.revoke_codes(tx, held.person_id, now)
                subject = f"person:{held.person_id}"
                await accounts.record(
                    tx, now, "code.withdrawn", school_id=school.id, subject=subject
                )
                withdrawn += 1
    return withdrawn


def _class_named(text: str) -> ClassName | None:
    if not text:
        return None
    try:
        return parse_class(text)
    except ClassNameError:
        refuse("cli-bad-class", code=USAGE, text=text)


def _hint(configured: Settings) -> None:
    hints = [
        (configured.telegram_is_on and not configured.telegram_username, "cli-no-username"),
        (configured.vk_is_on and not configured.vk_group_id, "cli-no-group"),
        (not configured.telegram_is_on and not configured.vk_is_on, "cli-no-messenger"),
    ]
    for is_due, key in hints:
        if is_due:
            complaints().print(say(key), style="yellow", markup=False)


def _entry(issued: IssuedCode, configured: Settings) -> dict[str, object]:
    return {
        "id": issued.row_id,
        "name": issued.person.full_name,
        "class": issued.class_name,
        "roles": [role.value for role in issued.roles],
        "code": issued.code,
        "links": links(issued.code, configured),
    }


def _slips(
    school: School, issued: Sequence[IssuedCode], configured: Settings, now: datetime
) -> bytes:
    from bot import slips  # noqa: PLC0415  fpdf2 takes a second, and only paper needs it

    until = say.short_day(school.date_of(now + CODE_LIFE))
    texts = slips.SlipTexts(
        title=say("slips-title", school=school.name),
        code=say("slips-code"),
        instruction=say("slips-instruction", until=until),
        without_links=say("slips-instruction-without-links", until=until),
        messengers={name: say(f"slips-{name}") for name in MESSENGERS},
    )
    made = [
        slips.Slip(one.person.full_name, one.class_name, one.code, links(one.code, configured))
        for one in issued
    ]
    return slips.slips_pdf(made, texts, now)


def _tell(issued: Sequence[IssuedCode]) -> None:
    console = output()
    if issued:
        table = Table(say("cli-id"), say("cli-name"), say("cli-class"), say("cli-roles"), box=None)
        table.add_column(say("cli-code"), no_wrap=True)
        for one in issued:
            roles = ", ".join(say(f"cli-role-{role.value.replace('_', '-')}") for role in one.roles)
            table.add_row(
                escape(one.row_id),
                escape(one.person.full_name),
                one.class_name,
                roles,
                grouped(one.code),
            )
        console.print(table, soft_wrap=False)
    console.print(say("cli-codes-issued" if issued else "cli-no-codes", count=len(issued)))
