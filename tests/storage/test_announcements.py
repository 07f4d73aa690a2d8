from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from storage import accounts, announcements, outbox
from storage.accounts import Account
from storage.announcements import Announcement
from storage.database import Database
from storage.outbox import DEAD, PLANNED
from storage.tables.messages import outbox as table
from tests.storage.rows import Rows

MINUTE = timedelta(minutes=1)


def said(rows: Rows, *told: tuple[str, int, str]) -> Announcement:
    """Make an announcement; `told` are (key, person, object)."""
    until = rows.now + 5 * MINUTE
    return Announcement(1, "nudge", {"день": [1, "два"]}, rows.now + MINUTE, until, told)


async def plan(rows: Rows, announcement: Announcement) -> int:
    async with rows.database.write() as tx:
        return await announcements.plan(tx, announcement, rows.now)


async def bind(rows: Rows, person_id: int, messenger: str, after: timedelta = MINUTE) -> None:
    chat = f"{messenger}-{person_id}"
    async with rows.database.write() as tx:
        account = Account(0, 1, person_id, messenger, chat, chat)
        await accounts.bind(tx, account, rows.now + after)


async def row(database: Database, key: str) -> dict[str, Any]:
    async with database.read() as tx:
        found = (await tx.execute(sa.select(table).where(table.c.key == key))).mappings().one()
        return {name: value for name, value in found.items() if name not in {"id", "key"}}


async def test_an_announcement_to_many_is_what_messages_planned_one_by_one_are(rows: Rows) -> None:
    masha, timofey = await rows.person("S701"), await rows.person("S702")
    await bind(rows, masha, "telegram")
    assert await plan(rows, said(rows, ("a", masha, "task:7"), ("b", timofey, "task:8"))) == 2
    alike: dict[str, Any] = {
        "school_id": 1,
        "payload": {"день": [1, "два"]},
        "send_after": rows.now + MINUTE,
        "useful_until": rows.now + 5 * MINUTE,
    }
    about = {"person_id": masha, "object": "task:7"}
    await rows.plan(rows.notice("A", f"telegram-{masha}", **alike, **about))
    about = {"person_id": timofey, "object": "task:8"}
    await rows.plan(rows.notice("B", "", lane="", **alike, **about))
    for ours, theirs, state in (("a", "A", PLANNED), ("b", "B", DEAD)):
        assert await row(rows.database, ours) == await row(rows.database, theirs)
        assert (await rows.message(ours)).state == state


async def test_what_is_there_stays_and_is_not_counted(rows: Rows) -> None:
    await rows.plan(rows.notice("a"))
    told = ("a", 1, "x"), ("b", 1, "x"), ("b", 1, "y")
    assert await plan(rows, said(rows, *told)) == 1
    assert await plan(rows, said(rows, *told)) == 0
    assert await plan(rows, said(rows)) == 0
    assert [(await rows.message(key)).object for key in "ab"] == ["", "x"]


async def test_it_goes_to_the_chat_that_was_used_last_and_takes_messages(rows: Rows) -> None:
    masha = await rows.person("S701")
    for messenger, minutes in (("telegram", 1), ("vk", 3), ("max", 2)):
        await bind(rows, masha, messenger, minutes * MINUTE)
    lanes = []
    for key in "abcd":
        await plan(rows, said(rows, (key, masha, "x")))
        lanes.append((await rows.message(key)).lane)
        async with rows.database.write() as tx:
            if lanes[-1] == "max":
                await accounts.blocked(tx, "max", f"max-{masha}", rows.now)
            else:
                await accounts.unbind(tx, masha, rows.now, lanes[-1])
    assert lanes == ["vk", "max", "telegram", ""]


async def test_thousands_are_planned_in_the_order_of_asking(rows: Rows) -> None:
    told = [(f"k{number}", number, f"о:{number}") for number in range(2500)]
    assert await plan(rows, said(rows, *told)) == 2500
    async with rows.database.read() as tx:
        keys = await tx.scalars(sa.select(table.c.key).order_by(table.c.id))
        assert list(keys) == [key for key, _, _ in told]
        assert (await outbox.about(tx, "nudge", "о:2499"))[0].person_id == 2499


async def test_it_goes_to_a_messenger_that_is_off_only_where_none_runs(rows: Rows) -> None:
    masha = await rows.person("S701")
    await bind(rows, masha, "vk", MINUTE)
    await bind(rows, masha, "telegram", 2 * MINUTE)
    found = []
    for key, off in (("a", ()), ("b", ("telegram",)), ("c", ("telegram", "vk")), ("d", ("mail",))):
        rows.database.off = frozenset(off)
        await plan(rows, said(rows, (key, masha, "x")))
        message = await rows.message(key)
        assert (message.state, message.address) == (PLANNED, f"{message.lane}-{masha}")
        found.append(message.lane)
    assert found == ["telegram", "vk", "telegram", "telegram"]
