"""П1-1.4: tasks by deadline, and one task with the way to hand it in."""

import pytest

from handlers.messages import FileKind
from storage.tasks import PartFile
from tests.assignments import (
    a_file,
    release,
    set_task,
    take_back,
    works_of,
)
from tests.chat import House
from tests.handlers.collecting import sends_photo_for

pytestmark = pytest.mark.clause("П1-1.4")


async def test_the_list_goes_by_deadline_and_tells_what_became_of_each(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-23 18:00", "Алгебра")
    await set_task(house, "2026-11-20 18:00", "История")
    await set_task(house, "2026-11-27 10:00", "Физика")
    await sends_photo_for(masha, "Физика")

    await masha.says("Задания")

    assert masha.text.splitlines() == [
        "Осталось сдать: 3 задания.",
        "• Алгебра — сегодня до 18:00 · не сдано",
        "• Геометрия — до завтра, 15:00 · не сдано",
        "• История — пятница, 20 ноября, 18:00 · срок прошёл",
        "• Физика — до пятницы, 27 ноября, 10:00 · на проверке",
    ]
    assert masha.buttons == [
        "Алгебра · сегодня 18:00",
        "Геометрия · завтра 15:00",
        "История · 20.11 18:00",
        "Физика · 27.11 10:00",
    ]


async def test_a_long_list_has_pages_that_change_in_place(house: House) -> None:
    masha = await house.chat("S701")
    for hour in range(10, 16):
        await set_task(house, f"2026-11-24 {hour}:00")
    await masha.says("задания")
    assert masha.buttons[-1] == "Ещё →"

    await masha.presses("Ещё")

    assert len(masha.messages) == 1
    masha.sees("завтра, 14:00", "завтра, 15:00", "[← Назад]")
    masha.sees_not("завтра, 13:00")


async def test_a_list_asked_for_elsewhere_comes_anew_at_the_bottom(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00")
    await masha.says("Задания")
    await sends_photo_for(masha, "Геометрия")

    await masha.presses("Все задания")

    assert "на проверке" in masha.text


async def test_the_states_of_a_reviewed_and_a_returned_work(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    await sends_photo_for(masha, "Геометрия")
    await sends_photo_for(masha, "Алгебра")
    geometry, algebra = await works_of(house, "S701")
    await release(house, geometry, mark="4")
    await release(house, algebra, comment="Не хватает второго номера", back=True)

    await masha.says("Задания")
    masha.sees("Алгебра — до завтра, 16:00 · вернули на доработку", "Геометрия", "· проверена")
    await masha.presses("Алгебра")
    masha.sees("№ 7Б-0002 вернули на доработку", "[Сдать ещё раз]", "[Ответ учителя]")


async def test_a_task_is_shown_whole_with_its_files_and_a_way_to_hand_in(house: House) -> None:
    masha = await house.chat("S701")
    photos = [PartFile(await a_file(house, mark), "photo", "") for mark in "ab"]
    paper = PartFile(await a_file(house, "c"), "document", "лист.pdf")
    text = "Первая строка.\n" + "Очень длинное условие. " * 400
    await set_task(house, "2026-11-24 15:00", text=text, parts=(*photos, paper))
    await masha.says("Задания")

    await masha.presses("Геометрия")

    shown = [one.message for one in masha.news]
    said = "".join(one.text for one in shown[:-1] if not one.files)
    assert said.replace("\n", " ").count("Очень длинное условие.") == 400
    assert "до завтра, 15:00" in shown[0].text
    kinds = [[file.kind for file in one.files] for one in shown if one.files]
    assert kinds == [[FileKind.PHOTO, FileKind.PHOTO], [FileKind.DOCUMENT]]
    assert masha.buttons == ["Сдать", "Все задания"]


async def test_one_file_and_a_short_text_are_one_message(house: House) -> None:
    masha = await house.chat("S701")
    paper = PartFile(await a_file(house, "c"), "document", "лист.pdf")
    await set_task(house, "2026-11-24 15:00", parts=(paper,))
    await masha.says("Задания")

    await masha.presses("Геометрия")

    assert len(masha.news) == 1
    masha.sees("№ 214, 215", "<document лист.pdf>", "[Сдать]")


@pytest.mark.clause("П1-1.5")
@pytest.mark.parametrize(
    ("channel", "words"),
    [("platform", "сдаётся на платформе школы"), ("email", "kuznetsova.t01@shkola.example")],
)
async def test_a_task_of_another_channel_says_where_and_offers_no_hand_in(
    house: House, channel: str, words: str
) -> None:
    masha = await house.chat("S701")
    task = await set_task(house, "2026-11-24 15:00", channel=channel)
    await masha.says("Задания")
    masha.sees("сдаётся не здесь")

    await masha.presses("Геометрия")
    masha.sees(words)
    assert "Сдать" not in masha.buttons

    await masha.acts(f"hand_in.start:{masha.person_id}:{task.id}")
    masha.sees("здесь его не принимают")


async def test_a_guardian_of_small_children_switches_between_them(house: House) -> None:
    mother = await house.chat("P001")
    await set_task(house, "2026-11-24 15:00", "Математика", of_class=1)
    await set_task(house, "2026-11-24 12:00", "История", of_class=5)

    await mother.says("Задания")
    mother.sees("Михаил. Осталось сдать: 1 задание.", "Математика", "[Анна, 5А]", "[Мария, 7Б]")
    await mother.presses("Анна")

    mother.sees("Анна. Осталось сдать", "История")
    await mother.presses("История")
    assert "Сдать" not in mother.buttons, "a guardian of an older child looks on"
    await mother.presses("Все задания")
    await mother.presses("Михаил")
    await mother.presses("Математика")
    assert "Сдать" in mother.buttons


async def test_a_teacher_without_children_gets_a_word_and_the_menu(house: House) -> None:
    teacher = await house.chat("T02")
    await teacher.says("Задания")
    teacher.sees("Вот меню")
    assert teacher.menu


@pytest.mark.parametrize("action", ["tasks.list:{}", "tasks.open:{}:{}", "hand_in.start:{}:{}"])
async def test_somebody_elses_tasks_do_not_exist(house: House, action: str) -> None:
    task = await set_task(house, "2026-11-24 15:00")
    masha, stranger = await house.chat("S701"), await house.chat("S501")

    await stranger.acts(action.format(masha.person_id, task.id))
    assert stranger.text == "Такой записи здесь нет."

    await stranger.acts(action.format(stranger.person_id, task.id))
    if "{}:{}" in action:
        assert stranger.text == "Такой записи здесь нет."
    for broken in ("", ":", ":x:y", ":-1:1", ":9999999999999:1", ":1"):
        await stranger.acts(action.partition(":")[0] + broken)
        assert stranger.text == "Такой записи здесь нет."


async def test_only_the_own_group_sees_its_task(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Английский язык", group="1")
    seen = []
    for roster_id in ("S701", "S702"):
        chat = await house.chat(roster_id)
        await chat.says("Задания")
        seen.append("Английский язык" in chat.text)
    assert sorted(seen) == [False, True]


async def test_a_withdrawn_task_is_refused_kindly(house: House) -> None:
    masha = await house.chat("S701")
    task = await set_task(house, "2026-11-24 15:00")
    await masha.says("Задания")
    await take_back(house, task)

    await masha.presses("Геометрия")
    masha.sees("задание отменено", "Геометрия")
    await masha.acts(f"hand_in.start:{masha.person_id}:{task.id}")
    masha.sees("задание отменено")
