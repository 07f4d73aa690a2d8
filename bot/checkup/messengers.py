"""The doctor asks the messengers: whether they are reached, know our token and agree on the time.

Only here a messenger's library is imported, and only for a messenger that is on.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, Self

from bot import logs
from bot.checkup.report import Report
from bot.commands.terminal import say
from bot.messengers.checkup import Checkup
from bot.settings import Settings
from scheduler.messenger import DeliveryFailed, Rejected, TokenRefused

PATIENCE_SECONDS = 30.0
MOST_SKEW = timedelta(seconds=2)
"""What `handlers.dispatch` bears with: beyond it, whoever answers at once is asked if that was the
answer."""
STAMP = timedelta(seconds=1)
"""HTTP tells the time in whole seconds."""
NONE = timedelta(0)
MANY = 100
"""So many updates that nobody has fetched are no longer a moment's."""


class Patient(Protocol):
    """A messenger that can be asked how it is."""

    async def __aenter__(self) -> Self:
        """Connect."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        ...

    async def checkup(self) -> Checkup:
        """Ask; raises NotSent and its kinds."""
        ...


async def examine(configured: Settings, real_now: Callable[[], datetime], report: Report) -> None:
    """Ask every messenger that is on, and the mail server; `real_now` is the wall clock."""
    doors: list[tuple[str, str, Callable[[], Patient]]] = [
        ("telegram", "Telegram", lambda: _telegram(configured, real_now)),
        ("vk", "VK", lambda: _vk(configured, real_now)),
        ("mail", say("cli-mail"), lambda: _mail(configured, real_now)),
    ]
    for lane, name, opened in doors:
        if lane in configured.lanes_off:
            continue
        try:
            await _ask(name, opened, real_now, report)
        except (TokenRefused, Rejected, ValueError) as error:
            report.complain("cli-token-refused", messenger=lane, reason=_told(error))
        except (DeliveryFailed, TimeoutError, OSError) as error:
            report.complain("cli-unreachable", messenger=name, reason=_told(error))


async def _ask(
    name: str, opened: Callable[[], Patient], real_now: Callable[[], datetime], report: Report
) -> None:
    async with opened() as patient, asyncio.timeout(PATIENCE_SECONDS):
        asked_at = real_now()
        found = await patient.checkup()
        skew = least_skew(found.told_at, asked_at, real_now()) if found.told_at else NONE
    report.line(f"{name}: {say('cli-answers')}", found.name)
    if abs(skew) > MOST_SKEW:
        key = "cli-clock-slow" if skew > NONE else "cli-clock-fast"
        report.complain(key, messenger=name, seconds=round(abs(skew).total_seconds()))
    if found.webhook:
        report.complain("cli-webhook", messenger=name, url=logs.redacted(found.webhook))
    if found.waiting > MANY:
        report.complain("cli-many-waiting", messenger=name, count=found.waiting)


def least_skew(told_at: datetime, asked_at: datetime, answered_at: datetime) -> timedelta:
    """Say by how much our clock is behind at the least, below zero by how much ahead.

    The messenger looked at its clock some time between our question and its answer.
    """
    behind, ahead = told_at - answered_at, asked_at - told_at - STAMP
    return max(behind, NONE) - max(ahead, NONE)


def _told(error: Exception) -> str:
    return logs.redacted(str(error)) or type(error).__name__


def _telegram(configured: Settings, clock: Callable[[], datetime]) -> Patient:
    from bot.messengers.telegram import Telegram  # noqa: PLC0415 slow: only when switched on

    token, proxy = configured.telegram_token, configured.telegram_proxy
    return Telegram(
        token.get_secret_value(),
        configured.telegram_api_url,
        clock=clock,
        proxy=proxy.get_secret_value(),
    )


def _vk(configured: Settings, clock: Callable[[], datetime]) -> Patient:
    from bot.messengers.vk import Vk  # noqa: PLC0415 slow: only when switched on

    token = configured.vk_token.get_secret_value()
    group = configured.vk_group_id or 0
    return Vk(token, configured.vk_api_url, clock=clock, group_id=group)


def _mail(configured: Settings, clock: Callable[[], datetime]) -> Patient:
    from bot.messengers.mail import MailCourier  # noqa: PLC0415 only when it is switched on

    url = configured.smtp_url.get_secret_value()
    return MailCourier(url, configured.mail_from, clock=clock)
