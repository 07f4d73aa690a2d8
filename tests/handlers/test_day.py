"""П1-1.2 and П1-1.3: the card of the day, its ticks, and the reminder of the mail."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from scheduler.plan import Planner
from school import mornings
from storage import letters, outbox, schools, tasks
from storage.outbox import NewMessage
from storage.tables.messages import outbox as outbox_table
from storage.tables.people import classes, persons
from storage.tables.people import schools as schools_table
from storage.tables.timetable import subjects
from storage.tables.work import day_steps
from storage.tasks import NewTask
from tests.chat import Chat, House, moscow

MONDAY = date(2026, 11, 23)


async def planned(house: House, planner: Planner, moment: str) -> None:
    """Let one moment of the day come."""
    house.clock.set(moscow(moment))
    async with house.database.write() as tx:
        for school in await schools.every(tx):
            await planner(tx, school, house.clock.now())
    await house.settle()


async def morning(house: House, day: str = "2026-11-23") -> None:
    await planned(house, mornings.plan_mornings, f"{day} 07:30")


async def afternoon(house: House, day: str = "2026-11-23") -> None:
    await planned(house, mornings.plan_mail_reminders, f"{day} 15:00")


async def set_task(house: House, subject: str, due: str, class_id: int = 0) -> int:
    """Set a task to 7Б, or to another class."""
    teacher = await house.person("T01")
    async with house.database.write() as tx:
        if not class_id:
            class_id = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == 7)) or 0
        subject_id = await tx.scalar(sa.select(subjects.c.id).where(subjects.c.name == subject))
        assert subject_id is not None
        now = house.clock.now()
        new = NewTask(1, teacher.id, class_id, None, subject_id, "№ 12", now, moscow(due))
        return await tasks.add(tx, new, [])


async def mail(house: House, roster_id: str, address: str, task_id: int, state: str) -> None:
    """Put a letter of today about a task in the outbox, with what became of it."""
    person = await house.person(roster_id)
    key = f"letter|{task_id}|{address}"
    async with house.database.write() as tx:
        now = house.clock.now()
        letter = NewMessage(
            key, "task-letter", "mail", address, {}, now, school_id=1, object=f"task:{task_id}:1"
        )
        await letters.write(tx, letter, [person.id], MONDAY, now)
        await tx.execute(
            sa.update(outbox_table).where(outbox_table.c.key == key).values(state=state)
        )


async def ticks(house: House) -> list[tuple[str, int]]:
    async with house.database.read() as tx:
        rows = await tx.execute(
            sa.select(day_steps.c.step, day_steps.c.done_by).order_by(day_steps.c.step)
        )
        return [(row[0], row[1]) for row in rows]


async def clicks(chat: Chat, at: str, label: str) -> None:
    chat.house.clock.set(moscow(at))
    await chat.presses(label)


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
    masha.sees("Уже прошли: Алгебра, Русский язык")
    house.clock.set(moscow("2026-11-23 14:00"))
    await masha.says("мой  ДЕНЬ")
    masha.sees("Уроки на сегодня закончились.")


@pytest.mark.clause("П1-1.2")
async def test_a_substitution_is_shown(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house, "2026-11-24")
    masha.sees("10:00 Алгебра — материалы, замена (по расписанию — Физика)")


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
        "Сдать сегодня: 1 работа (Геометрия до 18:00)",
        "Сдать завтра: 1 работа (Алгебра до 15:00)",
        "Ждём с прошлых дней: 1 работу (Физика)",
    )


@pytest.mark.clause("П1-1.3")
async def test_the_card_shows_what_was_mailed_where_and_its_fate(house: House) -> None:
    masha = await house.chat("S701")
    own = (await house.person("S701")).email
    geometry = await set_task(house, "Геометрия", "2026-11-23 18:00")
    algebra = await set_task(house, "Алгебра", "2026-11-24 15:00")
    await mail(house, "S701", own, geometry, outbox.SENT)
    await mail(house, "S701", "elena.sokolova@pochta.example", algebra, outbox.DEAD)
    await masha.says("Мой день")
    masha.sees(
        f"1 письмо на {own} (Геометрия) — отправлено",
        "1 письмо на el•••@pochta.example (Алгебра) — не доставлено",
    )


@pytest.mark.clause("П1-1.3")
async def test_without_an_address_the_card_says_where_everything_is(house: House) -> None:
    async with house.database.read() as tx:
        key = await tx.scalar(
            sa.select(persons.c.roster_key).where(
                persons.c.surname == "Уваров", persons.c.roster_key.like("%:S%")
            )
        )
    gleb = await house.chat(str(key).split(":")[1])
    await gleb.says("Мой день")
    gleb.sees("Адреса почты в школе нет: все материалы — в «Заданиях».")
    assert "Почта проверена" not in gleb.buttons
    await afternoon(house)
    gleb.sees_not("Почта сегодня ещё не отмечена")


@pytest.mark.clause("П1-1.3")
async def test_the_reminder_at_15_comes_while_the_tick_is_open(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    await afternoon(house)
    masha.sees("Почта сегодня ещё не отмечена")
    await clicks(masha, "2026-11-23 15:02", "Почта проверена")
    assert "☑ Почта проверена — 15:02" in masha.text
    assert len(masha.messages) == 2


@pytest.mark.clause("П1-1.3")
async def test_no_reminder_after_the_tick(house: House) -> None:
    masha = await house.chat("S701")
    await morning(house)
    await clicks(masha, "2026-11-23 12:00", "Почта проверена")
    await afternoon(house)
    masha.sees_not("Почта сегодня ещё не отмечена")


@pytest.mark.clause("П1-1.3")
async def test_a_tick_between_planning_and_sending_drops_the_reminder(house: House) -> None:
    masha = await house.chat("S701")
    house.clock.set(moscow("2026-11-23 15:00"))
    async with house.database.write() as tx:
        for school in await schools.every(tx):
            await mornings.plan_mail_reminders(tx, school, house.clock.now())
    await masha.acts(f"day.mail:{masha.person_id}:2026-11-23")
    masha.sees_not("Почта сегодня ещё не отмечена")


@pytest.mark.clause("П1-1.3")
async def test_the_guardian_of_an_older_child_ticks_mail_that_came_to_the_guardian(
    house: House,
) -> None:
    mother, timofey = await house.chat("P002"), await house.chat("S702")
    task = await set_task(house, "Геометрия", "2026-11-23 18:00")
    await mother.acts(f"day.show:{timofey.person_id}")
    assert "Почта проверена" not in mother.buttons
    assert "Кабинет открыт" not in mother.buttons
    await mother.acts(f"day.mail:{timofey.person_id}:2026-11-23")
    mother.sees("Такой записи здесь нет")
    await mail(house, "S702", (await house.person("P002")).email, task, outbox.SENT)
    await mother.acts(f"day.show:{timofey.person_id}")
    assert mother.buttons == ["Почта проверена"]
    await clicks(mother, "2026-11-23 16:10", "Почта проверена")
    assert await ticks(house) == [("mail", mother.person_id)]
    await timofey.says("Мой день")
    timofey.sees("☑ Почта проверена — отмечено родителем, 16:10", "на da•••@semya.example")


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


@pytest.mark.clause("2.3")
async def test_no_push_falls_into_a_lesson(house: House) -> None:
    masha = await house.chat("S701")
    async with house.database.write() as tx:
        await tx.execute(sa.update(schools_table).values(mail_check=time(10, 0)))
    await planned(house, mornings.plan_mail_reminders, "2026-11-23 10:05")
    masha.sees_not("Почта сегодня")
    house.clock.set(moscow("2026-11-23 10:30"))
    await house.settle()
    masha.sees("Почта сегодня ещё не отмечена")


async def test_a_teacher_is_told_whose_day_it_is(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("/day")
    teacher.sees("показывает уроки ученика")
