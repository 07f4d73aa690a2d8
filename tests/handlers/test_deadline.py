"""П1-1.4: a deadline is read as people type it, and nonsense is not guessed at."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.deadline import read
from handlers.texts import Texts
from tests.chat import Chat, House
from tests.handlers.crowd import failures
from tests.handlers.teaching import sets_task
from tests.security.extremes import EXTREMES

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY_AFTERNOON = datetime(2026, 11, 23, 16, 0, tzinfo=MOSCOW)


def as_read(text: str, language: str = "ru", now: datetime = MONDAY_AFTERNOON) -> str:
    moment = read(text, now, Texts(language, zone=MOSCOW))
    return "" if moment is None else f"{moment.astimezone(MOSCOW):%d.%m.%Y %H:%M}"


@pytest.mark.clause("П1-1.4")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("27.11 15:00", "27.11.2026 15:00"),
        ("27.11.2026 в 15.00", "27.11.2026 15:00"),
        ("27.11.26, 15:00", "27.11.2026 15:00"),
        ("15:00 27/11", "27.11.2026 15:00"),
        ("2026-11-27 15:00", "27.11.2026 15:00"),
        ("27.11", "27.11.2026 18:00"),
        ("27 ноября в 9", "27.11.2026 09:00"),
        ("27 мая 2027 10:00", "27.05.2027 10:00"),
        ("в пятницу 15:00", "27.11.2026 15:00"),
        ("Пт, 15:00", "27.11.2026 15:00"),
        ("к четвергу", "26.11.2026 18:00"),
        ("в среду", "25.11.2026 18:00"),
        ("понедельник 18:00", "23.11.2026 18:00"),
        ("понедельник 15:00", "30.11.2026 15:00"),
        ("сегодня", "23.11.2026 18:00"),
        ("завтра в 18-30", "24.11.2026 18:30"),
        ("вчера", "22.11.2026 18:00"),
        ("послезавтра в 9", "25.11.2026 09:00"),
        ("в 6 вечера завтра", "24.11.2026 18:00"),
        ("в субботу до 9 утра", "28.11.2026 09:00"),
        ("до 20 часов", "23.11.2026 20:00"),
        ("15.01", "15.01.2027 18:00"),
        ("понедельник, 23.11, 15:00", "23.11.2026 15:00"),
        ("15:00", "23.11.2026 15:00"),
    ],
)
def test_what_people_type(typed: str, meant: str) -> None:
    assert as_read(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", "когда-нибудь", "😀", "12", "сдать 5 упражнений", "1" * 40),
        *("25:00", "31.11 10:00", "27.11 25:00", "99.99", "27.11 15:00 16:00", "29.02"),
    ],
)
def test_nonsense_is_not_guessed_at(typed: str) -> None:
    assert as_read(typed) == ""


def test_a_day_and_month_that_are_over_belong_to_next_year_only_when_that_is_nearer() -> None:
    assert as_read("20.11 10:00") == "20.11.2026 10:00"
    assert as_read("15.05 10:00") == "15.05.2027 10:00"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("on Friday 15:00", "27.11.2026 15:00"),
        ("November 27, 15:00", "27.11.2026 15:00"),
        ("tomorrow at 9", "24.11.2026 09:00"),
        ("day after tomorrow", "25.11.2026 18:00"),
        ("tomorrow 6 pm", "24.11.2026 18:00"),
    ],
)
def test_english_is_read_where_the_school_speaks_it(typed: str, meant: str) -> None:
    assert as_read(typed, "en") == meant


ENDS = (
    *("01.01.0001 00:00", "0001-01-01 00:00", "01.01.0001", "31.12.9999 23:59", "9999-12-31"),
    *("00.00.0000 00:00", "01.01.0000", "29.02.9999", "29.02.0001 24:00", "1 января 0001"),
)
ANSWERS = ("Не получилось понять срок", "уже прошло", "больше года")
ZONES = ("Europe/Kaliningrad", "Asia/Kamchatka", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")


@pytest.mark.parametrize("zone", ZONES)
def test_the_ends_of_the_calendar_are_an_instant_or_unclear(zone: str) -> None:
    t = Texts(zone=ZoneInfo(zone))
    for typed in (*ENDS, *EXTREMES, *(f"до {one}" for one in EXTREMES)):
        moment = read(typed, MONDAY_AFTERNOON, t)
        assert moment is None or moment.tzinfo is UTC, typed


def refuses(teacher: Chat, typed: str) -> None:
    said = "\n".join(shown.message.text for shown in teacher.news)
    assert sum(answer in said for answer in ANSWERS) == 1, f"{typed!r} was answered:\n{said}"


async def test_a_teacher_who_types_the_ends_of_the_calendar_is_asked_again(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, геометрия")
    await teacher.says("№ 12")
    await teacher.presses("Дальше")
    await teacher.presses("Другой срок")
    for typed in dict.fromkeys((*ENDS, *EXTREMES)):
        await teacher.says(typed)
        refuses(teacher, typed)
    await teacher.says("27.11 15:00")
    teacher.sees("Срок: пятница, 27 ноября, 15:00")


async def test_a_deadline_is_moved_to_no_end_of_the_calendar(house: House) -> None:
    task = await sets_task(house)
    teacher = await house.chat("T01")
    for typed in ENDS:
        await teacher.acts(f"own-task.move:{task.id}:{task.revision}")
        await teacher.says(typed)
        refuses(teacher, typed)
    assert not failures(house)
