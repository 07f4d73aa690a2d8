"""The week of the sample school: who teaches what, and a timetable without clashes."""

import random
from collections.abc import Iterator
from typing import NamedTuple

CLASSES = ("1А", "3Б", "5А", "7Б", "9А", "11А")
SIX_DAYS = ("9А", "11А")
OBZR, PROJECT = "ОБЗР", "Индивидуальный проект"
DAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота")

# Subject → hours a week and who teaches it; two teachers stand for two groups.
_Plan = dict[str, tuple[int, tuple[str, ...]]]
_PRIMARY = {"Русский язык": 5, "Математика": 4, "Литературное чтение": 4, "Окружающий мир": 2}
_ARTS = {"Музыка": 1, "ИЗО": 1, "Труд": 1}


def _all_by(teacher: str) -> _Plan:
    return {subject: (hours, (teacher,)) for subject, hours in (_PRIMARY | _ARTS).items()}


PLANS: dict[str, _Plan] = {
    "1А": {**_all_by("T02"), "Физкультура": (2, ("T13",))},
    "3Б": {**_all_by("T03"), "Физкультура": (2, ("T13",)), "Английский язык": (2, ("T08",))},
    "5А": {
        "Русский язык": (5, ("T04",)),
        "Литература": (3, ("T04",)),
        "Математика": (5, ("T06",)),
        "Английский язык": (3, ("T07", "T08")),
        "Информатика": (1, ("T09", "T10")),
        "История": (2, ("T11",)),
        "Биология": (1, ("T12",)),
        "География": (1, ("T14",)),
        "Технология": (2, ("T09",)),
        "Музыка": (1, ("T02",)),
        "Физкультура": (2, ("T13",)),
    },
    "7Б": {
        "Алгебра": (3, ("T01",)),
        "Геометрия": (2, ("T01",)),
        "Вероятность и статистика": (1, ("T01",)),
        "Русский язык": (4, ("T04",)),
        "Литература": (2, ("T04",)),
        "Английский язык": (3, ("T07", "T08")),
        "Информатика": (1, ("T09", "T10")),
        "История": (2, ("T11",)),
        "Обществознание": (1, ("T11",)),
        "Биология": (2, ("T12",)),
        "География": (2, ("T14",)),
        "Физика": (2, ("T10",)),
        "Технология": (1, ("T09",)),
        "Физкультура": (2, ("T13",)),
    },
    "9А": {
        "Алгебра": (3, ("T01",)),
        "Геометрия": (2, ("T01",)),
        "Вероятность и статистика": (1, ("T01",)),
        "Русский язык": (3, ("T05",)),
        "Литература": (3, ("T05",)),
        "Английский язык": (3, ("T07", "T08")),
        "Информатика": (1, ("T09", "T10")),
        "История": (2, ("T11",)),
        "Обществознание": (1, ("T11",)),
        "Биология": (2, ("T12",)),
        "Химия": (2, ("T12",)),
        "География": (2, ("T14",)),
        "Физика": (3, ("T10",)),
        "Физкультура": (2, ("T13",)),
    },
    "11А": {
        "Алгебра": (4, ("T06",)),
        "Геометрия": (2, ("T06",)),
        "Русский язык": (3, ("T05",)),
        "Литература": (3, ("T05",)),
        "Английский язык": (3, ("T07",)),
        "История": (2, ("T11",)),
        "Обществознание": (3, ("T11",)),
        "Биология": (1, ("T12",)),
        "Химия": (2, ("T12",)),
        "Физика": (3, ("T10",)),
        "География": (1, ("T14",)),
        "Физкультура": (2, ("T13",)),
        OBZR: (1, ("T13", "T14")),
    },
}
DAY_LENGTHS = {
    "1А": (4, 4, 4, 4, 4),
    "3Б": (5, 5, 4, 4, 4),
    "5А": (6, 5, 5, 5, 5),
    "9А": (5, 5, 5, 5, 5, 5),
    "11А": (5, 5, 5, 5, 5, 5),
}
# The week that the demonstration and the tests rely on.
WEEK_OF_7B = (
    "Алгебра|Русский язык|Геометрия|История|Английский язык|Физкультура",
    "Русский язык|Геометрия|Физика|География|Литература|Биология",
    "Алгебра|Английский язык|История|Информатика|Русский язык",
    "Алгебра|Литература|Физика|Биология|Технология|Обществознание",
    "Английский язык|Русский язык|Вероятность и статистика|География|Физкультура",
)
BELLS = ("08:30", "09:15", "10:00", "10:45", "11:30", "12:15", "13:00")
ONLINE = {1: (1,), 3: (1,), 5: (1, 4), 7: (1, 4), 9: (1, 3, 5), 11: (1, 3, 5)}
# T01 stands in for T10 in 7Б on Tuesday, so her third lesson that day stays free.
RESERVED = {("T01", 1, 3)}
_OFFLINE = {"Физкультура", "Технология", "Труд", OBZR}
_MOST_WEEKS, _MOST_TRIES = 200, 500


