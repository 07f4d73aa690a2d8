"""«Кто не сдал»: by name, and nobody who cannot hand in is called missing."""

import pytest

from tests.chat import House, photo
from tests.handlers.teaching import hands_in, sets_task


@pytest.mark.clause("П1-1.4")
async def test_who_is_in_and_who_is_not(house: House) -> None:
    task = await sets_task(house, due="24.11 15:00")
    await hands_in(house, "S701", task, photo())
    await hands_in(house, "S702", task, text="Готово")
    await hands_in(house, "S703", task, text="Готово")
    teacher = await house.chat("T01")
    for work, press in ((1, "5"), (2, "На доработку")):
        await teacher.acts(f"review.open:{work}")
        await teacher.presses(press)
        await teacher.says("Посмотри ещё раз")
        await teacher.presses("Готово")
    await teacher.says("Кто не сдал")
    teacher.sees("7Б, геометрия, завтра, 15:00 — 3 из 13")
    await teacher.presses("7Б Геометрия")
    teacher.sees("Пока не сдали (10): Блинова Дарья")
    teacher.sees("На доработке (1): Ершов Тимофей", "На проверке (1): Зимина Арина")
    teacher.sees("Проверены (1): Соколова Мария")
    await house.until("2026-11-24 15:01")
    await teacher.acts(f"missing.open:{task.id}")
    teacher.sees("Не сдали (10)")
    await teacher.presses("Очередь")
    teacher.sees("На проверке 1")


@pytest.mark.clause("3.7")
@pytest.mark.clause("3.6")
async def test_refusal_and_no_equipment_are_never_missing(house: House) -> None:
    task = await sets_task(house, course="9А, алгебра", due="25.11 15:00")
    await house.until("2026-11-25 15:01")
    teacher = await house.chat("T01")
    await teacher.acts(f"missing.open:{task.id}")
    async with house.database.read():
        refused, without = await house.person("S906"), await house.person("S907")
    teacher.sees("Не сдали (")
    text = teacher.text
    apart = next(line for line in text.splitlines() if "здесь не сдают" in line)
    not_in = next(line for line in text.splitlines() if line.startswith("Не сдали"))
    for person in (refused, without):
        assert person.short_name in apart
        assert person.short_name not in not_in


@pytest.mark.clause("П1-1.5")
async def test_a_task_of_another_channel_names_nobody(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, алгебра")
    await teacher.says("Тест на платформе")
    await teacher.presses("Дальше")
    await teacher.presses("Завтра")
    await teacher.presses("На платформе")
    await teacher.presses("Задать")
    await teacher.says("Кто не сдал")
    teacher.sees("сдают на платформе")
    await teacher.presses("7Б Алгебра")
    teacher.sees("здесь этих работ не видно")
    teacher.sees_not("не сдали")


@pytest.mark.clause("3.1")
async def test_only_for_teachers_and_only_their_own(house: House) -> None:
    task = await sets_task(house)
    for roster_id in ("S701", "P001"):
        chat = await house.chat(roster_id)
        await chat.says("Кто не сдал")
        chat.sees("Такой записи здесь нет")
    other = await house.chat("T07")
    await other.acts(f"missing.open:{task.id}")
    other.sees("Такой записи здесь нет")
    await other.says("Кто не сдал")
    other.sees("Заданий пока нет")


async def test_many_tasks_have_pages(house: House) -> None:
    for number in range(6):
        await sets_task(house, text=f"№ {number}")
    teacher = await house.chat("T01")
    await teacher.says("Кто не сдал")
    assert len(teacher.buttons) == 6
    await teacher.presses("Ещё")
    assert teacher.last.edited == 1
    assert teacher.buttons[-1] == "← Назад"
    await teacher.says("Новое задание")
    await teacher.presses("Мои задания")
    await teacher.presses("Ещё")
    assert len(teacher.buttons) == 2
