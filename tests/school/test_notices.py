"""Announcing to many says to each what announcing to one would."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from school import enrolment
from school.access import lost_phone
from school.notices import Notice, announce, announce_all
from storage import accounts, outbox, schools
from storage.accounts import Account
from storage.outbox import NewMessage
from storage.people import Person
from storage.tables.messages import outbox as outbox_table
from tests.chat import House

NOTICE = Notice("morning", "student:1", {"day": "2026-11-23"})


async def bind(house: House, person: Person, *messengers: str) -> None:
    async with house.database.write() as tx:
        for messenger in messengers:
            chat = f"{messenger}-{person.id}"
            account = Account(0, person.school_id, person.id, messenger, chat, chat)
            await accounts.bind(tx, account, house.clock.now())


async def ways(house: House, kind: str) -> list[tuple[str, str, str]]:
    columns = (outbox_table.c.lane, outbox_table.c.address, outbox_table.c.state)
    async with house.database.read() as tx:
        wanted = sa.select(*columns).where(outbox_table.c.kind == kind)
        rows = await tx.execute(wanted.order_by(outbox_table.c.person_id))
        return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize("blocked", [False, True])
async def test_everybody_hears_where_they_would_alone(house: House, *, blocked: bool) -> None:
    masha, timofey = await house.person("S701"), await house.person("S702")
    await bind(house, masha, "vk", "telegram")
    now = house.clock.now()
    async with house.database.write() as tx:
        if blocked:
            await accounts.blocked(tx, "telegram", f"telegram-{masha.id}", now)
        school = await schools.by_id(tx, 1)
        for person in (masha, timofey):
            assert await announce(tx, school, person, NOTICE, now)
        many = [(person.id, replace(NOTICE, kind="digest")) for person in (masha, timofey)]
        assert await announce_all(tx, school, many, now) == 2
        assert await announce_all(tx, school, many, now) == 0

    assert await ways(house, "morning") == await ways(house, "digest")
    reached, unbound = await ways(house, "digest")
    assert reached[0] == ("vk" if blocked else "telegram")
    assert unbound == ("", "", outbox.DEAD)


@pytest.mark.clause("5.4")
@pytest.mark.parametrize(
    ("messengers", "way"),
    [(("vk", "telegram"), ("vk", outbox.PLANNED)), (("telegram",), ("telegram", outbox.DEAD))],
)
async def test_what_is_planned_does_not_follow_a_lost_phone(
    house: House, messengers: tuple[str, ...], way: tuple[str, str]
) -> None:
    masha = await house.person("S701")
    await bind(house, masha, *messengers)
    now = house.clock.now()
    async with house.database.write() as tx:
        school = await schools.by_id(tx, 1)
        await announce(tx, school, masha, NOTICE, now)
        assert await lost_phone(tx, masha, now, "telegram") == 1

    [(lane, _, state)] = await ways(house, "morning")
    assert (lane, state) == way


@pytest.mark.clause("5.4")
async def test_a_reply_to_a_lost_phone_is_dropped_and_what_is_anothers_is_not(
    house: House,
) -> None:
    masha, timofey = await house.person("S701"), await house.person("S702")
    await bind(house, masha, "telegram")
    now = house.clock.now()
    chat = f"telegram-{masha.id}"
    planned = [
        NewMessage(key, kind, "telegram", chat, {"text": "…"}, now, person_id=who, is_reply=reply)
        for key, kind, who, reply in (
            ("answer", "reply", masha.id, True),
            ("refusal", "reply", 0, True),
            ("welcome", "welcome", timofey.id, True),
            ("news", "morning", timofey.id, False),
        )
    ]
    async with house.database.write() as tx:
        await outbox.plan(tx, planned, now)
        await lost_phone(tx, masha, now)

    dropped = ("telegram", chat, outbox.DROPPED)
    assert await ways(house, "reply") == [dropped, dropped]
    for kind in ("welcome", "morning"):
        assert await ways(house, kind) == [("telegram", chat, outbox.PLANNED)]


@pytest.mark.clause("5.4")
@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_after_a_lost_phone_what_is_ahead_comes_to_the_chat_of_the_next_slip(
    house: House, messenger: str
) -> None:
    masha, lost = await house.person("S701"), await house.chat("S701")
    now = house.clock.now()
    tomorrow = now + timedelta(days=1)
    words = {"day": "2026-11-24"}
    ahead = Notice("morning", f"student:{masha.id}", words, tomorrow, tomorrow + timedelta(hours=1))
    answer = NewMessage(
        "answer",
        "welcome",
        "telegram",
        lost.user,
        {"text": "…"},
        tomorrow,
        person_id=masha.id,
        is_reply=True,
    )
    async with house.database.write() as tx:
        school = await schools.by_id(tx, 1)
        await announce(tx, school, masha, ahead, now)
        await outbox.plan(tx, [answer], now)
        await lost_phone(tx, masha, now)
        slip = await enrolment.issue(tx, masha, now)
    assert await ways(house, "morning") == [("telegram", lost.user, outbox.DEAD)]

    found = house.stranger(messenger)
    await found.says(slip)
    await found.presses("Да, это я")
    assert await ways(house, "morning") == [(messenger, found.user, outbox.PLANNED)]
    found.forget()
    house.clock.set(tomorrow)
    await house.settle()
    assert await ways(house, "morning") == [(messenger, found.user, outbox.SENT)]
    assert len(found.news) == 1
    found.sees("Доброе утро")
    assert not lost.messages
    assert await ways(house, "welcome") == [("telegram", lost.user, outbox.DROPPED)]
