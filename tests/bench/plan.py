"""Plans the morning of 150,000 students, beside the same rows by one raw INSERT … SELECT.

Meanwhile somebody writes every 20 ms, and a lane that has just started looks for
what to send first.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot import garbage
from scheduler import plan
from scheduler.delivery import Lane
from school.mornings import MORNING as MORNING_CARD
from storage import accounts
from storage.database import Database, opened
from storage.files import FileStore
from storage.tables.messages import outbox
from tests.bench.crowded import crowded
from tests.bench.figures import Asked, Bar, Figure, Table, Unit
from tests.chat import moscow
from tests.scheduler.couriers import Courier
from tests.school_template import sqlite_url

MORNING = moscow("2026-11-23 07:30")
PRESS_SECONDS = 0.02
STUDENTS, FEW = 150_000, 2_000

_RAW = """
    INSERT INTO outbox
      (school_id, key, kind, object, person_id, lane, address, is_reply, card, payload, rendered,
       created_at, send_after, useful_until, state, attempts, message_ref, error)
    SELECT 1, 'morning|' || h.id || '|student:' || s.person_id || '|2026-11-23', 'morning',
           'student:' || s.person_id, h.id, a.messenger, a.chat_ref, 0, '',
           '{"day": "2026-11-23"}', '', :now, :now, :now, 'planned', 0, '', ''
      FROM students s
      JOIN classes c ON c.id = s.class_id
      LEFT JOIN guardianships g ON g.student_id = s.person_id AND c.parallel <= 4
      JOIN persons h ON h.id = coalesce(g.guardian_id, s.person_id) AND h.left_on IS NULL
      JOIN accounts a ON a.person_id = h.id AND a.unbound_at IS NULL AND a.blocked_at IS NULL
     WHERE h.school_id = 1
    ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class Round:
    """Seconds of one round, and how many rows a second run added."""

    raw: float
    ours: float
    again: float
    added: int
    longest_wait: float
    loop_late: float
    first_send: float


async def one_round(template: Path, folder: Path) -> Round:
    """Measure on fresh copies of a filled database."""
    async with copied(template, folder) as database:
        raw = await timed(raw_plan(database))
        expected = await cards(database)
    async with copied(template, folder) as database:
        ours = await timed(plan.tick(database, MORNING))
        planned = await cards(database)
        async with database.write() as tx:
            await tx.execute(sa.text("DELETE FROM moments"))
        again = await timed(plan.tick(database, MORNING))
        added = await cards(database) - planned
        if planned != expected:
            raise SystemExit(f"raw planned {expected} cards, we planned {planned}")
        first = await first_send(database, folder)
    async with copied(template, folder) as database:
        wait, late = await felt_meanwhile(database)
    return Round(raw, ours, again, added, wait, late, first)


async def raw_plan(database: Database) -> None:
    """Plan the morning by one statement, which knows what the planner has to find out."""
    async with database.write() as tx:
        await tx.execute(sa.text(_RAW), {"now": "2026-11-23 04:30:00.000000"})


async def felt_meanwhile(database: Database) -> tuple[float, float]:
    """Return how long a small write waited at most while we planned, and how late the loop was."""
    waits, lateness = [0.0], [0.0]

    async def press() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(PRESS_SECONDS)
            lateness.append(time.perf_counter() - began - PRESS_SECONDS)
            began = time.perf_counter()
            async with database.write() as tx:
                await accounts.tried(tx, "telegram", "somebody", MORNING)
            waits.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        pressing = group.create_task(press())
        await plan.tick(database, MORNING)
        pressing.cancel()
    return max(waits), max(lateness)


async def first_send(database: Database, folder: Path) -> float:
    """Return how long a lane that has just started takes to its first request."""
    asked = asyncio.Event()

    async def ask(_chat: str) -> None:
        asked.set()

    courier = Courier(before=ask)
    lane = Lane(courier, database, FileStore(folder / "files"), lambda: MORNING)
    async with asyncio.TaskGroup() as group:
        began = time.perf_counter()
        running = group.create_task(lane.run())
        await asked.wait()
        passed = time.perf_counter() - began
        await lane.stop()
        running.cancel()
    return passed


async def cards(database: Database) -> int:
    """Count the morning cards that are planned."""
    async with database.read() as tx:
        counted = sa.select(sa.func.count()).where(outbox.c.kind == MORNING_CARD)
        return int(await tx.scalar(counted) or 0)


async def timed(work: Awaitable[object]) -> float:
    """Return how many seconds something took."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


@asynccontextmanager
async def copied(template: Path, folder: Path) -> AsyncIterator[Database]:
    """Open a fresh copy of a database that is on disk already, and remove it afterwards."""
    path = folder / "copy.db"
    shutil.copyfile(template, path)
    with path.open("rb+") as copy:
        os.fsync(copy.fileno())  # else the first to move a journal waits for all of the copy
    try:
        async with opened(sqlite_url(path)) as database:
            yield database
    finally:
        _remove(folder, "copy.db*")


def _remove(folder: Path, names: str) -> None:
    for left in folder.glob(names):
        left.unlink()


async def fill(path: Path, students: int) -> None:
    """Make the school."""
    async with opened(sqlite_url(path)) as database:
        await crowded(database, students, MORNING)


def run(asked: Asked) -> list[Table]:
    """Run the rounds, each on fresh copies of one school."""
    students = asked.sized(STUDENTS, FEW)
    garbage.settle()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = folder / "school.db"
        asyncio.run(fill(template, students))
        done = [asyncio.run(one_round(template, folder)) for _ in range(asked.rounds)]
    peer = "one raw `INSERT … SELECT` of the same rows, which knows what the planner must find out"
    return [Table(f"A morning for {students:,} students", peer, _figures(done), NOTES)]


NOTES = """
The longest wait of all rounds: while we plan, somebody commits a small write every 20 ms.

A second run finds the moments undone and the cards planned: it must add nothing.

The first send: from the start of a lane with all of this before it, in this process.
"""


def _figures(done: Sequence[Round]) -> list[Figure]:
    ours, raw = [one.ours for one in done], [one.raw for one in done]
    wait = 1000 * max(one.longest_wait for one in done)
    late = [1000 * one.loop_late for one in done]
    return [
        Figure("plan", Unit.SECONDS, ours, raw, Bar(3.0, of_ratio=True)),
        Figure("plan, in seconds", Unit.SECONDS, ours, bar=Bar(5.0)),
        Figure("run again", Unit.SECONDS, [one.again for one in done]),
        Figure("rows it adds", Unit.COUNT, [one.added for one in done], bar=Bar(0)),
        Figure("longest wait of a small write", Unit.MILLISECONDS, [wait], bar=Bar(50.0)),
        Figure("latest that the event loop was", Unit.MILLISECONDS, late),
        Figure("first send of a lane", Unit.SECONDS, [one.first_send for one in done]),
    ]
