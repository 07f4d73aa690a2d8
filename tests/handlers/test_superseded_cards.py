"""П1-1.5: of a card that came anew below, only the newest version carries buttons."""

import pytest
import sqlalchemy as sa

from scheduler.parcels import OUTDATED
from storage.tables.messages import outbox
from tests.assignments import sent_works, set_task
from tests.chat import Chat, House, Shown, moscow, photo
from tests.handlers.collecting import begins

pytestmark = pytest.mark.clause("П1-1.5")

BELOW = "Свежая карточка — ниже."


def with_button(chat: Chat, label: str) -> list[Shown]:
    """The messages under which a button stands now."""
    return [
        shown
        for shown in chat.messages
        if any(button.label == label for row in shown.message.buttons for button in row)
    ]


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_the_newest_draft_card_takes_the_buttons_with_it(
    house: House, messenger: str
) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house, messenger=messenger)
    await masha.sends(photo())
    first = masha.last
    await masha.sends(photo())

    assert with_button(masha, "Отправить") == [masha.last]
    assert with_button(masha, "Отмена") == [masha.last]
    assert first.message.text == f"Геометрия — до завтра, 15:00\nПолучено: 1 фото. {BELOW}"
    masha.sees("Собрано: 2 фото.")


async def test_a_photo_out_of_the_blue_is_asked_about_once(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await house.chat("S701")
    await masha.sends(photo())
    first = masha.last
    await masha.sends(photo())
    assert first.message.text == f"Получено: 1 фото. {BELOW}"
    assert with_button(masha, "Отмена") == [masha.last]


async def test_a_sent_card_stays_as_it_is_when_the_next_work_begins(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    card = masha.last
    await masha.presses("Отправить")
    assert not with_button(masha, "Отправить")

    await masha.sends(photo())
    masha.sees("Пришло после отправки: 1 фото.")
    assert card.message.text == "Отправлено: 1 фото."


async def test_sending_from_an_older_card_takes_the_newest_ones_buttons(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    old = masha.last
    [send] = [row[0].action for row in old.message.buttons if row[0].label == "Отправить"]
    await begins(house)
    newest = masha.last
    assert with_button(masha, "Отправить") == [newest]

    await masha.acts(send, old.ref)

    assert await sent_works(house) == 1
    assert newest.message.text == "Отправлено: 1 фото."
    assert not with_button(masha, "Отправить")


async def test_cancelling_from_an_older_card_leaves_no_buttons_either(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    old = masha.last
    [cancel] = [row[1].action for row in old.message.buttons if len(row) > 1]
    await begins(house)
    await masha.acts(cancel, old.ref)
    masha.sees("учителю ничего не отправлено")
    assert not with_button(masha, "Отправить")


@pytest.mark.clause("П1-1.2")
async def test_a_day_shown_again_has_one_list_to_tick(house: House) -> None:
    masha = await house.chat("S701")
    await masha.says("Мой день")
    first = masha.last
    await masha.says("Мой день")
    assert with_button(masha, "Почта проверена") == [masha.last]
    assert first.message.text == f"Понедельник, 23 ноября: 6 уроков, 2 онлайн\n{BELOW}"


@pytest.mark.clause("П1-1.2")
async def test_a_reminder_does_not_take_the_days_card_away(house: House) -> None:
    masha = await house.chat("S701")
    await house.until("2026-11-23 07:30")
    morning = masha.last
    await house.until("2026-11-23 16:30")
    masha.sees("Почта сегодня ещё не отмечена")
    assert morning.message.buttons


async def test_after_a_day_the_older_card_stays_as_it_is(house: House) -> None:
    """VK changes no message that is older."""
    await set_task(house, "2026-11-27 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    first = masha.last
    house.clock.set(moscow("2026-11-25 15:00"))
    await masha.sends(photo())
    assert first.message.buttons
    assert not first.edited
    masha.sees("Собрано: 2 фото.")


async def test_what_is_left_of_a_card_is_no_repeat_after_a_crash(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    first = masha.last
    await masha.sends(photo())
    async with house.database.write() as tx:
        changed = await tx.execute(
            sa.update(outbox).where(outbox.c.kind == OUTDATED).values(state="sending")
        )
        assert changed.rowcount == 2
    for lane in house.lanes:
        await lane.recover()
    masha.forget()
    await house.settle()
    assert not masha.news
    assert first.message.text.startswith("Геометрия — до завтра")
    assert first.edited == 2


async def test_the_teachers_task_in_the_making_has_one_card(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, геометрия")
    first = teacher.last
    await teacher.says("§ 17, задачи 120 и 121")
    assert first.message.text == f"7Б, геометрия. {BELOW}"
    assert with_button(teacher, "Дальше") == [teacher.last]
    assert with_button(teacher, "Отмена") == [teacher.last]


async def test_a_card_that_cannot_be_changed_any_more_is_let_be(house: House) -> None:
    """Somebody deleted it, say: nothing is said about it."""
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    masha.messages.remove(masha.last)
    await masha.sends(photo())
    assert "Получено: 1 фото" not in masha.transcript()
    assert with_button(masha, "Отправить") == [masha.last]
