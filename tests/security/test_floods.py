"""Flood and exhaustion (ASVS 2.4.1, 5.2.4): one who sends without end keeps nobody else waiting.

Senders take turns in the inbox; a turnstile answers a flood once and keeps the rest unread; of one
sender so many files an hour are fetched, and so many bytes.
"""

import json
import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot import ingress as ingress_module
from bot import worker
from bot.turnstile import REMEMBERED, Passage, Turnstile
from handlers.messages import Address, FileKind, FileState, Happening, Incoming, RemoteFile
from handlers.texts import Texts
from scheduler.messenger import Update
from storage import inbox
from storage.tables import messages
from tests.chat import Chat, House, Sendable, moscow, photo

FLOOD = 1000
NOW = moscow("2026-11-23 10:00")
PUPILS = [f"S70{number}" for number in range(1, 9)]
PATIENCE = Texts(informal=True)("too-hurried")
A_MINUTE = timedelta(minutes=1)


def said(chat: Chat, text: str, times: int = 1) -> list[Update]:
    """Make messages that are all sent at this second."""
    return [Update(f"{chat.user} {text} {n}", "{}", chat.event(text=text)) for n in range(times)]


async def put(house: House, updates: Sequence[Update], messenger: str = "telegram") -> None:
    await house.ingress[messenger].take(updates)


async def handled(house: House) -> None:
    for _ in range(FLOOD):
        if not await house.worker.handle_ready():
            return
    raise AssertionError("the inbox does not come to rest")


def answers(house: House) -> list[tuple[str, str]]:
    """Return what is about to be said and to whom, in order."""
    with closing(sqlite3.connect(house.database.path)) as db:
        rows = db.execute("select address, payload from outbox where is_reply order by id")
        return [(address, json.loads(payload)["text"]) for address, payload in rows]


def answered(house: House) -> list[str]:
    """Return whose events have been answered, in the order of the answers."""
    return [who for who, _ in answers(house)]


async def states(house: House) -> dict[str, int]:
    async with house.database.read() as tx:
        return await inbox.counts(tx)


async def without_words(house: House) -> int:
    """Count the events of which no word is kept."""
    box = messages.inbox
    async with house.database.read() as tx:
        found = sa.select(sa.func.count()).where(box.c.event == "", box.c.raw == "")
        return int(await tx.scalar(found) or 0)


def p99(waits: Sequence[int]) -> int:
    return sorted(waits)[math.ceil(0.99 * len(waits)) - 1]


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be as large as it is, however busy the machine."""
    monkeypatch.setattr(worker, "BATCH_SECONDS", 60.0)


@pytest.fixture
def unhindered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the turnstile stand open, to see what the inbox does by itself."""
    monkeypatch.setattr(Turnstile, "AT_ONCE", math.inf)


@pytest_asyncio.fixture
async def pupils(house: House) -> list[Chat]:
    return [await house.chat(roster_id) for roster_id in PUPILS]


async def waits(house: House, pupils: Sequence[Chat], flood: Sequence[Update]) -> list[int]:
    """Return after how many answers each of the pupils' messages is answered."""
    await put(house, flood)
    beside = "beside" if flood else "alone"
    for number in range(5):
        await put(house, [one for who in pupils for one in said(who, f"/help {beside} {number}")])
    already, theirs = len(answered(house)), {pupil.user for pupil in pupils}
    for _ in range(FLOOD):
        if not await house.worker.handle_ready():
            break
        order = answered(house)[already:]
        places = [place for place, who in enumerate(order, start=1) if who in theirs]
        if len(places) == 5 * len(pupils):
            return places
    raise AssertionError("somebody was not answered")


@pytest.mark.usefixtures("unhindered")
@pytest.mark.parametrize("how_many", [1, 3])
async def test_a_thousand_messages_of_one_keep_the_others_waiting_at_most_twice_as_long(
    how_many: int, house: House, pupils: list[Chat]
) -> None:
    alone = await waits(house, pupils[:how_many], [])
    flooder = house.stranger()
    beside = await waits(house, pupils[:how_many], said(flooder, "hi", FLOOD))
    assert p99(beside) <= 2 * p99(alone)


