"""Pupils who hand in works from their phones, one after another, whatever happens to the bot."""

import asyncio
import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.nouns import Message, Press
from handlers.messages import FileKind
from tests.bot.phones import SandboxPhone, as_sent, written
from tests.chat import Sendable

LONG = 30.0
"""After so many seconds without any answer a person tries once more."""
NUMBER = re.compile(r"№ (\S+-\d{4})")
COUNTED = {
    FileKind.PHOTO: ("фото", "фото", "фото"),
    FileKind.DOCUMENT: ("файл", "файла", "файлов"),
    FileKind.VOICE: ("голосовое", "голосовых", "голосовых"),
}
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"

Act = Callable[[], None]


@dataclass
class Sent:
    """A work as its pupil put it together: hashes of files and texts, in order."""

    pupil: str
    parts: list[str] = field(default_factory=list)
    counts: dict[FileKind, int] = field(default_factory=dict)
    has_text: bool = False
    number: str = ""

    def collected(self) -> str:
        """What the card says when everything is there."""
        said = []
        for kind, (one, few, many) in COUNTED.items():
            count = self.counts.get(kind, 0)
            if count:
                said.append(f"{count} {one if count == 1 else few if count < 5 else many}")
        return ", ".join([*said, *(["текст"] if self.has_text else [])])


@dataclass
class Pupil:
    """One pupil. `tries_again` tells of the acts that got no answer for long."""

    name: str
    phone: SandboxPhone
    chance: random.Random
    works: list[Sent] = field(default_factory=list)
    tries_again: list[str] = field(default_factory=list)
    acts: int = 0
    spinners: list[Press] = field(default_factory=list)
    _made: int = 0

    async def hand_in_until(self, enough: asyncio.Event) -> None:
        """Hand in work after work until it is enough; the last one is finished."""
        while not enough.is_set():
            await self._hand_in(Sent(self.name))

    async def _hand_in(self, work: Sent) -> None:
        if self.chance.random() < 0.5:
            await self._open_a_task()
        else:
            await self._begin_with_a_photo(work)
        for _ in range(self.chance.randint(1, 3)):
            await self._add(work)
        await self._send(work)
        self.works.append(work)

    async def _open_a_task(self) -> None:
        await self._does(lambda: self._say("Задания"), "Осталось сдать")
        await self._presses(" · ", "[Сдать]")
        await self._presses("Сдать", "Пришли работу")

    async def _begin_with_a_photo(self, work: Sent) -> None:
        photos = self._photos(1)
        self._note(work, photos)
        what = await self._does(
            lambda: self._send_files(photos), "К какому заданию", "Пришло после отправки"
        )
        if "после отправки" in what:
            await self._presses("К другому заданию", "К какому заданию")
        await self._presses(" · ", f"Собрано: {work.collected()}.")

    async def _add(self, work: Sent) -> None:
        """Send one more thing, and wait until the card counts it."""
        kind = self.chance.choice(("photo", "album", "pdf", "voice", "text"))
        if kind == "text" and not work.has_text:
            text = f"Решение {self.name} {self._next()}"
            work.parts.append(text)
            work.has_text = True
            await self._does(lambda: self._say(text), f"Собрано: {work.collected()}.")
            return
        files = self._files(kind)
        self._note(work, files)
        await self._does(lambda: self._send_files(files), f"Собрано: {work.collected()}.")

    async def _send(self, work: Sent) -> None:
        """Press «Отправить» as a person would: once, and again if told to look first."""
        collected = f"Собрано: {work.collected()}."
        answer = ""
        while "Работа принята" not in answer:
            answer = await self._presses(
                "Отправить", "Работа принята", "Добавились файлы", under=collected
            )
        found = NUMBER.search(answer)
        assert found, answer
        work.number = found[1]

    async def _presses(self, label: str, *expected: str, under: str = "") -> str:
        def act() -> None:
            message_id, whole = self._button(label, under)
            pressed = self.phone.side.press(self.phone.id, label=whole, message_id=message_id)
            if isinstance(pressed, Press):
                self.spinners.append(pressed)

        return await self._does(act, *expected)

    async def _does(self, act: Act, *expected: str) -> str:
        """Act, and wait for a message with one of these texts, or of these [labels]; give it."""
        self.phone.forget()
        self.acts += 1
        act()
        found: list[str] = []

        def answered() -> bool:
            said = map(written, self.phone.news)
            found[:] = [one for one in said if any(text in one for text in expected)]
            return bool(found)

        if not await self.phone.world.news.until(answered, LONG):
            self.tries_again.append(f"{self.name} waited for {expected}:\n{self._end()}")
            act()
            await self.phone.until(answered, f"{self.name}: one of {expected}", LONG)
        await asyncio.sleep(self.chance.uniform(0.0, 0.1))
        return found[-1]

    def _button(self, label: str, under: str) -> tuple[int, str]:
        for message in reversed(self.phone.told):
            for button in _buttons(message):
                if (button.startswith(label) or label == " · " in button) and under in message.text:
                    return message.id, button
        raise AssertionError(f"{self.name}: no button {label!r}:\n{self.phone.transcript()}")

    def _say(self, text: str) -> None:
        self.phone.side.say(self.phone.id, text)

    def _send_files(self, files: list[Sendable]) -> None:
        self.phone.side.send_files(self.phone.id, [as_sent(file) for file in files])

    def _files(self, kind: str) -> list[Sendable]:
        number = f"{self.name} {self._next()}".encode()
        if kind == "pdf":
            return [Sendable(FileKind.DOCUMENT, b"%PDF-1.4\n" + number, "работа.pdf")]
        if kind == "voice":
            return [Sendable(FileKind.VOICE, VOICE + number)]
        return self._photos(self.chance.randint(2, 4) if kind == "album" else 1)

    def _photos(self, count: int) -> list[Sendable]:
        return [
            Sendable(FileKind.PHOTO, PHOTO + f"{self.name} {self._next()}".encode())
            for _ in range(count)
        ]

    def _note(self, work: Sent, files: list[Sendable]) -> None:
        for file in files:
            work.parts.append(hashlib.sha256(file.content).hexdigest())
            work.counts[file.kind] = work.counts.get(file.kind, 0) + 1

    def _end(self) -> str:
        return "\n\n".join(self.phone.transcript().split("\n\n")[-6:])

    def _next(self) -> int:
        self._made += 1
        return self._made


def _buttons(message: Message) -> list[str]:
    if message.buttons is None:
        return []
    return [button.label for button in message.buttons.buttons()]
