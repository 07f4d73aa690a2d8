"""П1-1.6: the student hears of an answer in good time, and opens it in one message."""

import pytest

from handlers.messages import FileKind
from storage import outbox
from storage.works import Work
from tests.assignments import (
    a_file,
    goes_on,
    notices,
    release,
    review_again,
    set_task,
    take_back,
    works_of,
)
from tests.chat import Chat, House, moscow, photo

pytestmark = pytest.mark.clause("П1-1.6")


async def hands_in(house: House, roster_id: str = "S701", subject: str = "Геометрия") -> Work:
    """Hand a photo in from the student's chat, or from the guardian's of a small child."""
    chat = await house.chat({"S101": "P001"}.get(roster_id, roster_id))
    await chat.sends(photo())
    if "К другому заданию" in chat.buttons:
        await chat.presses("К другому заданию")
    await chat.presses(subject)
    await chat.presses("Отправить")
    return (await works_of(house, roster_id))[-1]


def news(chat: Chat) -> list[str]:
    texts = [shown.message.text for shown in chat.messages]
    return [text for text in texts if "Есть ответ учителя" in text]


async def test_an_answer_is_heard_at_once_in_the_afternoon(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 16:00"))

    await release(house, work, mark="4", comment="Чертёж аккуратный")
    await house.settle()

    assert news(masha) == ["Есть ответ учителя: геометрия — отметка 4, комментарий."]
    assert masha.buttons == ["Открыть"]


@pytest.mark.parametrize(
    ("released", "silent_until", "heard"),
    [
        ("2026-11-24 08:40", "2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-23 22:30", "2026-11-24 07:34", "2026-11-24 07:35"),
        ("2026-11-28 11:00", "2026-11-30 07:34", "2026-11-30 07:35"),
    ],
)
async def test_not_in_lessons_not_at_night_not_on_a_day_off(
    house: House, released: str, silent_until: str, heard: str
) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    masha = await house.chat("S701")
    house.clock.set(moscow(released))
    await release(house, work, mark="5")

    await goes_on(house, silent_until)
    assert not news(masha)
    await goes_on(house, heard)
    assert len(news(masha)) == 1


async def test_the_morning_card_speaks_for_an_answer_of_the_night(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 22:30"))
    await release(house, work, mark="5")

    await house.until("2026-11-24 08:00")

    assert not news(masha)
    assert [row.state for row in await notices(house, "answer", "S701")] == [outbox.DROPPED]
    morning = [shown.message.text for shown in masha.messages if "24 ноября" in shown.message.text]
    assert any("Геометрия" in text for text in morning)


async def test_the_morning_card_does_not_speak_for_an_answer_given_in_a_lesson(
    house: House,
) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    masha = await house.chat("S701")
    await house.until("2026-11-24 08:40")
    await release(house, work, mark="5")

    await house.until("2026-11-24 09:01")

    assert len(news(masha)) == 1


async def test_an_answer_that_was_read_meanwhile_is_not_announced(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-24 08:40"))
    await release(house, work, mark="5")
    await masha.says("Ответы учителей")
    await masha.presses("Геометрия")

    await goes_on(house, "2026-11-24 10:00")

    assert not news(masha)


async def test_in_grades_1_to_4_the_guardian_hears_and_opens_it(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Математика", of_class=1)
    work = await hands_in(house, "S101", "Математика")
    mother, child = await house.chat("P001"), await house.chat("S101")
    house.clock.set(moscow("2026-11-23 16:00"))
    review = await release(house, work, comment="Молодец, ровные цифры")
    await house.settle()

    mother.sees("Михаил. Есть ответ учителя: математика — комментарий.")
    assert not news(child)
    await mother.presses("Открыть")
    mother.sees("Михаил. Математика · № 1А-0001 · попытка 1", "Молодец, ровные цифры")
    mother.sees_not("тметка")
    opened = await review_again(house, review)
    assert (opened.opened_by, opened.opened_at) == (mother.person_id, house.clock.now())


async def test_the_list_has_unread_first_and_they_stay_until_opened(house: House) -> None:
    masha = await house.chat("S701")
    for subject in ("Геометрия", "Алгебра"):
        await set_task(house, "2026-11-24 15:00", subject)
        await release(house, await hands_in(house, subject=subject), mark="4")

    await masha.says("Ответы учителей")
    masha.sees("Не прочитано: 2 ответа.", "• Геометрия, № 7Б-0001 — отметка 4 (новое)")
    await masha.presses("Геометрия")
    await masha.says("Ответы учителей")

    assert masha.text.splitlines() == [
        "Не прочитано: 1 ответ.",
        "• Алгебра, № 7Б-0002 — отметка 4 (новое)",
        "• Геометрия, № 7Б-0001 — отметка 4",
    ]


async def test_opening_is_noted_the_first_time_only(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    review = await release(house, await hands_in(house), mark="4")
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 15:00"))
    await masha.acts(f"answers.open:{review.id}")
    house.clock.set(moscow("2026-11-23 17:00"))
    await masha.acts(f"answers.open:{review.id}")
    opened = await review_again(house, review)
    assert (opened.opened_by, opened.opened_at) == (masha.person_id, moscow("2026-11-23 15:00"))


async def test_a_guardian_of_an_older_child_reads_but_does_not_open_for_it(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    review = await release(house, await hands_in(house), mark="4")
    mother = await house.chat("P001")
    await mother.acts(f"answers.open:{review.id}")
    mother.sees("Мария. Геометрия", "Отметка: 4")
    assert (await review_again(house, review)).opened_at is None


@pytest.mark.clause("П1-2.4")
async def test_mark_words_voice_and_attempt_are_one_message(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    audio = await a_file(house, "v")
    work = await hands_in(house)
    review = await release(house, work, mark="4", comment="Слушай", audio=audio)
    masha = await house.chat("S701")

    await masha.acts(f"answers.open:{review.id}")

    [shown] = masha.news
    assert shown.message.text == ("Геометрия · № 7Б-0001 · попытка 1\nОтметка: 4\n\nСлушай")
    assert [file.kind for file in shown.message.files] == [FileKind.VOICE]
    assert masha.buttons == ["Задание", "Все ответы"]


@pytest.mark.clause("П1-2.4")
async def test_a_long_comment_is_whole_and_the_voice_follows(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    audio = await a_file(house, "v")
    comment = "Подробно. " * 500
    review = await release(house, await hands_in(house), comment=comment, audio=audio)
    masha = await house.chat("S701")

    await masha.acts(f"answers.open:{review.id}")

    said = "".join(shown.message.text for shown in masha.news)
    assert said.count("Подробно.") == 500
    assert masha.news[-1].message.files
    assert masha.buttons


async def test_a_returned_work_is_handed_in_again_from_the_answer(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    review = await release(house, await hands_in(house), comment="Нет чертежа", back=True)
    masha = await house.chat("S701")
    await masha.acts(f"answers.open:{review.id}")
    masha.sees("Вернули на доработку: поправь и сдай ещё раз.", "Нет чертежа")

    await masha.presses("Сдать ещё раз")
    await masha.sends(photo())
    await masha.presses("Отправить")
    masha.sees("Попытка 2")

    await masha.acts(f"answers.open:{review.id}")
    assert "Сдать ещё раз" not in masha.buttons, "there is a newer attempt"


@pytest.mark.parametrize(("mark", "words"), [("pass", "зачёт"), ("fail", "незачёт"), ("5", "5")])
async def test_every_mark_has_its_word(house: House, mark: str, words: str) -> None:
    await set_task(house, "2026-11-24 15:00")
    review = await release(house, await hands_in(house), mark=mark)
    masha = await house.chat("S701")
    await masha.acts(f"answers.open:{review.id}")
    assert masha.text.splitlines()[1].removeprefix("Отметка: ") == words


async def test_a_corrected_review_stands_for_the_one_it_corrects(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    first = await release(house, work, mark="3")
    second = await release(house, work, mark="4")
    masha = await house.chat("S701")
    await masha.says("Ответы учителей")
    masha.sees("Не прочитано: 1 ответ.", "отметка 4")
    await masha.presses("Геометрия")
    assert (await review_again(house, first)).opened_at is not None
    assert (await review_again(house, second)).opened_at is not None


async def test_a_correction_is_told_as_one(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    work = await hands_in(house)
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 16:00"))
    await release(house, work, mark="5")
    await house.settle()
    house.clock.set(moscow("2026-11-23 16:10"))
    await release(house, work, mark="4")
    await house.settle()

    assert masha.text == "Ответ учителя исправлен: геометрия — отметка 4."


async def test_an_answer_stays_when_its_task_is_taken_back(house: House) -> None:
    task = await set_task(house, "2026-11-24 15:00")
    review = await release(house, await hands_in(house), comment="Ещё раз", back=True)
    await take_back(house, task)
    masha = await house.chat("S701")
    await masha.acts(f"answers.open:{review.id}")
    masha.sees("Ещё раз")
    assert masha.buttons == ["Все ответы"]


async def test_somebody_elses_and_unreleased_answers_do_not_exist(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    review = await release(house, await hands_in(house), mark="4")
    timofey, masha = await house.chat("S702"), await house.chat("S701")
    for action in (f"answers.open:{review.id}", f"answers.list:{masha.person_id}", "answers.open"):
        await timofey.acts(action)
        assert timofey.text == "Такой записи здесь нет."
    await masha.acts(f"answers.open:{review.id + 1}")
    assert masha.text == "Такой записи здесь нет."


async def test_nothing_to_read_is_said(house: House) -> None:
    masha = await house.chat("S701")
    await masha.says("Ответы учителей")
    masha.sees("Ответов пока нет.")
    teacher = await house.chat("T02")
    await teacher.says("Ответы учителей")
    teacher.sees("Вот меню")


async def test_a_guardian_is_shown_the_child_with_something_to_read(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", of_class=7)
    await release(house, await hands_in(house), mark="4")
    mother = await house.chat("P001")
    await mother.says("Ответы учителей")
    mother.sees("Мария. Не прочитано: 1 ответ.", "[Михаил, 1А]", "[Анна, 5А]")
