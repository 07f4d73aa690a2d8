"""П1-1.5: a work is collected over several messages, sent once, and there is a receipt."""

from datetime import date

import pytest
import sqlalchemy as sa

from handlers.messages import FileKind, Incoming, RemoteFile
from storage import drafts, works
from storage.tables.people import classes, students
from tests.assignments import move, release, sent_works, set_task, take_back, works_of
from tests.chat import Chat, House, Sendable, moscow, pdf, photo, sticker, voice

pytestmark = pytest.mark.clause("П1-1.5")

MEGABYTE = 1024 * 1024


async def kinds_of(house: House, work: works.Work) -> list[str]:
    async with house.database.read() as tx:
        return [part.kind for part in await works.parts_of(tx, work.id)]


async def texts_of(house: House, work: works.Work) -> list[str]:
    async with house.database.read() as tx:
        return [part.text for part in await works.parts_of(tx, work.id) if part.kind == "text"]


async def draft_of(chat: Chat) -> drafts.Draft | None:
    async with chat.house.database.read() as tx:
        return await drafts.in_chat(tx, chat.messenger.lane, chat.user)


async def begins(house: House, roster_id: str = "S701", messenger: str = "telegram") -> Chat:
    """Open the draft of the geometry task from the list of tasks."""
    chat = await house.chat(roster_id, messenger)
    await chat.says("Задания")
    await chat.presses("Геометрия")
    await chat.presses("Сдать")
    return chat


async def sends_photo_for(chat: Chat, subject: str) -> None:
    await chat.sends(photo())
    if "К другому заданию" in chat.buttons:
        await chat.presses("К другому заданию")
    await chat.presses(subject)
    await chat.presses("Отправить")


