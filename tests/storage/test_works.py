import asyncio
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from storage import drafts, files, works
from storage.database import Database
from storage.files import Blob
from storage.works import NewWork, Part
from tests.storage.rows import Rows

TEXT = Part("text", "решение", source="1")


async def hand_in(rows: Rows, task_id: int, roster_id: str, *parts: Part) -> int:
    student_id, class_id = await rows.person(roster_id), await rows.school_class(7, "Б")
    school_id = await rows.school()
    async with rows.database.write() as tx:
        new = NewWork(
            school_id=school_id,
            task_id=task_id,
            student_id=student_id,
            author_id=student_id,
            sent_at=rows.now,
            received_at=rows.now,
            is_late=False,
            review_due_on=date(2026, 11, 23),
            answer_on=date(2026, 11, 24),
        )
        return await works.add(tx, new, class_id, "7Б", parts)


async def test_works_are_numbered_within_their_class_and_attempts_within_their_task(
    rows: Rows, database: Database
) -> None:
    first, second = await rows.task(), await rows.task()
    made = [
        await hand_in(rows, task_id, student, TEXT)
        for task_id, student in (
            (first, "S701"),
            (first, "S702"),
            (first, "S701"),
            (second, "S701"),
        )
    ]
    async with database.read() as tx:
        found = [await works.by_id(tx, work_id) for work_id in made]
        attempts = await works.attempts(tx, first, await rows.person("S701"))
    assert [work.number for work in found if work] == ["7Б-0001", "7Б-0002", "7Б-0003", "7Б-0004"]
    assert [work.attempt for work in found if work] == [1, 1, 2, 1]
    assert [work.id for work in attempts] == [made[0], made[2]]


async def test_a_later_attempt_leaves_the_first_as_it_was(rows: Rows, database: Database) -> None:
    task_id = await rows.task()
    first = await hand_in(rows, task_id, "S701", TEXT, Part("text", "дальше", source="2"))
    await hand_in(rows, task_id, "S701", Part("text", "другое", source="3"))
    async with database.read() as tx:
        assert [part.text for part in await works.parts_of(tx, first)] == ["решение", "дальше"]


async def test_numbers_are_not_given_twice_whoever_comes_at_once(
    rows: Rows, database: Database
) -> None:
    task_id = await rows.task()
    await hand_in(rows, task_id, "S701")
    students = ("S702", "S703", "S704", "S705")
    async with asyncio.TaskGroup() as group:
        made = [group.create_task(hand_in(rows, task_id, student)) for student in students]
    async with database.read() as tx:
        found = [await works.by_id(tx, one.result()) for one in made]
    assert len({work.number for work in found if work}) == len(students)


async def test_a_number_whose_work_was_rolled_back_is_given_again(
    rows: Rows, database: Database
) -> None:
    task_id = await rows.task()
    with pytest.raises(IntegrityError):
        await hand_in(rows, task_id, "S701", Part("photo", file_id=999))
    work_id = await hand_in(rows, task_id, "S701")
    async with database.read() as tx:
        work = await works.by_id(tx, work_id)
    assert work is not None
    assert (work.number, work.attempt) == ("7Б-0001", 1)


async def test_a_part_brings_its_file_along(rows: Rows, database: Database) -> None:
    async with database.write() as tx:
        file_id = await files.add(tx, Blob("ab" * 32, 1234, "image/jpeg"), rows.now)
    photo = Part("photo", file_id=file_id, name="стр. 1", source="7")
    work_id = await hand_in(rows, await rows.task(), "S701", TEXT, photo)
    async with database.write() as tx:
        await works.add_parts(tx, work_id, [Part("text", "и ещё", source="8")])
        parts = await works.parts_of(tx, work_id)
    assert [part.kind for part in parts] == ["text", "photo", "text"]
    assert (parts[1].size, parts[1].sha256, parts[0].size) == (1234, "ab" * 32, 0)


async def test_a_chat_has_one_draft_and_its_version_grows_with_every_change(
    rows: Rows, database: Database
) -> None:
    author = await rows.person("S701")
    task_id = await rows.task()
    async with database.write() as tx:
        draft = await drafts.start(tx, "telegram", "anya", author, rows.now)
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await drafts.start(tx, "telegram", "anya", author, rows.now)
        versions = [draft.version]
        for change in (
            drafts.add_part(tx, draft.id, Part("text", "раз", source="1")),
            drafts.add_part(tx, draft.id, Part("text", "два", source="2")),
            drafts.drop_last_part(tx, draft.id),
            drafts.aim(tx, draft.id, author, task_id),
        ):
            await change
            found = await drafts.in_chat(tx, "telegram", "anya")
            versions.append(found.version if found else 0)
        assert versions == sorted(set(versions))
        assert [part.text for part in await drafts.parts_of(tx, draft.id)] == ["раз"]
        await drafts.drop_last_part(tx, draft.id)
        assert not await drafts.drop_last_part(tx, draft.id)
        assert await drafts.in_chat(tx, "vk", "anya") is None


async def test_the_number_of_a_draft_is_never_another_drafts(
    rows: Rows, database: Database
) -> None:
    """A button of the old draft names it by this number, and must not touch the new one."""
    author = await rows.person("S701")
    async with database.write() as tx:
        old = await drafts.start(tx, "telegram", "anya", author, rows.now)
        await drafts.discard(tx, old.id)
    async with database.write() as tx:
        new = await drafts.start(tx, "telegram", "anya", author, rows.now)
    assert new.id != old.id
