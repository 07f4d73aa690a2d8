"""The doctor asks the messengers over real HTTP, and says what to do about what they answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from bot.checkup import messengers
from bot.checkup.report import Report
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Sandbox
from bot.settings import Settings
from scheduler.clock import WallClock
from tests.school_template import MONDAY

pytestmark = pytest.mark.frameworks

TOKENS = {bot.messenger: bot.token for bot in BOTS}


@dataclass
class Impostor:
    """A Telegram that answers two questions, as a test wishes."""

    hook: dict[str, Any] = field(default_factory=dict)
    skew: timedelta = timedelta(0)
    silent: bool = False

    async def answer(self, request: web.Request) -> web.Response:
        if self.silent:
            await asyncio.sleep(10)
        method = request.path.rpartition("/")[2]
        result = {"username": "dezhurny_bot"} if method == "getMe" else {"url": "", **self.hook}
        date = format_datetime(WallClock().now().astimezone(UTC) + self.skew, usegmt=True)
        return web.json_response({"ok": True, "result": result}, headers={"Date": date})

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


async def asked(configured: Settings) -> Report:
    report = Report()
    await messengers.examine(configured, WallClock().now, report)
    return report


def complaints(report: Report) -> set[str]:
    return {one.key for one in report.complaints}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(MONDAY) as running:
        yield running


def on_telegram(url: str, token: str = TOKENS[Messenger.TELEGRAM]) -> Settings:
    return settings(telegram_token=token, telegram_api_url=url)


async def test_every_messenger_that_is_on_introduces_itself(sandbox: Sandbox) -> None:
    report = await asked(
        settings(
            telegram_token=TOKENS[Messenger.TELEGRAM],
            telegram_api_url=sandbox.telegram_api_url,
            vk_token=TOKENS[Messenger.VK],
            vk_api_url=sandbox.vk_api_url,
            smtp_url=sandbox.smtp_url,
            mail_from="school@example.org",
        )
    )
    assert not report.complaints
    assert [value for _, _, value in report.lines] == [
        "@dezhurny_bot",
        "club200000001",
        "example.org",
    ]


async def test_what_is_off_is_not_asked() -> None:
    assert not (await asked(settings())).lines


async def test_a_token_that_nobody_knows_is_told_without_it(sandbox: Sandbox) -> None:
    report = await asked(
        settings(
            telegram_token="7000000001:hunter2hunter2",
            telegram_api_url=sandbox.telegram_api_url,
            vk_token="vk1.a.hunter2",
            vk_api_url=sandbox.vk_api_url,
        )
    )
    assert [one.key for one in report.complaints] == ["token-refused", "token-refused"]
    assert "hunter2" not in str(report)


async def test_each_is_told_of_in_words_of_its_own() -> None:
    said = {}
    for lane in ("telegram", "vk", "mail"):
        report = Report()
        report.complain("cli-token-refused", messenger=lane, reason="401")
        said[lane] = report.complaints[0].text
    assert "номер" not in said["telegram"] + said["mail"]
    assert "токен" not in said["mail"]
    assert "пароль" in said["mail"]
    assert "DEZHURNY_VK_GROUP_ID" in said["vk"]


async def test_a_messenger_that_is_away(sandbox: Sandbox) -> None:
    del sandbox
    away = "http://127.0.0.1:1"
    report = await asked(
        settings(
            telegram_token=TOKENS[Messenger.TELEGRAM],
            telegram_api_url=away,
            vk_token=TOKENS[Messenger.VK],
            vk_api_url=f"{away}/method/",
            smtp_url="smtp://127.0.0.1:1",
            mail_from="school@example.org",
        )
    )
    assert [one.key for one in report.complaints] == ["unreachable"] * 3


async def test_a_messenger_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messengers, "PATIENCE_SECONDS", 0.2)
    async with Impostor(silent=True).listening() as url:
        assert complaints(await asked(on_telegram(url))) == {"unreachable"}


@pytest.mark.parametrize(
    ("seconds", "complaint"),
    [
        (0, set()),
        (1, set()),
        (-1, set()),
        (10, {"clock-slow"}),
        (-10, {"clock-fast"}),
        (120, {"clock-slow"}),
        (-120, {"clock-fast"}),
    ],
)
async def test_a_clock_that_is_wrong_by_more_than_a_talk_bears_with(
    seconds: int, complaint: set[str]
) -> None:
    async with Impostor(skew=timedelta(seconds=seconds)).listening() as url:
        assert complaints(await asked(on_telegram(url))) == complaint


@pytest.mark.parametrize(
    ("told", "behind"),
    [(0, 0), (3, 0), (9, 0), (10, 1), (13, 4), (-1, 0), (-2, -1), (-5, -4)],
)
def test_a_messenger_looks_at_its_clock_some_time_before_it_is_heard(
    told: int, behind: int
) -> None:
    """Nine seconds pass between question and answer: a slow line is no wrong clock."""
    second = timedelta(seconds=1)
    found = messengers.least_skew(MONDAY + told * second, MONDAY, MONDAY + 9 * second)
    assert found == behind * second


async def test_a_webhook_that_takes_the_updates_away() -> None:
    hook = {"url": "https://elsewhere.example/hook", "pending_update_count": 101}
    async with Impostor(hook).listening() as url:
        report = await asked(on_telegram(url))
    assert complaints(report) == {"webhook", "many-waiting"}
    assert "https://elsewhere.example/hook" in report.complaints[0].text


async def test_a_clock_that_cannot_be_read_is_no_complaint() -> None:
    from bot.messengers.wire import date_of  # noqa: PLC0415

    assert date_of("") is None
    assert date_of("yesterday") is None
    told = date_of("Mon, 23 Nov 2026 04:29:50 GMT")
    assert told == datetime(2026, 11, 23, 4, 29, 50, tzinfo=UTC)
