"""П1-1.4: what the card of the day says of works whose hour is over."""

import pytest
import sqlalchemy as sa

from storage.tables.people import classes
from storage.tables.timetable import study_modes
from storage.tables.work import tasks
from tests.chat import House, moscow
from tests.handlers.moments import MONDAY, set_task


@pytest.mark.clause("П1-1.4")
async def test_what_is_past_its_hour_is_not_still_to_be_handed_in_today(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "Геометрия", "2026-11-23 18:00")
    await set_task(house, "Физика", "2026-11-23 18:30")
    await set_task(house, "Алгебра", "2026-11-23 21:00")
    elsewhere = await set_task(house, "История", "2026-11-23 18:00")
    async with house.database.write() as tx:
        await tx.execute(sa.update(tasks).where(tasks.c.id == elsewhere).values(channel="platform"))
    house.clock.set(moscow("2026-11-23 19:00"))
    await masha.says("Мой день")
    assert masha.text.splitlines()[-2:] == [
        "Сдать сегодня: 1 работа (алгебра до 21:00)",
        "Срок прошёл сегодня: геометрия (18:00), физика (18:30). Сдать ещё можно.",
    ]
    await masha.says("Задания")
    masha.sees("Геометрия", "срок прошёл")


@pytest.mark.clause("П1-1.4")
async def test_a_guardian_of_a_small_child_reads_the_same_of_a_passed_hour(house: House) -> None:
    mother = await house.chat("P001")
    async with house.database.read() as tx:
        first = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == 1)) or 0
    await set_task(house, "Математика", "2026-11-23 18:00", first)
    house.clock.set(moscow("2026-11-23 18:00"))
    await mother.says("Мой день")
    mother.sees("Михаил, 1А.", "Срок прошёл сегодня: математика (18:00). Сдать ещё можно.")
    mother.sees_not("Сдать сегодня")


@pytest.mark.clause("3.7")
async def test_without_equipment_no_hour_is_called_passed(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "Геометрия", "2026-11-23 18:00")
    async with house.database.write() as tx:
        await tx.execute(
            sa.insert(study_modes).values(
                school_id=1,
                student_id=masha.person_id,
                mode="no_tech",
                starts_on=MONDAY,
                order_ref="",
                subjects="",
            )
        )
    house.clock.set(moscow("2026-11-23 19:00"))
    await masha.says("Мой день")
    masha.sees("Материалы — в учебнике")
    masha.sees_not("Срок прошёл", "Сдать сегодня")
