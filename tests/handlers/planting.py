"""Plants the school that `planted.py` tells of, in a database with the sample school."""

import sqlalchemy as sa

from handlers.task_draft import CHECK, Piece, TaskDraft
from storage import (
    accounts,
    drafts,
    letters,
    people,
    reviews,
    schools,
    sessions,
    tasks,
    timetable,
    works,
)
from storage.accounts import Account
from storage.database import Database, Tx
from storage.outbox import NewMessage
from storage.sessions import UNASKED, Session
from storage.tables.people import (
    classes,
    guardianships,
    persons,
    roles,
    students,
)
from storage.tables.timetable import group_members, lessons, subjects, teachings
from storage.tasks import NewTask
from storage.timetable import Teaching
from storage.works import NewWork, Part
from tests.handlers.planted import (
    BEFORE,
    DUE,
    FAMILY,
    LATER,
    MOTHERED,
    ROSTER,
    TODAY,
    TRIED_ON_FAR,
    TRIED_ON_SMALL,
    Actor,
    Cast,
    Planted,
    Side,
)


async def plant(database: Database) -> Planted:
    """Put everything in; the database must hold the sample school."""
    async with database.write() as tx:
        actors = await _actors(tx)
        far = await _far_school(tx, actors)
        class_7, class_3 = await _class(tx, 7), await _class(tx, 3)
        english = await _course(tx, actors["group teacher"], class_7, "Английский язык")
        await _leavers(tx, actors, english)
        older = await _side(
            tx,
            actors,
            english,
            Cast(
                "тайна-7Б",
                "student",
                "group teacher",
                FAMILY,
                FAMILY - {"guardian"},
                frozenset({"student"}),
                frozenset({"class teacher", "deputy head"}),
                frozenset(actors),
            ),
        )
        maths = await _course(tx, actors["primary teacher"], class_3, "Математика")
        small = await _side(
            tx,
            actors,
            maths,
            Cast(
                "тайна-3Б",
                "child",
                "primary teacher",
                MOTHERED,
                MOTHERED,
                frozenset({"mother"}),
                frozenset({"primary teacher", "deputy head"}),
                TRIED_ON_SMALL,
            ),
        )
        mate = actors["groupmate"].person_id
        mate_work = await _work(tx, older, (older.task, mate), "тайна-соседки")
        mate_answer = await _answer(tx, actors["group teacher"], mate_work, "тайна-соседки")
        await _letter(tx, actors["classmate"], "darya.ershova@semya.example")
        own = {
            name: await _draft(tx, actors[name], None, 0, "своё")
            for name in ("classmate", "classmate's mother", "groupmate", "other class")
        }
        return Planted(actors, older, small, far, mate_work, mate_answer, own)


async def _actors(tx: Tx) -> dict[str, Actor]:
    found = {"stranger": Actor("stranger", 0, "telegram", "stranger")}
    for name, roster_id in ROSTER.items():
        person_id = await tx.scalar(
            sa.select(persons.c.id).where(persons.c.roster_key.like(f"%:{roster_id}"))
        )
        assert person_id is not None
        found[name] = await _bound(tx, name, person_id, f"{roster_id}-telegram")
    student = found["student"].person_id
    found["student on vk"] = await _bound(tx, "student on vk", student, "S701-vk", "vk")
    return found


async def _bound(
    tx: Tx, name: str, person_id: int, user: str, messenger: str = "telegram"
) -> Actor:
    person = await people.person(tx, person_id)
    assert person is not None
    account = Account(0, person.school_id, person_id, messenger, user, user)
    await accounts.bind(tx, account, BEFORE)
    return Actor(name, person_id, messenger, user)


async def _person(tx: Tx, school_id: int, surname: str, name: str, role: str = "") -> int:
    row = await tx.execute(
        sa.insert(persons)
        .values(
            school_id=school_id,
            roster_key=f"planted:{surname}{name}",
            surname=surname,
            given_name=name,
            patronymic="",
            email="dalneva@semya.example" if role == "student" else "",
            phone="",
        )
        .returning(persons.c.id)
    )
    person_id = int(row.scalar_one())
    if role:
        await tx.execute(sa.insert(roles).values(person_id=person_id, role=role))
    return person_id


