"""П1-2.3, П1-2.4: the queue, one work, the answer, a return for rework, the nudges."""

import pytest
import sqlalchemy as sa

from handlers.messages import FileKind
from storage import reviews, works
from storage.reviews import Review
from storage.tables.people import guardianships
from storage.works import Work
from tests.chat import Chat, House, pdf, photo, voice
from tests.handlers.teaching import action_of, hands_in, sets_task


async def the_work(house: House, number: int = 1) -> Work:
    async with house.database.read() as tx:
        found = await works.by_id(tx, number)
    assert found is not None
    return found


async def every_review(house: House) -> list[Review]:
    async with house.database.read() as tx:
        rows = await tx.execute(sa.select(*reviews.REVIEW).order_by(reviews.REVIEW[0]))
        return [Review(*row) for row in rows]


async def opened(house: House, who: str = "S701", text: str = "Ответ: 42") -> Chat:
    task = await sets_task(house)
    await hands_in(house, who, task, text=text)
    teacher = await house.chat("T01")
    await teacher.says("На проверку")
    await teacher.acts("review.open:1")
    return teacher


@pytest.mark.clause("П1-2.3")
async def test_the_queue_leads_with_counts_and_names_each_work(house: House) -> None:
    await house.until("2026-11-23 12:00")
    geometry = await sets_task(house)
    algebra = await sets_task(house, course="9А, алгебра", due="23.11 12:30")
    teacher = await house.chat("T01")
    await teacher.says("На проверку")
    teacher.sees("Всё проверено")
    await hands_in(house, "S701", geometry, photo(), photo())
    await house.until("2026-11-23 12:40")
    await hands_in(house, "S901", algebra, text="x = 3")

    await teacher.says("На проверку")
    teacher.sees("На проверке 2: 7Б — 1, 9А — 1", "Проверить сегодня:", "Соколова Мария", "2 файла")
    teacher.sees("9А, алгебра", "после срока")
    await house.until("2026-11-24 09:00")
    await teacher.says("На проверку")
    teacher.sees("Срок проверки был 23 ноября")


@pytest.mark.clause("П1-2.3")
async def test_a_long_queue_has_pages(house: House) -> None:
    task = await sets_task(house)
    for number in range(701, 707):
        await hands_in(house, f"S{number}", task, text="Готово")
    teacher = await house.chat("T01")
    await teacher.says("На проверку")
    teacher.sees("На проверке 6: 7Б — 6")
    assert len(teacher.buttons) == 6
    await teacher.presses("Ещё")
    assert teacher.last.edited == 1
    teacher.sees("Блинова Дарья")


@pytest.mark.clause("П1-2.3")
async def test_a_work_is_shown_whole_and_in_order(house: House) -> None:
    task = await sets_task(house)
    masha = await hands_in(house, "S701", task, photo("a"), photo("b"))
    await masha.acts(f"hand_in.start:{masha.person_id}:{task.id}")
    await masha.says("Сначала текст")
    await masha.sends(*[photo(str(number)) for number in range(11)])
    await masha.sends(pdf("чертёж.pdf"))
    await masha.sends(voice())
    await masha.says("и слова в конце")
    await masha.presses("Отправить")

    teacher = await house.chat("T01")
    await teacher.acts("review.open:2")
    kinds = [[file.kind for file in shown.message.files] for shown in teacher.news]
    assert kinds == [
        [],
        [FileKind.PHOTO] * 10,
        [FileKind.PHOTO],
        [FileKind.DOCUMENT],
        [FileKind.VOICE],
        [],
        [],
    ]
    assert teacher.news[0].message.text == "Сначала текст"
    teacher.sees("Соколова Мария, 7Б, геометрия, № 7Б-0002", "в срок", "Попытка 2 из 2")


@pytest.mark.clause("П1-2.3")
async def test_a_mark_and_words_and_voice_go_out_together_when_released(house: House) -> None:
    teacher = await opened(house)
    teacher.sees("Ответ: 42", "Отметка — кнопкой")
    assert teacher.buttons[:5] == ["5", "4", "3", "2", "Зачёт…"]
    await teacher.presses("4")
    teacher.sees("Отметка: 4")
    assert "✓ 4" in teacher.buttons
    await teacher.presses("5")
    await teacher.says("Хорошо, но проверь № 3")
    await teacher.sends(voice())
    teacher.sees("Отметка: 5", "проверь № 3", "Аудиорецензия приложена")
    masha = await house.chat("S701")
    masha.forget()
    assert masha.is_silent()

    await house.until("2026-11-23 16:00")
    await teacher.presses("Готово")
    (card,) = [one for one in teacher.messages if "Отправлено ученику" in one.message.text]
    assert card.edited
    masha.sees("еометрия")
    (review,) = await every_review(house)
    assert (review.mark, review.outcome) == ("5", "accepted")
    assert review.comment == "Хорошо, но проверь № 3"
    assert review.audio_file_id
    assert review.released_at
    assert (await the_work(house)).state == "reviewed"


