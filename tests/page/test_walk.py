"""A student's day on the page, on Telegram and on VK, as a visitor lives it in one sitting."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.page.day import Day
from tests.page.demo import Demo, running_demo
from tests.page.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.process]

OTHER = {"telegram": "vk", "vk": "telegram"}
LAPTOP = ViewportSize(width=1366, height=640)


@pytest.fixture(scope="module", params=["telegram", "vk"])
def messenger(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def demo(browser: Browser, messenger: str) -> Iterator[Demo]:
    """A school of its own for each messenger."""
    del browser, messenger
    with running_demo() as running:
        yield running


@pytest.mark.clause("П1-1.2")
@pytest.mark.clause("П1-1.3")
@pytest.mark.clause("П1-1.5")
@pytest.mark.clause("П1-1.6")
@pytest.mark.clause("П1-2.4")
def test_from_the_slip_to_the_answer(visitor: Visitor, messenger: str) -> None:
    day = Day(visitor, visitor.phone(1), visitor.phone(2), visitor.phone(3))
    visitor.arrives()
    visitor.stops_clock()
    day.student.becomes("Соколова Мария", messenger)
    day.teacher.becomes("Кузнецова Ирина", OTHER[messenger])
    day.mother.becomes("Соколова Елена", messenger)
    day.enter(by_link=messenger == "telegram")
    day.morning()
    day.homework()
    expect(visitor.looks_behind("Почта")).to_contain_text("Геометрия: задание")
    day.hand_in()
    expect(day.student.log.get_by_role("button", name="Фото 1 из 2")).to_be_visible()
    day.review()
    day.evening()
    day.next_morning()
    heard = day.student.messages.get_by_role("button", name="Слушать").last
    heard.click()
    expect(day.student.messages.get_by_role("button", name="Пауза")).to_be_visible()
    keeps_room_for_the_talk(visitor)


def keeps_room_for_the_talk(visitor: Visitor) -> None:
    """A laptop of 1366 by 768 leaves a page some 640 pixels of height."""
    visitor.page.set_viewport_size(LAPTOP)
    for number in (1, 2, 3):
        log = visitor.phone(number).log
        expect(log).to_be_visible()
        height = log.evaluate("log => log.closest('.ph-thread').clientHeight")
        assert height >= 0.36 * LAPTOP["height"], f"phone {number}: {height} px"
