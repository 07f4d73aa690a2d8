"""П1-1.1 and П1-2.1: who is not bound here and not registered on the platform, by name."""

from datetime import UTC, datetime

import pytest

from storage import day_steps, people
from storage.day_steps import Registration
from tests.chat import House

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


async def tells(house: House, roster_id: str, state: str) -> None:
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        told = Registration(person.id, state, NOW, person.id)
        await day_steps.tell_registration(tx, told)


@pytest.mark.clause("П1-1.1")
async def test_a_class_teacher_sees_the_own_class_at_once(house: House) -> None:
    teacher = await house.chat("T01")
    await house.chat("S701")
    await tells(house, "S701", "done")
    await tells(house, "S702", "trouble")
    await teacher.says("Списки")
    teacher.sees(
        "7Б: 13 учеников",
        "Не получается зарегистрироваться на платформе (1):\n• Ершов Тимофей",
        "Ещё не вошли сюда (12):",
    )
    teacher.sees_not("Соколова Мария")
    await teacher.presses("Ещё")
    teacher.sees("Регистрация на платформе ещё не отмечена (11):\n• Мясников Захар")
    await teacher.presses("← Назад")
    teacher.sees("Не получается")


@pytest.mark.clause("П1-1.1")
async def test_the_deputy_head_sees_every_class_with_its_counts(house: House) -> None:
    head = await house.chat("T14")
    await house.chat("S701")
    await head.says("Списки")
    head.sees("7Б: 13 учеников; сюда ещё не вошли — 12, на платформу — 13", "1А: 12 учеников")
    await head.presses("1А")
    head.sees("• Соколов Михаил")
    await head.presses("К списку классов")
    assert len(head.messages) == 1


@pytest.mark.clause("П1-1.1")
async def test_a_small_child_is_in_once_a_guardian_is(house: House) -> None:
    head = await house.chat("T14")
    await house.chat("P001")
    await head.says("Списки")
    head.sees("1А: 12 учеников; сюда ещё не вошли — 11", "5А: 12 учеников; сюда ещё не вошли — 12")


@pytest.mark.clause("3.6")
async def test_who_learns_without_the_platform_is_not_on_its_list(house: House) -> None:
    head = await house.chat("T14")
    await head.says("Списки")
    head.sees("9А: 12 учеников; сюда ещё не вошли — 12, на платформу — 11")


@pytest.mark.clause("П1-2.1")
async def test_the_deputy_head_sees_the_teachers(house: House) -> None:
    head = await house.chat("T14")
    await tells(house, "T01", "done")
    await head.says("Списки")
    await head.presses("Учителя")
    head.sees("Учителя: 14", "Ещё не вошли сюда (13):")
    head.sees(
        "• Белова Татьяна Юрьевна",
        "• Смирнова Ольга Николаевна (Биология, Химия)",
        "• Смирнова Ольга Николаевна (Литература, Русский язык)",
    )


@pytest.mark.clause("3.1")
async def test_nobody_else_sees_a_list(house: House) -> None:
    masha, teacher, class_teacher = [await house.chat(key) for key in ("S701", "T13", "T05")]
    async with house.database.read() as tx:
        student = await people.student(tx, masha.person_id)
    assert student is not None
    other = student.school_class.id
    for chat in (masha, teacher):
        await chat.says("/lists")
        chat.sees("видят классный руководитель и завуч")
    for chat in (masha, teacher, class_teacher):
        for action in (f"lists.class:{other}:0", "lists.staff:0"):
            await chat.acts(action)
            chat.sees("Такой записи здесь нет")
    await masha.acts("lists.all:0")
    masha.sees("Такой записи здесь нет")
