"""`dezhurny run` and `dezhurny demo`: the only commands that wake the messengers."""

import asyncio
from typing import Annotated

import typer

from bot import settings
from bot.commands.desk import Now, instant
from bot.commands.terminal import FAILURE, complaints, plain_refusals, say

ClockUrl = Annotated[str, typer.Option("--clock", metavar="URL", help=say("cli-clock-help"))]
Script = Annotated[bool, typer.Option("--script", help=say("cli-script-help"))]


def run(now: Now = "", clock: ClockUrl = "") -> None:
    """Serve the messengers until told to stop."""
    start = instant(now) if now else None
    with plain_refusals():
        configured = settings.load()
        if not configured.telegram_is_on and not configured.vk_is_on:
            complaints().print(say("cli-nobody-to-serve"), style="yellow", markup=False)
        from bot.app import serve  # noqa: PLC0415  slow, and no other command needs it

        asyncio.run(serve(configured, start=start, clock_url=clock))


def demo(*, script: Script = False) -> None:
    """Play a school day and the next morning against the sandbox."""
    from bot import demo as stage  # noqa: PLC0415  slow, and no other command needs it

    if not stage.play(script=script):
        raise typer.Exit(FAILURE)
