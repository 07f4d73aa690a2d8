"""Groups, bells, the timetable and substitutions: what fits together, and what cannot."""

from pathlib import Path

from school.rules.lessons import LessonFormat, Week
from tests.school.roster.mini import accepted, mini, put, read, said

SUBSTITUTIONS = ["дата", "урок", "класс", "группа", "предмет", "учитель", "вместо", "формат"]


def test_a_lesson_with_everything(tmp_path: Path) -> None:
    sheets = mini()
    sheets["timetable"] = [
        ["дата_с", "дата_по", "неделя", *sheets["timetable"][0]],
        [
            *("01.09.2026", "2026-12-30", "чётная", "Вторник", "2", "7б", "2"),
            *("английский  язык", "гусь петр олегович", "Онлайн", "https://sferum.example/2"),
        ],
    ]
    (lesson,) = accepted(read(tmp_path, sheets)).lessons
    assert (lesson.weekday, lesson.lesson, lesson.group) == (2, 2, "2")
    assert (lesson.subject, lesson.teacher) == ("Английский язык", "teachers:T02")
    assert (str(lesson.starts_on), str(lesson.ends_on)) == ("2026-09-01", "2026-12-30")
    assert (lesson.week, lesson.format) == (Week.EVEN, LessonFormat.ONLINE)


def test_members_of_a_group_belong_to_its_class_once(tmp_path: Path) -> None:
    sheets = mini()
    sheets["classes"].append(["5", "А", "", "", ""])
    put(sheets, "students", 3, класс="5А")
    sheets["groups"] += [sheets["groups"][1][:], ["7Б", "Английский язык", "1", "T02", "S9"]]
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «groups», строка 3, столбец «ученик_id»: ученик «S2» учится в классе 5А",
        (
            "Лист «groups», строка 4, столбец «ученик_id»: "
            "ученик уже записан в эту группу в строке 2"
        ),
        "Лист «groups», строка 5, столбец «ученик_id»: ученика с id «S9» нет на листе students",
        "Лист «groups», строка 5, столбец «учитель»: в строке 2 у этой группы другой учитель",
    ]


def test_a_group_with_a_bad_teacher_is_reported_once(tmp_path: Path) -> None:
    sheets = put(mini(), "groups", 2, учитель="Т9")
    put(sheets, "timetable", 2, группа="1", предмет="Английский язык")
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «groups», строка 2, столбец «учитель»: учителя «Т9» нет на листе teachers"
    ]


def test_a_group_of_the_timetable_is_one_of_the_sheet(tmp_path: Path) -> None:
    sheets = put(mini(), "timetable", 2, группа="3", предмет="Английский язык")
    assert said(read(tmp_path, sheets).problems) == [
        (
            "Лист «timetable», строка 2, столбец «группа»: "
            "группы «3» нет на листе groups (7Б, Английский язык)"
        )
    ]


def test_bells_that_ring_twice_or_over_each_other(tmp_path: Path) -> None:
    sheets = mini()
    sheets["bells"] += [
        ["1", "2", "10:00", "10:30"],
        ["1", "3", "9:30", "10:00"],
        ["2", "3", "9:30", "10:00"],
        ["2", "4", "12:00", "11:00"],
    ]
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «bells», строка 4, столбец «урок»: звонок урока 2 смены 1 уже есть",
        "Лист «bells», строка 5, столбец «начало»: урок пересекается по времени с уроком 2",
        "Лист «bells», строка 7, столбец «конец»: конец раньше начала",
    ]


def test_a_class_needs_bells_of_its_own_shift(tmp_path: Path) -> None:
    sheets = put(mini(), "classes", 2, смена="2")
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «timetable», строка 2, столбец «урок»: урока 1 нет на листе bells в смене 2",
        "Лист «timetable», строка 3, столбец «урок»: урока 2 нет на листе bells в смене 2",
    ]


def test_saturday_is_for_a_six_day_class(tmp_path: Path) -> None:
    sheets = put(mini(), "timetable", 2, день="сб")
    assert said(read(tmp_path / "five", sheets).problems) == [
        "Лист «timetable», строка 2, столбец «день»: «сб» не входит в 5-дневную неделю этого класса"
    ]
    put(sheets, "classes", 2, учебная_неделя="6")
    assert accepted(read(tmp_path / "six", sheets)).lessons[0].weekday == 6


def test_a_class_has_one_lesson_at_a_time(tmp_path: Path) -> None:
    sheets = mini()
    sheets["timetable"] += [
        ["пн", "1", "7Б", "", "История", "T02", "", ""],
        ["вт", "2", "7Б", "1", "Английский язык", "T01", "", ""],
    ]
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «timetable», строка 4, столбец «урок»: у класса на урок 1 уже стоит строка 2",
        "Лист «timetable», строка 5, столбец «урок»: у класса на урок 2 уже стоит строка 3",
    ]


