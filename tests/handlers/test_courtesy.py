"""«Спасибо!» needs no menu: a short warm answer, unless the bot waits for one."""

import pytest

from handlers import courtesy
from handlers.texts import Texts
from tests.assignments import set_task, works_of
from tests.chat import Chat, House, photo, sticker
from tests.handlers.collecting import begins, kinds_of

THANKS = ("Спасибо!", "спс", "СПАСИБО БОЛЬШОЕ ❤️", "Большое вам спасибо", "thanks", "Благодарю.")
NOTED = ("ок", "Ok!", "Понятно", "понял, спасибо 👍", "Хорошо", "Ясно...", "угу", "+", "))", ":)")
EMOJI = ("👍", "👍🏽", "❤️", "🙏🙏", "☺", "👨\u200d👩\u200d👧", "🇷🇺", "1️⃣")
NO_COURTESY = (
    *("привет", "?", "???", "!", "...", "", " ", "5", "нет", "да", "2:2", "42", "7Б", "1)"),
    *("спасибо, а когда срок?", "понятно?", "ок, что дальше", "спасибо за то что сломали почту"),
    *("почему", "не понятно", "спасибо " * 9, "👍?", "нехорошо", "https://example.org"),
)


async def answered(chat: Chat, text: str) -> str:
    await chat.says(text)
    [said] = chat.news
    assert not said.message.menu
    assert not said.message.buttons
    return said.message.text


async def test_thanks_are_answered_by_who_says_them(house: House) -> None:
    masha, mother = await house.chat("S701"), await house.chat("P001")
    teacher = await house.chat("T01")
    for text in THANKS:
        assert await answered(masha, text) == (
            "Пожалуйста! Удачи с уроками. Что дальше — смотри в «Мой день»."
        )
    assert await answered(mother, "Спасибо!") == "Пожалуйста! Новости о детях пришлю сюда."
    assert await answered(teacher, "Спасибо!") == "Пожалуйста! Я всегда под рукой."


async def test_the_elder_are_addressed_politely(house: House) -> None:
    elder = await house.chat("S1101")
    assert await answered(elder, "спасибо") == (
        "Пожалуйста! Удачи с уроками. Что дальше — всегда видно в «Мой день»."
    )


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_okay_an_emoji_and_a_sticker_are_answered_alike(house: House, messenger: str) -> None:
    masha = await house.chat("S701", messenger)
    teacher = await house.chat("T01", messenger)
    mother = await house.chat("P001", messenger)
    for text in (*NOTED, *EMOJI):
        if "спасибо" not in text:
            assert await answered(masha, text) == "Я рядом. Что дальше — смотри в «Мой день»."
    assert await answered(mother, "👍") == "Я рядом. Новости о детях пришлю сюда."
    for chat, said in ((masha, "Я рядом. Что"), (mother, "Я рядом. Н"), (teacher, "Я рядом: ")):
        await chat.sends(sticker())
        [shown] = chat.news
        assert shown.message.text.startswith(said)
        assert not shown.message.menu


@pytest.mark.parametrize("text", NO_COURTESY)
def test_what_says_more_is_no_courtesy(text: str) -> None:
    assert courtesy.meant(text) is None


async def test_what_says_more_gets_the_menu(house: House) -> None:
    masha = await house.chat("S701")
    await masha.says("спасибо, а когда срок?")
    masha.sees("Не получилось понять")
    assert masha.last.message.menu


@pytest.mark.clause("П1-1.5")
async def test_while_a_work_is_collected_it_belongs_to_the_work(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.says("Спасибо!")
    masha.sees("Собрано: 1 фото, текст.")
    await masha.sends(sticker())
    masha.sees("Стикер хороший, но к работе его не приложить.")
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    assert await kinds_of(house, work) == ["photo", "text"]

    await masha.says("Спасибо!")
    masha.sees("Пожалуйста!")


async def test_while_a_deadline_is_asked_it_is_no_courtesy(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б")
    await teacher.says("§ 17")
    await teacher.presses("Дальше")
    await teacher.presses("Другой срок")
    await teacher.says("ок")
    teacher.sees("Не получилось понять срок")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_both_languages_know_their_words(language: str) -> None:
    t = Texts(language)
    assert courtesy.meant(t("courtesy-said-thanks").split(",")[0]) is courtesy.Courtesy.THANKS
    assert courtesy.meant(t("courtesy-said-noted").split(",")[0]) is courtesy.Courtesy.NOTED
