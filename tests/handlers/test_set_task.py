"""П1-2.2: a teacher sets a task, sees what came of it, moves its deadline, takes it back."""

import pytest
import sqlalchemy as sa

from storage import tasks
from storage.tables.work import tasks as task_table
from storage.tasks import Task
from tests.chat import Chat, House, moscow, pdf, photo, sticker
from tests.handlers.teaching import action_of, hands_in, sets_task


async def opened_for(house: House, course: str = "7Б, геометрия", who: str = "T01") -> Chat:
    teacher = await house.chat(who)
    await teacher.says("Новое задание")
    await teacher.presses(course)
    return teacher


async def ready_to_give(house: House, text: str = "№ 12–15, подробно") -> Chat:
    teacher = await opened_for(house)
    await teacher.says(text)
    await teacher.presses("Дальше")
    await teacher.presses("Завтра, 18:00")
    return teacher


async def given(house: House) -> tuple[Chat, Task]:
    teacher = await ready_to_give(house)
    await teacher.presses("Задать")
    return teacher, (await every_task(house))[0]


async def every_task(house: House) -> list[Task]:
    async with house.database.read() as tx:
        ids = await tx.scalars(sa.select(task_table.c.id).order_by(task_table.c.id))
        found = [await tasks.by_id(tx, task_id) for task_id in ids]
    return [task for task in found if task is not None]


@pytest.mark.clause("П1-2.2")
async def test_a_task_is_put_together_and_set_and_the_students_hear_of_it(house: House) -> None:
    await house.until("2026-11-23 14:00")
    masha = await house.chat("S701")
    teacher = await opened_for(house)
    teacher.sees("Задание: 7Б, геометрия.")
    await teacher.says("№ 12–15, подробно")
    teacher.sees("Задание: 7Б, геометрия — текст.")
    await teacher.sends(photo(), photo(), pdf("условие.pdf"), text="И чертёж")
    teacher.sees("текст, 3 файла")
    await teacher.presses("Дальше")
    await teacher.presses("Завтра, 18:00")
    teacher.sees("7Б, геометрия", "завтра, 18:00", "№ 12–15", "И чертёж", "3 файла")
    masha.forget()
    await teacher.presses("Задать")

    teacher.sees("Задано: 7Б, геометрия, 13 учеников", "Письма: 11 ученикам", "Без адреса: 2")
    teacher.sees("Крылова Ульяна", "Уваров Глеб")
    masha.sees("еометрия")
    (task,) = await every_task(house)
    assert (task.channel, task.due_at) == ("bot", moscow("2026-11-24 18:00"))
    assert task.text == "№ 12–15, подробно\nИ чертёж"
    async with house.database.read() as tx:
        files = await tasks.files_of(tx, task.id)
    assert [file.kind for file in files] == ["photo", "photo", "document"]


