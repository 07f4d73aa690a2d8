"""Teachers who set tasks, take work after work from their queue, mark it, and send the answer."""

import asyncio
import hashlib
from dataclasses import dataclass

from handlers.messages import FileKind
from tests.chat import Sendable
from tests.torture.ledger import Marked
from tests.torture.people import Person
from tests.torture.students import NUMBER, VOICE

IDLE = 0.5
TASKS = 0.15
"""How likely a task is set before the next look at the queue."""
MARKS = ("5", "4", "3")


@dataclass
class Teacher(Person):
    """Somebody who sets tasks for a `course`, as its button reads, and reviews."""

    course: str = ""
    _made: int = 0

    async def teach_until(self, enough: asyncio.Event) -> None:
        """Review what comes, and set a task now and then, until it is enough; then once more."""
        await asyncio.sleep(self.chance.uniform(0.0, IDLE))
        while not enough.is_set():
            if self.chance.random() < TASKS:
                await self.set_task()
            await self._take_next()
        await self._take_next()

    async def _take_next(self) -> None:
        self.begins_anew()
        queue = await self.says("На проверку", "На проверке", "новых работ нет")
        if "На проверке" not in queue:
            await asyncio.sleep(IDLE)
            return
        card = await self.presses(" · ", "Отметка — кнопкой", under="На проверке")
        self.ledger.marks.append(await self._review(card))

    async def set_task(self) -> None:
        """Set a task for tomorrow evening."""
        self._made += 1
        text = f"Задание {self._made} от {self.name}"
        await self.says("Новое задание", "Кому задаём")
        await self.presses(self.course, f"Задание: {self.course}")
        await self.says(text, "— текст.")
        await self.presses("Дальше", "К какому сроку")
        await self.presses("Завтра, 18:00", "Всё верно")
        await self.presses("Задать", "Задано: ")
        self.ledger.tasks.append(text)

    async def _review(self, card: str) -> Marked:
        found = NUMBER.search(card)
        assert found, card
        number, mark = found[1], self.chance.choice(MARKS)
        await self.presses(mark, f"Отметка: {mark}", under=number)
        comment, audio = "", ""
        way = self.chance.random()
        if way < 0.3:
            comment = f"Слова к {number}"
            await self.says(comment, f"Комментарий: {comment}")
        elif way < 0.5:
            voice = Sendable(FileKind.VOICE, VOICE + f"{self.name} {number}".encode())
            audio = hashlib.sha256(voice.content).hexdigest()
            await self.sends([voice], "Аудиорецензия приложена")
        await self.presses("Готово", "Отправлено ученику", under=number)
        return Marked(number, mark, comment, audio)
