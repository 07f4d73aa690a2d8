"""Forged payloads and broken object rights (ASVS 8.2.1–8.2.3, 8.3.1, 8.4.1): those inside.

Everybody of the school sends hundreds of payloads that are true for somebody, or nearly so: what
is shown is theirs to see, photos and voices included, every row that changes is theirs to change,
and whoever is told of it is told of their own. With those of `test_outsiders.py` it is more than
10,000 presses that reach an action and somebody who may do something.
"""

import os
from collections import Counter
from typing import Any

import pytest

from handlers import dispatch
from school import answers, notices
from school.notices import Notice
from storage import letters, people, schools, tasks
from storage.database import Tx
from storage.outbox import NewMessage
from storage.people import Person, Student
from storage.tasks import PartFile
from tests.chat import House
from tests.handlers.crowd import changed, event_of, pressed, rows_of
from tests.handlers.hearers import misdirected
from tests.handlers.planted import NOW, ROSTER, TEACHERS, TODAY, Actor, Planted
from tests.handlers.wishes import Wishes
from tests.security.forger import OF_EACH, Forger, pester, shoot
from tests.security.ownership import circle_of, handed_out, trespasses, unspeakable_to

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

EVERYBODY = (*ROSTER, "student on vk")
FAMILIES = set(EVERYBODY) - TEACHERS
DOERS = {"student", "student on vk", "child", "mother", "group teacher", "primary teacher"}
DONE = {"reviews", "tasks", "work_parts", "works"}
SEEDS = range(20 if os.environ.get("SECURITY") == "full" else 1)


async def school_of(house: House, actor: Actor) -> int:
    async with house.database.read() as tx:
        person = await people.person(tx, actor.person_id)
    assert person is not None
    return person.school_id


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EVERYBODY)
async def test_nobody_gets_at_anything_of_anybody_else(
    name: str,
    seed: int,
    crowded: House,
    school: Planted,
    wishes: Wishes,
    reached: Counter[str],
) -> None:
    actor = school.actors[name]
    forger = Forger(wishes, actor, seed=1000 * seed + EVERYBODY.index(name))
    circle = await circle_of(crowded.database, actor)
    forbidden = await unspeakable_to(crowded.database, actor)
    before = rows_of(crowded)
    wrong = await pester(crowded, forger, OF_EACH, forbidden, school.files_for(actor))
    after = rows_of(crowded)
    wrong += trespasses(actor, circle, await school_of(crowded, actor), before, after)
    assert not wrong, "\n".join(wrong)
    assert reached.total() >= OF_EACH
    if name in DOERS:
        assert DONE & changed(before, after).keys(), "nothing was set, handed in or answered"
    if name in FAMILIES:
        assert handed_out(before) <= handed_out(after)


async def test_a_number_of_any_length_is_only_a_number_of_nothing(
    crowded: House, school: Planted
) -> None:
    """Python refuses to read more than 4,300 digits, wherever a number is expected."""
    digits = "9" * 5000
    names = ["enrol.yes", "start", *dispatch.ACTIONS]
    events = [
        event_of(school.actors[name], action=f"{action}:{digits}")
        for name in ("stranger", "student", "group teacher")
        for action in names
    ]
    events += [event_of(school.actors["group teacher"], text=f"до {digits}.12")]
    assert not await shoot(crowded, events, set())


async def test_a_notice_to_the_whole_class_would_not_go_unseen(
    crowded: House, school: Planted, wishes: Wishes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judges are judged: with such a mistake in the house, every one of them speaks up."""

    async def whole_class(tx: Tx, student: Student) -> list[Person]:
        everybody = await people.students_of_school(tx, student.person.school_id)
        return [one.person for one in everybody if one.school_class == student.school_class]

    monkeypatch.setattr(answers, "hearers_of", whole_class)
    teacher, side = school.actors["group teacher"], school.older
    release = f"review.release:{side.begun}:{wishes.stamps[side.begun]}"
    circle = await circle_of(crowded.database, teacher)
    before = rows_of(crowded)
    assert not await shoot(crowded, [pressed(teacher, release)], set())
    after = rows_of(crowded)
    wrong = trespasses(teacher, circle, side.course.school_class.school_id, before, after)
    async with crowded.database.read() as tx:
        student = await people.student(tx, side.student_id)
        assert student is not None
        mates = {one.id for one in await whole_class(tx, student)} - {student.id}
    assert len(wrong) == len(mates) > 10


async def test_a_file_of_another_would_not_go_unseen(
    crowded: House, school: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tasks.files_of

    async def of_any_task(tx: Tx, task_id: int) -> list[PartFile]:
        return [*await own(tx, task_id), *await own(tx, school.small.task)]

    monkeypatch.setattr(tasks, "files_of", of_any_task)
    student, side = school.actors["student"], school.older
    opens = [pressed(student, f"tasks.open:{side.student_id}:{side.task}")]
    wrong = await shoot(crowded, opens, set(), school.files_for(student))
    assert len(wrong) == 2
    assert all("showed file" in one for one in wrong)


@pytest.mark.parametrize(
    ("kind", "about", "name"),
    [
        ("answer", "review:{s.answer}", "classmate"),
        ("answer", "review:{s.answer}", "guardian"),
        ("answer", "review:{s.answer}", "class teacher"),
        ("task-set", "task:{s.task}:{s.student_id}", "groupmate"),
        ("task-moved", "task:{s.task}:2:{s.student_id}", "left guardian"),
        ("deadlines", "student:{s.student_id}:two_hours:x", "mother"),
        ("registration-trouble", "person:{s.student_id}", "group teacher"),
        ("what nobody has spoken of", "review:{s.answer}", "student"),
    ],
)
async def test_each_notice_to_another_would_not_go_unseen(
    kind: str, about: str, name: str, crowded: House, school: Planted
) -> None:
    notice = Notice(kind, about.format(s=school.older))
    before = rows_of(crowded)
    async with crowded.database.write() as tx:
        (here, *_) = await schools.every(tx)
        said = [(school.actors[name].person_id, notice)]
        assert await notices.announce_all(tx, here, said, NOW) == 1
    assert len(misdirected(before, rows_of(crowded))) == 1


@pytest.mark.parametrize(
    ("address", "whose", "wrong"),
    [
        ("mariya.sokolova@pochta.example", "student", 0),
        ("darya.ershova@semya.example", "student", 1),
        ("somebody@else.example", "student", 1),
        ("mariya.sokolova@pochta.example", "other class", 2),
    ],
)
async def test_each_letter_to_another_would_not_go_unseen(
    address: str, whose: str, wrong: int, crowded: House, school: Planted
) -> None:
    student, side = school.actors[whose].person_id, school.older
    told: dict[str, Any] = {"students": [student]}
    about = f"task:{side.task}:1"
    new = NewMessage(
        "a key", "task-letter", "mail", address, told, NOW, object=about, person_id=student
    )
    before = rows_of(crowded)
    async with crowded.database.write() as tx:
        await letters.write(tx, new, [school.actors["student"].person_id], TODAY, NOW)
    assert len(misdirected(before, rows_of(crowded))) == wrong
