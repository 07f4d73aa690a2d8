"""Who is who: classes, teachers, students and guardians, with the traps of real lists."""

from pathlib import Path

import pytest

from school.roster.problems import Problem
from school.rules.names import ClassName
from storage.people import Role
from tests.school.roster.mini import accepted, mini, put, read, said


def texts(problems: tuple[Problem, ...]) -> list[str]:
    return [sentence.partition("столбец ")[2] or sentence for sentence in said(problems)]


@pytest.mark.parametrize("spelling", ["7Б", "7 б", "7-Б", "7 «Б»", " 7б "])
def test_a_class_is_the_same_however_it_is_written(tmp_path: Path, spelling: str) -> None:
    roster = accepted(read(tmp_path, put(mini(), "students", 2, класс=spelling)))
    assert roster.students[0].class_key == ClassName(7, "Б")


def test_a_latin_letter_names_the_cyrillic_class(tmp_path: Path) -> None:
    sheets = put(mini(), "classes", 2, литера="A")  # the Latin letter
    for row, column in ((2, "класс"), (3, "класс")):
        put(sheets, "students", row, **{column: "7А"})
        put(sheets, "groups", row, **{column: "7A"})  # the Latin letter again
        put(sheets, "timetable", row, **{column: "7a"})
    roster = accepted(read(tmp_path, sheets))
    assert {lesson.class_key for lesson in roster.lessons} == {ClassName(7, "А")}


def test_one_class_in_two_spellings_is_a_duplicate(tmp_path: Path) -> None:
    sheets = mini()
    sheets["classes"] += [["5", "А", "", "", ""], ["5", "A", "", "", ""]]
    assert texts(read(tmp_path, sheets).problems) == [
        "Лист «classes», строка 4: класс «5А» уже есть в строке 3"
    ]


@pytest.mark.parametrize("name", ["Королева Анна Ивановна", "  КОРОЛЁВА анна  ивановна", "T01"])
def test_a_teacher_is_found_by_name_or_id(tmp_path: Path, name: str) -> None:
    roster = accepted(read(tmp_path, put(mini(), "timetable", 2, учитель=name)))
    assert roster.lessons[0].teacher == "teachers:T01"


def test_namesakes_among_teachers_need_the_id(tmp_path: Path) -> None:
    sheets = put(mini(), "teachers", 3, ФИО="Королева Анна Ивановна")
    roster = accepted(read(tmp_path / "by id", sheets))
    assert {lesson.teacher for lesson in roster.lessons} == {"teachers:T01", "teachers:T02"}
    put(sheets, "timetable", 2, учитель="Королёва Анна Ивановна")
    assert texts(read(tmp_path / "by name", sheets).problems) == [
        "«учитель»: учителей «Королёва Анна Ивановна» несколько; укажите id: T01, T02"
    ]


def test_an_id_in_the_wrong_alphabet_is_recognised(tmp_path: Path) -> None:
    sheets = put(mini(), "timetable", 2, учитель="Т01")  # a Cyrillic Т
    put(sheets, "groups", 2, ученик_id="s1")
    assert texts(read(tmp_path, sheets).problems) == [
        "«ученик_id»: «s1» выглядит как «S1», но набрано другими буквами",
        "«учитель»: «Т01» выглядит как «T01», но набрано другими буквами",
    ]


def test_two_ids_that_look_alike_are_refused(tmp_path: Path) -> None:
    sheets = mini()
    sheets["students"].append(["S3", "Ива", "Ия", "", "7Б", "", "", ""])
    sheets["students"].append(["s3", "Ива", "Ада", "", "7Б", "", "", ""])
    assert texts(read(tmp_path, sheets).problems) == [
        "«id»: «s3» выглядит как «S3», но набрано другими буквами"
    ]


def test_a_patronymic_may_be_missing_or_long(tmp_path: Path) -> None:
    sheets = put(mini(), "parents", 2, ФИО="Мамедов Али Рашид оглы")
    put(sheets, "teachers", 3, ФИО="Гусь Пётр")
    people = {str(person.key): person.name for person in accepted(read(tmp_path, sheets)).people}
    assert people["students:S2"].full == "Дуб Лев"
    assert people["teachers:T02"].greeting(adult=True) == "Пётр"
    assert people["parents:P1"].greeting(adult=True) == "Али Рашид оглы"


def test_namesakes_among_students_are_two_people(tmp_path: Path) -> None:
    sheets = mini()
    sheets["students"].append(["S3", "Елкина", "Вера", "Львовна", "7Б", "", "", ""])
    reading = read(tmp_path, sheets)
    assert len(accepted(reading).students) == 3
    assert said(reading.notices) == [
        "Лист «students», строка 4: в классе есть полный тёзка: Елкина Вера Львовна, строка 2"
    ]


