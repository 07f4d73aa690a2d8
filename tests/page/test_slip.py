"""The slip above a phone may be pressed as soon as it is seen, however slow the way to the bot."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.page.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.process]

PHONES = "**/demo/phones"


@pytest.mark.parametrize("button", ["Открыть ссылку", "Вставить код"])
def test_a_press_before_the_phone_is_there_is_kept_for_it(visitor: Visitor, button: str) -> None:
    page, phone = visitor.page, visitor.phone(2)
    visitor.arrives()
    phone.becomes("Кузнецова Ирина", "vk")
    expect(phone.chat.get_by_role("textbox", name="Сообщение")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(PHONES, hold)
    with page.expect_request(PHONES):
        phone.becomes("Соколова Елена", "vk")
    slip = phone.slot.get_by_role("region", name="Листок с кодом")
    slip.get_by_role("button", name=button).click()
    for route in held:
        route.continue_()
    if button == "Вставить код":
        field = phone.chat.get_by_role("textbox", name="Сообщение")
        expect(field).to_have_value(re.compile(r"^\w{10}$"))
        phone.sends()
    phone.sees("Елена")