def test_groups_alternating_weeks_and_other_dates_share_a_slot(tmp_path: Path) -> None:
    sheets = mini()
    sheets["timetable"] = [
        ["дата_с", "дата_по", "неделя", *sheets["timetable"][0]],
        ["", "", "", "ср", "1", "7Б", "1", "Английский язык", "T01", "", ""],
        ["", "", "", "ср", "1", "7Б", "2", "Английский язык", "T02", "", ""],
        ["", "", "чётная", "чт", "1", "7Б", "", "ОБЗР", "T02", "", ""],
        ["", "", "нечетная", "чт", "1", "7Б", "", "Проект", "T02", "", ""],
        ["", "30.12.2026", "", "пт", "1", "7Б", "", "История", "T02", "", ""],
        ["11.01.2027", "", "", "пт", "1", "7Б", "", "География", "T02", "", ""],
    ]
    reading = read(tmp_path, sheets)
    accepted(reading)
    assert reading.notices == ()


def test_a_teacher_in_two_places_is_a_notice_even_across_shifts(tmp_path: Path) -> None:
    sheets = mini()
    sheets["classes"].append(["5", "А", "", "2", ""])
    sheets["bells"].append(["2", "7", "8:45", "9:15"])
    sheets["timetable"].append(["пн", "7", "5А", "", "Алгебра", "T01", "", ""])
    reading = read(tmp_path, sheets)
    accepted(reading)
    assert said(reading.notices) == [
        "Лист «timetable», строка 4, столбец «учитель»: учитель в это время уже занят, строка 2"
    ]


def test_two_classes_that_learn_together_are_no_clash(tmp_path: Path) -> None:
    sheets = mini()
    sheets["classes"].append(["7", "В", "", "", ""])
    sheets["timetable"].append(["пн", "1", "7В", "", "Алгебра", "T01", "материалы", ""])
    assert read(tmp_path, sheets).notices == ()


def test_a_student_in_two_groups_at_once_is_a_notice(tmp_path: Path) -> None:
    sheets = mini()
    sheets["groups"].append(["7Б", "Информатика", "1", "T02", "S1"])
    sheets["timetable"] += [
        ["ср", "1", "7Б", "1", "Английский язык", "T01", "", ""],
        ["ср", "1", "7Б", "1", "Информатика", "T02", "", ""],
    ]
    reading = read(tmp_path, sheets)
    accepted(reading)
    assert "в это время уже заняты в строке 4: Ёлкина Вера" in said(reading.notices)[-1]


def test_what_is_odd_about_a_lesson_is_a_notice(tmp_path: Path) -> None:
    sheets = put(mini(), "timetable", 2, предмет="Алгбера", формат="онлайн")
    sheets["timetable"].append(["ср", "1", "7Б", "1", "Английский язык", "T02", "", ""])
    reading = read(tmp_path, sheets)
    accepted(reading)
    assert said(reading.notices) == [
        "Лист «timetable», строка 2, столбец «ссылка»: у онлайн-урока нет ссылки",
        (
            "Лист «timetable», строка 2, столбец «предмет»: "
            "предмета «Алгбера» нет среди предметов этого учителя"
        ),
        (
            "Лист «timetable», строка 4, столбец «учитель»: "
            "группу «1» на листе groups ведёт другой учитель"
        ),
    ]


def test_substitutions(tmp_path: Path) -> None:
    sheets = mini()
    sheets["substitutions"] = [
        SUBSTITUTIONS,
        ["23.11.2026", "1", "7Б", "", "История", "T02", "Алгебра", "материалы"],
        ["24.11.2026", "2", "7Б", "", "", "", "учитель болен", "отмена"],
        ["30.11.2026", "1", "7Б", "", "", "", "", ""],
    ]
    other, cancelled, nobody = accepted(read(tmp_path, sheets)).substitutions
    assert (other.subject, other.teacher, other.instead_of) == (
        "История",
        "teachers:T02",
        "Алгебра",
    )
    assert (cancelled.format, cancelled.subject) == (LessonFormat.CANCELLED, None)
    assert (nobody.format, nobody.teacher) == (None, None)


def test_a_substitution_is_held_against_the_timetable(tmp_path: Path) -> None:
    sheets = mini()
    sheets["substitutions"] = [
        SUBSTITUTIONS,
        ["23.11.2026", "2", "7Б", "", "", "", "", ""],
        ["23.11.2026", "1", "7Б", "", "", "", "", "отмена"],
        ["23.11.2026", "1", "7Б", "", "История", "T02", "", ""],
        ["24.11.2026", "2", "7Б", "1", "", "", "", "отмена"],
        ["25.11.2026", "1", "7Б", "", "", "", "", "отмена"],
    ]
    reading = read(tmp_path, sheets)
    assert said(reading.problems) == [
        (
            "Лист «substitutions», строка 2, столбец «предмет»: "
            "урока 2 в этот день нет в расписании; укажите предмет"
        ),
        "Лист «substitutions», строка 4: замена этого урока уже есть в строке 3",
        (
            "Лист «substitutions», строка 5, столбец «предмет»: "
            "урока 2 в этот день нет в расписании; укажите предмет"
        ),
    ]
    assert said(reading.notices) == [
        "Лист «substitutions», строка 6, столбец «урок»: урока 1 в этот день и так нет в расписании"
    ]
