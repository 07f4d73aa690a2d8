"""П1-1.3: the tick of the mail, what was written where, and the reminder."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from school import mornings
from storage import outbox
from storage.tables.people import persons
from storage.tables.people import schools as schools_table
from tests.chat import House, moscow
from tests.handlers.moments import (
    afternoon,
    carried_out,
    clicks,
    mail,
    morning,
    planned,
    set_task,
    ticks,
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
        f"1 письмо на {own} (геометрия) — отправлено",
        "1 письмо на el•••@pochta.example (алгебра) — не доставлено",
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


@pytest.mark.clause("3.6")
@pytest.mark.parametrize(
    ("born", "asked"), [(date(2008, 11, 24), True), (date(2008, 11, 23), False)]
)
async def test_a_mailbox_of_the_guardians_alone_is_none_from_the_18th_birthday_on(
    house: House, born: date, *, asked: bool
) -> None:
    timofey = await house.chat("S702")
    change = sa.update(persons).where(persons.c.id == timofey.person_id)
    async with house.database.write() as tx:
        await tx.execute(change.values(birth_date=born))
    await timofey.says("Мой день")
    assert ("Почта проверена" in timofey.buttons) is asked
    assert ("Адреса почты в школе нет" in timofey.text) is not asked
    await afternoon(house)
    assert ("Почта сегодня ещё не отмечена" in timofey.text) is asked


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
    await carried_out(house, mornings.mail_reminders)
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
    assert mother.buttons == ["Почта проверена", "Задания", "Ответы"]
    await clicks(mother, "2026-11-23 16:10", "Почта проверена")
    assert await ticks(house) == [("mail", mother.person_id)]
    await timofey.says("Мой день")
    timofey.sees("☑ Почта проверена — отмечено родителем, 16:10", "на da•••@semya.example")


@pytest.mark.clause("2.3")
async def test_no_push_falls_into_a_lesson(house: House) -> None:
    masha = await house.chat("S701")
    async with house.database.write() as tx:
        await tx.execute(sa.update(schools_table).values(mail_check=time(10, 0)))
    await planned(house, mornings.mail_reminders, "2026-11-23 10:05")
    masha.sees_not("Почта сегодня")
    house.clock.set(moscow("2026-11-23 10:30"))
    await house.settle()
    masha.sees("Почта сегодня ещё не отмечена")
