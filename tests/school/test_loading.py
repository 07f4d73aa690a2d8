"""Loading a roster: idempotent, careful with leavers, and never a danger to what refers to it."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import date, time, timedelta
from time import process_time

import pytest
import sqlalchemy as sa

from school import enrolment, loading
from school.access import find
from school.loading import Change, Changes
from school.roster.rows import (
    GroupRow,
    GuardianshipRow,
    PersonKey,
    PersonRow,
    Roster,
    SchoolRow,
    StudentRow,
)
from school.rules.modes import Mode
from storage import accounts, moments, people, roster, schema, schools
from storage.accounts import Account
from storage.database import Database, Tx, opened
from storage.people import Person, Role
from storage.tables import metadata
from tests.school_template import LOADED, MONDAY, sample_roster

ROSTER = sample_roster()
ANNA = PersonKey("students:S501")
MARIA = PersonKey("students:S701")


@pytest.fixture
def database(either_database: Database) -> Database:
    """The sample school, on each kind of database in turn."""
    return either_database


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    async with opened(empty_url) as database:
        await schema.migrate(database)
        yield database


async def load(
    database: Database, wanted: Roster, *, leavers: bool = False, granted: Collection[str] = ()
) -> Changes:
    async with database.write() as tx:
        return await loading.apply(tx, wanted, MONDAY, leavers=leavers, granted=granted)


async def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.read() as tx:
        return {
            table.name: [tuple(row) for row in await tx.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


async def count(database: Database, table: str) -> int:
    async with database.read() as tx:
        found = sa.select(sa.func.count()).select_from(metadata.tables[table])
        return await tx.scalar(found) or 0


async def someone(tx: Tx, key: str) -> Person:
    school = (await schools.every(tx))[0]
    (found,) = await find(tx, school.id, key)
    return found.person


async def bind(database: Database, key: str) -> Person:
    async with database.write() as tx:
        person = await someone(tx, key)
        account = Account(0, person.school_id, person.id, "telegram", f"u-{key}", f"c-{key}")
        await accounts.bind(tx, account, LOADED)
    return person


async def audited(database: Database, what: str) -> int:
    async with database.read() as tx:
        rows = metadata.tables["audit"]
        return await tx.scalar(sa.select(sa.func.count()).where(rows.c.what == what)) or 0


def without(wanted: Roster, *keys: PersonKey) -> Roster:
    """The roster after these people's rows were deleted."""
    return replace(
        wanted,
        people=tuple(one for one in wanted.people if one.key not in keys),
        students=tuple(one for one in wanted.students if one.person not in keys),
        guardianships=tuple(
            one for one in wanted.guardianships if not {one.student, one.guardian} & set(keys)
        ),
        groups=tuple(
            replace(one, students=tuple(key for key in one.students if key not in keys))
            for one in wanted.groups
        ),
        modes=tuple(one for one in wanted.modes if one.student not in keys),
    )


def with_person(wanted: Roster, key: PersonKey, **changes: object) -> Roster:
    """The roster with one person's row changed."""
    new = tuple(
        replace(one, **changes) if one.key == key else one  # type: ignore[arg-type]
        for one in wanted.people
    )
    return replace(wanted, people=new)


async def test_the_sample_school_is_loaded_whole(database: Database) -> None:
    async with database.read() as tx:
        school = (await schools.every(tx))[0]
        students = await people.students_of_school(tx, school.id)
        maria = await people.student(tx, (await someone(tx, "S701")).id)
    assert school.name == "Школа «Образец»"
    assert len(school.code_pepper) == 32
    assert school.informal == {5, 6, 7, 8, 9}
    assert len(students) == len(ROSTER.students)
    assert maria is not None
    assert maria.school_class.name == "7Б"
    assert await count(database, "lessons") == len(ROSTER.lessons)
    assert await count(database, "teachings") == len(ROSTER.teachings())
    assert await count(database, "guardianships") == len(ROSTER.guardianships)
    assert await count(database, "group_members") == sum(len(g.students) for g in ROSTER.groups)


