"""Who is in on one messenger reads on the other's phone how to come in there, too (5.4)."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.visitor import MESSENGERS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.clause("5.4")]

CODE = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")


def test_the_slip_says_how_to_come_in_on_the_second_messenger(visitor: Visitor) -> None:
    visitor.arrives()
    visitor.stops_clock()
    first, second = visitor.phone(1), visitor.phone(2)
    first.becomes("Соколова Мария", "telegram")
    first.enters()
    first.sees("Готово")
    slip = first.slot.get_by_role("region", name="Листок с кодом")
    expect(slip).to_be_hidden()

    first.says("Ещё мессенджер")
    first.sees("десять минут")
    expect(first.messages.last).to_contain_text(CODE)
    [code] = CODE.findall(first.messages.last.inner_text())

    key = first.slot.get_by_role("group", name="Мессенджер")
    key.get_by_role("button", name=MESSENGERS["vk"]).click()
    expect(slip).to_contain_text("Вход выполнен: Telegram")
    expect(slip).to_contain_text(
        "Чтобы войти и здесь, откройте Telegram, напишите боту «Ещё мессенджер» "
        "и пришлите сюда код из ответа."
    )
    expect(slip.get_by_role("code")).to_be_hidden()
    expect(slip.get_by_role("button", name="Вставить код")).to_be_hidden()
    first.chat.get_by_role("button", name="Начать", exact=True).click()
    first.sees("код с листочка")
    expect(slip).to_be_visible()

    first.says(code)
    first.presses("Да, это я")
    first.sees("Готово")
    expect(slip).to_be_hidden()
    first.slot.get_by_role("button", name="Листок с кодом").click()
    expect(slip).to_contain_text("Вход выполнен: Telegram, ВКонтакте")
    expect(slip).to_contain_text("Код с листка уже сработал")
    second.becomes("Соколова Елена", "vk")
    expect(second.slot.get_by_role("button", name="Вставить код")).to_be_visible()