async def _leavers(tx: Tx, actors: dict[str, Actor], course: Teaching) -> None:
    """Add those who would have every right, had they not left."""
    school_id = course.school_class.school_id
    teacher = await _person(tx, school_id, "Ушедшая", "Тамара", "teacher")
    guardian = await _person(tx, school_id, "Ушедший", "Пётр", "guardian")
    await tx.execute(
        sa.insert(teachings).values(
            teacher_id=teacher,
            class_id=course.school_class.id,
            subject_id=course.subject_id,
            group_id=course.group_id,
        )
    )
    await _guards(tx, guardian, actors["student"].person_id)
    for name, person_id in (("left teacher", teacher), ("left guardian", guardian)):
        actors[name] = await _bound(tx, name, person_id, f"{name}-telegram")
        await tx.execute(sa.update(persons).where(persons.c.id == person_id).values(left_on=TODAY))


async def _guards(tx: Tx, guardian: int, student: int) -> None:
    await tx.execute(
        sa.insert(guardianships).values(
            guardian_id=guardian, student_id=student, relation="", is_legal=True
        )
    )


async def _far_school(tx: Tx, actors: dict[str, Actor]) -> Side:
    """Add a school of its own beside the sample school, with a 7Б and people of its own."""
    here = (await schools.every(tx))[0]
    settings = {name: getattr(here, name) for name in here.__slots__ if name != "id"}
    school_id = await schools.add(tx, settings | {"name": "Дальняя", "code_pepper": b"far"})
    cast = {"student": "Яна", "guardian": "Ада", "teacher": "Ева", "deputy_head": "Ия"}
    for role, given in cast.items():
        name = f"far {role.removesuffix('_head')}"
        person_id = await _person(tx, school_id, "Дальнева", given, role)
        actors[name] = await _bound(tx, name, person_id, f"{name}-telegram")
    student, teacher = actors["far student"].person_id, actors["far teacher"].person_id
    class_id = await _new(
        tx, classes, school_id=school_id, parallel=7, letter="Б", week_days=5, shift=1
    )
    await tx.execute(
        sa.insert(students).values(person_id=student, class_id=class_id, mode="distance")
    )
    await _guards(tx, actors["far guardian"].person_id, student)
    subject_id = await _new(tx, subjects, school_id=school_id, name="Даль")
    await _new(tx, teachings, teacher_id=teacher, class_id=class_id, subject_id=subject_id)
    await _new(
        tx,
        lessons,
        class_id=class_id,
        subject_id=subject_id,
        teacher_id=teacher,
        weekday=TODAY.isoweekday(),
        lesson=1,
        week="every",
        format="online",
        link="",
    )
    course = (await timetable.teachings_of(tx, teacher))[0]
    return await _side(
        tx,
        actors,
        course,
        Cast(
            "тайна-дальней",
            "far student",
            "far teacher",
            frozenset({"far student", "far guardian"}),
            frozenset({"far student"}),
            frozenset({"far student"}),
            frozenset({"far deputy"}),
            TRIED_ON_FAR,
        ),
    )


async def _new(tx: Tx, table: sa.Table, **values: object) -> int:
    return int(
        (await tx.execute(sa.insert(table).values(values).returning(table.c.id))).scalar_one()
    )


async def _class(tx: Tx, parallel: int) -> int:
    found = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == parallel))
    assert found is not None
    return int(found)


async def _course(tx: Tx, teacher: Actor, class_id: int, subject: str) -> Teaching:
    of_teacher = await timetable.teachings_of(tx, teacher.person_id)
    return next(
        one for one in of_teacher if one.school_class.id == class_id and one.subject == subject
    )


