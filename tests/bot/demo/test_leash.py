"""What is started for a demonstration does not outlive it."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from bot.demo import leash
from bot.demo.backstage import backstage
from bot.sandbox.server import Sandbox
from tests.bot.demo.conftest import START

WITHIN = 120.0
HELD = "import time; from bot.demo import leash; leash.hold(); print('up', flush=True)\n"


async def test_a_command_ends_when_nobody_holds_it_any_more() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HELD + "time.sleep(600)"), stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    async with asyncio.timeout(WITHIN):
        assert await process.stdout.readline() == b"up\n"
        process.stdin.close()
        assert await process.wait() == leash.CUT


async def test_a_command_that_is_held_ends_by_itself_as_any_other() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HELD + "raise SystemExit(3)"), stdin=PIPE, stdout=DEVNULL
    )
    async with asyncio.timeout(WITHIN):
        assert await process.wait() == 3


async def test_the_bot_of_a_demonstration_is_held(tmp_path: Path) -> None:
    async with Sandbox(START) as sandbox:
        bot = await backstage(sandbox, tmp_path).bot(sandbox, stdout=DEVNULL, stderr=DEVNULL)
        try:
            assert bot.stdin is not None
            bot.stdin.close()
            async with asyncio.timeout(WITHIN):
                assert await bot.wait() == leash.CUT
        finally:
            if bot.returncode is None:
                bot.send_signal(signal.SIGKILL)
                await bot.wait()
