"""One conversation, from the code on a slip to the answer on the next working day.

It is told once and played on any stage: in memory, on Telegram, on VK.
"""

from collections.abc import Mapping
from typing import Protocol

from handlers.messages import FileKind
from tests.bot.patience import until
from tests.bot.phones import Phone
from tests.chat import Sendable, pdf, photo, sticker, voice

MEGABYTE = 1024 * 1024
TASK = "Стр. 45, № 312. Чертёж обязателен."
LONG_TEXT = " ".join(f"шаг{number:04}" for number in range(700))
"""Longer than any messenger takes in one message, and every word tells whether it is there."""


class Stage(Protocol):
    """Where the conversation is played: a school with the bot and a clock."""

    codes: Mapping[str, str]

    def phone(self, messenger: str) -> Phone:
        """Give a phone that nobody has used yet."""

    async def until(self, moment: str) -> None:
        """Let time pass until «2026-11-23 07:30» of Moscow."""


class Conversation:
    """A student on one messenger and the teacher on another."""

    def __init__(self, stage: Stage, student_on: str, teacher_on: str) -> None:
        self.stage = stage
        self.student = stage.phone(student_on)
        self.teacher = stage.phone(teacher_on)
        self.photos = [photo(), photo()]
        self.spoken = voice()
        self.late_photo = photo()
        self.reviewed = voice()

    async def play(self) -> None:
        """Live the two days."""
        await self.everybody_enters()
        await self.the_day_begins()
        await self.a_task_arrives()
        await self.a_work_is_collected()
        await self.what_is_no_work_is_told()
        await self.the_work_is_sent()
        await self.the_teacher_reviews()
        await self.the_answer_is_read()

    async def everybody_enters(self) -> None:
        student, teacher = self.student, self.teacher
        await student.says("Здравствуйте")
        await student.sees("Пришлите, пожалуйста, код с листочка")
        await student.says(self.stage.codes["S701"])
        await student.sees("Соколова Мария", "7Б")
        await student.presses("Да, это я")
        await student.sees("Готово, Мария!")
        await student.presses("Регистрация есть")
        await student.sees("Перейти на платформу")
        await teacher.opens(self.stage.codes["T01"])
        await teacher.sees("Кузнецова Ирина Петровна")
        await teacher.presses("Да, это я")
        await teacher.sees("Готово, Ирина Петровна!")

    async def the_day_begins(self) -> None:
        student = self.student
        await self.stage.until("2026-11-23 07:30")
        await student.sees("Доброе утро, Мария!", "Алгебра", "Кабинет на платформе")
        await student.presses("Кабинет открыт")
        await student.sees("☑ Кабинет открыт")

    async def a_task_arrives(self) -> None:
        student, teacher = self.student, self.teacher
        await self.stage.until("2026-11-23 08:05")
        await teacher.says("Новое задание")
        await teacher.sees("Кому задаём?")
        await teacher.presses("7Б, геометрия")
        await teacher.sees("Пришлите текст и файлы")
        await teacher.says(TASK)
        await teacher.sees("текст")
        task_file = pdf("задача.pdf")
        await teacher.sends(task_file)
        await teacher.sees("1 файл")
        await teacher.presses("Дальше")
        await teacher.presses("К уроку")
        await teacher.presses("Задать")
        await teacher.sees("Задано: 7Б, геометрия")
        await student.sees("Новое задание: геометрия", TASK)
        await student.presses("Открыть задание")
        await student.sees(TASK)
        await until(lambda: files_of(student) == [task_file.content])
        await student.says("Мой день")
        await student.sees("☐ Почта")
        await student.presses("Почта проверена")
        await student.sees("☑ Почта проверена")

    async def a_work_is_collected(self) -> None:
        student = self.student
        await self.stage.until("2026-11-23 13:30")
        await student.says("Задания")
        await student.sees("Осталось сдать: 1 задание")
        await student.presses("Геометрия")
        await student.sees(TASK)
        await student.presses("Сдать")
        await student.sees("Пришли работу")
        await student.sends(*self.photos)
        await student.sees("Собрано: 2 фото.")
        await student.sends(self.spoken)
        await student.sees("Собрано: 2 фото, 1 голосовое.")

    async def what_is_no_work_is_told(self) -> None:
        """Hear about each thing that cannot be taken, and lose nothing of what could."""
        student = self.student
        await student.sends(sticker())
        await student.sees("Стикер")
        await student.sends(Sendable(FileKind.DOCUMENT, b"", "фильм.mkv", size=25 * MEGABYTE))
        await student.sees("больше 20 МБ")
        await student.sends(Sendable(FileKind.DOCUMENT, b"MZ\x90\0" + bytes(60), "игра.exe"))
        await student.sees("учитель не откроет")
        await student.says(LONG_TEXT)
        await student.sees("Собрано: 2 фото, 1 голосовое, текст.")

    async def the_work_is_sent(self) -> None:
        student = self.student
        await student.presses("Отправить")
        await student.sees("Работа принята: геометрия", "№ 7Б-0001", "13:30", "24 ноября")
        await until(lambda: not any("Отправить" in seen.buttons for seen in student.screen()))
        await student.sends(self.late_photo)
        await student.sees("Добавить к № 7Б-0001")
        await student.presses("Да, добавить")
        await student.sees("Добавлено к № 7Б-0001", "3 фото")

    async def the_teacher_reviews(self) -> None:
        student, teacher = self.student, self.teacher
        await self.stage.until("2026-11-23 15:00")
        await teacher.sees("на проверке 1")
        await teacher.says("На проверку")
        await teacher.presses("Соколова")
        await teacher.sees("Соколова Мария", "№ 7Б-0001", LONG_TEXT[:50], LONG_TEXT[-50:])
        sent = [*self.photos, self.spoken, self.late_photo]
        await until(lambda: files_of(teacher) == [file.content for file in sent])
        await until(lambda: voice_of(teacher) == self.spoken.content)
        said = " ".join(seen.text for seen in teacher.screen())
        assert all(step in said for step in LONG_TEXT.split())
        await teacher.presses("4")
        await teacher.sees("Отметка: 4")
        await teacher.sends(self.reviewed)
        await teacher.sees("Аудиорецензия приложена")
        await teacher.presses("Готово")
        await teacher.sees("Отправлено ученику")
        await student.sees("Есть ответ учителя")

    async def the_answer_is_read(self) -> None:
        student = self.student
        await self.stage.until("2026-11-24 07:30")
        await student.sees("Есть 1 ответ учителя")
        await student.presses("Ответы: 1")
        await student.presses("Геометрия · № 7Б-0001")
        await student.sees("Отметка: 4")
        await until(lambda: voice_of(student) == self.reviewed.content)
        await student.says("Ответы учителей")
        await student.sees("Всё прочитано")


def files_of(phone: Phone) -> list[bytes]:
    """Give all files that the bot has shown on a phone, in order."""
    return [content for seen in phone.screen() for _, content in seen.files]


def voice_of(phone: Phone) -> bytes:
    """Give the newest voice that plays on a phone, nothing where there is none yet."""
    spoken = [content for seen in phone.screen() for kind, content in seen.files if kind == "voice"]
    return spoken[-1] if spoken else b""
