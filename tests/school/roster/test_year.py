"""The year: terms, study modes, thematic plans and the school's own settings."""

from datetime import date, time
from pathlib import Path

import pytest

from school.roster.rows import SchoolRow
from school.rules.calendar import PeriodKind
from school.rules.modes import Mode
from school.rules.names import ClassName
from tests.school.roster.mini import accepted, mini, read, said

CALENDAR = ["вид", "название", "дата_с", "дата_по", "параллели", "примечание"]
MODES = ["кому", "режим", "дата_с", "дата_по", "приказ", "предметы"]
TOPICS = ["класс", "предмет", "№", "тема", "часы"]


def test_the_calendar(tmp_path: Path) -> None:
    sheets = mini()
    sheets["calendar"] = [
        CALENDAR,
        ["Четверть", "I", "01.09.2026", "25.10.2026", "", ""],
        ["каникулы", "осень", "26.10.2026", "03.11.2026", "", "все"],
        ["каникулы", "февраль", "15.02.2027", "21.02.2027", "1", ""],
        ["праздник", "День школы", "2026-12-11", "2026-12-11", "5–7, 9; 11", ""],
        ["рабочий", "перенос", "20.02.2027", "20.02.2027", "", ""],
        ["карантин", "грипп", "01.12.2026", "07.12.2026", "7", ""],
    ]
    periods = accepted(read(tmp_path, sheets)).periods
    assert [period.kind for period in periods] == [
        PeriodKind.TERM,
        PeriodKind.HOLIDAYS,
        PeriodKind.HOLIDAYS,
        PeriodKind.DAY_OFF,
        PeriodKind.WORKING,
        PeriodKind.QUARANTINE,
    ]
    assert periods[3].parallels == (5, 6, 7, 9, 11)
    assert periods[1].note == "все"


def test_terms_do_not_overlap_unless_for_other_parallels(tmp_path: Path) -> None:
    sheets = mini()
    sheets["calendar"] = [
        CALENDAR,
        ["четверть", "I", "01.09.2026", "25.10.2026", "1-9", ""],
        ["четверть", "I полугодие", "01.09.2026", "30.12.2026", "10-11", ""],
        ["четверть", "II", "25.10.2026", "30.12.2026", "9", ""],
        ["четверть", "III", "26.03.2027", "11.01.2027", "9", ""],
        ["четверть", "IV", "05.04.2027", "26.05.2027", "9-12", ""],
    ]
    assert said(read(tmp_path, sheets).problems) == [
        "Лист «calendar», строка 4, столбец «дата_с»: дни уже заняты: «I»",
        "Лист «calendar», строка 5, столбец «дата_по»: конец раньше начала",
        (
            "Лист «calendar», строка 6, столбец «параллели»: "
            "«9-12» — не параллели; напишите, например, 5-9 или 1, 4"
        ),
    ]


def test_modes(tmp_path: Path) -> None:
    sheets = mini()
    sheets["modes"] = [
        MODES,
        ["7 б", "дистанционный", "23.11.2026", "30.12.2026", "№ 1", ""],
        ["S1", "Индивидуальный  дистанционный", "23.11.2026", "", "№ 2", "алгебра, Русский язык"],
        ["S1", "отказ", "24.11.2026", "", "", ""],
        ["S2", "без техники", "23.11.2026", "27.11.2026", "№ 3", ""],
    ]
    of_class, one, refusal, no_tech = accepted(read(tmp_path, sheets)).modes
    assert (of_class.class_key, of_class.student) == (ClassName(7, "Б"), None)
    assert (of_class.mode, of_class.ends_on) == (Mode.DISTANCE, date(2026, 12, 30))
    assert (one.student, one.class_key, one.ends_on) == ("students:S1", None, None)
    assert one.subjects == ("Алгебра", "Русский язык")
    assert (refusal.mode, no_tech.mode) == (Mode.REFUSAL, Mode.NO_TECH)


def test_a_mode_must_be_able_to_take_effect(tmp_path: Path) -> None:
    sheets = mini()
    sheets["modes"] = [
        MODES,
        ["8В", "дистанционный", "23.11.2026", "", "", ""],
        ["S9", "дистанционный", "23.11.2026", "", "", ""],
        ["S1", "дома", "23.11.2026", "22.11.2026", "", "Астрология"],
        ["S2", "отказ", "", "", "", ""],
        ["7Б", "дистанционный", "23.11.2026", "", "", ""],
        ["7-Б", "смешанный", "2026-11-23", "", "", ""],
    ]
    assert [problem.reason for problem in read(tmp_path, sheets).problems] == [
        "roster-unknown-class",
        "roster-unknown-student",
        "roster-bad-choice",
        "roster-ends-before-start",
        "roster-unknown-subject",
        "roster-empty",
        "roster-duplicate-mode",
    ]


