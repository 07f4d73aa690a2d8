import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from scheduler import plan
from scheduler.plan import Moment
from scheduler.portion import Portion
from school import reminders
from school.notices import Notice, Slice, gathered
from storage import announcements, journal, moments, schools
from storage.announcements import Announcement
from storage.database import Database, Tx, opened
from storage.schools import School
from storage.tables import messages, people
from tests.chat import moscow
from tests.school_template import MONDAY
from tests.storage.rows import Rows

NOON = time(12, 0)
HOUR = timedelta(hours=1)


@pytest.fixture
async def database(chosen_url: str) -> AsyncIterator[Database]:
    async with opened(chosen_url) as opened_copy:
        yield opened_copy


class Planned:
    """What was planned, by the notices it left: (kind, school's clock)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def planner(self, name: str, *, fails: int = 0) -> plan.Planner:
        left = [fails]

        async def say(_tx: Tx, school: School, now: datetime, _after: int) -> Slice:
            left[0] -= 1
            if left[0] >= 0:
                raise KeyError(name)
            clock = f"{now.astimezone(school.zone):%d %H:%M}"
            return Slice(gathered(school, [(1, Notice(name, f"{clock} {school.id}"))], now))

        return say

    async def rows(self) -> list[tuple[str, str]]:
        said = messages.outbox.c
        async with self._database.read() as tx:
            wanted = sa.select(said.kind, said.object).where(said.object != "")
            found = await tx.execute(wanted.order_by(said.id))
            return [(row[0], row[1].rpartition(" ")[0]) for row in found]

    async def clocks(self) -> list[str]:
        return [clock for _, clock in await self.rows()]


REAL = (plan.MOMENTS, plan.CONTINUAL)


@pytest.fixture
def planned(database: Database) -> Planned:
    return Planned(database)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replaces the table of moments."""

    def replace(*moments_: Moment, continual: tuple[plan.Planner, ...] = ()) -> None:
        monkeypatch.setattr(plan, "MOMENTS", moments_)
        monkeypatch.setattr(plan, "CONTINUAL", continual)

    replace()
    return replace


def moment(name: str, planner: plan.Planner, *at: time, useful: timedelta = HOUR) -> Moment:
    return Moment(name, lambda _: at or (NOON,), useful, planner)


