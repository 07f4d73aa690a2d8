"""The faults at a press: what a visitor breaks waits, and nothing is lost or said twice."""

import re
import time
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.page.demo import Demo
from tests.page.visitor import JUMP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.process]


TELEGRAM = "Telegram не отвечает"
FLOOD = "Слишком часто"
SLOW = "Медленная сеть"
HELP = "принимаю работы"


@pytest.fixture(scope="module")
def inside() -> list[str]:
    """Who has entered in this module's school."""
    return []


@pytest.fixture(autouse=True)
def _student_inside(visitor: Visitor, demo: Demo, inside: list[str]) -> None:
    """Everything works, and the student has entered."""
    visitor.page.request.delete(f"{demo.url}/control/faults")
    student = visitor.phone(1)
    visitor.arrives()
    visitor.stops_clock()
    student.becomes("Соколова Мария")
    if not inside:  # on a fresh page the messages may be drawn yet
        student.enters()
    student.sees("Готово", "Открыть платформу")
    inside.append("Соколова Мария")


def break_(visitor: Visitor, name: str, role: Literal["switch", "button"] = "switch") -> None:
    """Press something in the panel of faults, and close it."""
    page = visitor.page
    opener = page.get_by_role("button", name=re.compile("Неполадки")).first
    if opener.get_attribute("aria-expanded") != "true":
        opener.click()
    page.get_by_role(role, name=name, exact=True).last.click()
    page.keyboard.press("Escape")


def test_telegram_is_down_and_comes_back(visitor: Visitor) -> None:
    student = visitor.phone(1)
    said = student.messages.count()
    break_(visitor, TELEGRAM)
    student.says("Помощь")
    expect(student.messages).to_have_count(said + 1)
    visitor.page.wait_for_timeout(1500)
    expect(student.messages).to_have_count(said + 1)
    break_(visitor, TELEGRAM)
    expect(student.messages).to_have_count(said + 2, timeout=JUMP)
    expect(student.messages.last).to_contain_text(HELP)


def test_a_flood_is_waited_out(visitor: Visitor) -> None:
    student = visitor.phone(1)
    said = student.messages.count()
    break_(visitor, FLOOD)
    student.says("Помощь")
    expect(student.messages).to_have_count(said + 1)
    visitor.page.wait_for_timeout(1500)
    expect(student.messages).to_have_count(said + 1)
    break_(visitor, FLOOD)
    expect(student.messages).to_have_count(said + 2, timeout=JUMP)
    visitor.page.wait_for_timeout(1500)
    expect(student.messages).to_have_count(said + 2)


def test_over_a_slow_network_everything_comes_once_and_late(visitor: Visitor) -> None:
    """The poll under way is still quick; the next one tells three seconds late."""
    student = visitor.phone(1)
    said = student.messages.count()
    break_(visitor, SLOW)
    student.says("Помощь")
    expect(student.messages).to_have_count(said + 2, timeout=JUMP)
    began = time.monotonic()
    student.says("Помощь")
    expect(student.messages).to_have_count(said + 4, timeout=JUMP)
    assert time.monotonic() - began > 1.5
    break_(visitor, SLOW)
    visitor.page.wait_for_timeout(1500)
    expect(student.messages).to_have_count(said + 4)


def test_the_bot_is_killed_and_nothing_is_lost(visitor: Visitor) -> None:
    student = visitor.phone(1)
    said = student.messages.count()
    break_(visitor, "Убить бота (SIGKILL)", "button")
    state = visitor.page.get_by_role("button", name=re.compile("Неполадки")).first
    expect(state).to_contain_text("Бот остановлен")
    student.attaches("Фото тетради")
    student.sends()
    student.says("Помощь")
    visitor.page.wait_for_timeout(1000)
    expect(student.messages).to_have_count(said + 2)
    break_(visitor, "Запустить снова", "button")
    expect(student.messages).to_have_count(said + 4, timeout=JUMP)
    student.sees("Получено: 1 фото", HELP)
    visitor.page.wait_for_timeout(1500)
    expect(student.messages).to_have_count(said + 4)
