"""What 0003 left in the inbox is known when it comes again, and its words are forgotten."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.messengers.text import as_json
from bot.messengers.vk_events import understand
from bot.restoring import restore_from
from storage import inbox, schema
from storage.backups.shelf import Shelf
from storage.database import Database, opened
from storage.inbox import NewEvent
from storage.tables import messages
from tests.school_template import MONDAY, sqlite_url
from tests.storage.backups.home import Home

OLD = "0003"
COMMUNITY = 5
WORDS = '{"text": "words"}'
STATES = ("fetching", "ready", "done", "quarantined")
HARD_TEXTS = ("x", "\0", "\\u0000", "\ud83d", 'x", "group_id": 6, "y": "', "Аня\n")
"""PostgreSQL cannot decode some of them; one looks like another community's number."""


def told(text: str = "x", number: int = 3) -> dict[str, Any]:
    """What VK tells of a message, an attachment with a community of its own included."""
    post = {"type": "wall", "wall": {"group_id": 6}}
    message = {"peer_id": 7, "from_id": 7, "date": 1, "conversation_message_id": number}
    held = {"message": message | {"text": text, "attachments": [post]}}
    return {"type": "message_new", "object": held, "group_id": COMMUNITY}


def old(ref: str, raw: str | None = None, state: str = "done", **values: object) -> dict[str, Any]:
    """Give a row as the program of 0003 wrote it."""
    return {
        "messenger": "vk",
        "update_ref": ref,
        "sender": "vk:7",
        "state": state,
        "raw": json.dumps(told()) if raw is None else raw,
        "event": WORDS,
        "received_at": MONDAY,
        "attempts": 0,
        "error": "",
        **values,
    }


@pytest.fixture
async def before(empty_url: str) -> AsyncIterator[Database]:
    async with opened(empty_url) as database:
        await schema.migrate(database, OLD)
        yield database


async def put(database: Database, *rows: dict[str, Any]) -> None:
    async with database.write() as tx:
        await tx.execute(sa.insert(messages.inbox), rows)


async def column(database: Database, name: str) -> list[str]:
    wanted = sa.select(messages.inbox.c[name]).order_by(messages.inbox.c.id)
    async with database.read() as tx:
        return list((await tx.execute(wanted)).scalars())


async def come_again(database: Database, *events: dict[str, Any]) -> int:
    """Let VK tell of messages again, and count those that are taken for new."""
    again = [understand(event, MONDAY) for event in events]
    async with database.write() as tx:
        stored = [NewEvent("vk", one.ref, "vk:7", one.raw, WORDS) for one in again]
        return await inbox.store(tx, stored, MONDAY)


async def test_a_message_of_vk_gets_its_community_into_its_name(before: Database) -> None:
    names = [f"msg:7:{number}" for number, _ in enumerate(STATES)]
    await put(before, *(old(name, state=state) for name, state in zip(names, STATES, strict=True)))
    await schema.migrate(before)
    assert await column(before, "update_ref") == [
        f"msg:5:7:{number}" for number, _ in enumerate(STATES)
    ]
    assert await column(before, "state") == list(STATES)
    assert await come_again(before, *(told(number=n) for n, _ in enumerate(STATES) if n)) == 0
    assert await come_again(before, told(number=len(STATES))) == 1


async def test_whatever_was_written_the_community_is_found(before: Database) -> None:
    events = [told(text, number) for number, text in enumerate(HARD_TEXTS)]
    raws = [as_json(event) for event in events]
    await put(before, *(old(f"msg:7:{number}", raw) for number, raw in enumerate(raws)))
    await schema.migrate(before)
    assert await column(before, "update_ref") == [
        f"msg:5:7:{number}" for number, _ in enumerate(raws)
    ]
    assert await come_again(before, *events[1:]) == 0


async def test_any_other_keeps_its_name(before: Database) -> None:
    """Its community is not told, or it is no message of VK with an old name."""
    untold = ("", "not JSON", '{"group_id": 5', "[" * 100_000, "[5]", "5", "null", "{}")
    strange = ("null", '{"id": 5}', "[5]", "true", '"a:b"', "5.5")
    nested = '{"object": {"group_id": 5}}'
    raws = [*untold, nested, *(f'{{"group_id": {value}}}' for value in strange)]
    rows = [old(f"msg:7:{number}", raw) for number, raw in enumerate(raws)]
    rows += [old(ref) for ref in ("msg:6:7:3", "event:7:3", "msg:7", "MSG")]
    rows += [old("msg:8:1", messenger="telegram"), old("msg:8:1")]
    await put(before, *rows)
    await schema.migrate(before)
    kept = [row["update_ref"] for row in rows[:-1]]
    assert await column(before, "update_ref") == [*kept, "msg:5:8:1"]


async def test_a_name_that_is_taken_stays_with_whom_it_is(before: Database) -> None:
    await put(before, old("msg:7:3"), old("msg:5:7:3"), old("msg:5:7:3", messenger="telegram"))
    await schema.migrate(before)
    assert await column(before, "update_ref") == ["msg:7:3", "msg:5:7:3", "msg:5:7:3"]


async def test_only_what_is_still_to_be_handled_or_understood_keeps_its_words(
    before: Database,
) -> None:
    raw = json.dumps(told())
    rows = [old(f"{n}", raw, state, messenger="telegram") for n, state in enumerate(STATES)]
    await put(before, *rows, old("msg:7:3", raw), old("msg:7:4", "not JSON"))
    await schema.migrate(before)
    assert await column(before, "raw") == [raw, raw, "", raw, "", ""]
    assert await column(before, "event") == [WORDS, WORDS, "", WORDS, "", ""]


async def test_the_way_back_gives_the_old_names_again(before: Database) -> None:
    """Two communities with the same person: one has the old name, the other keeps its own."""
    await put(before, old("msg:7:3"), old("msg:7:4", state="ready"), old("event:1:2:3"))
    await put(before, old("msg:5:8:1"), old("msg:6:8:1"), old("msg:5:9:1"), old("msg:9:1", ""))
    await schema.migrate(before)
    await schema.migrate(before, OLD)
    assert await column(before, "update_ref") == [
        "msg:7:3",
        "msg:7:4",
        "event:1:2:3",
        "msg:8:1",
        "msg:6:8:1",
        "msg:5:9:1",
        "msg:9:1",
    ]


async def test_an_old_backup_knows_its_messages_when_they_come_again(
    template: Path, tmp_path: Path
) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    async with opened(sqlite_url(home.place.database)) as database:
        await schema.migrate(database, OLD)
        await put(database, old("msg:7:3"))
    made = home.backed_up(shelf)
    back = Home(tmp_path / "another machine")
    found = await restore_from(made.path, back.place, MONDAY, force=False, incomplete=False)
    assert found.migrated_from == OLD
    async with opened(sqlite_url(back.place.database)) as database:
        assert await come_again(database, told()) == 0
        assert await column(database, "raw") == [""]
