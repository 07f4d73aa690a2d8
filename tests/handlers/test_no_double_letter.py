"""A task comes by letter once, whatever becomes of the chat (П1-1.3)."""

import pytest

from storage import outbox
from storage.health import health
from tests.chat import House
from tests.handlers.teaching import sets_task


@pytest.mark.clause("П1-1.3")
async def test_news_of_a_task_does_not_follow_its_letter_to_the_mailbox(house: House) -> None:
    masha = await house.chat("S701")
    masha.messenger.blocked.add(masha.user)
    await house.until("2026-11-23 08:05")
    await sets_task(house)
    await house.until("2026-11-23 16:00")
    box = house.letters["mariya.sokolova@pochta.example"]
    assert len([letter for letter in box if "№ 12–15" in letter.message.text]) == 1


async def test_the_doctor_tells_the_unreached_from_the_unbound(house: House) -> None:
    masha = await house.chat("S701")
    masha.messenger.blocked.add(masha.user)
    await house.until("2026-11-23 08:05")
    await sets_task(house)
    async with house.database.read() as tx:
        found = await health(tx, house.clock.now())
    assert outbox.DEAD not in found.outbox
    assert found.unbound > 1
