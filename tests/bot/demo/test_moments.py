"""What comes next, and what kind of day it is, by the plan of the sample school."""

from datetime import date

import pytest

from bot.demo import moments
from bot.demo.moments import Days, Moment
from handlers.texts import Texts
from storage import schools
from storage.window import Window
from tests.assignments import set_task, take_back
from tests.chat import House, moscow

T = Texts(of_page=True)


async def days(window: Window) -> Days:
    async with window.read() as tx:
        return await moments.days_of_school(tx, (await schools.every(tx))[0])


async def ahead(window: Window, now: str) -> list[Moment]:
    known = await days(window)
    async with window.read() as tx:
        return await moments.ahead(tx, known, moscow(now), T)


def told(found: list[Moment]) -> list[tuple[str, str]]:
    return [(f"{one.at:%d.%m %H:%M}", one.kind) for one in found]


async def test_the_moments_of_a_day_come_in_order(window: Window) -> None:
    assert told(await ahead(window, "2026-11-23 07:05")) == [
        ("23.11 07:30", "morning"),
        ("23.11 07:45", "deputy"),
        ("23.11 15:00", "mail"),
        ("23.11 15:00", "review"),
        ("23.11 18:00", "review"),
        ("23.11 18:30", "digest"),
        ("24.11 07:30", "working-day"),
    ]


async def test_what_has_passed_is_told_of_the_next_working_day(window: Window) -> None:
    """On Friday afternoon: after the day's mail comes Monday, not the free Saturday."""
    found = told(await ahead(window, "2026-11-27 15:00"))
    assert found[:2] == [("27.11 18:00", "review"), ("27.11 18:30", "digest")]
    mornings = [at for at, kind in found if kind in {"morning", "working-day"}]
    assert len(set(mornings)) == 1
    assert mornings[0] in {"28.11 07:30", "30.11 07:30"}


async def test_the_nearest_deadline_is_a_moment(house: House, window: Window) -> None:
    await set_task(house, "2026-11-25 12:00", "Алгебра")
    nearest = await set_task(house, "2026-11-24 10:00")
    found = await ahead(window, "2026-11-23 07:05")
    assert [one.title for one in found if one.kind == "deadline"] == ["10:00 — срок: геометрия"]
    await take_back(house, nearest)
    found = await ahead(window, "2026-11-23 07:05")
    assert [one.title for one in found if one.kind == "deadline"] == ["12:00 — срок: алгебра"]


async def test_a_plan_that_has_ended_still_has_moments(window: Window) -> None:
    assert told(await ahead(window, "2027-06-10 12:00"))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 22), "выходной"),
        (date(2026, 10, 28), "каникулы: осенние"),
        (date(2026, 11, 1), "каникулы: осенние"),
        (date(2026, 11, 4), "вне учебных четвертей"),
        (date(2027, 2, 23), "праздничный день"),
    ],
)
async def test_every_free_day_has_its_reason(window: Window, day: date, why: str) -> None:
    known = await days(window)
    assert moments.kind_of(known, date(2026, 11, 23), T).why == "рабочий день"
    kind = moments.kind_of(known, day, T)
    assert not kind.is_working
    assert kind.why == why


async def test_a_day_for_some_classes_names_them(window: Window) -> None:
    """The first classes are on their additional holidays."""
    kind = moments.kind_of(await days(window), date(2027, 2, 16), T)
    assert kind.is_working
    assert kind.why == "рабочий день для 3Б, 5А, 7Б, 9А, 11А"