async def test_loading_again_says_nothing_changes_and_writes_nothing(database: Database) -> None:
    before = await contents(database)
    changes = await load(database, ROSTER, leavers=True)
    assert changes.count(leavers=True) == 0
    assert all((sheet.added, sheet.changed, sheet.gone) == ((), (), ()) for sheet in changes.sheets)
    assert changes.sheet("students").unchanged == len(ROSTER.students)
    assert await contents(database) == before


async def test_a_rehearsal_says_the_same_and_writes_nothing(empty: Database) -> None:
    async with empty.read() as tx:
        foreseen = await loading.compare(tx, ROSTER)
    assert await count(empty, "persons") == 0
    assert foreseen == await load(empty, ROSTER)
    assert len(foreseen.sheet("timetable").added) == len(ROSTER.lessons)


async def test_a_changed_row_changes_the_person_and_keeps_the_id(database: Database) -> None:
    async with database.read() as tx:
        before = await someone(tx, "S701")
    wanted = with_person(ROSTER, MARIA, surname="Орлова", email="maria@pochta.example")
    changes = await load(database, wanted)
    assert changes.sheet("students").changed == (
        Change("Орлова Мария Андреевна (S701)", ("фамилия", "email")),
    )
    assert changes.count() == 1
    async with database.read() as tx:
        after = await someone(tx, "S701")
    assert (after.id, after.surname, after.email) == (before.id, "Орлова", "maria@pochta.example")
    assert (await load(database, wanted)).count() == 0


async def test_a_student_moves_to_another_class_and_mode(database: Database) -> None:
    other = ROSTER.classes[0].key
    moved = tuple(
        replace(one, class_key=other, mode=Mode.BLENDED) if one.person == MARIA else one
        for one in ROSTER.students
    )
    changes = await load(database, replace(ROSTER, students=moved))
    assert [row.fields for row in changes.sheet("students").changed] == [("класс", "режим")]
    async with database.read() as tx:
        student = await people.student(tx, (await someone(tx, "S701")).id)
    assert student is not None
    assert (student.school_class.name, student.mode) == (str(other), "blended")


async def test_a_new_row_adds_a_person(database: Database) -> None:
    key = PersonKey("teachers:T99")
    new = PersonRow(key, "Новикова", "Вера", roles=frozenset({Role.SUPPORT}))
    changes = await load(database, replace(ROSTER, people=(*ROSTER.people, new)), granted=["T99"])
    assert changes.sheet("teachers").added == (Change("Новикова Вера (T99)"),)
    async with database.read() as tx:
        assert await people.roles_of(tx, (await someone(tx, "T99")).id) == {Role.SUPPORT}


@pytest.mark.clause("3.10")
async def test_a_gone_row_is_reported_and_nothing_happens_to_the_person(
    database: Database,
) -> None:
    await bind(database, "S701")
    before = await contents(database)
    wanted = without(ROSTER, MARIA)
    for _ in range(2):
        changes = await load(database, wanted)
        assert changes.leavers == ("Соколова Мария Андреевна (S701)",)
        assert changes.sheet("students").gone == (Change("Соколова Мария Андреевна (S701)"),)
        assert changes.count() == 0
    assert await contents(database) == before


@pytest.mark.clause("3.10")
async def test_a_leaver_is_cut_off_and_kept(database: Database) -> None:
    person = await bind(database, "S701")
    async with database.write() as tx:
        code = await enrolment.issue(tx, person, LOADED)
    changes = await load(database, without(ROSTER, MARIA), leavers=True)
    assert changes.leavers == ("Соколова Мария Андреевна (S701)",)
    async with database.write() as tx:
        assert await accounts.bound(tx, "telegram", "u-S701") is None
        checked = await enrolment.check(tx, code, "telegram", "u-other", MONDAY)
        left = await someone(tx, "S701")
    assert checked.fate is enrolment.CodeFate.REVOKED
    assert left.left_on == MONDAY.date()
    assert await audited(database, "person.left") == 1
    assert await count(database, "students") == len(ROSTER.students)
    again = await load(database, without(ROSTER, MARIA), leavers=True)
    assert (again.count(leavers=True), again.leavers) == (0, ())