@pytest.mark.usefixtures("unhindered")
async def test_a_flood_faster_than_the_bot_costs_the_others_no_turn(
    house: House, pupils: list[Chat]
) -> None:
    """The queue of the flood grows without end; whoever writes is answered in the next batch."""
    flooder = house.stranger()
    for number in range(20):
        await put(house, said(flooder, f"hi {number}", 50))
        await put(house, [one for who in pupils[:3] for one in said(who, f"/help {number}")])
        already = len(answered(house))
        await house.worker.handle_ready()
        await house.worker.handle_ready()
        assert {one.user for one in pupils[:3]} <= set(answered(house)[already:])
    assert (await states(house))["ready"] > 200


@pytest.mark.usefixtures("unhindered")
async def test_nor_do_ten_who_flood_together(house: House, pupils: list[Chat]) -> None:
    strangers = [house.stranger(user=f"flood-{number}") for number in range(10)]
    await put(house, [one for stranger in strangers for one in said(stranger, "hi", 100)])
    await put(house, said(pupils[0], "/help"))
    await house.worker.handle_ready()
    order = answered(house)
    assert order.index(pupils[0].user) <= len(strangers)


async def test_of_a_flood_so_many_are_heard_one_is_answered_and_the_rest_is_kept(
    house: House, pupils: list[Chat]
) -> None:
    flooder = pupils[0]
    await put(house, said(flooder, "/help", FLOOD))
    assert await states(house) == {"ready": 121, "done": FLOOD - 121}
    assert await without_words(house) == FLOOD - 121
    await handled(house)
    told = [text for _, text in answers(house)]
    assert (len(told), told.count(PATIENCE), told[-1]) == (121, 1, PATIENCE)
    assert await without_words(house) == FLOOD


async def test_a_flood_of_presses_is_a_flood(house: House, pupils: list[Chat]) -> None:
    press = replace(pupils[0].event(action="day.show:1"), happening=Happening.PRESS)
    await put(house, [Update(str(number), "{}", press, press="spinner") for number in range(300)])
    assert await states(house) == {"ready": 121, "done": 179}


async def test_a_stranger_who_floods_is_told_the_same_once(house: House) -> None:
    stranger = house.stranger()
    await put(house, said(stranger, "hi", 500))
    await handled(house)
    told = [text for _, text in answers(house)]
    assert (len(told), told.count(Texts()("too-hurried"))) == (121, 1)


async def test_others_do_not_notice_and_after_a_minute_all_is_well(
    house: House, pupils: list[Chat]
) -> None:
    flooder, other = pupils[:2]
    await put(house, said(flooder, "/help", FLOOD))
    await put(house, said(other, "/help"))
    await house.worker.handle_ready()
    assert answered(house).count(other.user) == 1
    await house.settle()
    house.clock.set(house.clock.now() + A_MINUTE + timedelta(seconds=1))
    await flooder.says("/help")
    assert flooder.text != PATIENCE
    assert len(flooder.news) == 1


