"""П1-1.4: tasks by deadline, the news about them, and reminders that fall silent in time."""

import pytest

from handlers.messages import FileKind
from storage import outbox
from storage.tasks import PartFile
from tests.assignments import (
    a_file,
    goes_on,
    move,
    notices,
    release,
    set_task,
    take_back,
    works_of,
)
from tests.chat import Chat, House, moscow, photo


async def hands_in(chat: Chat, subject: str) -> None:
    await chat.sends(photo())
    if "К другому заданию" in chat.buttons:
        await chat.presses("К другому заданию")
    await chat.presses(subject)
    await chat.presses("Отправить")


def reminders(chat: Chat) -> list[str]:
    words = ("Напоминаю", "Через два часа")
    texts = [shown.message.text for shown in chat.messages]
    return [text for text in texts if any(word in text for word in words)]


@pytest.mark.clause("П1-1.4")
async def test_the_list_goes_by_deadline_and_tells_what_became_of_each(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-23 18:00", "Алгебра")
    await set_task(house, "2026-11-20 18:00", "История")
    await set_task(house, "2026-11-27 10:00", "Физика")
    await hands_in(masha, "Физика")

    await masha.says("Задания")

    assert masha.text.splitlines() == [
        "Осталось сдать: 3 задания.",
        "• Алгебра — сегодня до 18:00 · не сдано",
        "• Геометрия — до завтра, 15:00 · не сдано",
        "• История — срок был: пятница, 20 ноября, 18:00 · срок прошёл",
        "• Физика — до пятницы, 27 ноября, 10:00 · на проверке",
    ]
    assert masha.buttons == [
        "Алгебра · сегодня 18:00",
        "Геометрия · завтра 15:00",
        "История · 20.11 18:00",
        "Физика · 27.11 10:00",
    ]


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
async def test_a_list_asked_for_elsewhere_comes_anew_at_the_bottom(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00")
    await masha.says("Задания")
    await hands_in(masha, "Геометрия")

    await masha.presses("Все задания")

    assert "на проверке" in masha.text


@pytest.mark.clause("П1-1.4")
async def test_the_states_of_a_reviewed_and_a_returned_work(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    await hands_in(masha, "Геометрия")
    await hands_in(masha, "Алгебра")
    geometry, algebra = await works_of(house, "S701")
    await release(house, geometry, mark="4")
    await release(house, algebra, comment="Не хватает второго номера", back=True)

    await masha.says("Задания")
    masha.sees("Алгебра — до завтра, 16:00 · вернули на доработку", "Геометрия", "· проверена")
    await masha.presses("Алгебра")
    masha.sees("№ 7Б-0002 вернули на доработку", "[Сдать ещё раз]", "[Ответ учителя]")


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
async def test_only_the_own_group_sees_its_task(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Английский язык", group="1")
    seen = []
    for roster_id in ("S701", "S702"):
        chat = await house.chat(roster_id)
        await chat.says("Задания")
        seen.append("Английский язык" in chat.text)
    assert sorted(seen) == [False, True]


@pytest.mark.clause("П1-1.4")
async def test_a_withdrawn_task_is_refused_kindly(house: House) -> None:
    masha = await house.chat("S701")
    task = await set_task(house, "2026-11-24 15:00")
    await masha.says("Задания")
    await take_back(house, task)

    await masha.presses("Геометрия")
    masha.sees("учитель отменил", "Геометрия")
    await masha.acts(f"hand_in.start:{masha.person_id}:{task.id}")
    masha.sees("учитель отменил")


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
async def test_one_message_recalls_all_that_is_due(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 18:00", "Алгебра")

    await goes_on(house, "2026-11-23 20:00")

    [evening] = reminders(masha)
    assert "геометрия — до завтра, 15:00" in evening
    assert "алгебра — до завтра, 18:00" in evening


@pytest.mark.clause("П1-1.4")
async def test_no_reminder_once_the_work_is_in(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-25 10:00", "Алгебра")
    await goes_on(house, "2026-11-23 18:30")
    await hands_in(masha, "Геометрия")

    await goes_on(house, "2026-11-24 16:00")

    assert not reminders(masha)
    dropped = await notices(house, "deadlines", "S701")
    assert {row.state for row in dropped} <= {outbox.DROPPED, outbox.PLANNED}
    assert outbox.DROPPED in {row.state for row in dropped}


@pytest.mark.clause("П1-1.4")
async def test_a_returned_work_is_recalled_again(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-25 15:00")
    await hands_in(masha, "Геометрия")
    [work] = await works_of(house, "S701")
    await release(house, work, comment="Ещё раз № 215", back=True)

    await goes_on(house, "2026-11-24 20:00")

    assert len(reminders(masha)) == 1


@pytest.mark.clause("П1-1.4")
async def test_a_collected_but_unsent_work_is_mentioned(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")
    await masha.sends(photo())
    await masha.presses("Геометрия")

    await goes_on(house, "2026-11-23 19:00")

    masha.sees("осталось нажать «Отправить»")


@pytest.mark.clause("П1-1.4")
async def test_reminders_of_small_children_go_to_the_guardian(house: House) -> None:
    mother, child = await house.chat("P001"), await house.chat("S101")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00", "Математика", of_class=1)

    await goes_on(house, "2026-11-23 19:30")

    mother.sees("Михаил. Напоминаю", "математика — до завтра, 15:00")
    assert not reminders(child)


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
async def test_the_class_hears_of_a_new_task_once(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))

    await set_task(house, "2026-11-24 15:00", quietly=False)
    await house.settle()

    masha.sees("Новое задание: геометрия — до завтра, 15:00", "№ 214, 215", "[Сдать]")
    assert len(await notices(house, "task-set", "S701")) == 1
    assert not await notices(house, "task-set", "S501")


@pytest.mark.clause("П1-1.4")
async def test_a_task_set_during_a_lesson_is_heard_in_the_break(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 08:35"))
    await set_task(house, "2026-11-24 15:00", quietly=False)
    await goes_on(house, "2026-11-23 08:59")
    masha.sees_not("Новое задание")
    await goes_on(house, "2026-11-23 09:00")
    masha.sees("Новое задание")


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
async def test_a_task_taken_back_in_time_is_never_heard_of(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 22:10"))
    task = await set_task(house, "2026-11-24 15:00", quietly=False)
    await take_back(house, task)
    await goes_on(house, "2026-11-24 16:00")
    masha.sees_not("Новое задание", "Напоминаю", "Через два часа")


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
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


@pytest.mark.clause("П1-1.4")
async def test_a_correction_is_not_for_whoever_has_handed_in(house: House) -> None:
    masha, timofey = await house.chat("S701"), await house.chat("S702")
    house.clock.set(moscow("2026-11-23 14:00"))
    task = await set_task(house, "2026-11-24 15:00")
    await hands_in(masha, "Геометрия")
    await move(house, task, "2026-11-24 12:00")
    await house.settle()
    timofey.sees("Срок стал раньше")
    masha.sees_not("Срок стал раньше")


@pytest.mark.clause("П1-1.4")
async def test_ticking_again_and_again_recalls_nothing_twice(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, "2026-11-24 15:00")
    for minute in range(55, 60):
        await goes_on(house, f"2026-11-23 18:{minute}")
    for minute in range(6):
        await goes_on(house, f"2026-11-23 19:0{minute}")
    assert len(reminders(masha)) == 1