async def moves_to(house: House, chat: Chat, parallel: int) -> None:
    async with house.database.write() as tx:
        class_id = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == parallel))
        await tx.execute(
            sa.update(students)
            .where(students.c.person_id == chat.person_id)
            .values(class_id=class_id)
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


async def test_the_receipt_has_number_time_files_and_the_day_of_the_answer(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    house.clock.set(moscow("2026-11-23 14:12"))
    masha = await begins(house)
    await masha.sends(photo(), photo(), photo())
    await masha.presses("Отправить")

    assert masha.text == (
        "Работа принята: геометрия, 3 фото, 23.11.2026, 14:12 (мск), № 7Б-0001.\n"
        "Комментарии будут во вторник, 24 ноября."
    )
    assert masha.buttons == ["Все задания"]
    masha.sees_not("после срока")
    assert await draft_of(masha) is None


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


async def test_an_album_brings_one_card_at_the_end(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    before = len(masha.messages)
    album = [photo() for _ in range(4)]
    await masha.sends(*album)
    assert len(masha.messages) <= before + 4
    assert "Собрано: 4 фото." in masha.text


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


@pytest.mark.clause("П1-2.3")
@pytest.mark.parametrize(
    ("sent", "review_on", "answer"),
    [
        ("2026-11-25 17:59", date(2026, 11, 25), "в четверг, 26 ноября"),
        ("2026-11-25 18:20", date(2026, 11, 26), "в пятницу, 27 ноября"),
    ],
)
async def test_scenario_5_the_cutoff_decides_the_day_of_the_review(
    house: House, sent: str, review_on: date, answer: str
) -> None:
    await set_task(house, "2026-11-30 15:00")
    house.clock.set(moscow(sent))
    masha = await house.chat("S701")
    await sends_photo_for(masha, "Геометрия")
    masha.sees(f"Комментарии будут {answer}.")
    [work] = await works_of(house, "S701")
    assert work.review_due_on == review_on

    async with house.database.write() as tx:
        await tx.execute(sa.text("UPDATE schools SET review_cutoff = '12:00:00.000000'"))
    assert (await works_of(house, "S701"))[0].review_due_on == review_on


@pytest.mark.clause("П1-1.6")
@pytest.mark.parametrize(
    ("roster_id", "parallel", "sent", "answer"),
    [
        ("S701", 7, "2026-11-27 14:00", "в понедельник, 30 ноября"),
        ("S901", 9, "2026-11-27 14:00", "в субботу, 28 ноября"),
        ("S701", 7, "2026-12-30 14:00", "в понедельник, 11 января"),
        ("S901", 9, "2026-12-30 14:00", "в понедельник, 11 января"),
    ],
)
async def test_scenario_1_the_answer_is_promised_for_the_next_working_day(
    house: House, roster_id: str, parallel: int, sent: str, answer: str
) -> None:
    house.clock.set(moscow(sent))
    await set_task(house, "2027-01-15 15:00", of_class=parallel)
    chat = await house.chat(roster_id)
    await sends_photo_for(chat, "Геометрия")
    chat.sees(f"Комментарии будут {answer}.")


async def test_a_command_leaves_the_draft_and_the_task_shows_it_again(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.says("Ответы учителей")
    await masha.says("привет")
    masha.sees("Не разобрал")

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


def part_of_album(chat: Chat, mark: str) -> Incoming:
    """One photo of the album «a1»: a messenger sends each as an event of its own."""
    chat.messenger.blobs[mark] = photo(mark).content
    now = chat.house.clock.now().replace(microsecond=0)
    remote = (RemoteFile(FileKind.PHOTO, mark),)
    return Incoming(chat.address, now, message_ref=mark, album="a1", remote=remote)


@pytest.mark.parametrize("when", ["07:31:30", "09:00"])
async def test_a_file_of_the_same_album_is_offered_to_the_work_however_late(
    house: House, when: str
) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.happens(part_of_album(masha, "one"))
    await masha.presses("Отправить")
    house.clock.set(moscow(f"2026-11-23 {when}"))

    await masha.happens(part_of_album(masha, "two"))
    masha.sees("Пришло после отправки: 1 фото. Добавить к № 7Б-0001 (геометрия)?")
    await masha.presses("Да, добавить")

    masha.sees("Добавлено к № 7Б-0001. Теперь в работе: 2 фото.")
    [work] = await works_of(house, "S701")
    assert await kinds_of(house, work) == ["photo", "photo"]
    assert await draft_of(masha) is None


async def test_several_late_files_are_one_offer(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    await masha.sends(photo(), photo())
    masha.sees("Пришло после отправки: 2 фото.")
    await masha.presses("Да, добавить")
    masha.sees("Теперь в работе: 3 фото.")


async def test_a_late_file_may_be_for_another_task(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    await masha.sends(photo())
    await masha.presses("К другому заданию")
    await masha.presses("Алгебра")
    await masha.presses("Отправить")
    assert [work.task.subject for work in await works_of(house, "S701")] == [
        "Геометрия",
        "Алгебра",
    ]


async def test_later_than_two_minutes_or_after_the_review_nothing_is_added(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    await masha.sends(photo())
    await release(house, work, mark="5")
    await masha.presses("Да, добавить")
    masha.sees("№ 7Б-0001", "добавить нельзя")
    await masha.presses("Отмена")

    house.clock.set(moscow("2026-11-23 07:40"))
    await masha.sends(photo())
    masha.sees("К какому заданию?")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (Sendable(FileKind.DOCUMENT, b"", "видео.avi", 25 * MEGABYTE), "больше 20 МБ"),
        (Sendable(FileKind.DOCUMENT, b"MZ\0\0\0\x01\x02\0", "virus.exe"), "учитель не откроет"),
        (sticker(), "Стикер"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_said_and_the_rest_is_kept(
    house: House, file: Sendable, words: str
) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(file, text="решение в файле")
    masha.sees(words, "Собрано: текст.")
    await masha.sends(photo())
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    assert await kinds_of(house, work) == ["text", "photo"]


async def test_a_big_file_out_of_the_blue_is_told_where_to_go_instead(house: House) -> None:
    masha = await house.chat("S701")
    await masha.sends(Sendable(FileKind.DOCUMENT, b"", "видео.avi", 25 * MEGABYTE))
    masha.sees("«видео.avi»", "Сожми его", "https://sferum.example/school")
    assert await draft_of(masha) is None


async def test_a_file_that_did_not_arrive_is_asked_for_again(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(Sendable(FileKind.DOCUMENT, b"", "работа.pdf", MEGABYTE), text="вот")
    masha.sees("«работа.pdf» до меня не дошёл", "ещё раз", "Собрано: текст.")


async def test_an_empty_message_is_answered(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await house.chat("S701")
    await masha.says("")
    masha.sees("Не разобрал")
    await begins(house)
    await masha.says("")
    masha.sees("Это сообщение пришло пустым")


async def test_a_very_long_text_is_kept_whole(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    pieces = [letter * 4096 for letter in "абв"]
    for piece in pieces:
        await masha.says(piece)
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    assert await texts_of(house, work) == pieces


async def test_more_parts_than_a_work_holds_are_refused_and_the_draft_stays(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    draft = await draft_of(masha)
    assert draft is not None
    async with house.database.write() as tx:
        for number in range(60):
            await drafts.add_part(tx, draft.id, works.Part("text", f"{number}"))
    await masha.says("ещё")
    masha.sees("помещается 60 частей")


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
    masha.sees("больше нет", "Собранное цело")
    await masha.presses("К другому заданию")
    await masha.presses("Алгебра")
    await moves_to(house, masha, 5)

    await masha.presses("Отправить")
    masha.sees("больше нет")
    assert await sent_works(house) == 0
    await masha.sends(photo())
    masha.sees("Получено: 2 фото.", "Заданий, которые сдаются здесь, сейчас нет.")


async def test_a_moved_deadline_counts_when_the_work_is_sent(house: House) -> None:
    task = await set_task(house, "2026-11-23 12:00")
    masha = await begins(house)
    await masha.sends(photo())
    await move(house, task, "2026-11-24 12:00")
    house.clock.set(moscow("2026-11-23 13:00"))
    await masha.presses("Отправить")
    masha.sees_not("после срока")
