"""The regulation as a list: each clause's number, what it asks in a few words, and of whom.

«П1-» numbers are Appendix 1. The titles are names of clauses, shown in the demo's closing table
and in the list of tests; the regulation's own text says more.
"""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Of whom a clause asks something."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause; `in_part` where only a part of it can be a messenger's business."""

    number: str
    title: str
    audience: frozenset[Audience]
    in_part: bool = False


class UnknownClauseError(KeyError):
    """The regulation has no clause of this number."""


def clause(number: str) -> Clause:
    """Find a clause by its number, such as «П1-1.5» or «5.4»; else UnknownClauseError."""
    found = CLAUSES.get(number)
    if found is None:
        raise UnknownClauseError(number)
    return found


_LETTERS = {
    "S": Audience.STUDENT,
    "P": Audience.GUARDIAN,
    "T": Audience.TEACHER,
    "C": Audience.CLASS_TEACHER,
    "A": Audience.ADMINISTRATION,
}
_EVERYONE = "SPTCA"


def _whole(number: str, title: str, letters: str) -> Clause:
    return Clause(number, title, frozenset(_LETTERS[letter] for letter in letters))


def _part(number: str, title: str, letters: str) -> Clause:
    return Clause(number, title, frozenset(_LETTERS[letter] for letter in letters), in_part=True)


_ALL = (
    _part("1.1", "Занятия, практика, контроль и аттестация", "AT"),
    _part("1.2", "Законы и нормы, на которых стоит положение", "A"),
    _part("1.3", "Понятия и портфолио ученика", "SP"),
    _part("1.4", "Место обучения — школа, её время", "S"),
    _part("1.5", "Из чего состоит дистанционное обучение", "T"),
    _whole("1.6", "Формы учебной работы", "T"),
    _whole("1.7", "Режимы сопровождения", "T"),
    _whole("1.8", "Вживую или отложенно, порядок заданий", "T"),
    _whole("2.1", "Обучение по месту жительства и по возможностям", "A"),
    _part("2.2", "Материалы в любое удобное время", "SP"),
    _whole("2.3", "Постоянный контакт, свой темп, ясная оценка", "ST"),
    _part("2.4", "Подготовка к контролю, проекты, олимпиады", "SPT"),
    _whole("3.1", "Кто участвует", _EVERYONE),
    _whole("3.2", "Доступ ученика в «Сферум»", "S"),
    _whole("3.3", "Родитель может войти в «Сферум»", "P"),
    _whole("3.4", "Каналы связи, которые определила школа", "A"),
    _whole("3.5", "Письменное заявление о дистанционном обучении", "PA"),
    _whole("3.6", "Отказ от дистанционного обучения", "SPTA"),
    _whole("3.7", "Учёба без техники и интернета", "PCT"),
    _whole("3.8", "Индивидуальный учебный план при ОВЗ", "A"),
    _whole("3.9", "Подготовка учителей", "A"),
    _whole("3.10", "Авторизованный доступ", "AC"),
    _whole("3.11", "Утверждённые и собственные ресурсы", "T"),
    _part("3.12", "Базовые навыки ученика", "SP"),
    _whole("3.13", "Техническая помощь ученику", "SPT"),
    _part("4.1", "Формы обучения и их сочетание", "A"),
    _whole("4.2", "Ознакомление и выбор", _EVERYONE),
    _whole("4.3", "Подготовка, консультации, учёт и хранение", "SA"),
    _whole("4.4", "Обучение полностью на расстоянии", "A"),
    _whole("4.5", "Кто сдаёт и в каких условиях", "A"),
    _whole("5.1", "Решение на следующий год — до 1 мая", "A"),
    _whole("5.2", "Решение об обучении только на расстоянии — 10 рабочих дней", "A"),
    _whole("5.3", "Доступ каждому ученику и консультации", "A"),
    _whole("5.4", "Кто это: регистрация и личный код", "SPT"),
    _whole("5.5", "Условия оценочных работ", "ST"),
    _whole("5.6", "Две модели взаимодействия", "AT"),
    _whole("5.7", "Смешанное обучение", "T"),
    _whole("5.8", "Кто учится опосредованно", "CA"),
    _whole("5.9", "Индивидуальный план при опосредованном обучении", "AT"),
    _whole("5.10", "Электронный журнал и отметки", "T"),
    _whole("5.11", "Тема урока с пометкой в журнале", "T"),
    _whole("5.12", "Длительность урока и время у экрана", "STA"),
    _part("6.1", "Действует со дня приказа", "A"),
    _part("6.2", "Доведено до всех", "A"),
    _part("6.3", "Изменения положения", "A"),
    _whole("П1-1.1", "Ученик: зарегистрироваться на платформе", "SP"),
    _whole("П1-1.2", "Ученик: каждый день заходить в кабинет", "SP"),
    _whole("П1-1.3", "Ученик: каждый день проверять почту", "SP"),
    _whole("П1-1.4", "Ученик: выполнять задания в срок", "SP"),
    _whole("П1-1.5", "Ученик: сдать работу на проверку", "SP"),
    _whole("П1-1.6", "Ученик: прочитать ответ на следующий рабочий день", "S"),
    _whole("П1-2.1", "Учитель: зарегистрироваться на платформе", "T"),
    _whole("П1-2.2", "Учитель: выложить материалы и продублировать на почту", "T"),
    _whole("П1-2.3", "Учитель: проверить в день получения", "T"),
    _whole("П1-2.4", "Учитель: рецензия и консультации", "TSP"),
    _whole("П1-2.5", "Учитель: планировать по СанПиН", "T"),
)

CLAUSES: dict[str, Clause] = {each.number: each for each in _ALL}
