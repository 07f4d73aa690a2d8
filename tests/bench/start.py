"""How long the bot takes to its first poll, beside a process that only imports the libraries.

And what the commands of the desk import: nothing of a messenger.
"""

import asyncio
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path

from bot.demo.backstage import SCHOOL, backstage
from bot.sandbox.server import Rules, Sandbox
from tests.bench.figures import Asked, Bar, Figure, Table, Unit
from tests.bench.fresh import importing, running_bot
from tests.bench.pipeline import AFTERNOON
from tests.school_template import make_template

COMMANDS = {
    "`school load`": ("school", "load", str(SCHOOL)),
    "`doctor --offline`": ("doctor", "--offline"),
}
LIBRARIES = ("aiogram", "vkbottle")
LOOK = f"""
import sys
from bot.__main__ import main
try:
    main()
finally:
    print("imported", len({LIBRARIES!r} & sys.modules.keys()), flush=True)
""".replace(repr(LIBRARIES), repr(set(LIBRARIES)))


async def ready(folder: Path, template: Path) -> float:
    """Start the bot and give the seconds to its first poll of both messengers."""
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        running_bot(sandbox, folder, template) as bot,
    ):
        return bot.seconds


async def imported(folder: Path) -> float:
    """Give the seconds in which an interpreter starts and imports both libraries."""
    async with importing(folder) as process:
        return process.seconds


async def libraries_of(command: Sequence[str], folder: Path) -> int:
    """Run a command with all tokens set and count the libraries of messengers it imported."""
    async with Sandbox(AFTERNOON) as sandbox:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", LOOK, *command),
            cwd=folder,
            env=backstage(sandbox, folder).environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        output, errors = await process.communicate()
    words = output.decode().split()
    if words[-2:-1] != ["imported"]:
        raise RuntimeError(errors.decode()[-2000:])
    return int(words[-1])


async def measure(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Start both in turn; a first time, which is not counted, fills the caches."""
    template = folder / "template.db"
    await make_template(template)
    ours, theirs = [], []
    for number in range(rounds + 1):
        mine = await ready(folder / f"bot-{number}", template) if number % 2 else None
        other = await imported(folder)
        mine = mine or await ready(folder / f"bot-{number}", template)
        if number:
            ours.append(mine)
            theirs.append(other)
    return ours, theirs


def run(asked: Asked) -> list[Table]:
    """Measure the starts, and look at what the commands import."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs = asyncio.run(measure(folder, asked.rounds))
        desk = folder / "desk"
        desk.mkdir()
        counts = [asyncio.run(libraries_of(words, desk)) for words in COMMANDS.values()]
    figures = [
        Figure("ready to poll", Unit.SECONDS, ours, theirs, Bar(1.3, of_ratio=True)),
        *(
            Figure(f"libraries of messengers that {name} imports", Unit.COUNT, [count], bar=Bar(0))
            for name, count in zip(COMMANDS, counts, strict=True)
        ),
    ]
    return [Table("Start", "a fresh interpreter that imports aiogram and vkbottle", figures, NOTES)]


NOTES = """
From the start of the process (`python -m bot run`, both messengers and mail on, the sample
school in a migrated database) until the sandbox has answered its first poll on Telegram and on
VK; the peer from its start until the import is done. Both have run once before, so that files
and bytecode are cached.
"""
