"""П1-1.5: the receipt, lateness, attempts, and the day of the answer."""

from datetime import date

import pytest
import sqlalchemy as sa

from handlers.phrases import by_day
from handlers.texts import Texts
from tests.assignments import move, release, sent_works, set_task, works_of
from tests.chat import House, moscow, photo
from tests.handlers.collecting import (
    begins,
    draft_of,
    kinds_of,
    sends_photo_for,
)
from tests.handlers.teaching import hands_in

pytestmark = pytest.mark.clause("П1-1.5")


async def test_the_receipt_has_number_time_files_and_the_day_of_the_answer(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    house.clock.set(moscow("2026-11-23 14:12"))
    masha = await begins(house)
    await masha.sends(photo(), photo(), photo())
    await masha.presses("Отправить")

    assert masha.text == (
        "Работа принята: геометрия, 3 фото, 23.11.2026, 14:12 (мск), № 7Б-0001.\n"
        "Ответ — не позже вторника, 24 ноября."
    )
    assert masha.buttons == ["Все задания"]
    masha.sees_not("после срока")
    assert await draft_of(masha) is None


async def test_two_presses_make_one_work_and_one_receipt(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    [send] = [
        button.action
        for row in masha.last.message.buttons
        for button in row
        if button.label == "Отправить"
    ]
    await masha.acts(send)
    await masha.acts(send)
    masha.sees("Этого черновика уже нет")
    assert await sent_works(house) == 1


async def test_after_the_deadline_it_is_accepted_and_marked_late(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    house.clock.set(moscow("2026-11-24 15:01"))
    await masha.presses("Отправить")
    masha.sees("Работа принята", "Принята после срока. Решение — за учителем.")
    [work] = await works_of(house, "S701")
    assert work.is_late


async def test_at_the_very_deadline_it_is_in_time(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    house.clock.set(moscow("2026-11-24 15:00"))
    await masha.presses("Отправить")
    masha.sees_not("после срока")


async def test_a_second_attempt_keeps_the_first(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await house.chat("S701")
    await sends_photo_for(masha, "Геометрия")
    await sends_photo_for(masha, "Геометрия")
    masha.sees("№ 7Б-0002", "Попытка 2: прежняя тоже сохранена.")
    first, second = await works_of(house, "S701")
    assert (first.attempt, second.attempt) == (1, 2)
    assert await kinds_of(house, first) == await kinds_of(house, second) == ["photo"]


async def test_a_rework_after_the_deadline_is_not_late_if_the_first_was_in_time(
    house: House,
) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await house.chat("S701")
    await sends_photo_for(masha, "Геометрия")
    [work] = await works_of(house, "S701")
    await release(house, work, comment="Нет чертежа", back=True)
    house.clock.set(moscow("2026-11-25 16:00"))

    await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")

    masha.sees("Попытка 2")
    masha.sees_not("после срока")


@pytest.mark.parametrize(
    ("day", "russian", "english"),
    [
        (23, "понедельника, 23 ноября", "Monday, November 23"),
        (24, "вторника, 24 ноября", "Tuesday, November 24"),
        (25, "среды, 25 ноября", "Wednesday, November 25"),
        (26, "четверга, 26 ноября", "Thursday, November 26"),
        (27, "пятницы, 27 ноября", "Friday, November 27"),
        (28, "субботы, 28 ноября", "Saturday, November 28"),
        (29, "воскресенья, 29 ноября", "Sunday, November 29"),
    ],
)
def test_a_promise_names_its_last_day(day: int, russian: str, english: str) -> None:
    assert by_day(Texts("ru"), date(2026, 11, day)) == f"не позже {russian}"
    assert by_day(Texts("en"), date(2026, 11, day)) == f"by {english}"


@pytest.mark.clause("П1-2.3")
@pytest.mark.parametrize(
    ("sent", "review_on", "answer"),
    [
        ("2026-11-25 17:59", date(2026, 11, 25), "четверга, 26 ноября"),
        ("2026-11-25 18:20", date(2026, 11, 26), "пятницы, 27 ноября"),
    ],
)
async def test_scenario_5_the_cutoff_decides_the_day_of_the_review(
    house: House, sent: str, review_on: date, answer: str
) -> None:
    await set_task(house, "2026-11-30 15:00")
    house.clock.set(moscow(sent))
    masha = await house.chat("S701")
    await sends_photo_for(masha, "Геометрия")
    masha.sees(f"Ответ — не позже {answer}.")
    [work] = await works_of(house, "S701")
    assert work.review_due_on == review_on

    async with house.database.write() as tx:
        await tx.execute(sa.text("UPDATE schools SET review_cutoff = '12:00:00.000000'"))
    assert (await works_of(house, "S701"))[0].review_due_on == review_on


@pytest.mark.clause("П1-1.6")
@pytest.mark.parametrize(
    ("roster_id", "parallel", "sent", "answer"),
    [
        ("S701", 7, "2026-11-27 14:00", "понедельника, 30 ноября"),
        ("S901", 9, "2026-11-27 14:00", "субботы, 28 ноября"),
        ("S701", 7, "2026-12-30 14:00", "понедельника, 11 января"),
        ("S901", 9, "2026-12-30 14:00", "понедельника, 11 января"),
    ],
)
async def test_scenario_1_the_answer_is_promised_for_the_next_working_day(
    house: House, roster_id: str, parallel: int, sent: str, answer: str
) -> None:
    house.clock.set(moscow(sent))
    await set_task(house, "2027-01-15 15:00", of_class=parallel)
    chat = await house.chat(roster_id)
    await sends_photo_for(chat, "Геометрия")
    chat.sees(f"Ответ — не позже {answer}.")


async def test_a_mothers_receipt_and_the_task_promise_the_same_day(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", of_class=1, subject="Математика")
    mother = await house.chat("P001")
    await sends_photo_for(mother, "Математика")
    mother.sees("Работа принята: математика", "Ответ — не позже вторника, 24 ноября.")
    await mother.presses("Все задания")
    await mother.presses("Математика")
    mother.sees("На проверке: № 1А-0001. Ответ — не позже вторника, 24 ноября.")


@pytest.mark.clause("П1-1.6")
@pytest.mark.parametrize(
    ("sender", "student", "reader", "subject", "parallel"),
    [
        ("S701", "S701", "S701", "Геометрия", 7),
        ("S701", "S701", "P001", "Геометрия", 7),
        ("P001", "S101", "P001", "Математика", 1),
    ],
)
async def test_a_promise_is_not_repeated_once_its_day_is_over(
    house: House, sender: str, student: str, reader: str, subject: str, parallel: int
) -> None:
    task = await set_task(house, "2026-11-24 15:00", subject, of_class=parallel)
    await hands_in(house, sender, task, photo(), student=student)
    [work] = await works_of(house, student)
    chat, action = await house.chat(reader), f"tasks.open:{work.student.id}:{task.id}"
    house.clock.set(moscow("2026-11-24 23:50"))
    await chat.acts(action)
    chat.sees(f"На проверке: № {work.number}. Ответ — не позже вторника, 24 ноября.")
    house.clock.set(moscow("2026-11-25 00:10"))
    await chat.acts(action)
    chat.sees(f"На проверке: № {work.number}. Ответ задерживается, работа у учителя.")
    chat.sees_not("24 ноября.")


async def test_a_moved_deadline_counts_when_the_work_is_sent(house: House) -> None:
    task = await set_task(house, "2026-11-23 12:00")
    masha = await begins(house)
    await masha.sends(photo())
    await move(house, task, "2026-11-24 12:00")
    house.clock.set(moscow("2026-11-23 13:00"))
    await masha.presses("Отправить")
    masha.sees_not("после срока")
