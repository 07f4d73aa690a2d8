"""Who lets the bot write again is told once that reminders come again."""

from datetime import timedelta

import pytest

from handlers.messages import Happening
from tests.chat import Chat, House

BACK = "С возвращением, Мария! Напоминания и ответы учителей снова приходят сюда."


async def blocks(chat: Chat) -> None:
    await chat.happens(chat.event(happening=Happening.BLOCKED))
    chat.messenger.blocked.add(chat.user)


async def unblocks(chat: Chat) -> None:
    chat.messenger.blocked.discard(chat.user)
    await chat.happens(chat.event(happening=Happening.ALLOWED))


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_who_unblocks_is_welcomed_with_the_menu(house: House, messenger: str) -> None:
    masha = await house.chat("S701", messenger)
    await blocks(masha)
    assert masha.is_silent()
    await unblocks(masha)
    assert [shown.message.text for shown in masha.news] == [BACK]
    assert "Мой день" in masha.menu

    await house.until("2026-11-23 07:30")
    masha.sees("Доброе утро, Мария!")


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_the_start_that_comes_along_says_it_no_second_time(
    house: House, messenger: str
) -> None:
    masha = await house.chat("S701", messenger)
    await blocks(masha)
    await unblocks(masha)
    await masha.opens()
    assert masha.is_silent()
    assert [shown.message.text for shown in masha.messages] == [BACK]

    house.clock.set(house.clock.now() + timedelta(minutes=2))
    await masha.opens()
    masha.sees("Здравствуйте, Мария!")


async def test_a_start_that_comes_first_is_the_only_greeting(house: House) -> None:
    masha = await house.chat("S701")
    await blocks(masha)
    masha.messenger.blocked.discard(masha.user)
    await masha.opens()
    masha.sees("Здравствуйте, Мария!")
    await unblocks(masha)
    assert masha.is_silent()


async def test_a_code_in_the_link_is_answered_all_the_same(house: House) -> None:
    masha = await house.chat("S701")
    await blocks(masha)
    await unblocks(masha)
    await masha.opens("ABCDE23456")
    masha.sees("Этот чат уже привязан")


async def test_a_closed_chat_that_nobody_told_of_counts_too(house: House) -> None:
    """The bot learns it from a message that cannot be delivered."""
    masha = await house.chat("S701")
    masha.messenger.blocked.add(masha.user)
    await house.until("2026-11-23 07:30")
    await unblocks(masha)
    masha.sees(BACK)


async def test_who_was_never_away_hears_nothing(house: House) -> None:
    masha, stranger = await house.chat("S701"), house.stranger("vk")
    await unblocks(masha)
    assert masha.is_silent()
    await blocks(stranger)
    await unblocks(stranger)
    assert stranger.is_silent()


async def test_what_the_bot_waited_for_it_still_waits_for(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б")
    await blocks(teacher)
    await unblocks(teacher)
    teacher.sees("С возвращением, Ирина Петровна! Напоминания снова приходят сюда")
    await teacher.says("§ 17")
    teacher.sees("Задание: 7Б", "текст")
