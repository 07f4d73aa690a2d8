"""П1-1.5: a work is collected over several messages, and it is sent once."""

import pytest
import sqlalchemy as sa

from tests.assignments import sent_works, set_task, take_back, works_of
from tests.chat import House, moscow, pdf, photo, voice
from tests.handlers.collecting import (
    begins,
    draft_of,
    kinds_of,
    moves_to,
    texts_of,
)
from tests.handlers.teaching import sets_task

pytestmark = pytest.mark.clause("П1-1.5")

KEPT = (
    "Получено: 1 фото.\nЗаданий, которые сдаются здесь, сейчас нет.",
    "Учителю не отправлено. Сохраню: когда появится задание, сможешь это сдать.",
)


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_any_mix_over_several_messages_is_kept_in_order(house: House, messenger: str) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house, messenger=messenger)
    masha.sees("Пришли работу", "[Отмена]")
    assert "Отправить" not in masha.buttons

    await masha.sends(photo(), photo(), text="Вот № 214")
    await masha.says("А это № 215")
    await masha.sends(voice())
    await masha.sends(pdf())
    masha.sees("Собрано: 2 фото, 1 файл, 1 голосовое, текст.")
    await masha.presses("Отправить")

    [work] = await works_of(house, "S701")
    assert await kinds_of(house, work) == ["text", "photo", "photo", "text", "voice", "document"]
    assert await texts_of(house, work) == ["Вот № 214", "А это № 215"]