async def test_a_leaver_who_comes_back_is_whole_again(database: Database) -> None:
    await load(database, without(ROSTER, MARIA), leavers=True)
    changes = await load(database, ROSTER)
    assert changes.returned == ("Соколова Мария Андреевна (S701)",)
    async with database.read() as tx:
        person = await someone(tx, "S701")
        student = await people.student(tx, person.id)
        guardians = await people.guardians_of(tx, person.id)
    assert student is not None
    assert [one.surname for one in guardians] == ["Соколова"]
    assert await audited(database, "person.returned") == 1
    assert (await load(database, ROSTER, leavers=True)).count(leavers=True) == 0


async def test_a_parent_stays_when_one_of_the_children_leaves(database: Database) -> None:
    changes = await load(database, without(ROSTER, MARIA), leavers=True)
    assert changes.sheet("parents").changed == ()
    async with database.read() as tx:
        mother = await someone(tx, "P001")
        children = await people.children_of(tx, mother.id)
    assert "Мария" not in {child.person.given_name for child in children}
    assert children


async def test_a_guardianship_taken_off_the_sheet_ends_at_once(database: Database) -> None:
    fewer = tuple(
        one
        for one in ROSTER.guardianships
        if not (one.student == MARIA and one.guardian.endswith("P001"))
    )
    changes = await load(database, replace(ROSTER, guardianships=fewer))
    assert [row.fields for row in changes.sheet("parents").changed] == [("ученик_id",)]
    async with database.read() as tx:
        mother = await someone(tx, "P001")
        children = await people.children_of(tx, mother.id)
    assert "Мария" not in {child.person.given_name for child in children}


async def test_groups_keep_their_ids_and_a_dropped_group_with_tasks_stays(
    database: Database,
) -> None:
    async with database.read() as tx:
        kept, dropped = (await roster.rows(tx, "groups", 1))[:2]
    async with database.write() as tx:
        await tx.execute(
            sa.insert(metadata.tables["tasks"]).values(
                school_id=1,
                teacher_id=1,
                class_id=dropped["class_id"],
                group_id=dropped["id"],
                subject_id=dropped["subject_id"],
                text="№ 5",
                set_at=LOADED,
                due_at=MONDAY,
                revision=1,
                channel="bot",
            )
        )
    wanted = _without_group(ROSTER, ROSTER.groups[1])
    changes = await load(database, wanted)
    assert len(changes.sheet("groups").gone) == 1
    async with database.read() as tx:
        after = {row["id"]: row for row in await roster.rows(tx, "groups", 1)}
        members = await roster.rows(tx, "group_members", 1)
    assert after[kept["id"]] == kept
    assert dropped["id"] in after
    assert dropped["id"] not in {row["group_id"] for row in members}
    assert (await load(database, wanted)).count() == 0


async def test_a_dropped_group_without_tasks_is_gone(database: Database) -> None:
    before = await count(database, "groups")
    await load(database, _without_group(ROSTER, ROSTER.groups[1]))
    assert await count(database, "groups") == before - 1


async def test_the_timetable_is_replaced_where_it_differs(database: Database) -> None:
    first, second, *rest = ROSTER.lessons
    wanted = replace(ROSTER, lessons=(replace(first, link="https://example.org/x"), *rest))
    changes = await load(database, wanted)
    timetable = changes.sheet("timetable")
    assert [row.fields for row in timetable.changed] == [("ссылка",)]
    assert len(timetable.gone) == 1
    assert timetable.unchanged == len(rest)
    assert str(second.class_key) in timetable.gone[0].label
    assert (await load(database, wanted)).count() == 0


