"""П1-1.2: the card of the day and its ticks."""

import pytest
import sqlalchemy as sa

from storage import reviews, works
from storage.tables.people import classes, persons
from storage.tables.timetable import lessons, study_modes
from storage.works import NewWork
from tests.chat import House, moscow
from tests.handlers.moments import MONDAY, afternoon, clicks, morning, set_task, ticks


@pytest.mark.clause("П1-1.2")
async def test_the_morning_card_has_the_lessons_and_the_checklist(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    masha.sees(
        "Доброе утро, Мария!\nПонедельник, 23 ноября: 6 уроков, 2 онлайн",
        "8:30 Алгебра — онлайн",
        "9:15 Русский язык — материалы",
        "☐ Кабинет на платформе",
        "☐ Почта",
    )
    links = [b for row in masha.last.message.buttons for b in row if b.label.startswith("8:30")]
    assert links[0].url == "https://sferum.example/call/7b-algebra"
    assert masha.last.message.card == f"day:{masha.person_id}:2026-11-23"


@pytest.mark.clause("П1-1.2")
async def test_a_tick_changes_the_card_in_place_and_keeps_time_and_author(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    await clicks(masha, "2026-11-23 08:05", "Кабинет открыт")
    assert masha.is_silent()
    assert "☑ Кабинет открыт — 8:05" in masha.text
    assert "Кабинет открыт" not in masha.buttons
    await clicks(masha, "2026-11-23 08:06", "Почта проверена")
    assert "☑ Почта проверена — 8:06" in masha.text
    assert len(masha.messages) == 1
    assert await ticks(house) == [("mail", masha.person_id), ("platform", masha.person_id)]


@pytest.mark.clause("П1-1.2")
async def test_a_second_press_keeps_the_first_tick(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    action = f"day.platform:{masha.person_id}:2026-11-23"
    await clicks(masha, "2026-11-23 08:05", "Кабинет открыт")
    house.clock.set(moscow("2026-11-23 09:40"))
    await masha.acts(action)
    assert "☑ Кабинет открыт — 8:05" in masha.text
    assert len(await ticks(house)) == 1


@pytest.mark.clause("П1-1.2")
async def test_lessons_that_are_over_give_way(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 10:10"))
    await masha.says("Мой день")
    lines = masha.text.splitlines()
    assert lines[1].startswith("10:00 Геометрия")
    masha.sees("Уже прошли: алгебра, русский язык")
    house.clock.set(moscow("2026-11-23 14:00"))
    await masha.says("мой  ДЕНЬ")
    masha.sees("Уроки на сегодня закончились.")


@pytest.mark.clause("П1-1.2")
async def test_a_substitution_is_shown(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house, "2026-11-24")
    masha.sees("10:00 Алгебра — материалы, замена (по расписанию — физика)")


@pytest.mark.clause("П1-1.2")
async def test_last_weeks_button_gets_a_kind_word_and_todays_card(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    house.clock.set(moscow("2026-11-30 08:00"))
    await masha.presses("Кабинет открыт")
    masha.sees("Та карточка была для другого дня", "Понедельник, 30 ноября")
    assert await ticks(house) == []


@pytest.mark.clause("П1-1.2")
@pytest.mark.parametrize("day", ["2026-11-28", "2026-11-29", "2027-01-04"])
async def test_silence_on_days_off(house: House, day: str) -> None:
    masha = await house.chat("S701")
    await morning(house, day)
    await afternoon(house, day)
    assert masha.is_silent()


@pytest.mark.clause("П1-1.2")
async def test_silence_in_the_ordinary_mode(house: House) -> None:
    student = await house.chat("S901")
    await morning(house)
    await afternoon(house)
    assert student.is_silent()
    await student.says("Мой день")
    student.sees("Сегодня обычный день")


@pytest.mark.clause("П1-1.2")
async def test_a_six_day_class_has_its_saturday(house: House) -> None:
    nikita, masha = await house.chat("S1101"), await house.chat("S701")
    await morning(house, "2026-11-28")
    nikita.sees("Суббота, 28 ноября")
    assert masha.is_silent()


@pytest.mark.clause("П1-1.2")
async def test_a_day_off_on_demand_names_the_next_school_day(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-28 12:00"))
    await masha.says("Мой день")
    masha.sees("Сегодня уроков нет", "Следующий учебный день — понедельник, 30 ноября.")
    assert masha.buttons == ["Задания", "Ответы"]


@pytest.mark.clause("3.6")
async def test_scenario_6_a_refusal_is_silent_from_its_date(house: House) -> None:
    refuser = await house.chat("S906")
    await morning(house, "2026-11-24")
    assert refuser.is_silent()
    await refuser.says("Мой день")
    refuser.sees("Задания на день — в электронном дневнике")


@pytest.mark.clause("3.5")
async def test_agreed_subjects_only_are_remote(house: House) -> None:
    student = await house.chat("S905")
    await morning(house)
    places = {
        line.partition(" ")[2].split(" — ")[0]: line.split(" — ")[1]
        for line in student.text.splitlines()
        if line[:1].isdigit()
    }
    agreed = {"Алгебра", "Геометрия", "Русский язык", "Английский язык"}
    assert places
    assert all((place == "в школе") == (name not in agreed) for name, place in places.items())


@pytest.mark.clause("П1-1.2")
async def test_in_grades_1_to_4_each_child_has_a_card_at_the_guardians(house: House) -> None:
    mother, misha = await house.chat("P001"), await house.chat("S101")
    await morning(house)
    assert misha.is_silent()
    mother.sees("Доброе утро, Елена Викторовна!\nМихаил, 1А. Понедельник, 23 ноября")
    mother.sees_not("Мария")
    await clicks(mother, "2026-11-23 08:05", "Кабинет открыт")
    assert "☑ Кабинет открыт — отмечено родителем, 8:05" in mother.text


@pytest.mark.clause("П1-1.2")
async def test_two_small_children_have_a_card_each_and_a_switch(house: House) -> None:
    async with house.database.read() as tx:
        key = await tx.scalar(
            sa.select(persons.c.roster_key).where(
                persons.c.surname == "Лаптева", persons.c.roster_key.like("%:P%")
            )
        )
    mother = await house.chat(str(key).split(":")[1])
    await morning(house)
    assert len(mother.messages) == 2
    await mother.says("Мой день")
    mother.sees("Фёдор, 1А")
    await mother.presses("Кира, 3Б")
    mother.sees("Кира, 3Б. Понедельник")


@pytest.mark.clause("П1-1.4")
async def test_works_that_are_due_stand_on_the_card(house: House) -> None:
    masha = await house.chat("S701")
    await set_task(house, "Геометрия", "2026-11-23 18:00")
    await set_task(house, "Алгебра", "2026-11-24 15:00")
    await set_task(house, "Физика", "2026-11-20 15:00")
    await masha.says("Мой день")
    masha.sees(
        "Сдать сегодня: 1 работа (геометрия до 18:00)",
        "Сдать завтра: 1 работа (алгебра до 15:00)",
        "Ждём с прошлых дней: 1 работу (физика)",
    )


@pytest.mark.clause("П1-1.2")
async def test_the_day_by_the_clock_one_card_one_reminder(house: House) -> None:
    masha = await house.chat("S701")
    await house.until("2026-11-23 07:29:59")
    assert masha.is_silent()
    await house.until("2026-11-23 07:30")
    masha.sees("Доброе утро, Мария!")
    await house.until("2026-11-23 23:00")
    cards = [one for one in masha.messages if "Доброе утро" in one.message.text]
    reminders = [one for one in masha.messages if "Почта сегодня" in one.message.text]
    assert (len(cards), len(reminders)) == (1, 1)


@pytest.mark.clause("П1-1.2")
async def test_a_card_that_downtime_delayed_waits_for_the_break(house: House) -> None:
    masha, mother = await house.chat("S701"), await house.chat("P001")
    house.clock.set(moscow("2026-11-23 08:45"))
    await house.until("2026-11-23 08:45")
    mother.sees("Доброе утро, Елена Викторовна!")
    assert masha.is_silent()
    await house.until("2026-11-23 09:00")
    masha.sees("Доброе утро, Мария!")


@pytest.mark.clause("П1-1.2")
async def test_a_card_is_not_sent_when_the_day_is_over(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 16:00"))
    await house.until("2026-11-23 16:00")
    masha.sees_not("Доброе утро")


@pytest.mark.clause("5.7")
async def test_a_blended_day_tells_remote_lessons_from_those_at_school(house: House) -> None:
    student = await house.person("S902")
    async with house.database.write() as tx:
        await tx.execute(
            sa.insert(study_modes).values(
                school_id=1,
                student_id=student.id,
                mode="blended",
                starts_on=MONDAY,
                order_ref="",
                subjects="",
            )
        )
        own = sa.select(lessons.c.id).join(classes, classes.c.id == lessons.c.class_id)
        first = own.where(classes.c.parallel == 9, lessons.c.weekday == 1, lessons.c.lesson == 1)
        at_school = own.where(classes.c.parallel == 9, lessons.c.weekday == 2)
        for where in (first, at_school):
            await tx.execute(
                sa.update(lessons).where(lessons.c.id.in_(where)).values(format="in_person")
            )
    artyom = await house.chat("S902")
    await morning(house)
    at_desks = [line for line in artyom.text.splitlines() if line.endswith("— в школе")]
    assert [line.split()[0] for line in at_desks] == ["8:30"]
    artyom.forget()
    await morning(house, "2026-11-24")
    assert artyom.is_silent()


@pytest.mark.clause("П1-1.6")
async def test_answers_stand_on_the_card_until_they_are_opened(house: House) -> None:
    masha = await house.chat("S701")
    teacher = await house.person("T01")
    task_id = await set_task(house, "Геометрия", "2026-11-20 18:00")
    async with house.database.write() as tx:
        now = house.clock.now()
        new = NewWork(
            1,
            task_id,
            masha.person_id,
            masha.person_id,
            now,
            now,
            is_late=False,
            review_due_on=MONDAY,
            answer_on=MONDAY,
        )
        work_id = await works.add(tx, new, 1, "7Б", [])
        review = await reviews.start(tx, work_id, teacher.id, now)
        await reviews.release(tx, review.id, now)
        await works.set_state(tx, work_id, works.REVIEWED)
    await morning(house)
    masha.sees("Есть 1 ответ учителя: геометрия")
    assert "Ответы: 1" in masha.buttons
    async with house.database.write() as tx:
        await reviews.opened(tx, review.id, masha.person_id, house.clock.now())
    await masha.says("Мой день")
    masha.sees_not("ответ учителя")


@pytest.mark.clause("3.1")
@pytest.mark.parametrize("action", ["day.show:{0}", "day.platform:{0}:{1}", "day.mail:{0}:{1}"])
async def test_somebody_elses_day_is_refused(house: House, action: str) -> None:
    other = await house.chat("S702")
    for chat in (await house.chat("S701"), await house.chat("T01")):
        await chat.acts(action.format(other.person_id, "2026-11-23"))
        chat.sees("Такой записи здесь нет")
    assert await ticks(house) == []


@pytest.mark.parametrize("action", ["day.mail:x:y", "day.platform", "day.mail:1:never", "day.show"])
async def test_a_malformed_payload_names_nothing(house: House, action: str) -> None:
    masha = await house.chat("S701")
    await masha.acts(action)
    masha.sees("Такой записи здесь нет")


async def test_a_teacher_is_told_whose_day_it_is(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("/day")
    teacher.sees("показывает уроки ученика")
