"""The command line: `dezhurny`, or `python -m bot`."""

import bot.interrupts  # isort: skip  # noqa: F401  Ctrl+C may come during the other imports

import os
import sys
from io import TextIOWrapper

import typer

from bot.commands.access import unbind
from bot.commands.backup import backup
from bot.commands.codes import codes
from bot.commands.doctor import doctor
from bot.commands.loading import load
from bot.commands.restore import restore
from bot.commands.running import demo, run
from bot.commands.terminal import say

PLAIN = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    name="dezhurny",
    help=say("cli-help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=PLAIN,
)
school = typer.Typer(help=say("cli-school-help"), no_args_is_help=True, rich_markup_mode=None)
app.command(help=say("cli-run-help"))(run)
app.command(help=say("cli-demo-help"))(demo)
app.command(help=say("cli-doctor-help"))(doctor)
app.command(help=say("cli-backup-help"))(backup)
app.command(help=say("cli-restore-help"))(restore)
app.add_typer(school, name="school")
school.command(help=say("cli-load-help"))(load)
school.command(help=say("cli-codes-help"))(codes)
school.command(help=say("cli-unbind-help"))(unbind)


def main() -> None:
    """Run a command; exit codes are 0, 1 (failure) and 2 (usage).

    A terminal without Russian letters shows question marks in their place. Whatever a command
    writes is personal data, and so nobody but its owner may read it.
    """
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
