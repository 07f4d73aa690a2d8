"""П1-2.2: a teacher sets a task, sees what came of it, moves its deadline, takes it back."""

import pytest
import sqlalchemy as sa

from storage import tasks
from storage.tables.messages import outbox
from storage.tables.work import tasks as task_table
from storage.tasks import Task
from tests.chat import Chat, House, pdf, photo, sticker


async def opened_for(house: House, course: str = "7Б, геометрия") -> Chat:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses(course)
    return teacher


async def ready_to_give(house: House, text: str = "№ 12–15, подробно") -> Chat:
    teacher = await opened_for(house)
    await teacher.says(text)
    await teacher.presses("Дальше")
    await teacher.presses("Завтра, 18:00")
    return teacher


async def own_tasks(house: House) -> list[Task]:
    teacher = await house.person("T01")
    async with house.database.read() as tx:
        return await tasks.of_teacher(tx, teacher.id)


async def count_of_tasks(house: House) -> int:
    async with house.database.read() as tx:
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(task_table)) or 0)


@pytest.mark.clause("П1-2.2")
async def test_show(house: House) -> None:
    t = await opened_for(house)
    await t.says("№ 12–15, подробно")
    await t.sends(photo(), photo(), pdf("условие.pdf"), text="и ещё")
    await t.presses("Дальше")
    await t.presses("Другой")
    await t.says("qq")
    await t.says("вчера")
    await t.says("22.11 15:00")
    await t.says("в пятницу 15:00")
    await t.presses("По почте")
    await t.presses("Здесь")
    await t.presses("Задать")
    await t.presses("Открыть")
    await t.presses("Перенести")
    await t.presses("К уроку")
    await t.presses("← Мои")
    print(t.transcript())
    for a, l in house.letters.items():
        print(a, l[0].message.subject, l[0].message.text, l[0].files)
        break
    print(len(house.letters))
    assert 0
