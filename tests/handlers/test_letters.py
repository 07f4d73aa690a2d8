"""П1-1.3, П1-2.2: the task is duplicated by e-mail, one letter an address."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from handlers import letters as letter_texts
from scheduler.detour import PATIENCE, Detour
from school import letters
from storage import schools
from storage.tables.messages import outbox
from storage.tables.people import persons
from storage.tasks import Task
from tests.chat import House, moscow, pdf, photo
from tests.handlers.teaching import sets_task

PARENTS_OF_S707 = ("natalya.prokhorova@semya.example", "igor.prokhorov@pochta.example")


async def duplicates(house: House, task: Task) -> list[str]:
    """Write the letters once more, by themselves; return who has no address."""
    async with house.database.write() as tx:
        school = await schools.by_id(tx, task.school_id)
        without = await letters.duplicate(tx, school, task, house.clock.now())
    return [student.person.surname for student in without]


async def post_of(house: House, task: Task) -> letters.TaskPost:
    async with house.database.read() as tx:
        school = await schools.by_id(tx, task.school_id)
        return await letters.post_of(tx, school, task, house.clock.now())


async def gives_address(house: House, roster_id: str, address: str) -> None:
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        await tx.execute(sa.update(persons).where(persons.c.id == person.id).values(email=address))


async def is_born(house: House, roster_id: str, born: date) -> None:
    person = await house.person(roster_id)
    change = sa.update(persons).where(persons.c.id == person.id)
    async with house.database.write() as tx:
        await tx.execute(change.values(birth_date=born))


@pytest.mark.clause("П1-2.2")
async def test_scenario_4_counts_accepted_and_without_address_and_later_bounces(
    house: House,
) -> None:
    task = await sets_task(house)
    post = await post_of(house, task)
    assert (len(post.delivered), len(post.failed), len(post.without_address)) == (11, 0, 2)
    assert await duplicates(house, task) == ["Крылова", "Уваров"]
    assert sum(map(len, house.letters.values())) == 12

    async with house.database.write() as tx:
        await tx.execute(
            sa.update(outbox)
            .where(outbox.c.address == "mariya.sokolova@pochta.example")
            .values(state="dead", error="550 no such mailbox")
        )
    post = await post_of(house, task)
    assert (len(post.delivered), len(post.failed), len(post.without_address)) == (10, 1, 2)
    teacher = await house.chat("T01")
    await teacher.acts(f"own-task.open:{task.id}")
    teacher.sees("Письма дошли: 10 из 11", "Письмо не дошло: 1 (Соколова Мария)")


@pytest.mark.clause("П1-2.2")
async def test_without_a_mail_server_the_teacher_hears_that_there_are_no_letters(
    house: House,
) -> None:
    house.database.off = frozenset({"mail"})
    house.lanes.pop()
    task = await sets_task(house)
    teacher = await house.chat("T01")
    teacher.sees("Задано: 7Б, геометрия, 13 учеников", "Писем нет: почта школы не подключена")
    teacher.sees_not("Письма:")
    post = await post_of(house, task)
    assert (post.written, len(post.unsent), len(post.without_address)) == (0, 11, 2)
    await teacher.acts(f"own-task.open:{task.id}")
    teacher.sees("Писем нет: почта школы не подключена")
    teacher.sees_not("Письма дошли", "Письмо не дошло")
    masha = await house.chat("S701")
    await masha.says("Мой день")
    masha.sees("1 письмо на mariya.sokolova@pochta.example (геометрия) — не доставлено")
    assert not house.letters


@pytest.mark.clause("П1-1.3")
async def test_letters_leave_when_mail_was_missing_by_mistake_for_minutes(house: House) -> None:
    way_round = Detour(house.database)
    house.database.off = frozenset({"mail"})
    mail = house.lanes.pop()
    task = await sets_task(house)
    for minutes in (0, 9):
        await way_round.clear(house.clock.now() + timedelta(minutes=minutes))
    house.database.off = frozenset()
    house.lanes.append(mail)
    await house.settle()
    post = await post_of(house, task)
    assert (len(post.delivered), len(post.unsent)) == (11, 0)
    assert "mariya.sokolova@pochta.example" in house.letters


@pytest.mark.clause("П1-2.2")
async def test_letters_that_waited_when_mail_was_switched_off_are_told_of_too(
    house: House,
) -> None:
    house.lanes = [lane for lane in house.lanes if lane.name != "mail"]
    task = await sets_task(house)
    assert (await post_of(house, task)).waiting
    house.database.off = frozenset({"mail"})
    way_round = Detour(house.database)
    for moment in (house.clock.now(), house.clock.now() + PATIENCE):
        await way_round.clear(moment)
    async with house.database.read() as tx:
        ended = sa.select(outbox.c.state).where(outbox.c.lane == "mail").distinct()
        assert list(await tx.scalars(ended)) == ["dead"]
    teacher = await house.chat("T01")
    await teacher.acts(f"own-task.open:{task.id}")
    teacher.sees("Писем нет: почта школы не подключена")


@pytest.mark.clause("П1-2.2")
async def test_letters_that_did_not_leave_before_mail_was_switched_off_are_named(
    house: House,
) -> None:
    house.lanes = [lane for lane in house.lanes if lane.name != "mail"]
    task = await sets_task(house)
    async with house.database.write() as tx:
        mashas = outbox.c.address == "mariya.sokolova@pochta.example"
        await tx.execute(sa.update(outbox).where(mashas).values(state="sent"))
    house.database.off = frozenset({"mail"})
    way_round = Detour(house.database)
    for moment in (house.clock.now(), house.clock.now() + PATIENCE):
        await way_round.clear(moment)
    teacher = await house.chat("T01")
    await teacher.acts(f"own-task.open:{task.id}")
    teacher.sees("Письма дошли: 1 из 1", "Не ушли: 10 (", "Прохоров Даниил")
    teacher.sees(") — почта школы не подключена.")
    teacher.sees_not("Писем нет", "Соколова Мария")


@pytest.mark.clause("П1-1.3")
async def test_one_letter_an_address_names_both_children(house: House) -> None:
    await gives_address(house, "P013", "Family@Dom.example")
    await gives_address(house, "P014", "family@dom.example ")
    await sets_task(house)
    ((letter,),) = [found for at, found in house.letters.items() if "amily" in at]
    assert "Крылова Ульяна, Уваров Глеб" in letter.message.text


@pytest.mark.clause("П1-1.3")
async def test_own_mail_first_then_both_guardians(house: House) -> None:
    await sets_task(house)
    assert "mariya.sokolova@pochta.example" in house.letters
    assert "elena.sokolova@pochta.example" not in house.letters
    for guardian in PARENTS_OF_S707:
        assert "Прохоров Даниил" in house.letters[guardian][0].message.text


@pytest.mark.clause("3.6")
async def test_the_guardians_of_who_is_of_age_get_no_letter(house: House) -> None:
    await is_born(house, "S707", date(2008, 11, 22))
    task = await sets_task(house)
    assert house.letters.keys().isdisjoint(PARENTS_OF_S707)
    without = (await post_of(house, task)).without_address
    assert [one.person.surname for one in without] == ["Крылова", "Прохоров", "Уваров"]
    teacher = await house.chat("T01")
    await teacher.acts(f"own-task.open:{task.id}")
    teacher.sees("Без адреса", "Прохоров Даниил")


@pytest.mark.clause("3.6")
async def test_nor_a_letter_that_waited_until_the_18th_birthday(house: House) -> None:
    await is_born(house, "S707", date(2008, 11, 24))
    mail = house.lanes.pop()
    task = await sets_task(house)
    waiting = (await post_of(house, task)).waiting
    assert "Прохоров" in [one.person.surname for one in waiting]
    house.clock.set(moscow("2026-11-24 00:00"))
    house.lanes.append(mail)
    await house.settle()
    assert "mariya.sokolova@pochta.example" in house.letters
    assert house.letters.keys().isdisjoint(PARENTS_OF_S707)
    async with house.database.read() as tx:
        told = sa.select(outbox.c.state).where(outbox.c.address.in_(PARENTS_OF_S707))
        assert list(await tx.scalars(told)) == ["dropped", "dropped"]


@pytest.mark.clause("3.6")
async def test_one_of_age_is_written_to_at_the_own_address(house: House) -> None:
    await is_born(house, "S707", date(2008, 11, 22))
    await gives_address(house, "S707", "daniil@pochta.example")
    await sets_task(house)
    assert "Прохоров Даниил" in house.letters["daniil@pochta.example"][0].message.text


@pytest.mark.clause("П1-1.3")
async def test_a_letter_says_all_of_it_politely(house: House) -> None:
    await sets_task(house, text="Стр. 40, № 12–15")
    letter = house.letters["mariya.sokolova@pochta.example"][0].message
    assert letter.subject == "Геометрия: задание, срок — 27 ноября, 15:00"
    for part in (
        "Здравствуйте!",
        "Соколова Мария, 7Б, геометрия",
        "пятница, 27 ноября — 27.11.2026, 15:00 (мск)",
        "Стр. 40, № 12–15",
        "Учитель — Ирина Петровна (геометрия)",
        "отвечать на него не нужно",
    ):
        assert part in letter.text


@pytest.mark.clause("3.6")
async def test_only_who_learns_at_a_distance_is_written_to(house: House) -> None:
    task = await sets_task(house, course="9А, алгебра", due="25.11 15:00")
    post = await post_of(house, task)
    assert post.written + len(post.without_address) == 1
    teacher = await house.chat("T01")
    await teacher.acts(f"own-task.open:{task.id}")
    refused = await house.person("S906")
    teacher.sees_not(refused.short_name)


@pytest.mark.clause("П1-1.3")
async def test_small_files_are_attached_and_large_ones_wait_in_the_chat(house: House) -> None:
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, геометрия")
    await teacher.sends(photo(), pdf("условие.pdf"))
    await teacher.presses("Дальше")
    await teacher.presses("Завтра")
    await teacher.presses("Задать")
    (letter,) = house.letters["mariya.sokolova@pochta.example"]
    assert [file.name for file in letter.files] == ["", "условие.pdf"]
    assert "К письму приложено: 2 файла" in letter.message.text


async def test_a_heavy_task_says_where_its_files_are(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_texts, "MOST_BYTES", 10)
    teacher = await house.chat("T01")
    await teacher.says("Новое задание")
    await teacher.presses("7Б, геометрия")
    await teacher.sends(photo())
    await teacher.presses("Дальше")
    await teacher.presses("Завтра")
    await teacher.presses("Задать")
    (letter,) = house.letters["mariya.sokolova@pochta.example"]
    assert letter.files == ()
    assert "лежат в чате с Дежурным" in letter.message.text


@pytest.mark.clause("П1-1.3")
async def test_a_letter_of_a_task_taken_back_or_moved_is_not_sent(house: House) -> None:
    mail = house.lanes.pop()
    task = await sets_task(house)
    teacher = await house.chat("T01")
    await teacher.acts(
        f"own-task.to:{task.id}:1:{int(moscow('2026-11-26 15:00').timestamp()) // 60}"
    )
    teacher.sees("Срок перенесён")
    house.lanes.append(mail)
    await house.settle()
    (letter,) = house.letters["mariya.sokolova@pochta.example"]
    assert letter.message.subject == "Геометрия: новый срок — 26 ноября, 15:00"


@pytest.mark.clause("П1-2.2")
async def test_without_a_mail_server_letters_wait_and_are_counted_so(house: House) -> None:
    house.lanes.pop()
    task = await sets_task(house)
    post = await post_of(house, task)
    assert (len(post.delivered), len(post.waiting)) == (0, 11)
    assert house.letters == {}


async def test_a_closed_mailbox_is_a_letter_that_failed(house: House) -> None:
    house.messengers["mail"].blocked.add("mariya.sokolova@pochta.example")
    task = await sets_task(house)
    post = await post_of(house, task)
    assert [student.person.short_name for student in post.failed] == ["Соколова Мария"]


@pytest.mark.clause("П1-1.3")
async def test_grade_one_is_written_to_the_parents(house: House) -> None:
    await sets_task(house, "T02", "1А, математика")
    (letter,) = house.letters["elena.sokolova@pochta.example"]
    assert "Соколов Михаил, 1А, математика" in letter.message.text