@pytest.mark.clause("П1-2.3")
async def test_two_presses_and_two_teachers_release_once(house: House) -> None:
    teacher = await opened(house)
    await teacher.presses("4")
    press = action_of(teacher, "Готово")
    await teacher.acts(press)
    await teacher.acts(press)
    teacher.sees("уже отправлен")
    again = await house.chat("T01", "vk")
    await again.acts(press)
    again.sees("уже отправлен")
    assert len(await every_review(house)) == 1


@pytest.mark.clause("П1-2.3")
async def test_what_is_released_is_what_was_shown(house: House) -> None:
    teacher = await opened(house)
    await teacher.presses("4")
    old = action_of(teacher, "Готово")
    await teacher.presses("2")
    await teacher.acts(old)
    teacher.sees("С тех пор ответ изменился", "Отметка: 2")
    assert (await the_work(house)).state == "sent"


@pytest.mark.clause("П1-2.3")
async def test_a_return_needs_words_and_brings_a_second_attempt(house: House) -> None:
    teacher = await opened(house)
    await teacher.presses("4")
    await teacher.presses("На доработку")
    teacher.sees("Что доработать?")
    await teacher.presses("Готово")
    teacher.sees("Чтобы вернуть работу")
    assert (await the_work(house)).state == "sent"
    await teacher.says("Нет чертежа")
    await teacher.presses("Готово")
    teacher.sees("На доработку", "Нет чертежа", "Отправлено ученику")
    (review,) = await every_review(house)
    assert (review.outcome, review.mark) == ("returned", "")
    assert (await the_work(house)).state == "returned"

    await hands_in(house, "S701", (await the_work(house)).task, photo())
    await teacher.says("На проверку")
    teacher.sees("попытка 2")
    await teacher.acts("review.open:2")
    teacher.sees("Попытка 2 из 2", "Прошлый ответ: На доработку; Комментарий: Нет чертежа")


@pytest.mark.clause("П1-2.3")
async def test_an_empty_answer_is_not_sent(house: House) -> None:
    teacher = await opened(house)
    await teacher.presses("Готово")
    teacher.sees("Ответ пока пустой")
    await teacher.presses("Зачёт…")
    teacher.sees("[Зачёт] [Незачёт] [5–2…]")
    await teacher.presses("Незачёт")
    teacher.sees("Отметка: незачёт", "[✓ Незачёт]")


@pytest.mark.clause("П1-2.4")
async def test_words_may_be_cleared_and_other_things_are_refused(house: House) -> None:
    teacher = await opened(house)
    await teacher.presses("Комментарий")
    teacher.sees("Соколова Мария: напишите")
    await teacher.says("Первая мысль")
    await teacher.says("вторая мысль")
    teacher.sees("Первая мысль\nвторая мысль")
    await teacher.sends(photo())
    teacher.sees("можно приложить голос или текст")
    await teacher.presses("Стереть")
    teacher.sees_not("вторая мысль")
    for _ in range(2):
        await teacher.says("я" * 3500)
    teacher.sees("6000")


@pytest.mark.clause("П1-2.3")
async def test_the_first_grade_has_no_marks(house: House) -> None:
    task = await sets_task(house, "T02", "1А, математика")
    await hands_in(house, "P001", task, photo(), student="S101")
    teacher = await house.chat("T02")
    await teacher.acts("review.open:1")
    teacher.sees("без отметок", "За ребёнка сдаёт родитель: Елена Викторовна")
    assert teacher.buttons[0] == "Комментарий"
    review_id = int(action_of(teacher, "Комментарий").split(":")[1])
    await teacher.acts(f"review.mark:{review_id}:5")
    teacher.sees("Такой записи здесь нет")
    await teacher.presses("Готово")
    teacher.sees("хотя бы слово")
    await teacher.sends(voice())
    shown = teacher.buttons
    await teacher.presses("Готово")
    assert "Готово — отправить родителю" in shown
    teacher.sees("Отправлено родителю.")
    teacher.sees_not("ученику")
    await teacher.presses("Исправить")
    teacher.sees("новый ответ придёт туда же")


