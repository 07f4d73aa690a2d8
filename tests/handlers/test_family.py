"""The family: «Дети сегодня» and one digest in the evening for all children."""

from datetime import date

import pytest
import sqlalchemy as sa

from school import family
from school.rules.ages import is_adult
from storage import people, reviews, tasks, works
from storage.tables.people import persons
from storage.tables.work import tasks as tasks_table
from storage.works import NewWork
from tests.chat import Chat, House, moscow
from tests.handlers.moments import MONDAY, clicks, morning, planned, set_task
from tests.handlers.teaching import hands_in as students_work
from tests.handlers.teaching import sets_task


async def evening(house: House, day: str = "2026-11-23") -> None:
    await planned(house, family.evening_digests, f"{day} 18:30")


async def hands_in(house: House, chat: Chat, task_id: int) -> int:
    """Take a work of one's own in."""
    async with house.database.write() as tx:
        task = await tasks.by_id(tx, task_id)
        assert task is not None
        now = house.clock.now()
        new = NewWork(
            1,
            task_id,
            chat.person_id,
            chat.person_id,
            now,
            now,
            is_late=False,
            review_due_on=MONDAY,
            answer_on=MONDAY,
        )
        return await works.add(tx, new, task.school_class.id, task.school_class.name, [])


async def answers(house: House, work_id: int, mark: str, outcome: str = reviews.ACCEPTED) -> None:
    """Release a review of a work."""
    teacher = await house.person("T01")
    async with house.database.write() as tx:
        now = house.clock.now()
        review = await reviews.start(tx, work_id, teacher.id, now)
        await reviews.change(tx, review.id, mark=mark, outcome=outcome)
        await reviews.release(tx, review.id, now)
        state = works.REVIEWED if outcome == reviews.ACCEPTED else works.RETURNED
        await works.set_state(tx, work_id, state)


