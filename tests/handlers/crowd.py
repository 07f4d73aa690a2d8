"""Many chats that write at once, and what stands in the database before and after.

Events go through inbox, worker and dispatch as they do for real; what the bot answered is read
from the outbox, so that no messenger has to deliver it.
"""

import itertools
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from handlers.messages import Address, Happening, Incoming
from scheduler.messenger import Update
from storage.tables import metadata
from tests.chat import House
from tests.handlers.planted import NOW, Actor

Rows = dict[str, Counter[tuple[Any, ...]]]

MOST_ATTEMPTS = 3
_numbers = itertools.count(1)
_APART = {"inbox", "inbox_files", "cards", "alembic_version", "sqlite_sequence"}
_SEEN = "last_seen_at"


@dataclass(frozen=True)
class Said:
    """What the bot answered to one event: the texts of its messages in order, files and buttons."""

    texts: tuple[str, ...]
    files: tuple[int, ...] = ()
    actions: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Everything that can be read, labels of buttons included."""
        return "\n".join(self.texts)


def pressed(actor: Actor, action: str) -> Incoming:
    """Make a press; the payload need not be one that a button carries."""
    return event_of(actor, action=action, happening=Happening.PRESS)


def wrote(actor: Actor, text: str) -> Incoming:
    """Make a message."""
    return event_of(actor, text=text)


def event_of(actor: Actor, **values: Any) -> Incoming:
    """Make an event of somebody's private chat."""
    address = Address(actor.messenger, actor.user, actor.user)
    return Incoming(address, NOW, message_ref=str(next(_numbers)), **values)


def in_group(actor: Actor, **values: Any) -> Incoming:
    """Make an event of a chat in which others read along."""
    address = Address(actor.messenger, f"group-{actor.messenger}", actor.user)
    number = str(next(_numbers))
    return Incoming(address, NOW, message_ref=number, is_private=False, **values)


async def answers_to(house: House, events: Sequence[Incoming]) -> list[Said]:
    """Let events happen and return what was answered to each, in the same order."""
    refs = [f"crowd-{next(_numbers)}" for _ in events]
    said_before = _newest_said(house)
    for messenger, ingress in house.ingress.items():
        updates = [
            Update(ref, "{}", event)
            for ref, event in zip(refs, events, strict=True)
            if event.address.messenger == messenger
        ]
        if updates:
            await ingress.take(updates)
            while any(event.remote for event in events) and await ingress.fetch_waiting():
                pass
    for _ in range(MOST_ATTEMPTS * len(events) + 1):
        if not await house.worker.handle_ready():
            break
    return _answers(house, dict(zip(refs, events, strict=True)), said_before)


def _newest_said(house: House) -> int:
    with closing(sqlite3.connect(house.database.path)) as db:
        return int(db.execute("select coalesce(max(id), 0) from outbox").fetchone()[0])


def _answers(house: House, events: dict[str, Incoming], after: int) -> list[Said]:
    with closing(sqlite3.connect(house.database.path)) as db:
        refs = {number: ref for ref, number in db.execute("select update_ref, id from inbox")}
        replies: dict[str, list[dict[str, Any]]] = {ref: [] for ref in events}
        for key, lane, chat, payload in db.execute(
            "select key, lane, address, payload from outbox where is_reply and id > ? order by id",
            (after,),
        ):
            ref = refs[int(key.split("|")[1])]
            if ref in replies:
                address = events[ref].address
                assert (lane, chat) == (address.messenger, address.chat), "answered elsewhere"
                replies[ref].append(json.loads(payload))
    return [_said(found) for found in replies.values()]


def _said(replies: Sequence[dict[str, Any]]) -> Said:
    files = [file["file_id"] for reply in replies for file in reply.get("files", ())]
    buttons = [one for reply in replies for row in reply.get("buttons", ()) for one in row]
    actions = [button["action"] for button in buttons if button.get("action")]
    return Said(tuple(map(_readable, replies)), tuple(files), tuple(actions))


def _readable(reply: dict[str, Any]) -> str:
    labels = [button["label"] for row in reply.get("buttons", ()) for button in row]
    menu = [label for row in reply.get("menu", ()) for label in row]
    files = [file.get("name", "") for file in reply.get("files", ())]
    words = [reply.get("text", ""), reply.get("outdated", "")]
    return "\n".join([*filter(None, words), *filter(None, files), *labels, *menu]).strip()


def failures(house: House) -> list[tuple[str, str, str]]:
    """Return what no handler could handle: state, error and the event itself."""
    with closing(sqlite3.connect(house.database.path)) as db:
        return db.execute(
            "select state, error, event from inbox"
            " where attempts > 0 or error <> '' or state <> 'done'"
        ).fetchall()


def rows_of(house: House) -> Rows:
    """Read every row of the house, but the post itself: inbox, replies, and when one was seen."""
    with closing(sqlite3.connect(house.database.path)) as db:
        named = db.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {name: _rows(db, name) for (name,) in named if name not in _APART}


def _rows(db: sqlite3.Connection, table: str) -> Counter[tuple[Any, ...]]:
    where = " where not is_reply" if table == "outbox" else ""
    found = db.execute(f"select * from {table}{where}")
    columns = [column[0] for column in found.description]
    if _SEEN in columns:
        at = columns.index(_SEEN)
        return Counter((*row[:at], *row[at + 1 :]) for row in found)
    return Counter(found)


def changed(before: Rows, after: Rows, but: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows that are new, gone or different, by table."""
    apart = set(but)
    return {
        table: [*(after[table] - rows), *(rows - after[table])]
        for table, rows in before.items()
        if table not in apart and rows != after[table]
    }


def named(table: str, rows: Rows) -> list[dict[str, Any]]:
    """Give the rows of a table as they are called in the schema."""
    return [as_named(table, row) for row in rows[table]]


def as_named(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    columns = [column.name for column in metadata.tables[table].columns if column.name != _SEEN]
    return dict(zip(columns, row, strict=True))