async def test_a_moment_is_planned_once_however_often_the_clock_ticks(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(moment("noon", planned.planner("noon")))
    for seconds in (-1, 0, 5, 10, 3000):
        await plan.tick(database, moscow("2026-11-23 12:00") + timedelta(seconds=seconds))
    await plan.tick(database, moscow("2026-11-24 12:00"))
    assert await planned.clocks() == ["23 12:00", "24 12:00"]


@pytest.mark.usefixtures("either_url")
async def test_two_ticks_at_once_plan_it_once(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(moment("noon", planned.planner("noon")))
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(plan.tick(database, moscow("2026-11-23 12:00")))
    assert await planned.clocks() == ["23 12:00"]


@pytest.mark.parametrize(
    ("back", "clocks"), [("12:59:59", ["23 12:59"]), ("13:00:00", [])], ids=["late", "too late"]
)
async def test_what_downtime_missed_is_planned_late_only_while_it_is_useful(
    database: Database,
    planned: Planned,
    table: Callable[..., None],
    back: str,
    clocks: list[str],
) -> None:
    table(moment("noon", planned.planner("noon")))
    await plan.tick(database, moscow(f"2026-11-23 {back}"))
    assert await planned.clocks() == clocks


async def test_what_is_useful_past_midnight_is_yesterdays_and_planned_once(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(moment("late", planned.planner("late"), time(23, 30)))
    await plan.tick(database, moscow("2026-11-24 00:10"))
    await plan.tick(database, moscow("2026-11-24 00:20"))
    await plan.tick(database, moscow("2026-11-24 23:30"))
    assert await planned.clocks() == ["24 00:10", "24 23:30"]


async def test_a_moment_has_several_hours_and_each_is_its_own(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(moment("nudge", planned.planner("nudge"), time(15), time(18), useful=5 * HOUR))
    await plan.tick(database, moscow("2026-11-23 15:00"))
    await plan.tick(database, moscow("2026-11-23 18:00"))
    await plan.tick(database, moscow("2026-11-23 18:05"))
    assert await planned.clocks() == ["23 15:00", "23 18:00"]


@pytest.mark.usefixtures("either_url")
async def test_a_planner_that_fails_leaves_nothing_stops_nobody_and_is_tried_again(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(
        moment("bad", planned.planner("bad", fails=1)),
        moment("good", planned.planner("good")),
        continual=(planned.planner("first", fails=1), planned.planner("second")),
    )
    await plan.tick(database, moscow("2026-11-23 12:00"))
    assert [name for name, _ in await planned.rows()] == ["good", "second"]
    await plan.tick(database, moscow("2026-11-23 12:01"))
    names = [name for name, _ in await planned.rows()]
    assert names == ["good", "second", "bad", "first", "second"]


async def another_school(database: Database, zone: str) -> None:
    async with database.write() as tx:
        row = (await tx.execute(sa.select(people.schools))).mappings().first()
        assert row is not None
        values = {**row, "name": "Другая школа", "time_zone": zone, "morning": time(2, 30)}
        del values["id"]
        await tx.execute(sa.insert(people.schools).values(values))


async def test_each_school_has_its_own_noon(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    await another_school(database, "Asia/Vladivostok")
    table(moment("noon", planned.planner("noon")))
    instant = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    for _ in range(4):
        due = await plan.next_due(database, instant)
        assert due is not None
        instant = due
        await plan.tick(database, instant)
    assert await planned.clocks() == ["23 12:00", "23 12:00", "24 12:00", "24 12:00"]


@pytest.mark.parametrize(
    ("day", "clock"),
    [("2026-03-29", "29 03:30"), ("2026-10-25", "25 02:30")],
    ids=["an hour that does not exist", "an hour that comes twice"],
)
async def test_where_clocks_are_turned_a_moment_still_comes_once(
    database: Database, planned: Planned, table: Callable[..., None], day: str, clock: str
) -> None:
    await another_school(database, "Europe/Berlin")
    table(Moment("dawn", _dawn, HOUR * 3, planned.planner("dawn")))
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    for minutes in range(0, 6 * 60, 15):
        await plan.tick(database, start.astimezone(UTC) + timedelta(minutes=minutes))
    assert await planned.clocks() == [clock]


def _dawn(school: School) -> tuple[time, ...]:
    return (school.morning,) if school.name == "Другая школа" else ()


PEOPLE = 7


def in_slices(commits: list[int], fails_after: int = PEOPLE) -> plan.Planner:
    """Tell seven people one by one, a slice each; `commits` counts them as they are read."""

    async def say(_tx: Tx, school: School, now: datetime, after: int) -> Slice:
        commits.append(after)
        if after >= fails_after:
            raise KeyError(after)
        said = gathered(school, [(after + 1, Notice("slice", f"person:{after + 1}"))], now)
        return Slice(said, after + 1 if after + 1 < PEOPLE else 0)

    return say


async def told(database: Database) -> list[int]:
    said = messages.outbox.c
    async with database.read() as tx:
        found = await tx.scalars(sa.select(said.person_id).order_by(said.id))
        return list(found)


async def test_a_tick_says_whether_all_of_it_succeeded(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    noon = moscow("2026-11-23 12:00")
    failing, well = planned.planner("noon", fails=1), planned.planner("well")
    table(moment("noon", failing), moment("well", well))
    assert not await plan.tick(database, noon)
    assert await plan.tick(database, noon)
    table(continual=(planned.planner("continual", fails=1), planned.planner("other")))
    assert not await plan.tick(database, noon)
    assert await plan.tick(database, noon)


@pytest.mark.usefixtures("either_url")
async def test_a_plan_that_is_cut_off_goes_on_and_tells_nobody_twice(
    database: Database, table: Callable[..., None]
) -> None:
    noon = moscow("2026-11-23 12:00")
    table(moment("noon", in_slices([], fails_after=4)))
    await plan.tick(database, noon)
    first = await told(database)
    assert first == list(range(1, len(first) + 1))
    assert 0 < len(first) < PEOPLE
    table(moment("noon", in_slices([])))
    await plan.tick(database, noon + timedelta(seconds=5))
    assert await told(database) == list(range(1, PEOPLE + 1))
    read: list[int] = []
    table(moment("noon", in_slices(read)))
    await plan.tick(database, noon + timedelta(seconds=10))
    assert read == []


@pytest.mark.usefixtures("either_url")
async def test_no_transaction_writes_more_than_its_share(
    database: Database, table: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Portion, "MOST", 3)
    monkeypatch.setattr(plan, "Portion", lambda: Portion(3))
    at_once: list[int] = []

    async def say(_tx: Tx, school: School, now: datetime, _after: int) -> Slice:
        said = [(number, Notice(f"kind {number % 2}", "all")) for number in range(1, 11)]
        return Slice(gathered(school, said, now))

    write = announcements.plan

    async def count(tx: Tx, said: Announcement, now: datetime) -> int:
        at_once.append(len(said.told))
        return await write(tx, said, now)

    monkeypatch.setattr(announcements, "plan", count)
    commits: list[None] = []
    database.listen(lambda: commits.append(None))
    table(moment("noon", say))
    await plan.tick(database, moscow("2026-11-23 12:00"))
    assert sorted(await told(database)) == list(range(1, 11))
    assert len(commits) == 4
    assert max(at_once) <= 3


async def test_who_asks_to_write_waits_for_one_part_of_a_plan(
    database: Database, table: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Portion, "MOST", 3)
    monkeypatch.setattr(plan, "Portion", lambda: Portion(3))
    write = announcements.plan
    seen: list[int] = []
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def tell(tx: Tx, said: Announcement, now: datetime) -> int:
        loop.call_soon_threadsafe(asked.set)
        return await write(tx, said, now)

    async def say(_tx: Tx, school: School, now: datetime, _after: int) -> Slice:
        return Slice(gathered(school, [(one, Notice("noon", "all")) for one in range(1, 91)], now))

    async def press() -> None:
        await asked.wait()
        async with database.write() as tx:
            found = await tx.scalar(sa.select(sa.func.count()).select_from(messages.outbox))
            seen.append(found or 0)

    monkeypatch.setattr(announcements, "plan", tell)
    table(moment("noon", say))
    async with asyncio.TaskGroup() as group:
        group.create_task(press())
        group.create_task(plan.tick(database, moscow("2026-11-23 12:00")))
    assert len(await told(database)) == 90
    assert 0 < seen[0] <= 9, "at most the parts that were under way when it asked"


async def test_a_large_plan_moves_the_journal_between_its_slices(
    database: Database, table: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "Portion", lambda: Portion(3))
    moved: list[int] = []

    async def move(database: Database) -> None:
        moved.append(len(await told(database)))

    monkeypatch.setattr(journal, "move", move)

    async def say(_tx: Tx, school: School, now: datetime, after: int) -> Slice:
        said = [(one, Notice("noon", "all")) for one in range(10 * after + 1, 10 * after + 11)]
        return Slice(gathered(school, said, now), go_on=(after + 1) % 3)

    table(moment("noon", say))
    await plan.tick(database, moscow("2026-11-23 12:00"))
    assert moved == [10, 20]


async def test_where_nothing_is_due_nothing_is_written(
    database: Database, table: Callable[..., None]
) -> None:
    table(*REAL[0], continual=REAL[1])
    for moment_ in ("07:30", "07:30:01"):
        await plan.tick(database, moscow(f"2026-11-23 {moment_}"))
    commits: list[None] = []
    database.listen(lambda: commits.append(None))
    for seconds in range(5, 60, 5):
        await plan.tick(database, moscow("2026-11-23 07:30") + timedelta(seconds=seconds))
    assert commits == []


async def test_what_was_read_before_a_change_of_the_roster_is_not_written(
    database: Database, table: Callable[..., None]
) -> None:
    """Else the marks would hide the reminders of who has come to learn at a distance."""
    await Rows(database, MONDAY).task(due=timedelta(hours=6))
    changes = [True]

    async def say(tx: Tx, school: School, now: datetime, after: int) -> Slice:
        said = await reminders.near_reminders(tx, school, now, after)
        if said.said and changes:
            changes.clear()
            async with database.write() as change:
                await reminders.look_again(change, school, now)
        return said

    database.read_whole = reading(database)  # type: ignore[method-assign]
    table(continual=(say,))
    await plan.tick(database, MONDAY)
    async with database.read() as tx:
        assert await moments.since(tx, 1, MONDAY.date()) == set()
    assert (changes, await told(database)) == ([], [])
    await plan.tick(database, MONDAY)
    assert await told(database)


def reading(database: Database) -> Any:
    """Read on the loop, where another transaction may come between."""

    async def read_whole(work: Any) -> Any:
        async with database.read() as tx:
            return await work(tx)

    return read_whole


@pytest.mark.usefixtures("either_url")
async def test_a_jump_visits_every_due_instant_in_order(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(
        moment("nudge", planned.planner("nudge"), time(15), time(18)),
        moment("morning", planned.planner("morning"), time(7, 30)),
    )
    rows = Rows(database, MONDAY)
    await rows.task(due=timedelta(hours=9))
    await rows.plan(rows.notice("at nine", send_after=moscow("2026-11-23 09:00")))
    visited, instant = [], MONDAY
    while True:
        due = await plan.next_due(database, instant)
        assert due is not None
        if due > moscow("2026-11-24 07:30"):
            break
        instant = due
        await plan.tick(database, instant)
        visited.append(f"{instant.astimezone(MONDAY.tzinfo):%d %H:%M}")
    assert visited == [
        "23 07:30",
        "23 09:00",
        "23 14:29",
        "23 15:00",
        "23 16:29",
        "23 18:00",
        "24 07:30",
    ]
    assert await planned.clocks() == ["23 07:30", "23 15:00", "23 18:00", "24 07:30"]


async def test_where_nothing_is_ahead_nothing_is_due(database: Database) -> None:
    assert await plan.next_due(database, MONDAY) is None


async def test_a_moment_that_was_marked_is_in_the_schools_own_words(
    database: Database, planned: Planned, table: Callable[..., None]
) -> None:
    table(moment("noon", planned.planner("noon")))
    await plan.tick(database, moscow("2026-11-23 12:00"))
    async with database.read() as tx:
        (school,) = await schools.every(tx)
        assert await moments.is_planned(tx, school.id, MONDAY.date(), "noon 12:00")


@pytest.mark.usefixtures("either_url")
async def test_a_whole_day_planned_twice_adds_nothing(
    database: Database, table: Callable[..., None]
) -> None:
    table(*REAL[0], continual=REAL[1])
    instant, visited = MONDAY, [MONDAY]
    while instant < moscow("2026-11-24 08:00"):
        due = await plan.next_due(database, instant)
        assert due is not None
        instant = due
        visited.append(instant)
        await plan.tick(database, instant)
    first = await _planned_keys(database)
    assert len(first) > 50
    async with database.write() as tx:
        await tx.execute(sa.delete(messages.moments))
    for again in visited:
        await plan.tick(database, again)
    assert await _planned_keys(database) == first


async def _planned_keys(database: Database) -> list[str]:
    async with database.read() as tx:
        return list(
            await tx.scalars(sa.select(messages.outbox.c.key).order_by(messages.outbox.c.id))
        )