class Lesson(NamedTuple):
    """A lesson of a class: `day` from 0, `number` from 1."""

    class_name: str
    day: int
    number: int
    subject: str


Slot = tuple[int, int]
Busy = set[tuple[str, int, int]]


def timetable(chance: random.Random) -> list[Lesson]:
    """Place every lesson of every plan; 7Б first, as it is written, the rest around it."""
    week_of_7b = [subjects.split("|") for subjects in WEEK_OF_7B]
    placed = [
        Lesson("7Б", day, number, subject)
        for day, subjects in enumerate(week_of_7b)
        for number, subject in enumerate(subjects, start=1)
    ]
    busy = {*RESERVED, *_taken(placed)}
    for _ in range(_MOST_WEEKS):
        rest = _around(busy, chance)
        if rest is not None:
            lessons = placed + rest
            return sorted(lessons, key=lambda x: (CLASSES.index(x.class_name), x.day, x.number))
    raise RuntimeError("no week fits these plans")


def online_lessons(lessons: list[Lesson]) -> set[Lesson]:
    """Choose as many online lessons a day as 5.12 allows the grade, never physical education."""
    chosen: set[Lesson] = set()
    for name in CLASSES:
        for day in range(len(DAYS)):
            of_day = [one for one in lessons if (one.class_name, one.day) == (name, day)]
            fit = [one for one in of_day if one.subject not in _OFFLINE]
            for number in ONLINE[int(name[:-1])]:
                free = [one for one in fit if one not in chosen]
                later = [one for one in free if one.number >= number]
                chosen.update((later or free)[:1])
    return chosen


def teachers_of(class_name: str, subject: str) -> tuple[str, ...]:
    """Tell who teaches a subject in a class: one teacher, or one for each group."""
    return PLANS[class_name][subject][1]


def _taken(lessons: list[Lesson]) -> Iterator[tuple[str, int, int]]:
    for lesson in lessons:
        for teacher in teachers_of(lesson.class_name, lesson.subject):
            yield teacher, lesson.day, lesson.number


def _around(busy: Busy, chance: random.Random) -> list[Lesson] | None:
    """Place the other classes one after another, each by random tries; None where one fails."""
    placed: list[Lesson] = []
    for name in DAY_LENGTHS:
        now_busy = {*busy, *_taken(placed)}
        tries = (_attempt(name, now_busy, chance) for _ in range(_MOST_TRIES))
        lessons = next((found for found in tries if found is not None), None)
        if lessons is None:
            return None
        placed += lessons
    return placed


def _attempt(name: str, busy: Busy, chance: random.Random) -> list[Lesson] | None:
    left = {subject: hours for subject, (hours, _) in PLANS[name].items()}
    lessons: list[Lesson] = []
    for day, length in enumerate(DAY_LENGTHS[name]):
        today: set[str] = set()
        for number in range(1, length + 1):
            fit = [
                subject
                for subject, hours in left.items()
                if hours
                and subject not in today
                and not any((who, day, number) in busy for who in teachers_of(name, subject))
            ]
            if not fit:
                return None
            subject = max(fit, key=lambda one: left[one] + 2 * chance.random())
            left[subject] -= 1
            today.add(subject)
            lessons.append(Lesson(name, day, number, subject))
    return lessons
