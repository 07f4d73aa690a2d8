"""П1-1.4: reminders that fall silent in time, and news of tasks and of moved deadlines."""

import pytest

from storage import outbox
from tests.assignments import (
    goes_on,
    move,
    notices,
    release,
    set_task,
    take_back,
    works_of,
)
from tests.chat import Chat, House, moscow, photo
from tests.handlers.collecting import sends_photo_for

pytestmark = pytest.mark.clause("П1-1.4")


def reminders(chat: Chat) -> list[str]:
    words = ("Напоминаю", "Через два часа")
    texts = [shown.message.text for shown in chat.messages]
    return [text for text in texts if any(word in text for word in words)]


async def test_two_reminders_the_evening_before_and_two_hours_before(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")

    await house.until("2026-11-23 18:59")
    assert not reminders(masha)
    await house.until("2026-11-23 19:00")
    assert reminders(masha) == ["Напоминаю, скоро срок:\n• геометрия — до завтра, 15:00"]
    assert masha.buttons == ["Сдать", "Открыть задание"]

    await house.until("2026-11-24 15:30")
    assert reminders(masha)[1:] == ["Через два часа срок:\n• геометрия — сегодня до 15:00"]


async def test_one_message_recalls_all_that_is_due(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 18:00", "Алгебра")

    await goes_on(house, "2026-11-23 20:00")

    [evening] = reminders(masha)
    assert "геометрия — до завтра, 15:00" in evening
    assert "алгебра — до завтра, 18:00" in evening


async def test_no_reminder_once_the_work_is_in(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-25 10:00", "Алгебра")
    await goes_on(house, "2026-11-23 18:30")
    await sends_photo_for(masha, "Геометрия")

    await goes_on(house, "2026-11-24 16:00")

    assert not reminders(masha)
    dropped = await notices(house, "deadlines", "S701")
    assert {row.state for row in dropped} <= {outbox.DROPPED, outbox.PLANNED}
    assert outbox.DROPPED in {row.state for row in dropped}


async def test_a_returned_work_is_recalled_again(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-25 15:00")
    await sends_photo_for(masha, "Геометрия")
    [work] = await works_of(house, "S701")
    await release(house, work, comment="Ещё раз № 215", back=True)

    await goes_on(house, "2026-11-24 20:00")

    assert len(reminders(masha)) == 1


async def test_a_work_that_was_in_before_its_reminder_and_came_back_is_recalled(
    house: House,
) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")
    await goes_on(house, "2026-11-23 14:30")
    assert await notices(house, "deadlines", "S701"), "planned a day and a half ahead"
    await sends_photo_for(masha, "Геометрия")
    [work] = await works_of(house, "S701")
    await release(house, work, comment="Ещё раз № 215", back=True)

    await goes_on(house, "2026-11-23 19:30")

    assert len(reminders(masha)) == 1


async def test_a_work_returned_after_the_hour_was_looked_at_is_recalled(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")
    await sends_photo_for(masha, "Геометрия")
    await goes_on(house, "2026-11-23 14:30")
    assert not await notices(house, "deadlines", "S701"), "it is in: nothing to recall"
    [work] = await works_of(house, "S701")
    await release(house, work, comment="Ещё раз № 215", back=True)

    await goes_on(house, "2026-11-23 19:30")

    assert len(reminders(masha)) == 1


async def test_a_collected_but_unsent_work_is_mentioned(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")
    await masha.sends(photo())
    await masha.presses("Геометрия")

    await goes_on(house, "2026-11-23 19:00")

    masha.sees("осталось нажать «Отправить»")


async def test_reminders_of_small_children_go_to_the_guardian(house: House) -> None:
    mother, child = await house.chat("P001"), await house.chat("S101")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Математика", of_class=1)

    await goes_on(house, "2026-11-23 19:30")

    mother.sees("Михаил. Напоминаю", "математика — до завтра, 15:00")
    assert not reminders(child)


async def test_mondays_deadline_is_recalled_on_friday(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-27 10:00"))
    await set_task(house, "2026-11-30 12:00")

    await goes_on(house, "2026-11-27 19:00")
    assert len(reminders(masha)) == 1
    masha.sees("до понедельника, 30 ноября, 12:00")
    await goes_on(house, "2026-11-30 09:59")
    assert len(reminders(masha)) == 1
    await goes_on(house, "2026-11-30 10:30")
    assert len(reminders(masha)) == 2, "two hours before, in the break after the lesson"


async def test_a_reminder_waits_for_the_end_of_a_lesson(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 10:40")

    await goes_on(house, "2026-11-24 08:59")
    assert len(reminders(masha)) == 1, "the evening one; 8:40 is in the first lesson"
    await goes_on(house, "2026-11-24 09:00")
    assert len(reminders(masha)) == 2


@pytest.mark.clause("3.7")
async def test_without_equipment_nothing_is_recalled_and_nothing_is_overdue(house: House) -> None:
    timur = await house.chat("S907")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Алгебра", of_class=9)
    await goes_on(house, "2026-11-24 16:00")
    assert not reminders(timur)
    await timur.says("Задания")
    timur.sees("Алгебра", "не сдано")
    timur.sees_not("срок прошёл")


async def test_the_class_hears_of_a_new_task_once(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))

    await set_task(house, "2026-11-24 15:00", quietly=False)
    await house.settle()

    masha.sees("Новое задание: геометрия — до завтра, 15:00", "№ 214, 215", "[Сдать]")
    assert len(await notices(house, "task-set", "S701")) == 1
    assert not await notices(house, "task-set", "S501")


async def test_a_task_set_during_a_lesson_is_heard_in_the_break(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 08:35"))
    await set_task(house, "2026-11-24 15:00", quietly=False)
    await goes_on(house, "2026-11-23 08:59")
    masha.sees_not("Новое задание")
    await goes_on(house, "2026-11-23 09:00")
    masha.sees("Новое задание")


@pytest.mark.parametrize(
    ("when", "heard"),
    [
        ("2026-11-23 22:10", "2026-11-24 07:35"),
        ("2026-11-28 12:00", "2026-11-30 07:35"),
    ],
)
async def test_news_wait_for_the_next_school_morning(house: House, when: str, heard: str) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow(when))
    await set_task(house, "2026-12-01 15:00", quietly=False)
    await goes_on(house, heard.replace(":35", ":34"))
    masha.sees_not("Новое задание")
    await goes_on(house, heard)
    masha.sees("Новое задание")


async def test_a_task_taken_back_in_time_is_never_heard_of(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 22:10"))
    task = await set_task(house, "2026-11-24 15:00", quietly=False)
    await take_back(house, task)
    await goes_on(house, "2026-11-24 16:00")
    masha.sees_not("Новое задание", "Напоминаю", "Через два часа")


async def test_scenario_12_a_moved_deadline_is_one_correction_and_no_old_reminder(
    house: House,
) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    task = await set_task(house, "2026-11-24 15:00")
    await goes_on(house, "2026-11-23 19:30")
    assert len(reminders(masha)) == 1

    moved = await move(house, task, "2026-11-26 18:00")
    await house.settle()
    masha.sees("Срок продлён: геометрия — теперь до четверга, 26 ноября, 18:00")
    masha.sees("было: завтра, 15:00")

    await goes_on(house, "2026-11-25 18:59")
    assert len(reminders(masha)) == 1, "the old two-hours reminder is cancelled"
    await goes_on(house, "2026-11-26 18:30")
    assert len(reminders(masha)) == 3, "the new deadline has its own two"
    assert moved.revision == 2
    assert len(await notices(house, "task-moved", "S701")) == 1


async def test_each_revision_is_corrected_once_and_the_newest_speaks_for_all(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    task = await set_task(house, "2026-11-25 15:00")
    house.clock.set(moscow("2026-11-23 22:00"))
    await move(house, task, "2026-11-26 18:00")
    await move(house, task, "2026-11-27 18:00")

    await goes_on(house, "2026-11-24 08:00")

    texts = [shown.message.text for shown in masha.messages]
    [told] = [text for text in texts if "Срок " in text and "теперь" in text]
    assert "27 ноября, 18:00" in told
    assert "было: завтра, 15:00" in told


async def test_a_correction_is_not_for_whoever_has_handed_in(house: House) -> None:
    masha, timofey = await house.chat("S701"), await house.chat("S702")
    house.clock.set(moscow("2026-11-23 14:00"))
    task = await set_task(house, "2026-11-24 15:00")
    await sends_photo_for(masha, "Геометрия")
    await move(house, task, "2026-11-24 12:00")
    await house.settle()
    timofey.sees("Срок стал раньше")
    masha.sees_not("Срок стал раньше")


async def test_ticking_again_and_again_recalls_nothing_twice(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")
    for minute in range(55, 60):
        await goes_on(house, f"2026-11-23 18:{minute}")
    for minute in range(6):
        await goes_on(house, f"2026-11-23 19:0{minute}")
    assert len(reminders(masha)) == 1
