"""One lesson for two classes: one material, both lists, one queue (domain, scenario 14)."""

import pytest

from tests.chat import House, photo


@pytest.mark.clause("П1-2.2")
async def test_scenario_14_one_material_both_classes_one_queue(house: House) -> None:
    await house.until("2026-11-23 08:05")
    masha = await house.chat("S701")
    ninth = await house.chat("S901")
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, алгебра")
    await teacher.says("Разобрать график функции")
    await teacher.presses("Дальше")
    await teacher.presses("Завтра, 18:00")
    await teacher.presses("+ 9А")
    assert "✓ и 9А" in teacher.buttons
    await teacher.presses("Задать")
    teacher.sees("Задано: 7Б, алгебра, 13 учеников", "Задано: 9А, алгебра, 12 учеников")

    await ninth.says("Задания")
    ninth.sees("Алгебра")
    await masha.says("Задания")
    masha.sees("Алгебра")
    await house.until("2026-11-23 14:00")
    for chat in (masha, ninth):
        await chat.presses("Алгебра")
        await chat.presses("Сдать")
        await chat.sends(photo())
        await chat.presses("Отправить")
        chat.sees("Работа принята")
    await teacher.says("На проверку")
    teacher.sees("На проверке 2", "7Б — 1", "9А — 1")


async def test_a_class_chosen_too_can_be_left_out_again(house: House) -> None:
    await house.until("2026-11-23 08:05")
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, алгебра")
    await teacher.says("Разобрать график функции")
    await teacher.presses("Дальше")
    await teacher.presses("Завтра, 18:00")
    await teacher.presses("+ 9А")
    await teacher.presses("✓ и 9А")
    await teacher.presses("Задать")
    teacher.sees("Задано: 7Б")
    teacher.sees_not("9А, алгебра, 12")