@pytest.mark.clause("П1-2.2")
async def test_todays_lessons_are_offered_first(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    assert teacher.buttons[:4] == [
        "7Б, алгебра",
        "7Б, геометрия",
        "9А, алгебра",
        "7Б, вероятность и статистика",
    ]


@pytest.mark.clause("1.6")
async def test_a_group_gets_its_own_task(house: House) -> None:
    await house.until("2026-11-23 14:00")
    first, second = await house.chat("S701"), await house.chat("S702")
    teacher = await opened_for(house, "7Б, английский язык, группа 1", "T07")
    await teacher.says("Выучить слова")
    await teacher.presses("Дальше")
    await teacher.presses("К уроку: среда, 25 ноября, 9:15")
    first.forget()
    second.forget()
    await teacher.presses("Задать")
    teacher.sees("7 учеников", "среда, 25 ноября, 9:15")
    first.sees("английский язык")
    assert second.is_silent()


@pytest.mark.clause("П1-2.2")
async def test_two_presses_set_one_task(house: House) -> None:
    teacher = await ready_to_give(house)
    press = action_of(teacher, "Задать")
    await teacher.acts(press)
    await teacher.acts(press)
    teacher.sees("уже отправлено")
    assert len(await every_task(house)) == 1


async def test_a_button_of_an_older_draft_shows_the_newer_one(house: House) -> None:
    teacher = await ready_to_give(house)
    old = action_of(teacher, "Задать")
    await teacher.says("Ещё № 16")
    await teacher.acts(old)
    teacher.sees("С тех пор задание изменилось", "Задание: 7Б, геометрия — текст")
    assert await every_task(house) == []

    await opened_for(house, "7Б, алгебра")
    await teacher.acts(old)
    teacher.sees("уже отправлено или отменено")


async def test_nonsense_past_and_far_deadlines_get_a_clear_answer(house: House) -> None:
    teacher = await opened_for(house)
    await teacher.says("№ 1")
    await teacher.presses("Дальше")
    await teacher.presses("Другой срок")
    teacher.sees("27.11 15:00")
    await teacher.says("как-нибудь потом")
    teacher.sees("Не получилось понять срок")
    await teacher.says("20.11 10:00")
    teacher.sees("пятница, 20 ноября, 10:00", "уже прошло")
    await teacher.says("20.11.2029")
    teacher.sees("больше года")
    await teacher.says("в пятницу 15:00")
    teacher.sees("Срок: пятница, 27 ноября, 15:00")


async def test_a_deadline_that_passes_meanwhile_is_asked_again(house: House) -> None:
    await house.until("2026-11-23 17:40")
    teacher = await opened_for(house)
    await teacher.says("№ 1")
    await teacher.presses("Дальше")
    await teacher.presses("Сегодня, 18:00")
    await house.until("2026-11-23 18:01")
    await teacher.presses("Задать")
    teacher.sees("уже прошло", "К какому сроку?")
    assert "Сегодня, 18:00" not in teacher.buttons
    await teacher.presses("Завтра, 18:00")
    await teacher.presses("Задать")
    teacher.sees("Задано")


async def test_what_cannot_be_part_of_a_task_is_refused_kindly(house: House) -> None:
    teacher = await opened_for(house)
    await teacher.sends(sticker())
    teacher.sees("не получится приложить")
    assert "Дальше" not in teacher.buttons
    await teacher.says("№ 1")
    await teacher.presses("Убрать последнее")
    teacher.sees("Пришлите текст и файлы")


async def test_a_long_text_is_kept_whole_and_too_much_is_refused(house: House) -> None:
    teacher = await opened_for(house)
    for number in range(4):
        await teacher.says(f"{number}" * 3900)
    teacher.sees("столько не поместится")
    await teacher.presses("Дальше")
    await teacher.presses("Завтра")
    await teacher.presses("Задать")
    (task,) = await every_task(house)
    assert len(task.text) == 3 * 3900 + 2


async def test_cancel_and_go_on(house: House) -> None:
    teacher = await opened_for(house)
    await teacher.says("№ 1")
    await teacher.says("Новое задание")
    await teacher.presses("Продолжить: 7Б, геометрия")
    teacher.sees("7Б, геометрия — текст")
    await teacher.presses("Отмена")
    teacher.sees("ничего не задано")
    await teacher.says("Новое задание")
    assert not any(label.startswith("Продолжить") for label in teacher.buttons)


@pytest.mark.clause("П1-1.5")
async def test_another_channel_is_chosen_in_the_last_look(house: House) -> None:
    teacher = await ready_to_give(house)
    assert "✓ Сдавать здесь" in teacher.buttons
    await teacher.presses("На платформе")
    assert "✓ На платформе" in teacher.buttons
    await teacher.presses("Задать")
    await teacher.presses("Открыть задание")
    teacher.sees("здесь этих работ не видно")
    assert (await every_task(house))[0].channel == "platform"


@pytest.mark.clause("3.1")
async def test_only_what_one_teaches(house: House) -> None:
    teacher, task = await given(house)
    begin = f"set-task.for:{await teaching_id(house, 'T01')}"
    for roster_id in ("S701", "P001", "T07", "T14"):
        other = await house.chat(roster_id)
        for action in (begin, f"own-task.open:{task.id}", f"own-task.withdrawn:{task.id}:1"):
            await other.acts(action)
            other.sees("Такой записи здесь нет")
    student = await house.chat("S701")
    await student.says("Новое задание")
    student.sees("Такой записи здесь нет")
    for broken in ("set-task.for", "set-task.for:x", "set-task.due:1", "own-task.open:-1"):
        await teacher.acts(broken)
        teacher.sees("Такой записи здесь нет")
    await teacher.acts(f"own-task.to:{task.id}:1:{10**17}")
    teacher.sees("Такой записи здесь нет")


async def teaching_id(house: House, roster_id: str) -> int:
    teacher = await house.chat(roster_id)
    await teacher.says("Новое задание")
    return int(action_of(teacher, "7Б, геометрия").split(":")[1])


@pytest.mark.clause("П1-1.4")
async def test_a_moved_deadline_brings_one_correction(house: House) -> None:
    await house.until("2026-11-23 14:00")
    masha = await house.chat("S701")
    teacher, task = await given(house)
    await teacher.presses("Открыть задание")
    teacher.sees("Сдано: 0 из 13", "Письма дошли: 11 из 11")
    await teacher.presses("Перенести срок")
    old = action_of(teacher, "К уроку")
    await teacher.presses("Другой срок")
    await teacher.says("абв")
    teacher.sees("Не получилось понять")
    await teacher.says("20.11 10:00")
    teacher.sees("уже прошло")
    masha.forget()
    await teacher.says("26.11 15:00")
    teacher.sees("Срок перенесён", "четверг, 26 ноября, 15:00")
    masha.sees("26 ноября")

    masha.forget()
    await teacher.acts(old)
    teacher.sees("С тех пор задание изменилось")
    assert masha.is_silent()
    (moved,) = await every_task(house)
    assert (moved.revision, moved.due_at) == (2, moscow("2026-11-26 15:00"))
    letter = house.letters["mariya.sokolova@pochta.example"][-1].message
    assert "новый срок — 26 ноября, 15:00" in letter.subject
    assert moved.id == task.id


@pytest.mark.clause("П1-1.4")
async def test_a_task_taken_back_is_gone_for_everybody(house: House) -> None:
    teacher, task = await given(house)
    await teacher.presses("Открыть задание")
    await teacher.presses("Снять задание")
    teacher.sees("Снять задание?", "Пока никто не сдал")
    yes = action_of(teacher, "Снять")
    await teacher.presses("Снять")
    teacher.sees("Задание снято")
    await teacher.acts(yes)
    teacher.sees("С тех пор задание изменилось")
    await teacher.presses("← Мои задания")
    teacher.sees("Заданий пока нет")
    masha = await house.chat("S701")
    async with house.database.read() as tx:
        found = await tasks.by_id(tx, task.id)
    assert found is not None
    assert found.withdrawn_at is not None
    await masha.says("Задания")
    masha.sees_not("геометрия")


async def test_a_task_that_was_begun_survives_a_look_at_the_queue(house: House) -> None:
    earlier = await sets_task(house)
    await hands_in(house, "S701", earlier, text="Готово")
    teacher = await opened_for(house, "7Б, алгебра")
    await teacher.says("№ 100")
    await teacher.says("На проверку")
    await teacher.says("просто слова")
    assert "Не получилось понять" in teacher.text
    await teacher.acts("review.open:1")
    await teacher.says("Отлично")
    teacher.sees("Комментарий: Отлично")
    await teacher.presses("5")
    await teacher.presses("Готово")
    await teacher.says("Новое задание")
    await teacher.presses("Продолжить: 7Б, алгебра")
    await teacher.presses("Дальше")
    await teacher.presses("Завтра")
    await teacher.presses("Задать")
    assert [task.text for task in await every_task(house)] == ["№ 12–15", "№ 100"]


async def test_the_menu_works_while_a_new_deadline_is_awaited(house: House) -> None:
    await sets_task(house)
    teacher = await opened_for(house, "7Б, алгебра")
    await teacher.says("№ 100")
    await teacher.says("Новое задание")
    await teacher.presses("Мои задания")
    teacher.sees("сверху")
    assert "7Б, геометрия · 27.11 15:00" in teacher.buttons
    await teacher.presses("7Б, геометрия")
    await teacher.presses("Перенести срок")
    await teacher.presses("Другой срок")
    await teacher.says("Кто не сдал")
    teacher.sees_not("не получилось это обработать")
    await teacher.acts("own-task.open:1")
    await teacher.presses("Перенести срок")
    await teacher.presses("Оставить как есть")
    await teacher.says("завтра")
    teacher.sees("Не получилось понять. Выберите")
    teacher.sees_not("Срок перенесён")
    await teacher.acts("own-task.open:1")
    await teacher.presses("Перенести срок")
    await teacher.says("26.11 15:00")
    teacher.sees("Срок перенесён")
    await teacher.says("Новое задание")
    await teacher.presses("Продолжить: 7Б, алгебра")
    teacher.sees("Задание: 7Б, алгебра")
