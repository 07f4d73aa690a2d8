"""A roster as a whole: every fault is named in its place, and nothing is accepted by halves."""

from pathlib import Path

from school.roster.validate import read_roster
from school.rules.modes import Mode
from school.rules.names import ClassName
from storage.people import Role
from tests.school.roster.mini import accepted, mini, put, read, said, save


def test_the_small_roster_is_accepted(tmp_path: Path) -> None:
    reading = read(tmp_path, mini())
    roster = accepted(reading)
    assert reading.notices == ()
    assert [ClassName(7, "Б")] == [row.key for row in roster.classes]
    assert roster.classes[0].class_teacher == "teachers:T01"
    assert {Role.TEACHER, Role.CLASS_TEACHER} == roster.person(roster.teachers[0].person).roles
    assert [row.mode for row in roster.students] == [Mode.ORDINARY, Mode.DISTANCE]
    assert roster.subjects == ("Алгебра", "Английский язык", "Русский язык")
    assert len(roster.teachings()) == 4


def test_every_bad_row_is_reported_and_nothing_is_loaded(tmp_path: Path) -> None:
    sheets = mini()
    put(sheets, "classes", 2, смена="первая", классный_руководитель="Кто Нибудь")
    put(sheets, "students", 2, класс="8В", дата_рождения="31.02.2013", email="вера")
    put(sheets, "students", 3, id="S1", имя="", режим="домашний")
    put(sheets, "parents", 2, ученик_id="S9", ФИО="Ёлкин", законный_представитель="может быть")
    put(sheets, "teachers", 3, роли="директор")
    put(sheets, "bells", 3, начало="9:65", конец="7:00")
    put(sheets, "timetable", 2, день="восьмой день", учитель="T7", урок="3")
    put(sheets, "timetable", 3, формат="зум", ссылка="sferum.example/1")
    reading = read(tmp_path, sheets)
    assert reading.roster is None
    assert said(reading.problems) == [
        "Лист «classes», строка 2, столбец «смена»: «первая» — нужно целое число от 1 до 4",
        (
            "Лист «classes», строка 2, столбец «классный_руководитель»: "
            "учителя «Кто Нибудь» нет на листе teachers"
        ),
        (
            "Лист «teachers», строка 3, столбец «роли»: "
            "«директор» — такого значения нет; бывает: учитель, завуч, техподдержка"
        ),
        (
            "Лист «students», строка 2, столбец «дата_рождения»: "
            "«31.02.2013» — не дата; напишите, например, 23.11.2026"
        ),
        "Лист «students», строка 2, столбец «email»: «вера» — не похоже на один адрес почты",
        "Лист «students», строка 2, столбец «класс»: класса «8В» нет на листе classes",
        "Лист «students», строка 3, столбец «имя»: пусто, а должно быть заполнено",
        (
            "Лист «students», строка 3, столбец «режим»: «домашний» — такого значения нет; "
            "бывает: обычный, дистанционный, индивидуальный дистанционный, смешанный, "
            "ИУП, отказ, без техники"
        ),
        "Лист «students», строка 3, столбец «id»: id «S1» уже занят в строке 2",
        "Лист «parents», строка 2, столбец «ученик_id»: ученика с id «S9» нет на листе students",
        (
            "Лист «parents», строка 2, столбец «законный_представитель»: "
            "«может быть» — такого значения нет; бывает: да, нет"
        ),
        "Лист «parents», строка 2, столбец «ФИО»: «Ёлкин» — нужны хотя бы фамилия и имя",
        "Лист «groups», строка 3, столбец «ученик_id»: ученика с id «S2» нет на листе students",
        "Лист «bells», строка 3, столбец «начало»: «9:65» — не время; напишите, например, 08:30",
        "Лист «timetable», строка 2, столбец «урок»: урока 3 нет на листе bells в смене 1",
        (
            "Лист «timetable», строка 2, столбец «день»: «восьмой день» — такого значения нет; "
            "бывает: понедельник, вторник, среда, четверг, пятница, суббота"
        ),
        "Лист «timetable», строка 2, столбец «учитель»: учителя «T7» нет на листе teachers",
        (
            "Лист «timetable», строка 3, столбец «формат»: "
            "«зум» — такого значения нет; бывает: онлайн, материалы, очно"
        ),
        (
            "Лист «timetable», строка 3, столбец «ссылка»: "
            "«sferum.example/1» — не ссылка; она начинается с https://"
        ),
    ]


def test_what_is_quoted_of_a_cell_stays_short(tmp_path: Path) -> None:
    (first, second) = read(tmp_path, put(mini(), "students", 2, email="x" * 5000)).problems
    assert first.reason == "roster-cell-too-long"
    assert len(said([second])[0]) < 300


def test_missing_sheets_are_named_once_and_drown_nothing(tmp_path: Path) -> None:
    sheets = mini()
    del sheets["classes"], sheets["bells"]
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «classes»: этого листа нет, а без него школу не загрузить",
        "Лист «bells»: этого листа нет, а без него школу не загрузить",
    ]


def test_sheets_that_are_not_required_may_be_absent(tmp_path: Path) -> None:
    sheets = mini()
    del sheets["parents"], sheets["groups"]
    assert accepted(read(tmp_path, sheets)).guardianships == ()


def test_an_empty_folder_and_a_wrong_path_are_told(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    assert said(read_roster(tmp_path / "school").problems) == [
        "в «school» нет ни листов CSV, ни единственной книги XLSX",
    ]
    assert said(read_roster(tmp_path / "no such").problems) == [
        "папки или файла «no such» нет; проверьте путь",
    ]


def test_an_unknown_sheet_is_a_notice(tmp_path: Path) -> None:
    reading = read(tmp_path, {**mini(), "столовая": [["блюдо"], ["каша"]]})
    accepted(reading)
    assert said(reading.notices) == ["Лист «столовая»: такой лист не нужен, он пропущен"]


def test_a_sheet_that_comes_twice_is_refused(tmp_path: Path) -> None:
    save(tmp_path, mini())
    (tmp_path / "Students.tsv").write_text("id\tфамилия\tимя\tкласс\n", encoding="utf-8")
    reading = read_roster(tmp_path)
    assert said(reading.problems) == ["Лист «students»: лист встретился дважды; оставьте один"]
