"""`dezhurny demo` as a visitor starts it: one process that starts the others."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType

from tests.bot.demo.http import Page

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

ROOT = Path(__file__).parents[3]
SOON = 120.0
WITHIN = 120.0
STOP_SECONDS = 60.0


@asynccontextmanager
async def demo(home: Path, *options: str, **environment: str) -> AsyncIterator[tuple[Process, str]]:
    """Start the demonstration for a block; it prints where its page is."""
    own = {"PYTHONPATH": str(ROOT), "TMPDIR": str(home), "DEZHURNY_LANGUAGE": "ru"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", *options),
        cwd=home,
        env=os.environ | own | environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(SOON):
            said = (await process.stdout.readline()).decode()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address, said + (await process.stderr.read()).decode()
        yield process, address[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def comes_to(session: ClientSession, met: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Follow the feed until its host's news are as wanted."""
    told: dict[str, Any] = {}
    async with asyncio.timeout(WITHIN), session.ws_connect("/control/feed") as feed:
        await feed.send_json({"watch": []})
        async for frame in feed:
            assert frame.type is WSMsgType.TEXT
            told = frame.json().get("host", told)
            if told and met(told):
                return told
    raise AssertionError(told)


def is_in(state: str) -> Callable[[dict[str, Any]], bool]:
    return lambda told: told["bot"]["state"] == state and told["ready"]


async def test_a_visit_from_the_first_page_to_the_last(tmp_path: Path) -> None:
    async with demo(tmp_path, "--no-browser") as (process, url), ClientSession(url) as session:
        page = Page(session)
        assert "<html" in (await page.asks("GET", "/")).body
        assert (await page.gets("/demo/state"))["ready"] is False, "the page comes first"
        told = await comes_to(session, is_in("running"))
        people = {one["id"]: one for one in (await page.gets("/demo/state"))["people"]}
        assert len(people["S701"]["code"]) == 10
        first = told["bot"]["pid"]

        killed = (await page.posts("/demo/bot", {"do": "kill"})).body["bot"]
        assert (killed["state"], killed["kills"]) == ("dead", 1)
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)

        masha = {"messenger": "telegram", "person": "S701"}
        user = (await page.posts("/demo/phones", masha)).body["user_id"]
        act = {"messenger": "telegram", "user_id": user, "text": people["S701"]["code"]}
        assert (await page.posts("/control/say", act)).status == 200
        await page.posts("/demo/bot", {"do": "start"})
        again = await comes_to(session, is_in("running"))
        assert again["bot"]["pid"] != first

        async with asyncio.timeout(WITHIN):
            rows: list[dict[str, Any]] = []
            while not rows or rows[0]["state"] != "sent":
                rows = (await page.gets("/demo/glass", person="S701"))["outbox"]
                await asyncio.sleep(0.2)
        assert rows[0]["who_id"] == "S701"

        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            output, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        assert not errors.decode(), "no warnings, no tracebacks"
        assert "Traceback" not in output.decode()
        with pytest.raises(ProcessLookupError):
            os.kill(again["bot"]["pid"], 0)
    left = await asyncio.to_thread(lambda: [path.name for path in tmp_path.iterdir()])
    assert not [name for name in left if name.startswith("dezhurny-demo-")]


async def test_a_browser_that_stays_open_keeps_nobody_waiting(tmp_path: Path) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    os.mkfifo(opened)
    script = f'#!/bin/sh\necho $$ "$1" > {opened}\nexec sleep 600 > {os.devnull} 2>&1\n'
    browser.write_text(script, encoding="utf-8")
    browser.chmod(0o700)
    async with demo(tmp_path, DISPLAY=":0", BROWSER=f"{browser} %s") as (process, url):
        async with asyncio.timeout(SOON):
            pid, address = (await asyncio.to_thread(opened.read_text)).split()
        assert address == f"{url}/"
        try:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS):
                assert await process.wait() == 0
        finally:
            os.kill(int(pid), signal.SIGKILL)
