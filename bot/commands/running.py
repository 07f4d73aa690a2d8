"""`dezhurny run` and `dezhurny demo`: the only commands that wake the messengers."""

import asyncio
import ipaddress
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot import settings
from bot.commands.desk import Now, instant
from bot.commands.rehearsal import beginning
from bot.commands.terminal import (
    FAILURE,
    USAGE,
    complaints,
    output,
    plain_refusals,
    refuse,
    say,
)
from scheduler.clock import WallClock

LOOPBACK = "127.0.0.1"

ClockUrl = Annotated[str, typer.Option("--clock", metavar="URL", help=say("cli-clock-help"))]
Script = Annotated[bool, typer.Option("--script", help=say("cli-script-help"))]
Port = Annotated[int, typer.Option(min=0, max=65535, help=say("cli-demo-port-help"))]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help=say("cli-demo-host-help"))]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help=say("cli-demo-no-browser-help"))]
SchoolPath = Annotated[
    Path | None, typer.Option("--school", metavar="PATH", help=say("cli-demo-school-help"))
]
Language = Annotated[Literal["ru", "en"] | None, typer.Option(help=say("cli-demo-language-help"))]


def run(now: Now = "", clock: ClockUrl = "") -> None:
    """Serve the messengers until told to stop."""
    start = instant(now) if now else None
    with plain_refusals():
        configured = settings.load()
        if not configured.telegram_is_on and not configured.vk_is_on:
            complaints().print(say("cli-nobody-to-serve"), style="yellow", markup=False)
        from bot.app import serve  # noqa: PLC0415  slow, and no other command needs it

        asyncio.run(serve(configured, start=start, clock_url=clock))


def demo(
    *,
    script: Script = False,
    port: Port = 8080,
    host: Host = LOOPBACK,
    no_browser: NoBrowser = False,
    school: SchoolPath = None,
    now: Now = "",
    language: Language = None,
) -> None:
    """Open the page with the phones, or play the script in the terminal."""
    address = _loopback(host)
    asked = instant(now) if now else None
    with plain_refusals():
        if script:
            from bot.demo.play import play  # noqa: PLC0415  slow, and no other command needs it

            happened = play()
        else:
            start = beginning(school, asked, WallClock().now())
            from bot.demo.visit import SCHOOL, Show, visit  # noqa: PLC0415  slow, too

            path = school.resolve() if school else SCHOOL
            shown = Show(path, start, address, port, language or "")
            happened = visit(shown, output(), say, browser=not no_browser)
    if not happened:
        raise typer.Exit(FAILURE)


def _loopback(host: str) -> str:
    """Read the address to listen on; refuses one that others could reach."""
    try:
        address = ipaddress.ip_address(LOOPBACK if host == "localhost" else host)
    except ValueError:
        refuse("cli-demo-host", code=USAGE, host=host)
    if not address.is_loopback:
        refuse("cli-demo-host", code=USAGE, host=host)
    return str(address)
