"""5.4: a code from the school opens the door, and nothing else does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from school import enrolment
from school.notices import Notice, announce
from storage import schools
from storage.tables.people import accounts, audit
from tests.chat import Chat, House, moscow

NO_FIT = (
    "Этот код не подошёл: сверьте его, пожалуйста, с листочком и пришлите ещё раз, только код; "
    "если не получится, попросите новый в школе."
)


async def code_for(house: House, roster_id: str) -> str:
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        return await enrolment.issue(tx, person, house.clock.now())


async def bound(house: House) -> int:
    async with house.database.read() as tx:
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(accounts)) or 0)


async def enters(chat: Chat, code: str) -> None:
    await chat.says(code)
    await chat.presses("Да, это я")


@pytest.mark.clause("5.4")
async def test_a_typed_code_is_confirmed_and_binds(house: House) -> None:
    masha = house.stranger()
    await masha.says("Здравствуйте")
    masha.sees("код с листочка")

    await masha.says(" " + (await code_for(house, "S701")).lower())
    masha.sees("Вы — Соколова Мария Андреевна, 7Б?")
    await masha.presses("Да, это я")

    masha.sees("Мария")
    assert "Мой день" in masha.menu
    assert await bound(house) == 1


@pytest.mark.clause("5.4")
async def test_a_deep_link_carries_the_code(house: House) -> None:
    mother = house.stranger("vk")
    await mother.opens(await code_for(house, "P001"))
    mother.sees("Соколова Елена Викторовна", "дети")
    await mother.presses("Да, это я")
    assert "Дети сегодня" in mother.menu


@pytest.mark.clause("5.4")
async def test_no_means_nothing_changes(house: House) -> None:
    somebody = house.stranger()
    await somebody.says(await code_for(house, "S701"))
    await somebody.presses("Нет")
    assert await bound(house) == 0


@pytest.mark.clause("5.4")
async def test_a_code_works_once_and_the_class_teacher_hears_of_a_second_try(house: House) -> None:
    teacher = await house.chat("T01")
    code = await code_for(house, "S701")
    await enters(house.stranger(), code)

    thief = house.stranger()
    await thief.says(code)
    thief.sees("уже использован")

    teacher.sees("Соколова Мария Андреевна")
    assert await bound(house) == 2


@pytest.mark.clause("5.4")
async def test_a_spent_code_that_is_tried_at_night_is_told_of_in_the_morning_once(
    house: House,
) -> None:
    teacher = await house.chat("T01")
    code = await code_for(house, "S701")
    await enters(house.stranger(), code)
    for at in ("2026-11-23 23:40", "2026-11-24 03:00", "2026-11-24 06:59"):
        house.clock.set(moscow(at))
        thief = house.stranger()
        await thief.says(code)
        thief.sees("уже использован")
    assert teacher.is_silent()
    house.clock.set(moscow("2026-11-24 07:00"))
    await house.settle()
    teacher.sees("Соколова Мария Андреевна")
    assert len(teacher.news) == 1


@pytest.mark.clause("5.4")
async def test_whoever_needs_a_code_is_sent_to_the_school_class_teachers_too(
    house: House,
) -> None:
    revoked, code = await code_for(house, "T01"), await code_for(house, "T01")
    teacher, thief = house.stranger(), house.stranger()
    for said in ("Здравствуйте", revoked, code):
        await teacher.says(said)
    await teacher.presses("Нет")
    assert teacher.text.endswith("попросите новый в школе.")
    await enters(teacher, code)
    await thief.says(code)
    thief.sees("скажите, пожалуйста, об этом в школе")
    expired = await code_for(house, "T14")
    house.clock.set(house.clock.now() + timedelta(days=15))
    await thief.says(expired)
    thief.sees("Срок этого кода прошёл. Попросите, пожалуйста, новый в школе.")
    assert "классн" not in teacher.transcript() + thief.transcript()


@pytest.mark.clause("5.4")
async def test_an_expired_and_a_replaced_code_say_so(house: House) -> None:
    old = await code_for(house, "S701")
    new = await code_for(house, "S701")
    chat = house.stranger()
    await chat.says(old)
    chat.sees("больше не действует")

    house.clock.set(house.clock.now() + timedelta(days=15))
    await chat.says(new)
    chat.sees("Срок этого кода прошёл")


@pytest.mark.clause("5.4")
async def test_guessing_is_stopped_after_five_tries_and_leaves_audit_rows(house: House) -> None:
    code = await code_for(house, "S701")
    guesser = house.stranger()
    for guess in range(5):
        await guesser.says(f"AAAAA-AAAA{guess + 2}")
        assert guesser.text == NO_FIT
    await guesser.says(code)
    guesser.sees("Подождите, пожалуйста, час")

    async with house.database.read() as tx:
        rows = (await tx.execute(sa.select(audit.c.what))).scalars().all()
    assert rows.count("code.unknown") == 5
    assert "code.too-many" in rows

    house.clock.set(house.clock.now() + timedelta(minutes=61))
    await guesser.says(code)
    guesser.sees("Вы — Соколова Мария")


@pytest.mark.clause("5.4")
@pytest.mark.parametrize(
    "typed",
    [
        *("ABCDE-2345", "ABCDE-234567", "abcde 2345o", "АВСDЕ-1234", "фисву-23456", "ABCDE-FGHJ"),
        *("Код: ABCDE-23456", "мой код abcde23456.", "ABCD-2345-EFGH-678", "ABCDE-AAAA2"),
    ],
)
async def test_a_mistyped_code_is_told_from_a_greeting(house: House, typed: str) -> None:
    chat = house.stranger()
    await chat.says(typed)
    assert chat.text == NO_FIT


@pytest.mark.clause("5.4")
@pytest.mark.parametrize(
    "said",
    [
        *("Здравствуйте", "привет", "Hello there", "как войти?", "Я Соколова Маша, 7Б", "/help"),
        *("89991234567", "+7 999 123-45-67", "Ivan 7B klass", "23.11.2026", "спасибо", "👍"),
    ],
)
async def test_other_words_are_greeted(house: House, said: str) -> None:
    chat = house.stranger()
    await chat.says(said)
    chat.sees("Пришлите, пожалуйста, код с листочка")


@pytest.mark.clause("5.4")
async def test_a_slip_of_the_finger_is_no_guess_and_a_guesser_waits_all_the_same(
    house: House,
) -> None:
    code = await code_for(house, "S701")
    clumsy, guesser = house.stranger(), house.stranger()
    for _ in range(7):
        await clumsy.says("ABCDE-2345")
        assert clumsy.text == NO_FIT
    await clumsy.says(code)
    clumsy.sees("Вы — Соколова Мария")

    for guess in range(5):
        await guesser.says(f"AAAAA-AAAA{guess + 2}")
    await guesser.says("ABCDE-2345")
    guesser.sees("Подождите, пожалуйста, час")


@pytest.mark.clause("5.4")
async def test_a_forged_confirmation_binds_nobody(house: House) -> None:
    await code_for(house, "T14")
    forger = house.stranger()
    for number in range(1, 5):
        await forger.acts(f"enrol.yes:{number}")
        forger.sees("код с листочка")
    assert await bound(house) == 0


@pytest.mark.clause("5.4")
async def test_several_messengers_and_the_old_chat_is_cut_off(house: House) -> None:
    first, second, third = house.stranger(), house.stranger("vk"), house.stranger()
    for chat in (first, second, third):
        await enters(chat, await code_for(house, "S701"))
    await second.says("привет")
    assert second.menu
    await first.says("привет")
    first.sees("код с листочка")


@pytest.mark.clause("5.4")
async def test_a_bound_chat_gives_a_ten_minute_code_for_the_next_messenger(house: House) -> None:
    masha = await house.chat("S701")
    await masha.says("Помощь")
    masha.sees("Ещё мессенджер")
    await masha.says("Ещё мессенджер")
    masha.sees("десять минут")
    code = masha.text

    late = house.stranger("vk")
    house.clock.set(house.clock.now() + timedelta(minutes=11))
    await late.says(code)
    late.sees("Срок этого кода прошёл")

    await masha.says("Ещё мессенджер")
    await enters(late, masha.text)
    assert "Мой день" in late.menu
    await masha.says("Мой день")
    masha.sees("Понедельник")


@pytest.mark.clause("5.4")
async def test_who_binds_later_still_hears_what_lies_ahead(house: House) -> None:
    person = await house.person("S701")
    ahead = house.clock.now() + timedelta(hours=2)
    notice = Notice("mail-reminder", f"student:{person.id}", {"day": "2026-11-23"}, ahead)
    async with house.database.write() as tx:
        school = await schools.by_id(tx, person.school_id)
        await announce(tx, school, person, notice, house.clock.now())
    masha = house.stranger()
    await enters(masha, await code_for(house, "S701"))
    masha.forget()
    await house.until("2026-11-23 10:00")
    masha.sees("Почта сегодня ещё не отмечена")


async def test_in_a_group_chat_it_asks_to_write_in_private(house: House) -> None:
    chat = house.stranger()
    event = chat.event(text="/start@dezhurny_bot", is_private=False)
    await chat.happens(event)
    chat.sees("в личные сообщения")


@pytest.mark.clause("5.4")
async def test_a_code_typed_into_a_bound_chat_is_answered_like_its_link(house: House) -> None:
    masha = await house.chat("S701")
    code, before = await code_for(house, "P001"), await tries(house)
    await masha.opens(code)
    said = masha.text
    assert said.startswith("Этот чат уже привязан: Соколова Мария Андреевна.")
    for typed in (code, f"код {code[:5]}-{code[5:]}", "ABCDE-23456", "abcde-2345"):
        await masha.says(typed)
        assert masha.text == said
    for typed in ("расписание", "12345", "привет, как дела"):
        await masha.says(typed)
        masha.sees_not("уже привязан")
    assert await tries(house) == before

    mother = house.stranger()
    await enters(mother, code)
    mother.sees("Готово")


async def tries(house: House) -> tuple[int, int]:
    """Count what codes have left behind: rows of the audit, and chats."""
    async with house.database.read() as tx:
        rows = await tx.scalar(sa.select(sa.func.count()).select_from(audit))
    return int(rows or 0), await bound(house)


@pytest.mark.clause("3.6")
async def test_a_parent_whose_only_child_is_grown_is_promised_no_news(house: House) -> None:
    house.clock.set(moscow("2026-11-24 12:00"))
    early = house.stranger()
    await early.says(await code_for(house, "P008"))
    early.sees("(дети: Никита 11А)?")
    await early.presses("Да, это я")
    early.sees("Теперь я буду подсказывать, что дальше.")
    await early.says("спасибо")
    early.sees("Новости о детях пришлю сюда.")

    house.clock.set(moscow("2026-11-25 12:00"))
    late = house.stranger()
    await late.says(await code_for(house, "P008"))
    late.sees_not("Никита")
    await late.presses("Да, это я")
    late.sees("Готово", "С 18 лет школа показывает день только самому ученику")
    late.sees_not("Теперь я буду подсказывать")
    for courtesy in ("спасибо", "ок"):
        await late.says(courtesy)
        assert late.text in {"Пожалуйста! Я рядом.", "Я рядом."}
