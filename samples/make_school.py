"""Writes `samples/school/`, an invented school, the same to the byte at every run.

Run it as `python -m samples.make_school [FOLDER]`.
"""

import csv
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from samples.school_people import CLASS_TEACHERS, TEACHERS, People, families, latin
from samples.school_week import (
    BELLS,
    CLASSES,
    DAYS,
    OBZR,
    PROJECT,
    SIX_DAYS,
    Lesson,
    online_lessons,
    teachers_of,
    timetable,
)
from samples.school_year import CALENDAR, MODES, SCHOOL, SUBSTITUTIONS, TOPICS

SEED = 2026
FOLDER = Path(__file__).with_name("school")
_LESSON_MINUTES = 30

Rows = Iterable[tuple[str, ...]]


def write_school(folder: Path) -> None:
    """Write every sheet into the folder, in the encoding and separator that Excel opens best."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in _sheets(random.Random(SEED)).items():  # noqa: S311  (no secret)
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow(header.split())
            writer.writerows(rows)


def _sheets(chance: random.Random) -> dict[str, tuple[str, Rows]]:
    people = People(chance)
    for family in families(chance):
        people.settle(family)
    return {
        "school": ("ключ значение", SCHOOL),
        "classes": (
            "параллель литера учебная_неделя смена классный_руководитель",
            [_class(name) for name in CLASSES],
        ),
        "students": (
            "id фамилия имя отчество класс дата_рождения email режим",
            [row for name in CLASSES for row in people.students[name]],
        ),
        "parents": (
            "id ФИО email телефон ученик_id степень_родства законный_представитель",
            people.parents,
        ),
        "teachers": ("id ФИО email предметы роли", [_teacher(*row) for row in TEACHERS]),
        "groups": ("класс предмет группа учитель ученик_id", _groups(people)),
        "bells": ("смена урок начало конец", _bells()),
        "timetable": (
            "день урок неделя класс группа предмет учитель формат ссылка",
            _timetable(timetable(chance)),
        ),
        "substitutions": (
            "дата урок класс группа предмет учитель вместо формат ссылка",
            SUBSTITUTIONS,
        ),
        "calendar": ("вид название дата_с дата_по параллели примечание", CALENDAR),
        "modes": ("кому режим дата_с дата_по приказ предметы", MODES),
        "КТП": ("класс предмет № тема часы", TOPICS),
    }


def _class(name: str) -> tuple[str, ...]:
    week = "6" if name in SIX_DAYS else "5"
    return (name[:-1], name[-1], week, "1", _teacher_ref(CLASS_TEACHERS[name]))


def _teacher(row_id: str, name: str, subjects: str, roles: str) -> tuple[str, ...]:
    surname = latin(name.partition(" ")[0])
    mailbox = "" if row_id == "T13" else f"{surname}.{row_id.lower()}@shkola.example"
    return (row_id, name, mailbox, subjects, roles)


def _teacher_ref(row_id: str) -> str:
    """Refer to a teacher by name as schools do, by id where the name is borne twice."""
    names = [name for _, name, _, _ in TEACHERS]
    name = next(name for known, name, _, _ in TEACHERS if known == row_id)
    return row_id if names.count(name) > 1 else name


def _groups(people: People) -> Iterator[tuple[str, ...]]:
    for name, subject in _grouped_subjects():
        for group, teacher in enumerate(teachers_of(name, subject), start=1):
            for student in people.students[name][group - 1 :: 2]:
                yield name, subject, str(group), _teacher_ref(teacher), student[0]


def _grouped_subjects() -> Iterator[tuple[str, str]]:
    for name in ("5А", "7Б", "9А"):
        yield name, "Английский язык"
        yield name, "Информатика"


def _bells() -> Iterator[tuple[str, ...]]:
    for number, starts in enumerate(BELLS, start=1):
        hour, minute = (int(part) for part in starts.split(":"))
        hours, minutes = divmod(hour * 60 + minute + _LESSON_MINUTES, 60)
        yield "1", str(number), starts, f"{hours:02}:{minutes:02}"


def _timetable(lessons: list[Lesson]) -> Iterator[tuple[str, ...]]:
    online = online_lessons(lessons)
    for lesson in lessons:
        teachers = teachers_of(lesson.class_name, lesson.subject)
        for at, teacher in enumerate(teachers):
            week, group, subject = (
                "каждая",
                str(at + 1) if len(teachers) > 1 else "",
                lesson.subject,
            )
            if lesson.subject == OBZR:
                week, group, subject = ("нечётная", "чётная")[at], "", (OBZR, PROJECT)[at]
            link = _link(lesson, group) if lesson in online else ""
            yield (
                DAYS[lesson.day],
                str(lesson.number),
                week,
                lesson.class_name,
                group,
                subject,
                _teacher_ref(teacher),
                "онлайн" if link else "материалы",
                link,
            )


def _link(lesson: Lesson, group: str) -> str:
    parts = (latin(lesson.class_name), latin(lesson.subject), group)
    return "https://sferum.example/call/" + "-".join(part for part in parts if part)


if __name__ == "__main__":
    write_school(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