async def _side(tx: Tx, actors: dict[str, Actor], course: Teaching, cast: Cast) -> Side:
    student, teacher = actors[cast.student].person_id, actors[cast.teacher]
    if course.group_id is not None:
        members = sa.select(group_members.c.student_id).where(
            group_members.c.group_id == course.group_id
        )
        assert student in set((await tx.execute(members)).scalars())
    task, other, sent, done, back = [await _task(tx, course, cast.secret) for _ in range(5)]
    waiting = await _work(tx, course, (sent, student), cast.secret)
    begun = await reviews.start(tx, waiting, teacher.person_id, BEFORE)
    await reviews.change(tx, begun.id, comment=cast.secret)
    answered = await _work(tx, course, (done, student), cast.secret)
    answer = await _answer(tx, teacher, answered, cast.secret)
    returned = await _work(tx, course, (back, student), cast.secret)
    returned_answer = await _answer(tx, teacher, returned, cast.secret, reviews.RETURNED)
    draft, version = await _draft(tx, actors[next(iter(cast.here))], student, task, cast.secret)
    composed = TaskDraft(1000 + student, course.id, 3, (Piece(cast.secret), Piece("ещё")), DUE)
    session = Session(CHECK, composed.to_data(), UNASKED)
    await sessions.save(tx, teacher.messenger, teacher.user, session, BEFORE)
    return Side(
        **vars(cast),
        student_id=student,
        student_name=await _short_name(tx, student),
        class_id=course.school_class.id,
        class_name=course.school_class.name,
        course=course,
        task=task,
        other_task=other,
        waiting=waiting,
        begun=begun.id,
        answered=answered,
        answer=answer,
        returned=returned,
        returned_answer=returned_answer,
        draft=draft,
        version=version,
        set_draft=composed,
    )


async def _short_name(tx: Tx, person_id: int) -> str:
    person = await people.person(tx, person_id)
    assert person is not None
    return person.short_name


async def _task(tx: Tx, course: Teaching, secret: str) -> int:
    new = NewTask(
        course.school_class.school_id,
        course.teacher_id,
        course.school_class.id,
        course.group_id,
        course.subject_id,
        secret.replace("тайна", "задача"),
        BEFORE,
        DUE,
    )
    return await tasks.add(tx, new, [])


async def _work(tx: Tx, of: Teaching | Side, at: tuple[int, int], secret: str) -> int:
    course = of.course if isinstance(of, Side) else of
    task_id, student_id = at
    new = NewWork(
        course.school_class.school_id,
        task_id,
        student_id,
        student_id,
        BEFORE,
        BEFORE,
        is_late=False,
        review_due_on=TODAY,
        answer_on=TODAY,
    )
    parts = [Part("text", secret, source="event:0")]
    named = f"{course.school_class.name}-{course.school_class.school_id}"
    return await works.add(tx, new, course.school_class.id, named, parts)


async def _answer(
    tx: Tx, teacher: Actor, work_id: int, secret: str, outcome: str = reviews.ACCEPTED
) -> int:
    review = await reviews.start(tx, work_id, teacher.person_id, BEFORE)
    mark = "5" if outcome == reviews.ACCEPTED else ""
    await reviews.change(tx, review.id, outcome=outcome, mark=mark, comment=secret)
    await reviews.release(tx, review.id, BEFORE)
    state = works.RETURNED if outcome == reviews.RETURNED else works.REVIEWED
    await works.set_state(tx, work_id, state)
    return review.id


async def _letter(tx: Tx, about: Actor, address: str) -> None:
    """Write a letter of today about a student to a guardian's address."""
    letter = NewMessage("planted letter", "task-letter", "mail", address, {}, LATER)
    await letters.write(tx, letter, [about.person_id], TODAY, BEFORE)


async def _draft(
    tx: Tx, owner: Actor, student_id: int | None, task_id: int, secret: str
) -> tuple[int, int]:
    begun = await drafts.start(tx, owner.messenger, owner.user, owner.person_id, BEFORE)
    if student_id is not None:
        await drafts.aim(tx, begun.id, student_id, task_id)
    await drafts.add_part(tx, begun.id, Part("text", secret, source="event:0"))
    found = await drafts.in_chat(tx, owner.messenger, owner.user)
    assert found is not None
    return found.id, found.version
