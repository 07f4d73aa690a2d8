"""Questions, answers and refusals, from the inbox to the outbox, through the real dispatch."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import worker
from handlers import dispatch, menu
from handlers.messages import Happening, Incoming, Reply
from handlers.texts import Texts
from handlers.turn import Action, Answer, Turn
from scheduler.messenger import Update
from school.refusals import Refusal
from storage import accounts, sessions
from storage.database import Database
from storage.tables import metadata
from tests.chat import Chat, House

SECOND = timedelta(seconds=1)
OWN_TABLES = {"inbox", "outbox"}


async def ask(turn: Turn, _: None) -> Answer:
    turn.ask("test.color")
    return Reply("Какой цвет?")


async def color(turn: Turn) -> Answer:
    turn.end()
    return Reply(f"Записано: {turn.incoming.text}")


async def refuse(turn: Turn, _: None) -> Answer:
    await accounts.tried(turn.tx, "test", "left behind", turn.now)
    turn.ask("test.color")
    raise Refusal("not-understood")


@pytest.fixture(autouse=True)
def _topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "BATCH_SECONDS", 60)
    monkeypatch.setitem(dispatch.ACTIONS, "test.ask", Action(ask, menu.nothing))
    monkeypatch.setitem(dispatch.ACTIONS, "test.refuse", Action(refuse, menu.nothing))
    monkeypatch.setitem(dispatch.STEPS, "test.color", color)


@pytest.fixture
async def anya(house: House) -> Chat:
    return await house.chat("S701")


def press(chat: Chat, action: str) -> Incoming:
    moment = chat.house.clock.now().replace(microsecond=0)
    return Incoming(chat.address, moment, Happening.PRESS, action=action, message_ref="1")


def text(chat: Chat, said: str) -> Incoming:
    return Incoming(chat.address, chat.house.clock.now().replace(microsecond=0), text=said)


async def arrives(chat: Chat, *events: Incoming) -> None:
    """Let events reach the inbox in one batch, before any of them is answered."""
    batch = [Update(f"together {number}", "{}", event) for number, event in enumerate(events)]
    await chat.house.ingress["telegram"].take(batch)


def said(chat: Chat) -> Sequence[str]:
    return [shown.message.text for shown in chat.messages]


async def test_a_text_after_the_question_is_its_answer(anya: Chat) -> None:
    await anya.acts("test.ask")
    await anya.says("синий")
    assert anya.text == "Записано: синий"


async def test_a_text_that_was_sent_before_the_question_came_is_not_taken_for_its_answer(
    anya: Chat,
) -> None:
    await arrives(anya, press(anya, "test.ask"), text(anya, "синий"))
    await anya.house.settle()
    assert "Записано: синий" not in said(anya)
    assert "синий" in anya.text
    await anya.presses(Texts()("early-yes"))
    assert anya.text == "Записано: синий"


async def test_one_may_also_simply_answer_then(anya: Chat) -> None:
    await arrives(anya, press(anya, "test.ask"), text(anya, "синий"))
    await anya.house.settle()
    anya.house.clock.set(anya.house.clock.now() + 60 * SECOND)
    await anya.says("красный")
    assert anya.text == "Записано: красный"


@pytest.mark.parametrize(("seconds", "is_answer"), [(5, False), (1, True)])
async def test_a_text_that_crossed_with_the_question_is_told_by_when_it_was_sent(
    anya: Chat, seconds: int, *, is_answer: bool
) -> None:
    """Clocks may differ by a second or two."""
    anya.house.clock.set(anya.house.clock.now() + 60 * SECOND)
    await anya.acts("test.ask")
    await anya.says("синий", sent_at=anya.house.clock.now() - seconds * SECOND)
    assert (anya.text == "Записано: синий") is is_answer


async def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    async with database.read() as tx:
        return {
            table.name: [tuple(row) for row in await tx.execute(sa.select(table))]
            for table in metadata.sorted_tables
            if table.name not in OWN_TABLES
        }


async def test_a_refusal_leaves_the_database_as_it_was(anya: Chat) -> None:
    before = await rows(anya.house.database)
    anya.house.clock.set(anya.house.clock.now() + 60 * SECOND)
    await anya.acts("test.refuse")
    assert len(anya.news) == 1
    assert anya.text == Texts(informal=True)("not-understood")
    assert await rows(anya.house.database) == before


async def test_a_refusal_leaves_the_question_before_it_open(anya: Chat) -> None:
    await anya.acts("test.ask")
    await anya.acts("test.refuse")
    await anya.says("синий")
    assert anya.text == "Записано: синий"


async def test_an_update_that_comes_three_times_is_answered_once(anya: Chat) -> None:
    event = press(anya, "test.ask")
    for _ in range(3):
        await anya.house.ingress["telegram"].take([Update("the same", "{}", event)])
        await anya.house.settle()
    assert said(anya) == ["Какой цвет?"]


async def test_each_chat_has_its_own_question(house: House, anya: Chat) -> None:
    boris = await house.chat("S702")
    await anya.acts("test.ask")
    await boris.says("синий")
    assert "Записано" not in boris.text
    async with house.database.read() as tx:
        assert (await sessions.load(tx, "telegram", boris.user)).step == ""
    await anya.says("синий")
    assert anya.text == "Записано: синий"


async def test_a_button_that_nobody_knows_changes_nothing(anya: Chat) -> None:
    await anya.acts("test.ask")
    await anya.acts("of.last.year:7")
    assert anya.text == Texts(informal=True)("button-unknown")
    await anya.says("синий")
    assert anya.text == "Записано: синий"
