"""П1-1.4: whoever moves a deadline hears whether anybody is told of it."""

import pytest

from storage.tasks import Task
from tests.chat import Chat, House, moscow, photo
from tests.handlers.teaching import action_of, hands_in, sets_task

pytestmark = pytest.mark.clause("П1-1.4")

NOBODY = "Срок перенесён. Сообщений об этом в чатах не будет."


async def moves(teacher: Chat, task: Task, due: str) -> None:
    """Move the deadline of a task, of whatever revision, by a button."""
    await teacher.acts(f"own-task.open:{task.id}")
    revision = action_of(teacher, "Перенести срок").rpartition(":")[2]
    minute = int(moscow(due).timestamp()) // 60
    await teacher.acts(f"own-task.to:{task.id}:{revision}:{minute}")


async def test_only_those_count_whom_a_message_reaches(house: House) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    task = await sets_task(house)
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-26 15:00")
    teacher.sees(NOBODY, "Письма дошли: 0 из 11")
    masha = await house.chat("S701")
    await moves(teacher, task, "2026-11-27 15:00")
    teacher.sees(
        "Срок перенесён. "
        "Об этом узнает 1 ученик из тех, кто учится дистанционно и кому ещё сдавать работу."
    )
    masha.sees("Срок продлён")
    await hands_in(house, "S701", task, photo())
    await moves(teacher, task, "2026-11-30 15:00")
    teacher.sees(NOBODY)


async def test_a_deadline_that_stays_is_not_said_to_be_moved(house: House) -> None:
    task = await sets_task(house)
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-27 15:00")
    teacher.sees("27 ноября, 15:00")
    teacher.sees_not("Срок перенесён")


async def test_in_the_ordinary_mode_nobody_is_told(house: House) -> None:
    await house.chat("S901")
    task = await sets_task(house, course="9А, алгебра")
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-30 15:00")
    teacher.sees(NOBODY)


async def test_who_has_not_heard_of_the_task_yet_will_hear_of_its_new_deadline(
    house: House,
) -> None:
    house.clock.set(moscow("2026-11-23 22:00"))
    masha, task = await house.chat("S701"), await sets_task(house)
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-30 15:00")
    teacher.sees("Об этом узнает 1 ученик")
    assert masha.is_silent()
    house.clock.set(moscow("2026-11-24 07:35"))
    await house.settle()
    assert len(masha.news) == 1
    masha.sees("Новое задание", "30 ноября, 15:00")
