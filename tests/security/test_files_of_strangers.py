"""Nobody but those who belong to the school fills its disk (ASVS 5.2.4): through the front door.

What a stranger sends, or whoever is in a group with the bot, stays at the messenger.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from handlers.messages import Address, FileKind, Happening, Incoming, RemoteFile
from handlers.texts import Texts
from scheduler.messenger import Update
from school import enrolment
from storage import inbox
from storage.tables.people import persons
from tests.chat import Chat, House, photo

T = Texts()
FILES = 5


def on_disk(house: House) -> int:
    """Count the files, half done ones too."""
    return sum(path.is_file() for path in house.store.folder.rglob("*"))


def with_photos(chat: Chat, count: int = FILES) -> Incoming:
    """Make a message with photos that lie at the messenger."""
    remote = []
    for number in range(count):
        ref = f"{chat.user}-{number}"
        chat.messenger.blobs[ref] = photo(ref).content
        remote.append(RemoteFile(FileKind.PHOTO, ref, size=len(chat.messenger.blobs[ref])))
    return chat.event(remote=tuple(remote))


async def states(house: House) -> dict[str, int]:
    async with house.database.read() as tx:
        return await inbox.counts(tx)


async def take(chat: Chat, events: Sequence[Incoming]) -> None:
    """Let events come in one batch, before anybody looks at the first of them."""
    batch = [Update(one.message_ref, "{}", one) for one in events]
    await chat.house.ingress[chat.messenger.lane].take(batch)


async def rest(chat: Chat) -> None:
    """Fetch and handle by turns, as both do beside each other in a life."""
    for _ in range(FILES):
        await chat.house.ingress[chat.messenger.lane].fetch_waiting()
        await chat.house.settle()


@pytest.mark.parametrize("messenger", ["telegram", "vk"])
async def test_a_strangers_files_stay_at_the_messenger(house: House, messenger: str) -> None:
    stranger = house.stranger(messenger)
    await stranger.happens(with_photos(stranger))
    stranger.sees(T("enrol-hello"))
    await stranger.sends(*(photo() for _ in range(FILES)))
    stranger.sees(T("enrol-hello"))
    assert on_disk(house) == 0
    assert await states(house) == {"done": 1 + FILES}


async def test_so_do_those_of_a_group_whoever_sends_them(house: House) -> None:
    """A teacher of ours in a group is still a group: anybody may be called into one."""
    teacher = await house.chat("T07")
    in_group = replace(with_photos(teacher), is_private=False)
    group = replace(in_group, address=Address("telegram", "-100", teacher.user))
    await take(teacher, [group])
    await rest(teacher)
    assert on_disk(house) == 0
    assert await states(house) == {"done": 1}


async def test_those_of_a_pupil_are_kept(house: House) -> None:
    anya = await house.chat("S701")
    await anya.happens(with_photos(anya))
    anya.sees("Получено")
    assert on_disk(house) == FILES


async def test_nobody_who_left_the_school_fills_its_disk(house: House) -> None:
    anya = await house.chat("S701")
    async with house.database.write() as tx:
        gone = sa.update(persons).where(persons.c.id == anya.person_id)
        await tx.execute(gone.values(left_on=date(2026, 11, 20)))
    await anya.happens(with_photos(anya))
    anya.sees(T("enrol-hello"))
    assert on_disk(house) == 0


async def test_a_photo_that_comes_with_the_yes_of_an_enrolment_is_the_pupils(
    house: House,
) -> None:
    """Both are in the inbox before a handler has seen either."""
    anya = house.stranger()
    async with house.database.write() as tx:
        person = await house.person("S701")
        code = await enrolment.issue(tx, person, house.clock.now())
    await anya.says(code)
    (yes,) = [
        one for row in anya.last.message.buttons for one in row if one.label == T("enrol-yes")
    ]
    press = anya.event(action=yes.action, message_ref=anya.last.ref, happening=Happening.PRESS)
    anya.forget()
    await take(anya, [press, with_photos(anya)])
    assert await house.ingress["telegram"].fetch_waiting() == 0, "it is not known whose they are"
    assert await states(house) == {"done": 1, "ready": 1, "fetching": 1}
    await rest(anya)
    anya.sees("Готово, Мария!", "Получено")
    assert on_disk(house) == FILES


async def test_a_photo_before_the_enrolment_is_nobodys(house: House) -> None:
    """And it does not hold the enrolment up."""
    anya = house.stranger()
    async with house.database.write() as tx:
        code = await enrolment.issue(tx, await house.person("S701"), house.clock.now())
    await take(anya, [with_photos(anya), anya.event(text=code)])
    await rest(anya)
    anya.sees(T("enrol-hello"), "Вы — Соколова Мария")
    assert on_disk(house) == 0


async def test_words_before_a_strangers_photo_do_not_keep_it_for_ever(house: House) -> None:
    stranger = house.stranger()
    await take(stranger, [stranger.event(text="hi"), with_photos(stranger)])
    await rest(stranger)
    assert on_disk(house) == 0
    assert await states(house) == {"done": 2}
