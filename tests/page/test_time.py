"""The school's clock on the page: it jumps forward in order, runs at a rate, never goes back."""

import os
import re
import signal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.page.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_the_next_moment_is_one_press_away(visitor: Visitor) -> None:
    expect(visitor.clock).to_contain_text("рабочий день")
    expect(visitor.clock).to_contain_text(re.compile("понедельник, 23 ноября", re.IGNORECASE))
    visitor.stops_clock()
    visitor.arrives()
    visitor.goes_on()
    visitor.sees_clock("07:30")


def test_a_jump_visits_what_is_due_on_the_way_in_order(visitor: Visitor) -> None:
    student = visitor.phone(1)
    student.becomes("Соколова Мария")
    visitor.arrives()
    student.enters()
    student.sees("Готово")
    visitor.goes_to("2026-11-23T15:05")
    at_three = student.log.get_by_role("article", name="Дежурный 15:00")
    expect(at_three).to_have_count(1)
    expect(at_three).to_contain_text("Почт")


def test_it_never_goes_back(visitor: Visitor) -> None:
    visitor.arrives()
    visitor.clock.get_by_role("button", name="Другие моменты").click()
    visitor.page.get_by_label("К моменту").fill("2026-11-23T07:00")
    visitor.page.get_by_role("button", name="Перейти", exact=True).click()
    expect(
        visitor.page.get_by_text("Этот момент уже прошёл, а часы назад не идут.")
    ).to_be_visible()


def test_a_jump_while_the_bot_wakes_up_is_refused_for_what_it_is(visitor: Visitor) -> None:
    visitor.arrives()
    request, address = visitor.page.request, visitor.page.url
    again = request.post(urljoin(address, "/demo/bot"), data={"do": "kill", "start": True})
    pid = again.json()["bot"]["pid"]
    os.kill(pid, signal.SIGSTOP)  # it would be awake sooner than a moment is typed
    try:
        why = "Бот ещё просыпается — секунду."
        further = visitor.clock.get_by_role("button", name=re.compile("^Дальше:"))
        expect(further).to_have_attribute("title", why)
        visitor.clock.get_by_role("button", name="Другие моменты").click()
        visitor.page.get_by_label("К моменту").fill("2026-11-29T12:00")
        visitor.page.get_by_role("button", name="Перейти", exact=True).click()
        expect(visitor.page.get_by_role("alert").filter(has_text=why)).to_be_visible()
    finally:
        os.kill(pid, signal.SIGCONT)
    visitor.arrives()


def test_it_runs_sixty_times_as_fast_and_stands_when_told(visitor: Visitor) -> None:
    visitor.arrives()
    shown = visitor.clock.get_by_role("time").first
    before = shown.inner_text()
    visitor.clock.get_by_role("button", name="В 60 раз быстрее").click()
    expect(shown).not_to_have_text(before)
    visitor.stops_clock()
    expect(visitor.clock.get_by_role("button", name="Остановить часы")).to_have_attribute(
        "aria-pressed", "true"
    )
    for _ in range(5):  # the last of its run may be drawn yet
        stood = shown.inner_text()
        visitor.page.wait_for_timeout(2500)
        if shown.inner_text() == stood:
            break
    assert shown.inner_text() == stood


def test_another_tab_sees_the_same_clock(visitor: Visitor) -> None:
    visitor.stops_clock()
    other = Visitor(visitor.page.context.new_page())
    other.page.goto(visitor.page.url)
    other.goes_to("2026-11-23T18:05")
    visitor.sees_clock("18:05")


def test_the_next_working_day_skips_the_rest(visitor: Visitor) -> None:
    visitor.goes_to("2026-11-28T12:00")
    expect(visitor.clock).to_contain_text(re.compile("суббота, 28 ноября", re.IGNORECASE))
    visitor.clock.get_by_role("button", name="Другие моменты").click()
    visitor.page.get_by_role("button", name=re.compile("понедельник, 30 ноября, 7:30")).click()
    visitor.sees_clock("07:30")
    expect(visitor.clock).to_contain_text(re.compile("понедельник, 30 ноября", re.IGNORECASE))
