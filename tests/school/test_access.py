"""The office cuts a lost phone off: its chats, its codes, and what waits for it (5.4)."""

import pytest

from school import enrolment
from school.access import lost_phone
from school.enrolment import CodeFate
from storage import accounts, outbox
from storage.outbox import NewMessage
from storage.people import Person
from tests.chat import House

pytestmark = pytest.mark.clause("5.4")


async def code_of(house: House, person: Person) -> str:
    async with house.database.write() as tx:
        return await enrolment.issue(tx, person, house.clock.now(), enrolment.LINK_LIFE)


async def fate_of(house: House, code: str) -> CodeFate:
    async with house.database.write() as tx:
        return (await enrolment.check(tx, code, "vk", "thief", house.clock.now())).fate


@pytest.mark.parametrize("messenger", ["", "telegram", "vk"])
async def test_every_code_of_the_person_dies_whichever_chat_is_cut_off(
    house: House, messenger: str
) -> None:
    await house.chat("S701")
    masha, timofey = await house.person("S701"), await house.person("S702")
    lost, others = await code_of(house, masha), await code_of(house, timofey)
    async with house.database.write() as tx:
        await lost_phone(tx, masha, house.clock.now(), messenger)
    assert await fate_of(house, lost) is CodeFate.REVOKED
    assert await fate_of(house, others) is CodeFate.GOOD


async def test_a_code_issued_afterwards_opens_the_door_again(house: House) -> None:
    masha = await house.person("S701")
    async with house.database.write() as tx:
        await lost_phone(tx, masha, house.clock.now())
    assert await fate_of(house, await code_of(house, masha)) is CodeFate.GOOD


async def test_replies_to_the_other_messenger_are_sent_all_the_same(house: House) -> None:
    masha = await house.person("S701")
    for messenger in ("telegram", "vk"):
        await house.chat("S701", messenger)
    now = house.clock.now()
    async with house.database.write() as tx:
        replies = [
            NewMessage(
                key=f"reply|{messenger}|0",
                kind="reply",
                lane=messenger,
                address=f"S701-{messenger}",
                payload={"text": "Понедельник"},
                send_after=now,
                person_id=masha.id,
                is_reply=True,
            )
            for messenger in ("telegram", "vk")
        ]
        await outbox.plan(tx, replies, now)
        await lost_phone(tx, masha, now, "telegram")
        assert await outbox.planned_to(tx, "telegram", "S701-telegram") == []
        (left,) = await outbox.planned_to(tx, "vk", "S701-vk")
    assert left.key == "reply|vk|0"


async def test_a_chat_that_was_given_back_is_cut_off_no_more(house: House) -> None:
    chat = await house.chat("S701")
    masha = await house.person("S701")
    async with house.database.write() as tx:
        assert not await accounts.is_cut_off(tx, masha.id, "telegram", chat.user)
        await lost_phone(tx, masha, house.clock.now())
        assert await accounts.is_cut_off(tx, masha.id, "telegram", chat.user)
        assert not await accounts.is_cut_off(tx, masha.id, "telegram", "never hers")
    await house.chat("S701")
    async with house.database.read() as tx:
        assert not await accounts.is_cut_off(tx, masha.id, "telegram", chat.user)