async def test_the_card_of_a_sent_draft_loses_its_buttons(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    masha.sees("Отправлено: 1 фото.")
    assert not any(
        button.label == "Отправить"
        for shown in masha.messages[-2:]
        for row in shown.message.buttons
        for button in row
    )


async def test_a_photo_out_of_the_blue_asks_for_which_task(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-23 18:00", "Алгебра")
    await set_task(house, "2026-11-20 18:00", "История")
    await set_task(house, "2026-11-24 12:00", "Физика", channel="platform")

    await masha.sends(photo())

    masha.sees("Получено: 1 фото.", "К какому заданию?")
    assert masha.buttons[:3] == [
        "Алгебра · сегодня 18:00",
        "Геометрия · завтра 15:00",
        "История · 20.11 18:00",
    ]
    await masha.presses("Алгебра")
    masha.sees("Алгебра — сегодня до 18:00", "Собрано: 1 фото.", "[Отправить]")
    assert len(masha.messages) == 1, "the card changes in place"
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    assert work.task.subject == "Алгебра"


async def test_text_after_a_photo_belongs_to_the_work_at_once(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "2026-11-24 15:00")
    await masha.sends(photo())
    await masha.says("на обороте ответ", sent_at=moscow("2026-11-23 07:29:30"))
    masha.sees("Получено: 1 фото, текст.")


async def test_nothing_collected_cannot_be_sent(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    draft = await draft_of(masha)
    assert draft is not None
    await masha.acts(f"hand_in.send:{draft.id}:{draft.version}")
    masha.sees("Пока отправлять нечего")
    assert await sent_works(house) == 0


async def test_the_last_part_can_be_taken_back_and_all_of_it_dropped(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.says("лишнее")
    await masha.presses("Убрать последнее")
    masha.sees("Собрано: 1 фото.")
    await masha.presses("Убрать последнее")
    masha.sees("Пришли работу")

    await masha.sends(photo())
    await masha.presses("Отмена")
    masha.sees("учителю ничего не отправлено")
    assert await draft_of(masha) is None
    assert await sent_works(house) == 0


async def test_a_button_from_before_new_files_asks_to_check(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    [old] = [
        button.action
        for row in masha.last.message.buttons
        for button in row
        if button.label == "Отправить"
    ]
    await masha.sends(photo())

    await masha.acts(old)
    masha.sees("Добавились файлы — проверь", "Собрано: 2 фото.")
    assert await sent_works(house) == 0

    await masha.acts(old.replace("send", "cancel"))
    masha.sees("Здесь уже по-другому", "Собрано: 2 фото.")
    assert await draft_of(masha) is not None


async def test_an_old_button_never_sends_a_later_draft(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    masha = await begins(house)
    await masha.sends(photo())
    first = await draft_of(masha)
    await masha.presses("Отправить")
    await masha.sends(photo())
    await masha.presses("К другому заданию")
    await masha.presses("Алгебра")
    second = await draft_of(masha)
    assert first is not None
    assert second is not None
    assert first.id != second.id

    await masha.acts(f"hand_in.send:{first.id}:{second.version}")

    masha.sees("Этого черновика уже нет")
    assert await sent_works(house) == 1


async def test_a_command_leaves_the_draft_and_the_task_shows_it_again(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.says("Ответы учителей")
    await masha.says("привет")
    masha.sees("Не получилось понять")

    await begins(house)
    masha.sees("Собрано: 1 фото.")

    await masha.says("Помощь")
    await masha.sends(photo())
    masha.sees("Геометрия", "Собрано: 2 фото.")


async def test_another_task_while_one_is_collected_asks_what_to_do(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.says("Задания")
    await masha.presses("Алгебра")
    await masha.presses("Сдать")
    masha.sees("Здесь уже собирается другая работа: геометрия, 1 фото")

    await masha.presses("Продолжить: геометрия")
    masha.sees("Геометрия", "Собрано: 1 фото.")
    await masha.presses("Перенести сюда: алгебра")
    masha.sees("Алгебра", "Собрано: 1 фото.")


async def test_the_same_photo_in_a_group_of_wards_names_the_child(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Математика", of_class=1)
    await set_task(house, "2026-11-24 16:00", "Математика", of_class=3)
    mother = await house.chat("P009")
    await mother.sends(photo())
    assert mother.buttons[:2] == [
        "Фёдор: Математика · завтра 15:00",
        "Кира: Математика · завтра 16:00",
    ]
    await mother.presses("Кира")
    mother.sees("Кира. Математика")
    await mother.presses("Отправить")
    mother.sees("Кира. Работа принята")
    [work] = await works_of(house, "S301")
    assert work.author_id == mother.person_id
    assert not await works_of(house, "S102")


async def test_somebody_else_in_the_same_chat_does_not_find_the_draft(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    draft = await draft_of(masha)
    timofey = await house.person("S702")
    assert draft is not None
    async with house.database.write() as tx:
        await tx.execute(sa.text("UPDATE accounts SET person_id = :who"), {"who": timofey.id})

    await masha.acts(f"hand_in.send:{draft.id}:{draft.version}")
    masha.sees("Этого черновика уже нет")
    await masha.sends(photo())
    masha.sees("Получено: 1 фото.")
    assert await sent_works(house) == 0


@pytest.mark.parametrize("verb", ["send", "drop", "cancel", "choose", "show", "append", "aim"])
async def test_somebody_elses_draft_is_refused(house: House, verb: str) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    draft = await draft_of(masha)
    assert draft is not None
    timofey = await house.chat("S702")
    await timofey.acts(f"hand_in.{verb}:{draft.id}:{draft.version}:1:1")
    timofey.sees("Этого черновика уже нет")
    await timofey.acts(f"hand_in.{verb}:x")
    timofey.sees("Такой записи здесь нет.")
    assert await draft_of(masha) == draft


async def test_a_withdrawn_task_and_a_new_class_are_refused_and_the_parts_stay(
    house: House,
) -> None:
    geometry = await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    masha = await begins(house)
    await masha.sends(photo())
    await take_back(house, geometry)
    await masha.presses("Отправить")
    masha.sees("задание отменено", "Получено: 1 фото.", "К какому заданию?")
    masha.sees_not("больше нет")
    await masha.presses("Алгебра")
    await moves_to(house, masha, 5)

    await masha.presses("Отправить")
    masha.sees("Этого задания для тебя больше нет. Собранное цело.", "Получено: 1 фото.")
    assert await sent_works(house) == 0
    await masha.sends(photo())
    masha.sees("Получено: 2 фото.", "Заданий, которые сдаются здесь, сейчас нет.")


async def test_the_only_task_is_withdrawn_over_a_draft_and_the_photo_waits(house: House) -> None:
    geometry = await sets_task(house)
    masha, teacher = await house.chat("S701"), await house.chat("T01")
    await masha.acts(f"hand_in.start:{masha.person_id}:{geometry.id}")
    await masha.sends(photo())
    masha.forget()
    await teacher.acts(f"own-task.open:{geometry.id}")
    await teacher.presses("Снять задание")
    await teacher.presses("Снять")
    teacher.sees("Задание снято", "Сообщения об этом ученикам не придёт.")
    assert masha.is_silent()

    await masha.presses("Отправить")
    masha.sees("Это задание отменено (Геометрия). Сдавать его не нужно.", *KEPT)
    await masha.sends(photo())
    masha.sees("Это задание отменено", "Получено: 2 фото.")
    await masha.sends(photo())
    masha.sees("Получено: 3 фото.")
    masha.sees_not("Это задание отменено")
    assert await sent_works(house) == 0

    algebra = await sets_task(house, course="7Б, алгебра")
    await masha.acts(f"hand_in.start:{masha.person_id}:{algebra.id}")
    masha.sees("Собрано: 3 фото.")


async def test_a_photo_without_any_task_is_said_to_be_kept_and_not_sent(house: House) -> None:
    masha, mother = await house.chat("S701"), await house.chat("P001")
    await masha.sends(photo())
    masha.sees(*KEPT)
    await mother.sends(photo())
    mother.sees("Учителю не отправлено.", "сможете это сдать.")
    await masha.presses("Убрать последнее")
    masha.sees_not("Учителю не отправлено")

    await set_task(house, "2026-11-24 15:00")
    await masha.sends(photo())
    masha.sees("К какому заданию?")
    masha.sees_not("Учителю не отправлено")


async def test_a_guardian_of_older_children_hands_nothing_in(house: House) -> None:
    task = await set_task(house, "2026-11-24 15:00")
    masha, mother = await house.person("S702"), await house.chat("P002")
    await mother.sends(photo())
    mother.sees("Выберите, пожалуйста, в меню")
    await mother.acts(f"hand_in.start:{masha.id}:{task.id}")
    mother.sees("Такой записи здесь нет.")
    assert await draft_of(mother) is None
