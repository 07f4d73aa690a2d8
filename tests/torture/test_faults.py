"""What goes wrong around the bot while a school is at work: nothing is lost, nothing done twice."""

import asyncio
import signal
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.sandbox.faults import FaultKind
from bot.sandbox.mail import MailFaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.telegram.side import TelegramSide
from bot.sandbox.vk.side import VkSide
from tests.bot.patience import until
from tests.school_template import sqlite_url
from tests.torture.cable import Cable
from tests.torture.calm import RATE, at_work, at_work_in
from tests.torture.checks import judge
from tests.torture.field import Field, field_of
from tests.torture.haste import Jumping
from tests.torture.load import AFTERNOON

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

WRITES = ("sendMessage", "editMessageText", "messages.send", "messages.edit")
FASTER = 1440.0
"""So many seconds of the school pass in one while Telegram is away: two hours in five."""
STORM = 12
"""Calls that a storm hits."""
QUARANTINED = "SELECT count(*) FROM inbox WHERE state = 'quarantined'"


def polls(ground: Field, asked: int) -> bool:
    """Say whether a life has heard an answer to a poll since the call `asked`."""
    calls = ground.sandbox.world.calls.after(asked)
    return any(call.method == "getUpdates" and call.delivered for call in calls)


async def spent(ground: Field, seconds: float = 60.0) -> None:
    """Wait until the faults that were counted have hit as often as they should."""
    faults = ground.sandbox.world.faults
    counted = await ground.sandbox.world.news.until(
        lambda: all(fault.count is None for fault in faults.on()), seconds
    )
    assert counted, faults.on()


async def test_telegram_is_away_for_two_hours(template: Path, tmp_path: Path) -> None:
    """Nobody listens there; back-off is scaled as the clock is."""
    async with field_of(template, tmp_path, rate=RATE, seed=1, most=1, haste=FASTER / 10) as ground:
        world = ground.sandbox.world
        async with Cable(ground.sandbox.telegram_api_url) as cable:
            ground.reach_telegram_by(cable.url)
            ground.follow()
            async with at_work_in(ground):
                world.clock.set_rate(FASTER)
                await cable.pull_out()
                began, calls = world.now(), world.calls.last
                await asyncio.sleep(timedelta(hours=2) / timedelta(seconds=FASTER))
                assert world.now() - began >= timedelta(hours=2)
                world.clock.set_rate(1)
                meanwhile = world.calls.after(calls)
                assert not [call for call in meanwhile if call.messenger is Messenger.TELEGRAM]
                answered = {call.method for call in meanwhile}
                assert answered & {"messages.send", "messages.edit"}, "VK goes on"
                await cable.plug_in()
                await asyncio.sleep(0.5)


async def storm(ground: Field, kind: FaultKind, **how: Any) -> None:
    """Let a fault hit so many calls, and wait until it has."""
    ground.sandbox.world.faults.set(kind, **{"count": STORM, **how})
    await spent(ground)


async def test_the_messengers_refuse_and_answer_with_pages(template: Path, tmp_path: Path) -> None:
    """429 with `retry_after`, a gateway's pages, and VK's own 6, 9 and 10."""
    async with at_work(template, tmp_path) as ground:
        for messenger in Messenger:
            await storm(ground, FaultKind.FLOOD, messenger=messenger, count=STORM // 2)
        for status in (500, 502, 504):
            await storm(ground, FaultKind.STATUS, status=status)
        for code in (6, 9, 10):
            await switch(ground, "refuse", code=code, count=5)
            await asyncio.sleep(0.4)


async def test_connections_break_and_drip(template: Path, tmp_path: Path) -> None:
    """Reset before the request was done and after it, and answers that come a drop at a time."""
    async with at_work(template, tmp_path) as ground:
        await storm(ground, FaultKind.DOWN)
        await storm(ground, FaultKind.DROP_ANSWER)
        await storm(ground, FaultKind.DRIP, seconds=0.5)


async def switch(ground: Field, name: str, **asked: object) -> None:
    """Turn one of the switches that only VK has."""
    url = f"{ground.sandbox.url}/vk/switch/{name}"
    async with aiohttp.ClientSession() as session, session.post(url, json=asked) as answer:
        assert answer.status == 200, await answer.text()


async def test_vk_loses_its_history(template: Path, tmp_path: Path) -> None:
    """What was written while the bot could not listen is found in the conversations."""
    async with field_of(template, tmp_path, rate=1000, seed=1, most=1, haste=20) as ground:
        ground.begin()
        await ground.settle()
        people = ground.crowd.of(Messenger.VK)
        for number, way in enumerate(("trim", "lose", "expire")):
            ground.signal(signal.SIGSTOP)
            for person in people:
                for line in range(3):
                    await person.says(f"Вопрос {number}.{line}")
            await switch(ground, way)
            ground.signal(signal.SIGCONT)
            for person in people:
                await person.says("Помощь", "Я показываю", "Отметка", "принимаю")
        await ground.stop()
        verdict = judge(ground)
        assert verdict.is_clean, verdict.told()
        assert ground.bot.said().count("vk.gap") >= 3


async def test_the_mail_server_refuses_and_hangs_up(template: Path, tmp_path: Path) -> None:
    """451, a connection cut before the letter was taken, and one cut after."""
    async with field_of(template, tmp_path, rate=1000, seed=1, most=1, haste=60) as ground:
        mailbox = ground.sandbox.mailbox
        ground.begin()
        await ground.settle()
        before = mailbox.last
        for kind in (MailFaultKind.TEMPORARY, MailFaultKind.DROP, MailFaultKind.DROP_ANSWER):
            mailbox.set_fault(kind, count=3)
        async with asyncio.TaskGroup() as group:
            for teacher in ground.crowd.teachers[:2]:
                group.create_task(teacher.set_task())
        # Letters that wait for their next attempt look like rest.
        await until(lambda: not mailbox.faults() and mailbox.last > before + 3)
        await ground.stop()
        verdict = judge(ground)
        assert verdict.is_clean, verdict.told()
        assert verdict.repeats["mail"] <= 3


async def test_the_clock_jumps_an_hour_forward_and_back(template: Path, tmp_path: Path) -> None:
    async with at_work(template, tmp_path, Jumping()) as ground:
        for way in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2, signal.SIGUSR1):
            await asyncio.sleep(0.5)
            ground.signal(way)
            await until(lambda: sent_within(ground) > timedelta(hours=1))