async def test_a_subject_spelled_anew_keeps_its_id(database: Database) -> None:
    async with database.read() as tx:
        before = {row["id"]: row["name"] for row in await roster.rows(tx, "subjects", 1)}

    def spelled(name: str) -> str:
        return "АЛГЕБРА" if name == "Алгебра" else name

    wanted = replace(
        ROSTER,
        subjects=tuple(map(spelled, ROSTER.subjects)),
        lessons=tuple(replace(one, subject=spelled(one.subject)) for one in ROSTER.lessons),
    )
    changes = await load(database, wanted)
    assert changes.count() == 1
    assert changes.sheet("subjects").changed == (Change("АЛГЕБРА", ("название",)),)
    async with database.read() as tx:
        after = {row["id"]: row["name"] for row in await roster.rows(tx, "subjects", 1)}
    assert after == {number: spelled(name) for number, name in before.items()}


async def test_settings_follow_the_sheet_and_the_pepper_never_changes(
    database: Database,
) -> None:
    async with database.read() as tx:
        (before,) = await schools.every(tx)
    changes = await load(database, replace(ROSTER, school=SchoolRow(name="Лицей")))
    assert "название" in changes.sheet("school").changed[0].fields
    async with database.read() as tx:
        (after,) = await schools.every(tx)
    assert (after.id, after.name) == (before.id, "Лицей")
    assert after.code_pepper == before.code_pepper
    assert after.nudge_times == before.nudge_times


@pytest.mark.clause("П1-1.4")
async def test_a_load_lets_deadlines_be_looked_at_anew(database: Database) -> None:
    today = MONDAY.date()
    async with database.write() as tx:
        for day, moment in ((today, "deadline 7:1 evening_before"), (today, "morning 07:30")):
            assert await moments.mark(tx, 1, day, moment, LOADED)

    await load(database, replace(ROSTER, school=replace(ROSTER.school, morning=time(8, 0))))

    async with database.read() as tx:
        assert await moments.since(tx, 1, today) == {(today, "morning 07:30")}


async def test_a_class_that_is_gone_waits_for_the_leavers(database: Database) -> None:
    gone = ROSTER.classes[-1].key
    pupils = [one.person for one in ROSTER.students if one.class_key == gone]
    wanted = replace(
        without(ROSTER, *pupils),
        classes=tuple(one for one in ROSTER.classes if one.key != gone),
        groups=tuple(one for one in ROSTER.groups if one.class_key != gone),
        lessons=tuple(one for one in ROSTER.lessons if one.class_key != gone),
        substitutions=tuple(one for one in ROSTER.substitutions if one.class_key != gone),
        modes=tuple(
            one for one in ROSTER.modes if one.class_key != gone and one.student not in pupils
        ),
        topics=tuple(one for one in ROSTER.topics if one.class_key != gone),
    )
    kept = await load(database, wanted)
    assert kept.sheet("classes").gone == (Change(str(gone)),)
    async with database.read() as tx:
        found = {one.name: one for one in await people.classes_of_school(tx, 1)}
    assert found[str(gone)].class_teacher_id is not None
    await load(database, wanted, leavers=True)
    async with database.read() as tx:
        found = {one.name: one for one in await people.classes_of_school(tx, 1)}
    assert found[str(gone)].class_teacher_id is None
    assert (await load(database, wanted, leavers=True)).count(leavers=True) == 0
    assert await count(database, "students") == len(ROSTER.students)


async def test_a_teacher_who_is_a_parent_is_one_person(empty: Database) -> None:
    teacher = next(one for one in ROSTER.people if one.key.startswith("teachers:"))
    pair = replace(ROSTER.guardianships[0], guardian=teacher.key)
    wanted = replace(
        with_person(ROSTER, teacher.key, roles=teacher.roles | {Role.GUARDIAN}),
        guardianships=(*ROSTER.guardianships, pair),
    )
    await load(empty, wanted)
    async with empty.read() as tx:
        person = await someone(tx, teacher.key)
        held = await people.roles_of(tx, person.id)
        children = await people.children_of(tx, person.id)
    assert {Role.TEACHER, Role.GUARDIAN} <= held
    assert len(children) == 1


