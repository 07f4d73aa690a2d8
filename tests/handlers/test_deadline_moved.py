"""П1-1.4: whoever moves a deadline hears whether anybody is told of it."""

import pytest
import sqlalchemy as sa

from scheduler.delivery import Lane
from school import enrolment
from school.access import lost_phone
from storage.tables.people import guardianships
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


async def test_a_deadline_moved_at_night_and_back_is_told_to_nobody(house: House) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    masha, task = await house.chat("S701"), await sets_task(house)
    house.clock.set(moscow("2026-11-23 22:30"))
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-26 15:00")
    teacher.sees("Об этом узнает 1 ученик")
    await moves(teacher, task, "2026-11-27 15:00")
    teacher.sees(NOBODY)
    await moves(teacher, task, "2026-11-26 15:00")
    teacher.sees("Об этом узнает 1 ученик")
    await moves(teacher, task, "2026-11-27 15:00")
    teacher.sees(NOBODY)
    masha.forget()
    await wakes(house)
    assert masha.is_silent()


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


async def loses_the_phone(house: House, roster_id: str = "S701") -> None:
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        await lost_phone(tx, person, house.clock.now())


async def enters_with_a_slip(house: House, roster_id: str = "S701") -> Chat:
    """Bind a new chat by the front door, where what is still ahead is brought back."""
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        slip = await enrolment.issue(tx, person, house.clock.now())
    found = house.stranger()
    await found.says(slip)
    await found.presses("Да, это я")
    found.forget()
    return found


async def wakes(house: House) -> None:
    house.clock.set(moscow("2026-11-24 07:35"))
    await house.settle()


@pytest.mark.clause("5.4")
@pytest.mark.parametrize("had_a_phone", [True, False])
async def test_of_a_task_set_at_night_one_message_comes_to_the_chat_of_the_next_slip(
    house: House, *, had_a_phone: bool
) -> None:
    house.clock.set(moscow("2026-11-23 22:00"))
    if had_a_phone:
        await house.chat("S701")
    task = await sets_task(house)
    await loses_the_phone(house)
    teacher = await house.chat("T01")
    for due in ("2026-11-30 15:00", "2026-12-01 15:00", "2026-12-02 15:00"):
        await moves(teacher, task, due)
        teacher.sees(NOBODY)
    masha = await enters_with_a_slip(house)
    await wakes(house)
    assert len(masha.news) == 1
    masha.sees("Новое задание", "2 декабря, 15:00")


@pytest.mark.clause("5.4")
@pytest.mark.parametrize("had_a_phone", [True, False])
async def test_a_deadline_moved_there_and_back_is_not_told_to_the_next_chat(
    house: House, *, had_a_phone: bool
) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    if had_a_phone:
        await house.chat("S701")
    task = await sets_task(house)
    house.clock.set(moscow("2026-11-23 22:00"))
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-30 15:00")
    await loses_the_phone(house)
    await moves(teacher, task, "2026-11-27 15:00")
    teacher.sees(NOBODY)
    masha = await enters_with_a_slip(house)
    await wakes(house)
    assert masha.is_silent()


@pytest.mark.clause("5.4")
async def test_a_deadline_moved_twice_is_told_once_with_the_one_known_to_the_next_chat(
    house: House,
) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    await house.chat("S701")
    task = await sets_task(house)
    house.clock.set(moscow("2026-11-23 22:00"))
    teacher = await house.chat("T01")
    await moves(teacher, task, "2026-11-30 15:00")
    await loses_the_phone(house)
    await moves(teacher, task, "2026-12-01 15:00")
    masha = await enters_with_a_slip(house)
    await wakes(house)
    assert len(masha.news) == 1
    masha.sees("Срок продлён", "1 декабря, 15:00", "было: пятница, 27 ноября")


async def gets_a_second_guardian(house: House) -> None:
    """Let P002 be told what is said to S101, as the mother, P001, is."""
    student, father = await house.person("S101"), await house.person("P002")
    async with house.database.write() as tx:
        also = sa.insert(guardianships).values(guardian_id=father.id, student_id=student.id)
        await tx.execute(also.values(relation="отец", is_legal=True))


def loses_vk(house: House) -> Lane:
    """Leave VK out of the settings, as by mistake."""
    house.database.off = frozenset({"vk"})
    [lane] = [one for one in house.lanes if one.name == "vk"]
    house.lanes.remove(lane)
    return lane


async def regains(house: House, lane: Lane) -> None:
    house.database.off = frozenset()
    house.lanes.append(lane)
    await house.settle()


async def test_who_knows_of_the_task_hears_of_the_move_while_the_other_guardian_waits(
    house: House,
) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    await gets_a_second_guardian(house)
    mother, father = await house.chat("P001"), await house.chat("P002", "vk")
    vk = loses_vk(house)
    task = await sets_task(house, "T02", "1А, математика")
    mother.sees("Новое задание", "27 ноября")
    mother.forget()
    father.forget()
    teacher = await house.chat("T02")
    await moves(teacher, task, "2026-11-25 15:00")
    teacher.sees("Об этом узнает 1 ученик")
    await regains(house, vk)
    assert len(mother.news) == 1
    mother.sees("Срок стал раньше", "25 ноября", "было: пятница, 27 ноября")
    assert len(father.news) == 1
    father.sees("Новое задание", "25 ноября")


async def test_each_guardian_hears_of_a_move_from_the_deadline_they_know(house: House) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    await gets_a_second_guardian(house)
    mother, father = await house.chat("P001"), await house.chat("P002", "vk")
    task = await sets_task(house, "T02", "1А, математика")
    vk = loses_vk(house)
    teacher = await house.chat("T02")
    await moves(teacher, task, "2026-11-25 15:00")
    mother.forget()
    father.forget()
    await moves(teacher, task, "2026-11-27 15:00")
    teacher.sees("Об этом узнает 1 ученик")
    assert len(mother.news) == 1
    mother.sees("Срок продлён", "27 ноября", "было: среда, 25 ноября")
    mother.forget()
    await moves(teacher, task, "2026-11-30 15:00")
    await regains(house, vk)
    assert len(mother.news) == len(father.news) == 1
    mother.sees("30 ноября", "было: пятница, 27 ноября")
    father.sees("30 ноября", "было: пятница, 27 ноября")


async def test_a_guardian_who_missed_a_move_and_its_return_is_told_nothing(house: House) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    await gets_a_second_guardian(house)
    mother, father = await house.chat("P001"), await house.chat("P002", "vk")
    task = await sets_task(house, "T02", "1А, математика")
    father.forget()
    vk = loses_vk(house)
    teacher = await house.chat("T02")
    for due in ("2026-11-25 15:00", "2026-11-26 15:00", "2026-11-27 15:00"):
        await moves(teacher, task, due)
    mother.sees("Срок продлён", "27 ноября", "было: четверг, 26 ноября")
    await regains(house, vk)
    assert father.is_silent()