async def test_who_goes_on_flooding_is_heard_once_a_second_on_the_whole(house: House) -> None:
    """Ten messages a second for ten minutes: what is heard is bounded by the clock."""
    chat = house.stranger()
    turnstile = Turnstile()
    start = chat.event(text="hi")
    heard = [
        turnstile.passage(
            str(number), replace(start, sent_at=start.sent_at + timedelta(seconds=number // 10))
        )
        for number in range(6000)
    ]
    assert heard.count(Passage.IN) <= 120 + 600
    assert heard.count(Passage.ANSWERED) <= 11


async def test_what_piled_up_while_the_bot_was_away_is_no_flood(
    house: House, pupils: list[Chat]
) -> None:
    """Telegram keeps a day of messages: five hundred at once, but sent one in a minute."""
    hours_ago = house.clock.now() - timedelta(hours=9)
    backlog = [
        Update(str(n), "{}", pupils[0].event(text="/help", sent_at=hours_ago + n * A_MINUTE))
        for n in range(500)
    ]
    await put(house, backlog)
    assert await states(house) == {"ready": 500}


async def test_what_a_messenger_sends_again_is_not_counted_again(
    house: House, pupils: list[Chat]
) -> None:
    """An inbox that was away for a minute made the same batch come a dozen times."""
    batch = said(pupils[0], "/help", 100)
    for _ in range(12):
        await put(house, batch)
    await put(house, said(pupils[0], "/day", 10))
    assert await states(house) == {"ready": 110}


async def test_the_largest_work_there_may_be_is_taken_whole(house: House) -> None:
    """Sixty parts within a minute, each an event of its own, beside what one writes."""
    anya = await house.chat("S701")
    for _ in range(6):
        await anya.sends(*(photo() for _ in range(10)))
    await anya.says("/help")
    assert await states(house) == {"done": 61}
    async with house.database.read() as tx:
        kept = await tx.scalar(sa.text("select count(*) from draft_parts"))
    assert kept == 60


def test_senders_without_number_are_forgotten_one_by_one() -> None:
    turnstile = Turnstile()
    event = Incoming(Address("telegram", "1", "1"), sent_at=NOW)
    for number in range(REMEMBERED + 5000):
        address = Address("telegram", str(number), str(number))
        assert turnstile.passage(str(number), replace(event, address=address)) is Passage.IN
    assert turnstile.remembered == REMEMBERED


async def fetched(house: House, chat: Chat, count: int, size: int = 0) -> list[FileState]:
    """Send so many photos in one message and return what became of them."""
    remote = []
    for number in range(count):
        ref = f"{chat.user}-{house.clock.now()}-{number}"
        chat.messenger.blobs[ref] = photo(ref).content
        remote.append(RemoteFile(FileKind.PHOTO, ref, size=size))
    await chat.happens(chat.event(remote=tuple(remote)))
    async with house.database.read() as tx:
        rows = await tx.scalars(
            sa.select(messages.inbox_files.c.state)
            .where(
                messages.inbox_files.c.event_id
                == sa.select(sa.func.max(messages.inbox.c.id)).scalar_subquery()
            )
            .order_by(messages.inbox_files.c.position)
        )
        return [FileState(state) for state in rows]


async def test_a_message_of_a_thousand_files_brings_thirty(house: House) -> None:
    anya = await house.chat("S701")
    found = await fetched(house, anya, 1000)
    assert found == [FileState.STORED] * 30 + [FileState.TOO_MANY] * 970
    assert len(list(house.store.folder.glob("??/*"))) == 30
    anya.sees("30 фото", "пришло очень много файлов")


async def test_in_an_hour_one_sender_brings_three_hundred_files(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingress_module, "FILES_OF_EVENT", 100)
    anya, boris = await house.chat("S701"), await house.chat("S702")
    for _ in range(3):
        assert set(await fetched(house, anya, 100)) == {FileState.STORED}
        house.clock.set(house.clock.now() + A_MINUTE)
    assert set(await fetched(house, anya, 5)) == {FileState.TOO_MANY}
    assert set(await fetched(house, boris, 5)) == {FileState.STORED}
    house.clock.set(house.clock.now() + timedelta(hours=1))
    assert set(await fetched(house, anya, 5)) == {FileState.STORED}


async def test_in_an_hour_one_sender_brings_so_many_bytes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingress_module, "BYTES_AN_HOUR", 200)
    anya = await house.chat("S701")
    await anya.sends(Sendable(FileKind.DOCUMENT, b"%PDF-1.4\n" + b"1" * 180, "а.pdf"))
    anya.sees("Получено")
    assert await fetched(house, anya, 1) == [FileState.TOO_MANY]


async def test_a_teacher_who_attaches_too_much_is_told_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingress_module, "FILES_AN_HOUR", 0)
    teacher = await house.chat("T07")
    await teacher.says("Новое задание")
    await teacher.presses("7Б")
    await fetched(house, teacher, 1)
    teacher.sees("пришло очень много файлов")
