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
    """What the bot answered to one event: the texts of its messages, in order."""

    texts: tuple[str, ...]

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
    for _ in range(MOST_ATTEMPTS * len(events) + 1):
        if not await house.worker.handle_ready():
            break
    return _answers(house, refs, said_before)


def _newest_said(house: House) -> int:
    with closing(sqlite3.connect(house.database.path)) as db:
        return int(db.execute("select coalesce(max(id), 0) from outbox").fetchone()[0])


def _answers(house: House, refs: Sequence[str], after: int) -> list[Said]:
    with closing(sqlite3.connect(house.database.path)) as db:
        numbers = dict(db.execute("select update_ref, id from inbox"))
        replies: dict[int, list[str]] = {numbers[ref]: [] for ref in refs}
        for key, payload in db.execute(
            "select key, payload from outbox where is_reply and id > ? order by id", (after,)
        ):
            number = int(key.split("|")[1])
            if number in replies:
                replies[number].append(_readable(json.loads(payload)))
    return [Said(tuple(replies[numbers[ref]])) for ref in refs]


def _readable(reply: dict[str, Any]) -> str:
    labels = [button["label"] for row in reply.get("buttons", ()) for button in row]
    menu = [label for row in reply.get("menu", ()) for label in row]
    files = [file.get("name", "") for file in reply.get("files", ())]
    return "\n".join([reply.get("text", ""), *files, *labels, *menu]).strip()


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