async def test_a_school_of_fifteen_hundred_is_loaded_in_seconds(empty: Database) -> None:
    wanted = _crowded(ROSTER, 1500)
    began = process_time()  # a busy machine does not count
    async with asyncio.timeout(600):
        await load(empty, wanted)
        again = await load(empty, wanted)
    assert process_time() - began < 15
    assert again.count() == 0
    assert again.sheet("students").unchanged == 1500
    assert await count(empty, "guardianships") == len(ROSTER.guardianships) + 2 * (
        1500 - len(ROSTER.students)
    )


async def test_a_failure_half_way_leaves_no_trace(empty: Database) -> None:
    def fail(stage: str) -> None:
        if stage == "lessons":
            raise RuntimeError(stage)

    with pytest.raises(RuntimeError, match="lessons"):
        async with empty.write() as tx:
            await loading.apply(tx, ROSTER, LOADED, told=fail)
    assert await count(empty, "persons") == 0
    assert await count(empty, "schools") == 0


async def test_several_schools_need_a_name(database: Database) -> None:
    async with database.write() as tx:
        (school,) = await schools.every(tx)
        values = {name: getattr(school, name) for name in school.__slots__ if name != "id"}
        await schools.add(tx, values | {"name": "Другая школа"})
    assert (await load(database, ROSTER)).count() == 0
    nameless = replace(ROSTER, school=SchoolRow(name="Третья"))
    with pytest.raises(loading.WhichSchoolError):
        await load(database, nameless)


async def test_what_a_substitution_leaves_in_place_is_found_in_the_timetable(
    empty: Database,
) -> None:
    lesson = next(one for one in ROSTER.lessons if one.group)
    monday = MONDAY.date()
    day = monday + timedelta(days=lesson.weekday - 1)
    changed = replace(
        ROSTER.substitutions[0],
        day=day,
        lesson=lesson.lesson,
        class_key=lesson.class_key,
        group=lesson.group,
        subject=None,
    )
    await load(empty, replace(ROSTER, substitutions=(changed,)))
    async with empty.read() as tx:
        (row,) = await roster.rows(tx, "substitutions", 1)
        (group,) = [
            one for one in await roster.rows(tx, "groups", 1) if one["id"] == row["group_id"]
        ]
    assert group["name"] == lesson.group
    assert isinstance(row["day"], date)
    nowhere = replace(changed, group="третья")
    with pytest.raises(loading.UnknownReferenceError):
        await load(empty, replace(ROSTER, substitutions=(nowhere,)))


def _crowded(wanted: Roster, size: int) -> Roster:
    """The same school with so many students, every new one with two guardians."""
    people, students, guardianships = [], [], []
    for number in range(len(wanted.students), size):
        child = PersonKey(f"students:N{number}")
        people.append(PersonRow(child, f"Новый{number}", "Ян", roles=frozenset({Role.STUDENT})))
        students.append(StudentRow(child, wanted.classes[number % len(wanted.classes)].key))
        for which in "АБ":
            adult = PersonKey(f"parents:N{number}{which}")
            roles = frozenset({Role.GUARDIAN})
            people.append(PersonRow(adult, f"Новый{number}", which, roles=roles))
            guardianships.append(GuardianshipRow(adult, child))
    return replace(
        wanted,
        people=(*wanted.people, *people),
        students=(*wanted.students, *students),
        guardianships=(*wanted.guardianships, *guardianships),
    )


def _without_group(wanted: Roster, group: GroupRow) -> Roster:
    return replace(
        wanted,
        groups=tuple(one for one in wanted.groups if one != group),
        lessons=tuple(
            one
            for one in wanted.lessons
            if (one.class_key, one.subject, one.group)
            != (group.class_key, group.subject, group.name)
        ),
    )
