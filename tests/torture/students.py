"""Students who tick their day and hand in work after work, whatever happens to the bot."""

import asyncio
import hashlib
import re
from dataclasses import dataclass

from handlers.messages import FileKind
from tests.chat import Sendable
from tests.torture.ledger import HandedIn, Ticked
from tests.torture.people import Person

NUMBER = re.compile(r"№ (\S+-\d{4})")
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"
THINGS = ("photo", "album", "album", "pdf", "voice", "text")
STEPS = {"platform": "Кабинет открыт", "mail": "Почта проверена"}


@dataclass
class Student(Person):
    """Somebody who hands in. `walks` says that the day is one at a distance, with ticks."""

    walks: bool = False
    _made: int = 0

    async def learn_until(self, enough: asyncio.Event) -> None:
        """Tick the day, and hand in until it is enough: one work at least, and it is finished."""
        await asyncio.sleep(self.chance.uniform(0.0, 0.5))
        if self.walks:
            await self._tick()
        await self._hand_in(HandedIn(self.name))
        while not enough.is_set():
            await self._hand_in(HandedIn(self.name))

    async def _tick(self) -> None:
        await self.says("Мой день", "Кабинет открыт")
        for step, label in STEPS.items():
            try:
                self.button(label)
            except AssertionError:
                continue  # no mailbox, no tick
            await self.presses(label, f"☑ {label}")
            self.ledger.ticks.append(Ticked(self.name, step))

    async def _hand_in(self, work: HandedIn) -> None:
        self.begins_anew()
        if self.chance.random() < 0.5:
            await self.says("Задания", "Осталось сдать", "Всё сдано")
            await self.presses(" · ", "[Сдать")
            await self.presses("Сдать", "Пришли работу", "Пришлите работу")
        else:
            await self._begin_with_a_photo(work)
        for _ in range(self.chance.randint(1, 4)):
            await self._add(work)
        await self._send(work)
        self.ledger.works.append(work)

    async def _begin_with_a_photo(self, work: HandedIn) -> None:
        photos = self._photos(1)
        self._note(work, photos)
        what = await self.sends(photos, "К какому заданию", "Пришло после отправки")
        if "после отправки" in what:
            await self.presses("К другому заданию", "К какому заданию")
        await self.presses(" · ", f"Собрано: {work.collected()}.")

    async def _add(self, work: HandedIn) -> None:
        """Send one more thing, and do not wait for what the bot says to it."""
        kind = self.chance.choice(THINGS)
        if kind == "text" and not work.has_text:
            text = f"Решение {self.name} {self._next()}"
            work.parts.append(text)
            work.has_text = True
            await self.says(text)
            return
        files = self._files(kind)
        self._note(work, files)
        await self.sends(files)

    async def _send(self, work: HandedIn) -> None:
        """Press «Отправить» as a person would: once all is there, again if told to look first."""
        collected = f"Собрано: {work.collected()}."
        await self.sees(collected)
        answer = ""
        while "Работа принята" not in answer:
            answer = await self.presses(
                "Отправить", "Работа принята", "Добавились файлы", under=collected
            )
        found = NUMBER.search(answer)
        assert found, answer
        work.number, work.receipt = found[1], answer

    def _files(self, kind: str) -> list[Sendable]:
        number = f"{self.name} {self._next()}".encode()
        if kind == "pdf":
            return [Sendable(FileKind.DOCUMENT, b"%PDF-1.4\n" + number, "работа.pdf")]
        if kind == "voice":
            return [Sendable(FileKind.VOICE, VOICE + number)]
        return self._photos(self.chance.randint(2, 6) if kind == "album" else 1)

    def _photos(self, count: int) -> list[Sendable]:
        return [
            Sendable(FileKind.PHOTO, PHOTO + f"{self.name} {self._next()}".encode())
            for _ in range(count)
        ]

    def _note(self, work: HandedIn, files: list[Sendable]) -> None:
        for file in files:
            work.parts.append(hashlib.sha256(file.content).hexdigest())
            work.counts[file.kind] = work.counts.get(file.kind, 0) + 1

    def _next(self) -> int:
        self._made += 1
        return self._made
