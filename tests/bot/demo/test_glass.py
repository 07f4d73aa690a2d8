"""Behind the glass: what becomes of messages, in a sentence each."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import scheduler
import school
from bot.demo import glass
from bot.demo.glass import WHY_DEAD, WHY_DROPPED, Onlooker, Row
from bot.demo.live import Live
from bot.demo.roster import Everybody
from bot.sandbox.nouns import Messenger
from handlers.texts import Texts
from scheduler.lanes import Backoff
from scheduler.messenger import NotSent
from storage import glass as storage_glass
from storage import outbox
from storage.tables.messages import outbox as table
from storage.window import Window
from tests.assignments import move, set_task
from tests.chat import House

T = Texts(of_page=True)
LOST = "not reached: token=123456789:AAAAAAAAAAAAAAAA"


class Pane:
    """The glass before the house."""

    def __init__(self, house: House, window: Window, people: Everybody, live: Live) -> None:
        self.house, self.window, self.people, self.live = house, window, people, live

    async def rows(self, who: str = "", *, bot_lives: bool = True) -> list[Row]:
        now = self.house.clock.now()
        eyes = Onlooker(self.people, self.live.phones, T, now, bot_lives)
        number = self.people.by_id[who].person.id if who else 0
        async with self.window.read() as tx:
            return await glass.rows(tx, eyes, number)

    async def counts(self) -> dict[str, int]:
        async with self.window.read() as tx:
            return await glass.counts(tx)


@pytest.fixture
def pane(house: House, window: Window, people: Everybody, live: Live) -> Pane:
    return Pane(house, window, people, live)


async def test_a_message_that_arrived_needs_no_reason(house: House, pane: Pane) -> None:
    masha = await house.chat("S701")
    await masha.says("Мой день")
    row = (await pane.rows())[0]
    assert (row.who, row.who_id, row.about) == ("Соколова Мария Андреевна", "S701", "7Б")
    assert (row.title, row.lane, row.is_reply) == ("Ответ бота", "telegram", True)
    assert (row.state, row.state_title, row.why) == ("sent", "отправлено", "")
    assert row.text.startswith("Понедельник, 23 ноября")
    assert len(row.text) <= 200
    assert row.sent_at is not None
    assert row.sent_at.isoformat().endswith("+03:00")


async def test_the_unbound_stand_behind_the_glass_only_for_themselves(
    house: House, pane: Pane
) -> None:
    await house.chat("S701")
    await house.until("2026-11-23 07:31")
    rows = await pane.rows()
    assert {row.who_id for row in rows} == {"S701"}
    assert rows[-1].title == "Утренний список дня"
    own = [row for row in await pane.rows("S702") if row.who_id == "S702"]
    assert [row.why for row in own] == ["Чат не привязан: отправить некуда."]
    counts = await pane.counts()
    assert counts["sent"] == len(rows)
    assert counts["unbound"] > 20
    assert "dead" not in counts


async def test_what_waits_says_what_for(
    house: House, pane: Pane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Backoff, "FIRST", Backoff.LONGEST)  # however slow the machine
    masha = await house.chat("S701")
    house.messengers["telegram"].failures = [NotSent(LOST)] * 3
    await masha.says("Мой день")
    await masha.says("Мои задания")
    second, first = await pane.rows()
    assert first.why == "Попытка 1 не удалась (not reached: ***). Бот попробует ещё раз."
    assert first.attempts == 1
    assert second.why == "Ждёт, пока уйдёт предыдущее сообщение в этот чат."
    dead = await pane.rows(bot_lives=False)
    assert {row.why for row in dead} == {"Бот не работает. Уйдёт, когда он снова запустится."}


async def test_what_is_for_later_says_when(house: House, pane: Pane) -> None:
    await house.chat("S701")
    await house.until("2026-11-23 21:30")
    await set_task(house, "2026-11-26 12:00", quietly=False)
    news = next(row for row in await pane.rows() if row.kind == "task-set")
    assert news.state_title == "ждёт"
    assert news.why.startswith("Ждёт своего времени: завтра, ")
    assert not news.text, "a notice has no words before it is rendered"


async def test_a_person_who_blocked_the_bot(house: House, pane: Pane) -> None:
    await house.chat("S702")
    house.messengers["telegram"].blocked.add("S702-telegram")
    await house.until("2026-11-23 07:31")
    row = next(row for row in await pane.rows() if row.who_id == "S702")
    assert (row.state, row.why) == ("dead", "Чат закрыт для бота, другого пути к человеку нет.")


async def test_a_correction_that_was_overtaken(house: House, pane: Pane) -> None:
    await house.until("2026-11-23 20:50")
    await house.chat("S701")
    task = await set_task(house, "2026-11-26 12:00")
    await house.until("2026-11-23 21:30")
    task = await move(house, task, "2026-11-26 13:00")
    await move(house, task, "2026-11-26 14:00")
    dropped = [row for row in await pane.rows() if row.state == "dropped"]
    assert {row.why for row in dropped} == {"Срок снова изменился: уйдёт новое сообщение."}


async def test_a_stranger_is_named_by_the_phone(house: House, pane: Pane, live: Live) -> None:
    stranger = house.stranger(user="700000001")
    await stranger.says("Здравствуйте")
    row = (await pane.rows())[0]
    assert (row.who, row.who_id, row.about) == ("Незнакомый чат", "", "")
    masha = pane.people.by_id["S701"]
    assert live.phones.user_of(masha, Messenger.TELEGRAM) == int(stranger.user)
    row = (await pane.rows())[0]
    assert (row.who, row.who_id) == ("Соколова Мария Андреевна", "S701")


@pytest.mark.parametrize(
    ("state", "error", "attempts", "why"),
    [
        ("sent", "", 3, "Дошло с попытки 3."),
        ("sending", "", 1, "Запрос ушёл, ответа мессенджера ещё нет."),
        ("unknown", "timeout", 1, "Запрос ушёл, ответ не вернулся: могло дойти"),
        ("dead", "Bad Request: text is too long", 1, "Не принято: Bad Request: text is too long."),
        ("dead", "cannot be rendered", 0, "Не удалось составить текст."),
        ("dropped", "no longer useful", 0, "Время прошло"),
        ("dropped", "a newer version is on its way", 0, "Вместо него уходит более новое."),
        ("dropped", "something new", 0, "something new"),
    ],
)
async def test_every_state_has_its_reason(
    house: House, pane: Pane, state: str, error: str, attempts: int, why: str
) -> None:
    masha = await house.chat("S701")
    await masha.says("Мой день")
    async with house.database.write() as tx:
        values = {"state": state, "error": error, "attempts": attempts}
        await tx.execute(sa.update(table).values(values))
    row = (await pane.rows())[0]
    assert row.why.startswith(why)
    assert row.state_title


async def test_what_was_interrupted_waits_for_the_bot(house: House, pane: Pane) -> None:
    masha = await house.chat("S701")
    await masha.says("Мой день")
    async with house.database.write() as tx:
        await tx.execute(sa.update(table).values(state="sending"))
    assert (await pane.rows(bot_lives=False))[0].why.startswith("Бот остановился посреди отправки.")


def test_every_reason_that_is_written_down_has_its_words() -> None:
    """A new reason in the delivery needs a sentence here."""
    said = set(_reasons())
    assert said == WHY_DEAD.keys() | WHY_DROPPED.keys()


def _reasons() -> Iterator[str]:
    """Read them where they are written: not what a messenger said, nor an Unsent's once more."""
    ends = {"finish", "take", "drop_planned", "Unsent"}
    for room in (scheduler, school):
        for path in Path(room.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ends:
                    if any(getattr(one, "attr", "") == "UNKNOWN" for one in node.args):
                        continue  # one sentence tells all of these
                    last = node.args[-1]
                    if isinstance(last, ast.Constant):
                        yield str(last.value)
                    elif isinstance(last, ast.Attribute) and last.attr not in {"reason", "told"}:
                        yield str(getattr(outbox, last.attr))


async def test_the_panel_finds_its_rows_and_counts_by_an_index(house: House) -> None:
    """It looks every second, at an outbox of any length."""
    seen: list[str] = []

    def note(_c: object, _k: object, sql: str, *_: object) -> None:
        seen.append(sql)

    async with house.database.read() as tx:
        assert tx.sync_connection is not None
        sa.event.listen(tx.sync_connection, "before_cursor_execute", note)
        await storage_glass.newest(tx, 100)
        await storage_glass.counts(tx)
        sa.event.remove(tx.sync_connection, "before_cursor_execute", note)
        plans = []
        for sql in seen:
            asked = f"EXPLAIN QUERY PLAN {sql}"
            rows = (await tx.exec_driver_sql(asked, (0,) * sql.count("?"))).mappings()
            plans.append("\n".join(str(row["detail"]) for row in rows))
    rows_plan, counts_plan = plans[-2:]
    assert "TEMP B-TREE" not in rows_plan + counts_plan
    assert "SCAN outbox\n" in rows_plan
    assert "COVERING INDEX" in counts_plan
