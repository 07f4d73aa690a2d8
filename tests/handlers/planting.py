"""Plants the school that `planted.py` tells of, in a database with the sample school."""

import sqlalchemy as sa

from handlers.messages import FileKind
from handlers.task_draft import CHECK, Piece, TaskDraft
from storage import (
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
from storage.database import Database, Tx
from storage.outbox import NewMessage
from storage.sessions import UNASKED, Session
from storage.tables.people import classes, students
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
    SECRETS,
    TODAY,
    Actor,
    Cast,
    Planted,
    Side,
)
from tests.handlers.planted_files import a_file, photo_and_voice, secrets_of_files
from tests.handlers.planting_people import (
    actors_of_roster,
    add_leavers,
    add_person,
    bound,
    make_guardian,
)


async def plant(database: Database) -> Planted:
    """Put everything in; the database must hold the sample school."""
    async with database.write() as tx:
        actors = await actors_of_roster(tx)
        far = await _far_school(tx, actors)
        class_7, class_3 = await _class(tx, 7), await _class(tx, 3)
        english = await _course(tx, actors["group teacher"], class_7, "Английский язык")
        await add_leavers(tx, actors, english)
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
        files = await secrets_of_files(tx)
        return Planted(actors, older, small, far, mate_work, mate_answer, own, files)


async def _far_school(tx: Tx, actors: dict[str, Actor]) -> Side:
    """Add a school of its own beside the sample school, with a 7Б and people of its own."""
    here = (await schools.every(tx))[0]
    settings = {name: getattr(here, name) for name in here.__slots__ if name != "id"}
    school_id = await schools.add(tx, settings | {"name": "Дальняя", "code_pepper": b"far"})
    cast = {"student": "Яна", "guardian": "Ада", "teacher": "Ева", "deputy_head": "Ия"}
    for role, given in cast.items():
        name = f"far {role.removesuffix('_head')}"
        person_id = await add_person(tx, school_id, "Дальнева", given, role)
        actors[name] = await bound(tx, name, person_id, f"{name}-telegram")
    student, teacher = actors["far student"].person_id, actors["far teacher"].person_id
    class_id = await _new(
        tx, classes, school_id=school_id, parallel=7, letter="Б", week_days=5, shift=1
    )
    await tx.execute(
        sa.insert(students).values(person_id=student, class_id=class_id, mode="distance")
    )
    await make_guardian(tx, actors["far guardian"].person_id, student)
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
    begun = await _unsent(tx, teacher, waiting, cast.secret)
    answered = await _work(tx, course, (done, student), cast.secret)
    answer = await _answer(tx, teacher, answered, cast.secret)
    returned = await _work(tx, course, (back, student), cast.secret)
    returned_answer = await _answer(tx, teacher, returned, cast.secret, reviews.RETURNED)
    draft, version = await _draft(tx, actors[next(iter(cast.here))], student, task, cast.secret)
    composed = await _composed(tx, course, student, cast.secret)
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
        begun=begun,
        answered=answered,
        answer=answer,
        returned=returned,
        returned_answer=returned_answer,
        draft=draft,
        version=version,
        set_draft=composed,
    )


async def _composed(tx: Tx, course: Teaching, student: int, secret: str) -> TaskDraft:
    photo = await a_file(tx, FileKind.PHOTO, secret)
    pieces = (Piece(secret), Piece("", photo, FileKind.PHOTO.value), Piece("ещё"))
    return TaskDraft(1000 + student, course.id, 3, pieces, DUE)


async def _short_name(tx: Tx, person_id: int) -> str:
    person = await people.person(tx, person_id)
    assert person is not None
    return person.short_name


async def _task(tx: Tx, course: Teaching, secret: str) -> int:
    told = secret.replace("тайна", "задача")
    new = NewTask(
        course.school_class.school_id,
        course.teacher_id,
        course.school_class.id,
        course.group_id,
        course.subject_id,
        told,
        BEFORE,
        DUE,
    )
    return await tasks.add(tx, new, await photo_and_voice(tx, told))


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
    parts = await _parts(tx, secret)
    named = f"{course.school_class.name}-{course.school_class.school_id}"
    return await works.add(tx, new, course.school_class.id, named, parts)


async def _parts(tx: Tx, secret: str) -> list[Part]:
    """Make what is handed in: a text, and a photo and a voice message where it is a secret."""
    parts = [Part("text", secret, source="event:0")]
    found = await photo_and_voice(tx, secret) if secret in SECRETS else []
    return parts + [Part(one.kind, file_id=one.file_id, source="event:0") for one in found]


async def _answer(
    tx: Tx, teacher: Actor, work_id: int, secret: str, outcome: str = reviews.ACCEPTED
) -> int:
    review = await reviews.start(tx, work_id, teacher.person_id, BEFORE)
    mark = "5" if outcome == reviews.ACCEPTED else ""
    voice = await a_file(tx, FileKind.VOICE, secret)
    said = {"mark": mark, "comment": secret, "audio_file_id": voice}
    await reviews.change(tx, review.id, outcome=outcome, **said)
    await reviews.release(tx, review.id, BEFORE)
    state = works.RETURNED if outcome == reviews.RETURNED else works.REVIEWED
    await works.set_state(tx, work_id, state)
    return review.id


async def _unsent(tx: Tx, teacher: Actor, work_id: int, secret: str) -> int:
    """Begin an answer that only its teacher knows of."""
    told = secret.replace("тайна", "черновик")
    review = await reviews.start(tx, work_id, teacher.person_id, BEFORE)
    voice = await a_file(tx, FileKind.VOICE, told)
    await reviews.change(tx, review.id, comment=told, audio_file_id=voice)
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
    for part in await _parts(tx, secret):
        await drafts.add_part(tx, begun.id, part)
    found = await drafts.in_chat(tx, owner.messenger, owner.user)
    assert found is not None
    return found.id, found.version
