"""One student's day on the page, step by step: for tests, and for the pictures of the README."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.page.visitor import Phone, Visitor

Seen = Callable[[str], None]


def nobody(_step: str) -> None:
    """Look at no step in particular."""


@dataclass(frozen=True, slots=True)
class Day:
    """A Monday and the next morning of a student, her teacher and her mother.

    `seen` is told the name of each step when it is on the screen.
    """

    visitor: Visitor
    student: Phone
    teacher: Phone
    mother: Phone
    seen: Seen = nobody

    def enter(self, *, by_link: bool) -> None:
        """Let everybody in by the slips: by their links, or by the codes written down (5.4)."""
        self.student.enters(by_link=by_link)
        self.teacher.enters()
        self.mother.enters(by_link=not by_link)
        self.student.presses("Регистрация есть")
        self.student.sees("Перейти на платформу")
        self.seen("entered")

    def morning(self) -> None:
        """The list of the day at half past seven, and its first tick (П1-1.2)."""
        self.visitor.goes_to("2026-11-23T07:30")
        self.student.sees("Доброе утро", "Геометрия")
        self.seen("card")
        self.student.presses("Кабинет открыт")
        self.student.sees("☑ Кабинет")
        self.seen("platform")

    def homework(self) -> None:
        """The teacher sets a task, which also goes out by e-mail (П1-1.3, П1-2.2)."""
        self.visitor.goes_to("2026-11-23T08:05")
        for label in ("Новое задание", "7Б, геометрия"):
            self.teacher.presses(label)
        self.teacher.sees("Пришлите текст и файлы")
        self.teacher.says("№ 214, 215: чертёж и решение")
        for label in ("Дальше", "К уроку", "Задать"):
            self.teacher.presses(label)
        self.student.sees("№ 214, 215")
        self.seen("task")
        self.student.presses("Мой день")
        self.student.presses("Почта проверена")
        self.student.sees("☑ Почта")
        self.seen("mail")

    def hand_in(self) -> None:
        """Two photos and a voice note, and the receipt for them (П1-1.5)."""
        for label in ("Задания", "Геометрия", "Сдать"):
            self.student.presses(label)
        self.student.sees("Пришли работу")
        self.student.attaches("Два фото тетради", "Голосовое, 5 секунд")
        self.seen("attached")
        self.student.sends()
        self.student.sees("2 фото, 1 голосовое")
        self.seen("collected")
        self.student.presses("Отправить")
        self.student.sees("Работа принята")
        self.seen("receipt")

    def review(self) -> None:
        """A mark and a spoken review on the day of receipt (П1-2.3, П1-2.4)."""
        self.visitor.goes_to("2026-11-23T15:00")
        for label in ("На проверку", "Соколова", "5"):
            self.teacher.presses(label)
        self.teacher.sees("Отметка: 5")
        self.teacher.attaches("Голосовое, 5 секунд")
        self.teacher.sends()
        self.teacher.sees("Аудиорецензия приложена")
        self.seen("reviewing")
        self.teacher.presses("Готово")
        self.teacher.sees("Отправлено ученику")

    def evening(self) -> None:
        """The mother's digest at half past six (П1-1.6)."""
        self.visitor.goes_to("2026-11-23T18:30")
        self.mother.sees("Мария")
        self.seen("digest")

    def next_morning(self) -> None:
        """The answer is read on the next working day (П1-1.6)."""
        self.visitor.goes_to("2026-11-24T07:30")
        self.student.sees("Вторник")
        for label in ("Ответы", "№ 7Б"):
            self.student.presses(label)
        self.student.sees("Отметка: 5")
        self.seen("answer")