def test_the_thematic_plan(tmp_path: Path) -> None:
    sheets = mini()
    sheets["КТП"] = [
        TOPICS,
        ["7Б", "алгебра", "1", "Тождества", "2"],
        ["7Б", "Алгебра", "2", "Уравнения", ""],
        ["7Б", "Латынь", "1", "Глагол", ""],
        ["7Б", "Латынь", "2", "Имя", ""],
    ]
    reading = read(tmp_path, sheets)
    topics = accepted(reading).topics
    assert [(topic.subject, topic.number, topic.hours) for topic in topics] == [
        ("Алгебра", 1, 2),
        ("Алгебра", 2, 1),
        ("Латынь", 1, 1),
        ("Латынь", 2, 1),
    ]
    assert said(reading.notices) == [
        "Лист «КТП», строка 4, столбец «предмет»: предмета «Латынь» нет в расписании"
    ]


def test_a_topic_is_numbered_once(tmp_path: Path) -> None:
    sheets = mini()
    sheets["ktp"] = [TOPICS, *[["7Б", "Алгебра", "1", "Тождества", "много"]] * 2]
    assert [problem.reason for problem in read(tmp_path, sheets).problems] == [
        "roster-bad-number",
        "roster-bad-number",
        "roster-duplicate-topic",
    ]


def test_a_number_with_a_tail_is_not_its_beginning(tmp_path: Path) -> None:
    sheets = mini()
    sheets["ktp"] = [TOPICS, ["7Б", "Алгебра", "000000005999", "Тождества", "2"]]
    assert [problem.reason for problem in read(tmp_path, sheets).problems] == ["roster-bad-number"]


def test_settings_have_defaults_and_can_be_set(tmp_path: Path) -> None:
    assert accepted(read(tmp_path / "none", mini())).school == SchoolRow()
    sheets = mini()
    sheets["school"] = [
        ["ключ", "значение"],
        ["Название", "Школа № 7"],
        ["часовой пояс", "Asia/Omsk"],
        ["производственный_календарь", "by"],
        ["утро", "7.00"],
        ["почта", "14:30"],
        ["проверка", "18:00; 14:00"],
        ["срок_проверки", "17:00"],
        ["дайджест", "19:00"],
        ["тишина", "20:30-06:30"],
        ["платформа", "https://school.example"],
        ["обращение", "Ты 5-8"],
        ["язык", "en"],
    ]
    assert accepted(read(tmp_path / "all", sheets)).school == SchoolRow(
        name="Школа № 7",
        time_zone="Asia/Omsk",
        country="BY",
        morning=time(7, 0),
        mail_check=time(14, 30),
        review_nudges=(time(14, 0), time(18, 0)),
        review_cutoff=time(17, 0),
        digest=time(19, 0),
        quiet_from=time(20, 30),
        quiet_until=time(6, 30),
        platform_url="https://school.example",
        informal_parallels=(5, 6, 7, 8),
        language="en",
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("часовой_пояс", "Москва"),
        ("часовой_пояс", "../etc/passwd"),
        ("производственный_календарь", "XX"),
        ("утро", "25:00"),
        ("проверка", "утром"),
        ("тишина", "ночью"),
        ("платформа", "school.example"),
        ("обращение", "ты 5-12"),
        ("обращение", "вы 5"),
        ("язык", "fr"),
    ],
)
def test_a_bad_setting_is_refused(tmp_path: Path, key: str, value: str) -> None:
    sheets = {**mini(), "school": [["ключ", "значение"], [key, value]]}
    reading = read(tmp_path, sheets)
    assert [(problem.row, problem.column) for problem in reading.problems] == [(2, "значение")]


def test_settings_said_twice_or_unknown(tmp_path: Path) -> None:
    sheets = mini()
    sheets["school"] = [
        ["ключ", "значение"],
        ["утро", "7:00"],
        ["УТРО", "8:00"],
        ["столовая", "да"],
    ]
    reading = read(tmp_path, sheets)
    assert said(reading.problems) == [
        "Лист «school», строка 3, столбец «ключ»: настройка «УТРО» уже есть в строке 2"
    ]
    assert said(reading.notices) == [
        "Лист «school», строка 4, столбец «ключ»: настройки «столовая» нет, она пропущена"
    ]


@pytest.mark.parametrize(("value", "parallels"), [("вы", ()), ("ты", tuple(range(1, 12)))])
def test_one_form_of_address_for_everybody(
    tmp_path: Path, value: str, parallels: tuple[int, ...]
) -> None:
    sheets = {**mini(), "school": [["ключ", "значение"], ["обращение", value]]}
    assert accepted(read(tmp_path, sheets)).school.informal_parallels == parallels
