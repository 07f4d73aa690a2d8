import asyncio
import json
import signal
import sys

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.nouns import Messenger


@pytest.mark.process
async def test_it_runs_by_itself_and_prints_where() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--rate", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            urls = json.loads(await process.stdout.readline())
            async with SandboxClient(urls["control_url"]) as client:
                await client.add_user(Messenger.TELEGRAM, "Аня")
                assert (await client.clock()).now.isoformat() == "2026-11-23T07:00:00+03:00"
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.process
async def test_it_refuses_to_listen_elsewhere() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--host", "0.0.0.0", stderr=asyncio.subprocess.PIPE
    )
    _, complaint = await process.communicate()
    assert process.returncode == 2
    assert b"loopback only" in complaint