async def test_all_children_stand_in_one_message_with_a_button_each(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    await morning(house)
    await clicks(masha, "2026-11-23 08:05", "Кабинет открыт")
    await mother.says("Дети сегодня")
    assert len(mother.news) == 1
    assert mother.buttons == ["Михаил, 1А", "Анна, 5А", "Мария, 7Б"]
    mother.sees("Мария, 7Б\nКабинет открыт; почта пока не отмечена")
    await mother.presses("Михаил")
    mother.sees("Михаил, 1А. Понедельник")
    await clicks(mother, "2026-11-23 09:00", "Почта проверена")
    assert "отмечено родителем, 9:00" in mother.text


async def test_the_digest_says_what_came_what_is_awaited_and_what_is_new(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    done = await set_task(house, "Геометрия", "2026-11-23 18:00")
    await set_task(house, "Физика", "2026-11-23 18:00")
    await set_task(house, "Алгебра", "2026-11-24 15:00")
    work = await hands_in(house, masha, done)
    older = await hands_in(house, masha, await set_task(house, "История", "2026-11-20 15:00"))
    await answers(house, older, "4")
    await evening(house)
    mother.sees(
        "Итоги дня, понедельник, 23 ноября",
        "Работы на сегодня: 1 из 2, на проверке 1",
        "Ждём: физика (сегодня, 18:00), алгебра (завтра, 15:00)",
        "Новые ответы: история — отметка 4",
    )
    assert work


async def test_a_returned_work_is_awaited_again(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    work = await hands_in(house, masha, await set_task(house, "Геометрия", "2026-11-24 18:00"))
    await answers(house, work, "", reviews.RETURNED)
    await evening(house)
    mother.sees(
        "Ждём: геометрия (завтра, 18:00; вернули на доработку)", "геометрия — вернули на доработку"
    )


async def test_a_work_that_came_again_is_awaited_no_more(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    task = await set_task(house, "Геометрия", "2026-11-23 18:00")
    await answers(house, await hands_in(house, masha, task), "", reviews.RETURNED)
    await set_task(house, "Физика", "2026-11-23 18:00")
    await mother.says("Дети сегодня")
    mother.sees("Работы на сегодня: 0 из 2")
    mother.sees("физика (сегодня, 18:00)", "геометрия (сегодня, 18:00; вернули на доработку)")
    await hands_in(house, masha, task)
    await mother.says("Дети сегодня")
    mother.sees("Работы на сегодня: 1 из 2, на проверке 1", "Ждём: физика (сегодня, 18:00)\n")


async def test_a_returned_work_that_is_with_the_teacher_again_is_told_so(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    task = await set_task(house, "Геометрия", "2026-11-24 18:00")
    await answers(house, await hands_in(house, masha, task), "", reviews.RETURNED)
    house.clock.set(moscow("2026-11-23 15:05"))
    again = await hands_in(house, masha, task)
    await evening(house)
    mother.sees("Новые ответы: геометрия — вернули на доработку (уже снова на проверке)")
    mother.sees_not("Ждём")
    house.clock.set(moscow("2026-11-23 19:00"))
    await answers(house, again, "5")
    await mother.says("Дети сегодня")
    mother.sees("геометрия — вернули на доработку, геометрия — отметка 5")


async def test_a_corrected_mark_is_one_answer_to_child_and_mother(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    await students_work(house, "S701", await sets_task(house), text="№ 12")
    teacher = await house.chat("T01")
    await teacher.acts("review.open:1")
    for press in ("5", "Готово", "Исправить", "4", "Готово"):
        await teacher.presses(press)
    await masha.says("Мой день")
    masha.sees("Есть 1 ответ учителя: геометрия")
    assert "Ответы: 1" in masha.buttons
    await mother.says("Дети сегодня")
    mother.sees("Новые ответы: геометрия — отметка 4")
    mother.sees_not("отметка 5")
    await evening(house)
    mother.sees("Итоги дня", "Новые ответы: геометрия — отметка 4")
    mother.sees_not("отметка 5")
    await masha.presses("Ответы: 1")
    masha.sees("Не прочитано: 1 ответ.")


async def test_what_the_card_waits_for_from_earlier_days_is_in_the_digest(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    task = await set_task(house, "Геометрия", "2026-11-23 18:00")
    waits = "Ждём с прошлых дней: геометрия"
    for day, when in (("24", "вчера"), ("25", "понедельник, 23 ноября")):
        await evening(house, f"2026-11-{day}")
        mother.sees(f"{waits} ({when}, 18:00)")
        await masha.says("Мой день")
        masha.sees("Ждём с прошлых дней: 1 работу (геометрия)")
    await hands_in(house, masha, task)
    mother.forget()
    await evening(house, "2026-11-26")
    mother.sees("Итоги дня")
    mother.sees_not("Ждём")


async def test_a_work_for_another_channel_is_not_awaited_here(house: House) -> None:
    mother = await house.chat("P001")
    task = await set_task(house, "Геометрия", "2026-11-24 18:00")
    async with house.database.write() as tx:
        await tx.execute(
            sa.update(tasks_table).where(tasks_table.c.id == task).values(channel="platform")
        )
    await evening(house)
    mother.sees_not("Ждём")


async def test_one_digest_an_evening_and_only_on_school_days(house: House) -> None:
    mother = await house.chat("P001")
    await evening(house)
    await evening(house)
    assert len(mother.messages) == 1
    await evening(house, "2026-11-28")
    assert len(mother.messages) == 1


async def test_the_digest_is_about_children_at_a_distance(house: House) -> None:
    father = await house.chat(await guardian_of(house, "S902"))
    await evening(house)
    assert father.is_silent()
    await father.says("Дети сегодня")
    father.sees("Сегодня обычный день")


async def test_what_was_answered_after_the_last_digest_is_new_tomorrow(house: House) -> None:
    mother, masha = await house.chat("P001"), await house.chat("S701")
    work = await hands_in(house, masha, await set_task(house, "История", "2026-11-23 15:00"))
    await evening(house)
    mother.sees_not("Новые ответы")
    house.clock.set(moscow("2026-11-23 20:00"))
    await answers(house, work, "pass")
    await evening(house, "2026-11-24")
    mother.sees("Новые ответы: история — зачёт")
    mother.forget()
    await evening(house, "2026-11-25")
    mother.sees_not("Новые ответы")


@pytest.mark.clause("3.6")
async def test_a_parent_of_a_grown_up_has_a_menu_that_says_why_it_is_empty(house: House) -> None:
    mother = await house.chat(await guardian_of(house, "S1101"))
    house.clock.set(moscow("2026-11-27 12:00"))
    await mother.says("привет")
    assert mother.menu == ["Дети сегодня"]
    await mother.says("Дети сегодня")
    mother.sees("С 18 лет школа показывает день только самому ученику")


@pytest.mark.clause("3.6")
async def test_scenario_8_at_18_the_digest_to_the_parents_ends(house: House) -> None:
    nikita = await house.chat("S1101")
    mother = await house.chat(await guardian_of(house, "S1101"))
    await evening(house, "2026-11-24")
    mother.sees("Никита, 11А")
    mother.forget()
    await evening(house, "2026-11-25")
    assert mother.is_silent()
    await mother.says("Дети сегодня")
    mother.sees_not("Никита")
    await mother.acts(f"day.show:{nikita.person_id}")
    mother.sees("Такой записи здесь нет")


@pytest.mark.parametrize(
    ("born", "on", "adult"),
    [
        (date(2008, 11, 25), date(2026, 11, 24), False),
        (date(2008, 11, 25), date(2026, 11, 25), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (None, date(2026, 3, 1), False),
    ],
)
def test_the_day_one_comes_of_age(born: date | None, on: date, *, adult: bool) -> None:
    assert is_adult(born, on) is adult


async def test_a_teacher_has_no_children_here(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("/children")
    teacher.sees("Здесь появятся дети")


async def guardian_of(house: House, roster_id: str) -> str:
    """Name a guardian of a student as the roster does: «P012»."""
    student = await house.person(roster_id)
    async with house.database.read() as tx:
        guardian = (await people.guardians_of(tx, student.id))[0]
        key = await tx.scalar(sa.select(persons.c.roster_key).where(persons.c.id == guardian.id))
    return str(key).split(":")[1]
