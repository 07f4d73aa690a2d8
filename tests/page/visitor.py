"""A visitor of the page: takes phones, writes, presses, moves the clock, by names and roles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60_000
"""How long a visitor waits for an answer, in real milliseconds."""
JUMP = 180_000
MESSENGERS = {"telegram": "Telegram", "vk": "ВКонтакте"}
FIRST = re.compile("^(Старт|Начать)$")


@dataclass(frozen=True, slots=True)
class Phone:
    """One of the phones, counted from 1."""

    page: Page
    number: int

    @property
    def slot(self) -> Locator:
        """The phone with what stands around it."""
        return self.page.get_by_role("region", name=re.compile(f"^Телефон {self.number}"))

    @property
    def chat(self) -> Locator:
        """The phone itself."""
        return self.slot.get_by_role("group", name=re.compile("чат с ботом"))

    @property
    def log(self) -> Locator:
        """The messages."""
        return self.chat.get_by_role("log")

    @property
    def messages(self) -> Locator:
        """Each message, the oldest first."""
        return self.log.get_by_role("article")

    def becomes(self, name: str, messenger: str = "telegram") -> None:
        """Give the phone to somebody found by name."""
        box = self.slot.get_by_role("combobox")
        box.fill(name)
        self.page.get_by_role("option", name=re.compile(name)).first.click()
        key = self.slot.get_by_role("group", name="Мессенджер").get_by_role(
            "button", name=MESSENGERS[messenger]
        )
        key.click()
        expect(key).to_have_attribute("aria-pressed", "true")

    def enters(self, *, by_link: bool = True) -> None:
        """Enter by the slip, and say that it is the right person; by the code in a new chat."""
        slip = self.slot.get_by_role("region", name="Листок с кодом")
        if by_link:
            slip.get_by_role("button", name="Открыть ссылку").click()
        else:
            self.chat.get_by_role("button", name=FIRST).click()
            self.sees("код")
            slip.get_by_role("button", name="Вставить код").click()
            self.chat.get_by_role("button", name="Отправить", exact=True).click()
        self.presses("Да, это я")

    def says(self, text: str) -> None:
        """Write a text."""
        self.chat.get_by_role("textbox", name="Сообщение").fill(text)
        self.chat.get_by_role("textbox", name="Сообщение").press("Enter")

    def presses(self, label: str) -> None:
        """Press the newest button under a message whose label has these words, or a key."""
        words = re.compile(re.escape(label))
        button = self.chat.get_by_role("button", name=words).last
        under = self.messages.get_by_role("button", name=words)
        expect(button).to_be_visible(timeout=PATIENCE)
        (under.last if under.count() else button).click()

    def attaches(self, *items: str) -> None:
        """Attach what the menu offers."""
        for item in items:
            self.chat.get_by_role("button", name="Прикрепить").click()
            self.chat.get_by_role("menuitem", name=item, exact=True).click()
        tray = self.chat.get_by_role("list", name="Прикреплено").get_by_role("listitem")
        expect(tray).to_have_count(sum(2 if "Два" in item else 1 for item in items))

    def sends(self) -> None:
        """Send what is in the field and attached."""
        self.chat.get_by_role("button", name="Отправить", exact=True).click()

    def chooses(self, *files: Path) -> None:
        """Attach files of one's own."""
        self.chat.get_by_role("button", name="Прикрепить").click()
        with self.page.expect_file_chooser() as chooser:
            self.chat.get_by_role("menuitem", name="Фото или файл…").click()
        chooser.value.set_files(list(files))

    def sees(self, *texts: str, within: int = PATIENCE) -> None:
        """Wait until each text stands in the chat."""
        for text in texts:
            expect(self.log).to_contain_text(text, timeout=within)

    def buttons(self) -> Sequence[str]:
        """Give the labels under the newest message."""
        return self.messages.last.get_by_role("button").all_inner_texts()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody before the page."""

    page: Page

    def phone(self, number: int) -> Phone:
        """Take a phone, counted from 1."""
        return Phone(self.page, number)

    @property
    def clock(self) -> Locator:
        """The school's clock."""
        return self.page.get_by_role("region", name="Школьные часы")

    def sees_clock(self, moment: str, within: int = JUMP) -> None:
        """Wait until the clock shows «07:30»."""
        expect(self.clock.get_by_role("time").first).to_have_text(moment, timeout=within)

    def stops_clock(self) -> None:
        """Let the clock stand, so that what is awaited is exact."""
        self.clock.get_by_role("button", name="Остановить часы").click()

    def goes_to(self, moment: str) -> None:
        """Jump to an instant of the school's clock: «2026-11-23T07:30»."""
        self.clock.get_by_role("button", name="Другие моменты").click()
        self.page.get_by_label("К моменту").fill(moment)
        self.page.get_by_role("button", name="Перейти", exact=True).click()
        self.sees_clock(moment[-5:])
        self.arrives()

    def arrives(self) -> None:
        """Wait until the jump is over: the bot has done everything that was due on the way."""
        further = self.clock.get_by_role("button", name=re.compile("^Дальше: (?!идём)"))
        expect(further).to_be_enabled(timeout=JUMP)

    def goes_on(self) -> None:
        """Jump to the next moment that matters."""
        self.clock.get_by_role("button", name=re.compile("^Дальше")).click()

    def looks_behind(self, tab: str) -> Locator:
        """Open a tab behind the glass."""
        panel = self.page.get_by_role("complementary", name="За стеклом")
        if not panel.is_visible():
            self.page.get_by_role("button", name="За стеклом", exact=True).click()
        self.page.get_by_role("tab", name=tab).click()
        return self.page.get_by_role("tabpanel", name=tab)