@pytest.mark.clause("П1-2.3")
async def test_an_answer_for_both_parents_or_for_a_child_alone_says_so(house: House) -> None:
    task = await sets_task(house, "T02", "1А, математика")
    await hands_in(house, "P021", task, photo(), student="S107")
    teacher, child = await house.chat("T02"), await house.person("S107")
    await teacher.acts("review.open:1")
    assert "Готово — отправить родителям" in teacher.buttons
    async with house.database.write() as tx:
        await tx.execute(sa.delete(guardianships).where(guardianships.c.student_id == child.id))
    await teacher.acts("review.open:1")
    assert "Готово — отправить ученику" in teacher.buttons


@pytest.mark.clause("П1-2.3")
async def test_who_answers_for_the_whole_school_is_told_of_their_own_queue(house: House) -> None:
    deputy = await house.chat("T14")
    await deputy.says("На проверку")
    deputy.sees("У вас всё проверено: новых работ нет.")
    await deputy.says("Кто не сдал")
    deputy.sees("У вас заданий пока нет. Начать первое — «Новое задание».")
    await deputy.acts("own-task.list:0")
    deputy.sees("У вас заданий пока нет.")


@pytest.mark.clause("П1-2.3")
async def test_a_correction_is_a_new_answer_and_the_old_one_stays(house: House) -> None:
    teacher = await opened(house)
    await teacher.presses("3")
    await teacher.presses("Готово")
    await teacher.presses("Исправить")
    teacher.sees("Исправление", "Отметка: 3")
    await teacher.presses("4")
    await teacher.presses("Готово")
    first, second = await every_review(house)
    assert (first.mark, second.mark) == ("3", "4")
    assert first.released_at
    assert second.released_at
    await teacher.acts(f"review.correct:1:{first.id}")
    teacher.sees("С тех пор ответ изменился", "Отметка: 4")


@pytest.mark.clause("П1-2.3")
async def test_the_next_one_is_offered(house: House) -> None:
    task = await sets_task(house)
    await hands_in(house, "S701", task, text="раз")
    await hands_in(house, "S702", task, text="два")
    teacher = await house.chat("T01")
    await teacher.acts("review.open:1")
    await teacher.presses("5")
    await teacher.presses("Готово")
    await teacher.presses("Следующая: Ершов Тимофей")
    teacher.sees("два")
    await teacher.presses("5")
    await teacher.presses("Готово")
    assert not any(label.startswith("Следующая") for label in teacher.buttons)
    await teacher.acts("review.next:2")
    teacher.sees("Всё проверено")


@pytest.mark.clause("3.1")
async def test_only_the_teacher_of_the_subject_reviews(house: House) -> None:
    teacher = await opened(house)
    actions = [
        button.action for row in teacher.last.message.buttons for button in row if button.action
    ]
    for roster_id in ("S701", "P001", "T07", "T14"):
        other = await house.chat(roster_id)
        for action in ["review.open:1", *actions]:
            await other.acts(action)
            other.sees("Такой записи здесь нет")
    for broken in (
        "review.mark:1",
        "review.mark:1:9",
        "review.scale:1:x",
        "review.open:99",
        "queue.page:",
    ):
        await teacher.acts(broken)
        teacher.sees("Такой записи здесь нет")
    masha = await house.chat("S701")
    await masha.says("На проверку")
    masha.sees("Такой записи здесь нет")
    assert (await the_work(house)).state == "sent"


@pytest.mark.clause("П1-2.3")
async def test_scenario_5_the_cut_off_decides_the_day_and_is_not_rewritten(house: House) -> None:
    task = await sets_task(house)
    await house.until("2026-11-23 17:59")
    await hands_in(house, "S701", task, text="вовремя")
    await house.until("2026-11-23 18:20")
    await hands_in(house, "S702", task, text="вечером")
    teacher = await house.chat("T01")
    await teacher.says("На проверку")
    teacher.sees("Проверить сегодня:", "Срок проверки — 24 ноября:")
    async with house.database.write() as tx:
        await tx.execute(sa.text("UPDATE schools SET review_cutoff = '12:00:00.000000'"))
    await teacher.says("На проверку")
    teacher.sees("Проверить сегодня:", "Срок проверки — 24 ноября:")
