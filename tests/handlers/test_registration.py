"""П1-1.1 and П1-2.1: the first step of the first distance day, and help where it does not work."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from school import enrolment, mornings, registration
from storage import day_steps, outbox, people, schools
from storage.people import Role
from storage.tables.people import schools as schools_table
from tests.chat import Chat, House, moscow
from tests.handlers.moments import morning, planned


async def enters(house: House, roster_id: str) -> Chat:
    """Bind somebody by a code."""
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        code = await enrolment.issue(tx, person, house.clock.now(), timedelta(days=30))
    chat = house.stranger()
    await chat.says(code)
    await chat.presses("Да, это я")
    return chat


async def passes(house: House, moment: str) -> None:
    """Let time pass, and what waited for it be delivered."""
    house.clock.set(moscow(moment))
    await house.settle()


async def told(house: House, roster_id: str) -> tuple[str, int]:
    person = await house.person(roster_id)
    async with house.database.read() as tx:
        found = await day_steps.registration_of(tx, person.id)
    return (found.state, found.told_by) if found else ("", 0)


@pytest.mark.clause("П1-1.1")
async def test_the_first_card_begins_with_the_step_until_it_is_done(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    masha.sees("Первый шаг: зарегистрируйся на платформе школы")
    urls = [button.url for row in masha.last.message.buttons for button in row]
    assert "https://sferum.example/school" in urls
    await masha.presses("Регистрация есть")
    assert "Первый шаг" not in masha.text
    assert "Перейти на платформу" in masha.buttons
    assert len(masha.messages) == 1
    assert await told(house, "S701") == ("done", masha.person_id)


@pytest.mark.clause("П1-1.1")
async def test_trouble_reaches_the_class_teacher_once(house: House) -> None:
    masha, teacher, other = [await house.chat(key) for key in ("S701", "T01", "T05")]
    await morning(house)
    teacher.forget()
    other.forget()
    await masha.presses("Не получается")
    masha.sees("просим школу помочь")
    assert "Не получается" not in masha.buttons
    teacher.sees("Соколова Мария, 7Б: не получается зарегистрироваться")
    assert other.is_silent()
    await masha.acts(f"registration.trouble:{masha.person_id}")
    assert len(teacher.news) == 1


@pytest.mark.clause("П1-1.1")
async def test_trouble_reaches_the_deputy_head_where_the_class_teacher_is_not_here(
    house: House,
) -> None:
    masha, deputy = [await house.chat(key) for key in ("S701", "T14")]
    await morning(house)
    deputy.forget()
    await masha.presses("Не получается")
    deputy.sees("Соколова Мария, 7Б: не получается зарегистрироваться")


@pytest.mark.clause("П1-1.1")
async def test_trouble_that_is_over_before_it_is_told_is_not_told(house: House) -> None:
    masha, teacher = await house.chat("S701"), await house.chat("T01")
    person = await house.person("S701")
    async with house.database.write() as tx:
        school = await schools.by_id(tx, person.school_id)
        for state in (registration.State.TROUBLE, registration.State.DONE):
            await registration.tell(tx, school, person, state, person, house.clock.now())
    await house.settle()
    teacher.sees_not("не получается")
    assert await told(house, "S701") == ("done", masha.person_id)


@pytest.mark.clause("П1-1.1")
async def test_trouble_at_night_reaches_the_class_teacher_in_the_morning(house: House) -> None:
    masha, teacher = await house.chat("S701"), await house.chat("T01")
    house.clock.set(moscow("2026-11-23 23:40"))
    await masha.says("Мой день")
    await masha.presses("Не получается")
    masha.sees("просим школу помочь")
    await passes(house, "2026-11-24 06:59")
    assert teacher.is_silent()
    await passes(house, "2026-11-24 07:00")
    teacher.sees("Соколова Мария, 7Б: не получается зарегистрироваться")
    assert len(teacher.news) == 1


@pytest.mark.clause("П1-1.1")
async def test_a_nights_trouble_that_is_over_by_morning_does_not_stand_for_the_days(
    house: House,
) -> None:
    masha, teacher = await house.chat("S701"), await house.chat("T01")
    house.clock.set(moscow("2026-11-23 23:40"))
    await masha.acts(f"registration.trouble:{masha.person_id}")
    await masha.acts(f"registration.done:{masha.person_id}")
    await passes(house, "2026-11-24 07:00")
    assert teacher.is_silent()
    await passes(house, "2026-11-24 08:00")
    await masha.acts(f"registration.trouble:{masha.person_id}")
    masha.sees("просим школу помочь")
    teacher.sees("Соколова Мария, 7Б: не получается зарегистрироваться")


@pytest.mark.clause("П1-1.1")
async def test_where_nobody_hears_of_trouble_it_is_not_said_that_somebody_does(
    house: House,
) -> None:
    masha, mother, teacher = [await house.chat(key) for key in ("S701", "P001", "T05")]
    misha = await house.person("S101")
    await morning(house)
    await masha.presses("Не получается")
    masha.sees("Скажи, пожалуйста, об этом классному руководителю. Когда выйдет — отметь")
    await mother.acts(f"registration.trouble:{misha.id}")
    mother.sees("Скажите, пожалуйста, об этом классному руководителю. Когда выйдет — отметьте")
    await teacher.acts(f"registration.trouble:{teacher.person_id}")
    teacher.sees("Скажите, пожалуйста, об этом завучу.")
    for chat in (masha, mother, teacher):
        chat.sees_not("просим школу")


@pytest.mark.clause("П1-1.1")
async def test_the_card_of_another_day_still_says_that_the_school_is_asked(house: House) -> None:
    masha = await house.chat("S701")
    await house.chat("T01")
    await morning(house)
    await masha.presses("Не получается")
    house.clock.set(moscow("2026-11-24 09:00"))
    await masha.says("Мой день")
    masha.sees("просим школу помочь")


@pytest.mark.clause("П1-1.1")
async def test_a_guardian_registers_a_child_in_grade_1_only(house: House) -> None:
    mother, masha, misha = [await house.chat(key) for key in ("P001", "S701", "S101")]
    await mother.acts(f"registration.done:{masha.person_id}")
    mother.sees("Такой записи здесь нет")
    assert await told(house, "S701") == ("", 0)
    await mother.acts(f"registration.done:{misha.person_id}")
    assert await told(house, "S101") == ("done", mother.person_id)


@pytest.mark.clause("П1-1.1")
async def test_binding_on_a_distance_day_brings_todays_card(house: House) -> None:
    house.clock.set(moscow("2026-11-23 09:00"))
    masha = await enters(house, "S701")
    masha.sees("Готово, Мария!", "Понедельник, 23 ноября", "Первый шаг")
    assert "Мой день" in masha.menu


@pytest.mark.clause("П1-1.1")
async def test_binding_on_the_weekend_before_asks_for_the_registration(house: House) -> None:
    house.clock.set(moscow("2026-11-28 09:00"))
    masha = await enters(house, "S701")
    masha.sees("первый шаг — регистрация на платформе")
    await masha.presses("Регистрация есть")
    assert masha.text == "Спасибо, регистрация отмечена."
    assert await told(house, "S701") == ("done", (await house.person("S701")).id)


@pytest.mark.clause("П1-1.1")
async def test_without_an_address_the_class_teacher_is_named(house: House) -> None:
    async with house.database.write() as tx:
        await tx.execute(sa.update(schools_table).values(platform_url=""))
    house.clock.set(moscow("2026-11-28 09:00"))
    masha = await enters(house, "S701")
    masha.sees("Адрес платформы подскажет классный руководитель.")
    house.clock.set(moscow("2026-11-30 09:00"))
    await masha.says("Мой день")
    masha.sees("Адрес платформы подскажет классный руководитель.")
    assert "Открыть платформу" not in masha.buttons


@pytest.mark.clause("П1-2.1")
async def test_a_teacher_is_asked_when_binding_and_not_again_once_it_is_told(house: House) -> None:
    teacher = await enters(house, "T01")
    teacher.sees("По регламенту учитель регистрируется")
    await teacher.presses("Регистрация есть")
    assert (await told(house, "T01"))[0] == "done"
    teacher.forget()
    await morning(house)
    teacher.sees_not("По регламенту учитель")


@pytest.mark.clause("П1-2.1")
async def test_a_teacher_of_a_distance_class_is_asked_on_the_first_day_only(house: House) -> None:
    teacher, head = await house.chat("T01"), await house.chat("T14")
    await morning(house)
    teacher.sees("По регламенту учитель регистрируется")
    await morning(house, "2026-11-24")
    assert (
        len([one for one in teacher.messages if "По регламенту учитель" in one.message.text]) == 1
    )
    head.forget()
    await teacher.presses("Не получается")
    head.sees("Кузнецова Ирина Петровна: не получается")


@pytest.mark.clause("П1-2.1")
async def test_who_was_asked_when_bound_is_not_asked_again_before_the_day_after_tomorrow(
    house: House,
) -> None:
    house.clock.set(moscow("2026-11-23 20:00"))
    teacher = await enters(house, "T01")
    times = []
    for day in ("2026-11-24", "2026-11-25", "2026-11-26"):
        await morning(house, day)
        times.append(teacher.transcript().count("По регламенту учитель регистрируется"))
    assert times == [1, 2, 2]


@pytest.mark.clause("П1-2.1")
async def test_nobody_is_asked_at_night_even_if_the_schools_morning_begins_then(
    house: House,
) -> None:
    teacher = await house.chat("T01")
    await planned(house, mornings.morning_cards, "2026-11-24 06:30")
    assert teacher.is_silent()
    await passes(house, "2026-11-24 07:00")
    teacher.sees("По регламенту учитель регистрируется")


@pytest.mark.clause("П1-2.1")
async def test_a_teacher_without_an_address_is_sent_to_a_deputy_head(house: House) -> None:
    async with house.database.write() as tx:
        await tx.execute(sa.update(schools_table).values(platform_url=""))
    teacher = await enters(house, "T01")
    teacher.sees("Адрес платформы подскажет завуч.")


async def test_only_teachers_who_are_bound_are_asked(house: House) -> None:
    await house.chat("T01")
    await morning(house)
    async with house.database.read() as tx:
        teachers = await people.people_in_role(tx, 1, Role.TEACHER)
        everyone = [f"person:{teacher.id}" for teacher in teachers]
        asked = await outbox.told_about(tx, registration.ASK, everyone)
    assert asked == {f"person:{(await house.person('T01')).id}"}
