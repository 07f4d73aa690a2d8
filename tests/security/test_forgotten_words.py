"""What people said is forgotten once it is handled (ASVS 14.2.4, 11.5.1): codes and words alike.

The inbox keeps the key of an event, by which it is known when it comes again.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
import sqlalchemy as sa

from handlers import dispatch
from handlers.messages import Incoming
from scheduler.messenger import Update
from school import enrolment
from school.rules import codes
from storage.tables.people import accounts
from tests.chat import Chat, House


async def code_for(house: House, roster_id: str) -> str:
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        return await enrolment.issue(tx, person, house.clock.now())


async def joined(house: House) -> int:
    async with house.database.read() as tx:
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(accounts)) or 0)


def rows_that_tell(house: House, *secrets: str) -> list[str]:
    """Return the rows of the database in which one of these stands, however it is written."""
    with closing(sqlite3.connect(house.database.path)) as db:
        tables = [
            name for (name,) in db.execute("select name from sqlite_master where type='table'")
        ]
        rows = [(name, str(row)) for name in tables for row in db.execute(f"select * from {name}")]
    told = [secret.upper().replace("-", "") for secret in secrets]
    return [f"{name}: {row}" for name, row in rows if any(one in _bare(row) for one in told)]


def _bare(text: str) -> str:
    return text.upper().replace("-", "").replace(" ", "")


async def tell(chat: Chat, *events: Incoming) -> None:
    """Let events come as a messenger sends them: what was typed stands in the raw update, too."""
    for event in events:
        raw = json.dumps({"text": event.text, "start": event.action}, ensure_ascii=False)
        update = Update(event.message_ref, raw, event)
        await chat.house.ingress[chat.messenger.lane].take([update])
    await chat.house.settle()


@pytest.mark.parametrize(
    "written", [str, codes.grouped, str.lower], ids=["plain", "grouped", "low"]
)
async def test_nothing_in_the_database_tells_a_code_that_was_typed(
    house: House, written: Callable[[str], str]
) -> None:
    own, neighbours, spare, linked = [
        await code_for(house, roster_id) for roster_id in ("S701", "S702", "S703", "S704")
    ]
    anya, neighbour, clicker = house.stranger(), house.stranger(), house.stranger("vk")
    await tell(anya, anya.event(text=written(own)))
    assert rows_that_tell(house, own) == []
    await anya.presses("Да, это я")
    await tell(neighbour, neighbour.event(text=written(neighbours)))
    await neighbour.presses("Нет")
    await tell(clicker, clicker.event(action=f"start:{linked}"))
    clicker.sees("Вы — ")
    await tell(anya, anya.event(text=written(spare)), anya.event(action=f"start:{spare}"))
    anya.sees("Соколова Мария")
    await tell(neighbour, neighbour.event(text=written(own)), neighbour.event(text="AAAAA-AAAAA"))
    assert await joined(house) == 1
    assert rows_that_tell(house, own, neighbours, spare, linked, "AAAAA-AAAAA") == []


async def test_nor_does_it_keep_what_was_only_said(house: House) -> None:
    anya = await house.chat("S701")
    await tell(anya, anya.event(text="у меня температура"))
    assert rows_that_tell(house, "температура") == []


async def test_a_slip_that_was_shown_by_the_wrong_person_still_lets_its_owner_in(
    house: House,
) -> None:
    """A mother may hold the neighbour's."""
    code = await code_for(house, "S701")
    neighbour, anya = house.stranger(), house.stranger()
    await neighbour.says(code)
    await neighbour.presses("Нет")
    await anya.says(code)
    await anya.presses("Да, это я")
    anya.sees("Готово, Мария!")


async def test_what_nobody_could_handle_is_kept_as_it_came(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarantined event waits for a person who looks at it."""

    async def fail(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(dispatch, "answer", fail)
    anya = await house.chat("S701")
    await tell(anya, anya.event(text="у меня температура"))
    (row,) = rows_that_tell(house, "температура")
    assert "quarantined" in row
