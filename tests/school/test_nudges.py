"""П1-2.3: the same-day review is recalled that day, and what is left goes to the deputy head."""

import pytest
import sqlalchemy as sa

from school import nudges
from storage.tables.messages import outbox
from tests.chat import House
from tests.handlers.moments import carried_out
from tests.handlers.teaching import action_of, hands_in, sets_task

NUDGE = "По регламенту проверка — в день получения"
SUMMARY = "не проверено в свой день"


async def planned(house: House, kind: str) -> int:
    async with house.database.read() as tx:
        counted = sa.select(sa.func.count()).where(outbox.c.kind == kind)
        return int(await tx.scalar(counted) or 0)


@pytest.mark.clause("П1-2.3")
async def test_a_teacher_is_nudged_at_three_and_at_six_while_works_wait(house: House) -> None:
    teacher = await house.chat("T01")
    other = await house.chat("T07")
    geometry = await sets_task(house)
    algebra = await sets_task(house, course="9А, алгебра")
    for who in ("S701", "S702", "S703"):
        await hands_in(house, who, geometry, text="Готово")
    await hands_in(house, "S901", algebra, text="Готово")

    teacher.forget()
    await house.until("2026-11-23 15:01")
    teacher.sees("Ирина Петровна, сегодня поступило 4 работы, на проверке 4: 7Б — 3, 9А — 1.")
    teacher.sees(NUDGE)
    assert not any(NUDGE in shown.message.text for shown in other.messages)
    await teacher.acts(action_of(teacher, "Очередь"))
    teacher.sees("На проверке 4")
    await teacher.acts("review.open:1")
    await teacher.presses("5")
    await teacher.presses("Готово")

    teacher.forget()
    await house.until("2026-11-23 18:01")
    teacher.sees("сегодня поступило 4 работы, на проверке 3: 7Б — 2, 9А — 1.")
    teacher.forget()
    await house.until("2026-11-23 23:00")
    assert teacher.is_silent()


@pytest.mark.clause("П1-2.3")
async def test_nothing_is_said_when_nothing_waits(house: House) -> None:
    teacher = await house.chat("T01")
    await sets_task(house)
    teacher.forget()
    await house.until("2026-11-23 18:30")
    assert not any(NUDGE in shown.message.text for shown in teacher.messages)
    assert await planned(house, nudges.NUDGE) == 0


@pytest.mark.clause("П1-2.3")
async def test_the_reason_is_looked_at_again_before_it_is_said(house: House) -> None:
    teacher = await house.chat("T01")
    task = await sets_task(house)
    await hands_in(house, "S701", task, text="Готово")
    lanes, house.lanes = house.lanes, []
    await house.until("2026-11-23 15:00")
    assert await planned(house, nudges.NUDGE) == 1
    await teacher.acts("review.open:1")
    house.lanes = lanes
    async with house.database.write() as tx:
        await tx.execute(sa.text("UPDATE works SET state = 'reviewed'"))
    await house.settle()
    assert not any(NUDGE in shown.message.text for shown in teacher.messages)


@pytest.mark.clause("П1-2.3")
async def test_an_evening_work_is_for_the_next_day_and_no_weekend_is_disturbed(
    house: House,
) -> None:
    teacher = await house.chat("T01")
    task = await sets_task(house, due="30.11 15:00")
    await house.until("2026-11-27 18:20")
    await hands_in(house, "S701", task, text="В пятницу вечером")
    teacher.forget()
    deputy = await house.chat("T14")
    deputy.forget()
    await house.until("2026-11-30 14:00")
    assert teacher.is_silent()
    assert not any(SUMMARY in shown.message.text for shown in deputy.messages)
    await house.until("2026-11-30 15:01")
    teacher.sees("на проверке 1: 7Б — 1")


@pytest.mark.clause("П1-2.3")
async def test_what_is_left_goes_to_the_deputy_head_next_working_morning(house: House) -> None:
    deputy, teacher = await house.chat("T14"), await house.chat("T01")
    task = await sets_task(house, due="30.11 15:00")
    await house.until("2026-11-27 12:00")
    await hands_in(house, "S701", task, text="В пятницу")
    await hands_in(house, "S702", task, text="В пятницу")
    teacher.forget()
    deputy.forget()
    # Saturday is a working day of 9А and 11А, hence of the school and its deputy head.
    await house.until("2026-11-28 08:00")
    deputy.sees("Наталья Сергеевна, не проверено в свой день: 2", "Кузнецова И. П. — 2 работы")
    assert not any(SUMMARY in shown.message.text for shown in teacher.messages)
    deputy.forget()
    await house.until("2026-11-29 20:00")
    assert not any(SUMMARY in shown.message.text for shown in deputy.news)
    await teacher.acts("review.open:1")
    await teacher.presses("5")
    await teacher.presses("Готово")
    deputy.forget()
    await house.until("2026-11-30 08:00")
    deputy.sees("не проверено в свой день: 1", "Кузнецова И. П. — 1 работа")


@pytest.mark.clause("П1-2.3")
async def test_planning_twice_announces_once(house: House) -> None:
    task = await sets_task(house)
    await hands_in(house, "S701", task, text="Готово")
    await house.until("2026-11-23 15:00")
    for _ in range(2):
        await carried_out(house, nudges.review_nudges)
    assert await planned(house, nudges.NUDGE) == 1