def test_one_id_on_two_sheets_is_two_people(tmp_path: Path) -> None:
    sheets = put(mini(), "parents", 2, id="T01")
    sheets["parents"].append(["S2", "Дуб Ирма Карловна", "", "", "S2", "мать", ""])
    people = [person.key for person in accepted(read(tmp_path, sheets)).people]
    assert people == [
        "teachers:T01",
        "teachers:T02",
        "students:S1",
        "students:S2",
        "parents:T01",
        "parents:S2",
    ]


def test_a_guardian_with_id_and_name_of_a_teacher_is_that_teacher(tmp_path: Path) -> None:
    sheets = put(mini(), "parents", 2, id="T01", ФИО="Королева Анна Ивановна")
    roster = accepted(read(tmp_path, sheets))
    teacher = roster.person(roster.teachers[0].person)
    assert teacher.roles == {Role.TEACHER, Role.CLASS_TEACHER, Role.GUARDIAN}
    assert (teacher.email, teacher.phone) == ("elkin@semya.example", "8 (900) 000-00-01")
    assert roster.guardianships[0].guardian == "teachers:T01"


def test_a_guardian_of_several_children_is_one_person(tmp_path: Path) -> None:
    sheets = mini()
    sheets["parents"].append(["P1", "Елкин Лев Ильич", "", "", "S2", "отчим", "нет"])
    roster = accepted(read(tmp_path, sheets))
    assert [(pair.student, pair.relation, pair.is_legal) for pair in roster.guardianships] == [
        ("students:S1", "отец", True),
        ("students:S2", "отчим", False),
    ]
    assert sum(person.key == "parents:P1" for person in roster.people) == 1


def test_rows_of_one_guardian_must_not_contradict_each_other(tmp_path: Path) -> None:
    sheets = mini()
    sheets["parents"] += [
        ["P1", "Ёлкин Олег Ильич", "", "", "S2", "отец", ""],
        ["P1", "Ёлкин Лев Ильич", "other@semya.example", "8 (900) 000-00-02", "S2", "", ""],
    ]
    assert texts(read(tmp_path, sheets).problems) == [
        "«ФИО»: у id «P1» в строке 2 другое ФИО",
        "«email»: у id «P1» в строке 2 указано другое",
        "«телефон»: у id «P1» в строке 2 указано другое",
        "«ученик_id»: этот взрослый и ученик «S2» уже связаны другой строкой",
    ]


def test_a_shared_family_address_is_no_fault(tmp_path: Path) -> None:
    sheets = put(mini(), "students", 2, email="elkin@semya.example")
    sheets["parents"].append(["P2", "Ёлкина Ада Львовна", "elkin@semya.example", "", "S1", "", ""])
    assert read(tmp_path, sheets).notices == ()
    assert len(accepted(read(tmp_path, sheets)).guardianships) == 2


@pytest.mark.parametrize(
    "email", ["a@b", "a b@c.example", "a@c.example, b@c.example", "@", "a@.x "]
)
def test_what_is_not_one_address_is_refused(tmp_path: Path, email: str) -> None:
    assert texts(read(tmp_path, put(mini(), "students", 2, email=email)).problems) == [
        f"«email»: «{email.strip()}» — не похоже на один адрес почты"
    ]


@pytest.mark.clause("П1-1.1")
def test_a_small_pupil_without_a_guardian_is_pointed_at(tmp_path: Path) -> None:
    sheets = mini()
    sheets["classes"].append(["2", "А", "", "", ""])
    sheets["students"].append(["S3", "Ива", "Ия", "", "2А", "", "", ""])
    reading = read(tmp_path, sheets)
    accepted(reading)
    assert said(reading.notices) == [
        (
            "Лист «students», строка 4: "
            "Ива Ия: нет ни одного родителя, а в 1–4 классах за ученика действует родитель"
        )
    ]


def test_roles_of_staff(tmp_path: Path) -> None:
    sheets = put(mini(), "teachers", 3, роли="Завуч, ТЕХПОДДЕРЖКА")
    sheets["timetable"].pop()
    sheets["groups"].pop()
    assert accepted(read(tmp_path / "one", sheets)).people[1].roles == {
        Role.DEPUTY_HEAD,
        Role.SUPPORT,
    }
    put(sheets, "timetable", 2, учитель="T02")
    assert texts(read(tmp_path / "two", sheets).problems) == [
        "«учитель»: у «T02» на листе teachers нет роли «учитель»"
    ]