def sent_within(ground: Field) -> timedelta:
    """Tell how much of the bot's time lies between its first message and its last."""
    ((first, last),) = ground.rows("SELECT min(sent_at), max(sent_at) FROM outbox")
    return datetime.fromisoformat(last) - datetime.fromisoformat(first)


async def test_answers_do_not_wait_for_a_clock_that_was_set_back(
    template: Path, tmp_path: Path
) -> None:
    """The server's clock was an hour ahead, and was set right while answers were under way."""
    async with field_of(template, tmp_path, rate=1000, seed=1, most=1, haste=20) as ground:
        world = ground.sandbox.world
        ground.begin(start=world.now() + timedelta(hours=1))
        await ground.settle()
        both = [ground.crowd.of(messenger)[0] for messenger in Messenger]
        fault = world.faults.set(FaultKind.STATUS, methods=frozenset(WRITES), status=502)
        for person in both:
            await person.says("Задания")
        waiting = "SELECT count(*) FROM outbox WHERE is_reply AND state IN ('planned', 'sending')"
        await until(lambda: ground.rows(waiting) == [(len(both),)])
        ground.bot.kill()
        ground.look_at_the_dead()
        world.faults.clear(fault.id)
        ground.begin()
        for person in both:
            await person.says("Помощь", "Я показываю")
            await person.sees("Осталось сдать")
        await ground.stop()
        verdict = judge(ground)
        assert verdict.is_clean, verdict.told()


async def test_an_update_that_nobody_can_read_is_put_aside_and_shown(
    template: Path, tmp_path: Path
) -> None:
    async with at_work(template, tmp_path) as ground:
        world = ground.sandbox.world
        telegram, vk = world.sides[Messenger.TELEGRAM], world.sides[Messenger.VK]
        assert isinstance(telegram, TelegramSide)
        assert isinstance(vk, VkSide)
        unreadable = {"message_id": 1, "from": {"id": "nobody"}, "chat": {"id": 1}, "text": "!"}
        bot = world.bot(Messenger.TELEGRAM)
        telegram._backend.emit(bot, "message", unreadable)  # noqa: SLF001 no person could
        vk.state.queue(world.bot(Messenger.VK)).add("message_new", {"message": "nothing"})
        await until(lambda: ground.rows(QUARANTINED) == [(2,)])
    asked = ["doctor", "--now", AFTERNOON.isoformat()]
    environment = {"DEZHURNY_DATABASE_URL": sqlite_url(ground.path)}
    found = await asyncio.to_thread(CliRunner().invoke, app, asked, env=environment)
    assert found.exit_code == 1, found.output
    assert "quarantined 2" in found.stdout


async def test_the_process_is_stopped_for_a_while(template: Path, tmp_path: Path) -> None:
    async with at_work(template, tmp_path) as ground:
        await asyncio.sleep(0.7)
        ground.signal(signal.SIGSTOP)
        await asyncio.sleep(2)
        ground.signal(signal.SIGCONT)
        await asyncio.sleep(0.5)


async def test_an_operator_stops_it_in_the_middle_of_everything(
    template: Path, tmp_path: Path
) -> None:
    """It drains, and confirms nothing that it has not stored."""
    async with at_work(template, tmp_path) as ground:
        for _ in range(2):
            await asyncio.sleep(0.7)
            assert await ground.bot.stop() == 0
            ground.look_at_the_dead()
            asked = ground.sandbox.world.calls.last
            ground.begin()
            await until(partial(polls, ground, asked))
    assert not ground.deaths.in_flight
