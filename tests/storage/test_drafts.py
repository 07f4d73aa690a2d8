"""Drafts: aimed and unaimed, emptied and thrown away, on SQLite and on PostgreSQL."""

import pytest

from storage import drafts
from storage.database import Database
from storage.works import Part
from tests.storage.rows import Rows

pytestmark = pytest.mark.clause("П1-1.5")


async def test_what_was_collected_survives_a_change_of_aim(rows: Rows, database: Database) -> None:
    anya, task_id = await rows.person("S701"), await rows.task()
    async with database.write() as tx:
        draft = await drafts.start(tx, "telegram", "anya", anya, rows.now)
        await drafts.add_part(tx, draft.id, Part("text", "раз", source="event:1"))
        await drafts.aim(tx, draft.id, anya, task_id)
        aimed = await drafts.in_chat(tx, "telegram", "anya")
        await drafts.unaim(tx, draft.id)
        found = await drafts.in_chat(tx, "telegram", "anya")
        parts = await drafts.parts_of(tx, draft.id)

    assert aimed is not None
    assert (aimed.student_id, aimed.task_id) == (anya, task_id)
    assert found is not None
    assert (found.student_id, found.task_id) == (None, None)
    assert draft.version < aimed.version < found.version
    assert [(part.text, part.source) for part in parts] == [("раз", "event:1")]


async def test_only_a_draft_with_something_in_it_counts_as_collected(
    rows: Rows, database: Database
) -> None:
    anya, task_id = await rows.person("S701"), await rows.task()
    async with database.write() as tx:
        draft = await drafts.start(tx, "telegram", "anya", anya, rows.now)
        await drafts.aim(tx, draft.id, anya, task_id)
        assert not await drafts.aimed_at(tx, anya, task_id)
        await drafts.add_part(tx, draft.id, Part("text", "раз"))
        assert await drafts.aimed_at(tx, anya, task_id)
        assert not await drafts.aimed_at(tx, anya + 1, task_id)
        assert not await drafts.aimed_at(tx, anya, task_id + 1)


async def test_a_draft_that_is_thrown_away_leaves_no_part_behind(
    rows: Rows, database: Database
) -> None:
    anya = await rows.person("S701")
    async with database.write() as tx:
        draft = await drafts.start(tx, "telegram", "anya", anya, rows.now)
        await drafts.add_part(tx, draft.id, Part("text", "раз"))
        await drafts.discard(tx, draft.id)
        assert await drafts.in_chat(tx, "telegram", "anya") is None
        assert await drafts.parts_of(tx, draft.id) == []


async def test_chats_have_drafts_of_their_own(rows: Rows, database: Database) -> None:
    anya = await rows.person("S701")
    async with database.write() as tx:
        for messenger, chat in (("telegram", "anya"), ("vk", "anya"), ("telegram", "mother")):
            draft = await drafts.start(tx, messenger, chat, anya, rows.now)
            await drafts.add_part(tx, draft.id, Part("text", f"{messenger} {chat}"))
        for messenger, chat in (("telegram", "anya"), ("vk", "anya"), ("telegram", "mother")):
            found = await drafts.in_chat(tx, messenger, chat)
            assert found is not None
            [part] = await drafts.parts_of(tx, found.id)
            assert part.text == f"{messenger} {chat}"
