"""П1-1.4: a deadline is read as people type it, and nonsense is not guessed at."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.deadline import read
from handlers.texts import Texts

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
