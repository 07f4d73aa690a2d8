"""What falls due: idempotent functions of `now`, called at every tick.

What downtime missed is planned late, but only while it is still useful, and never twice: a moment
of a day is noted when it is planned, in the transaction of its last notices. What a crash cut off
is planned again from the beginning, and what is there stays as it is.
"""

import asyncio
import time as stopwatch
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import structlog

from scheduler.portion import Portion, cut
from school.family import evening_digests
from school.mornings import mail_reminders, morning_cards
from school.notices import Slice
from school.nudges import deputy_summary, review_nudges
from school.reminders import near_reminders
from storage import announcements, journal, moments, outbox, schools
from storage.database import Database, Tx
from storage.schools import School

DEPUTY = time(7, 45)

log = structlog.get_logger(__name__)

Planner = Callable[[Tx, School, datetime, int], Coroutine[Any, Any, Slice]]
"""Says a slice of what a school is to hear at an instant, from where it is told to go on."""

Mark = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something planned once a day: when, by the school's clock, and for how long it is useful."""

    name: str
    at: Callable[[School], tuple[time, ...]]
    useful: timedelta
    plan: Planner


MOMENTS = (
    Moment("morning", lambda school: (school.morning,), timedelta(hours=7), morning_cards),
    Moment("deputy", lambda _: (DEPUTY,), timedelta(hours=4), deputy_summary),
    Moment("mail", lambda school: (school.mail_check,), timedelta(hours=5), mail_reminders),
    Moment("review", lambda school: school.nudge_times, timedelta(hours=3), review_nudges),
    Moment("digest", lambda school: (school.digest,), timedelta(hours=2), evening_digests),
)
CONTINUAL: tuple[Planner, ...] = (near_reminders,)


async def tick(database: Database, now: datetime) -> bool:
    """Plan everything that is due at `now`; where nothing is, nothing is written.

    A moment that fails is tried again at the next tick, and stops no other; False if any did.
    """
    failed = False
    all_schools, open_moments = await database.read_whole(lambda tx: _open(tx, now))
    for school, moment, mark in open_moments:
        try:
            await carry_out(database, school, moment.plan, now, mark)
        except Exception:
            log.exception("moment.failed", moment=moment.name, school=school.id)
            failed = True
    for school in all_schools:
        for planner in CONTINUAL:
            try:
                await carry_out(database, school, planner, now)
            except Exception:
                log.exception("moment.failed", moment="continual", school=school.id)
                failed = True
    return not failed


async def carry_out(
    database: Database, school: School, planner: Planner, now: datetime, *marks: Mark
) -> None:
    """Plan what a planner says, slice by slice; the last one notes the moments `marks`.

    The next slice is read while one is written, unless that one notes a moment of its own.
    """
    said = await _slice(database, school, planner, now, 0)
    writing = _Writing(database, school, now, Portion())
    while said.go_on:
        async with asyncio.TaskGroup() as group:
            written = group.create_task(writing.write(said))
            if said.marks:
                await written
            following = group.create_task(_slice(database, school, planner, now, said.go_on))
        if not written.result():
            return
        said = following.result()
    await writing.write(said, marks)


async def _slice(
    database: Database, school: School, planner: Planner, now: datetime, go_on: int
) -> Slice:
    return await database.read_whole(lambda tx: planner(tx, school, now, go_on))


@dataclass(slots=True)
class _Writing:
    """Writes slices in transactions that are short wherever the bot runs."""

    database: Database
    school: School
    now: datetime
    portion: Portion

    async def write(self, said: Slice, marks: Sequence[Mark] = ()) -> bool:
        """Write a slice, the marks with its last part; False if it speaks of what is no more."""
        rest, is_large = said.said, bool(said.go_on)
        while True:
            batch, rest = cut(rest, self.portion.size)
            part = replace(said, said=batch, marks=() if rest else (*said.marks, *marks))
            is_large = is_large or bool(rest)
            if (part.said or part.marks) and not await self._part(part):
                return False
            if not rest:
                break
        if is_large:
            await journal.move(self.database)
        return True

    async def _part(self, part: Slice) -> bool:
        began = 0.0

        async def write(tx: Tx) -> bool:
            nonlocal began
            began = stopwatch.monotonic()
            school, planned = self.school.id, part.only_while
            if planned and not await moments.is_planned(tx, school, *planned):
                return False
            for one in part.said:
                await announcements.plan(tx, one, self.now)
            for mark in part.marks:
                await moments.mark(tx, school, *mark, self.now)
            return True

        is_written = await self.database.write_whole(write)
        written = sum(len(one.told) for one in part.said)
        self.portion.took(written, stopwatch.monotonic() - began)
        return is_written


async def next_due(database: Database, after: datetime) -> datetime | None:
    """Return the next instant after `after` at which something may fall due, None if nothing will.

    A clock that jumps visits each of these in order.
    """
    async with database.read() as tx:
        candidates = [await outbox.next_due(tx, after), await moments.next_deadline(tx, after)]
        for school in await schools.every(tx):
            day = after.astimezone(school.zone).date()
            candidates += [
                _instant(school, day + timedelta(days=distance), at)
                for distance in (0, 1)
                for moment in MOMENTS
                for at in moment.at(school)
            ]
    ahead = [instant for instant in candidates if instant is not None and instant > after]
    return min(ahead, default=None)


async def _open(
    tx: Tx, now: datetime
) -> tuple[Sequence[School], Sequence[tuple[School, Moment, Mark]]]:
    """Read the schools, and the moments that are due and not planned."""
    all_schools = await schools.every(tx)
    found = []
    for school in all_schools:
        today = now.astimezone(school.zone).date()
        planned = await moments.since(tx, school.id, today - timedelta(days=1))
        for moment, at in _due_moments(school, now):
            mark = _mark(school, moment, at)
            if mark not in planned:
                found.append((school, moment, mark))
    return all_schools, found


def _due_moments(school: School, now: datetime) -> list[tuple[Moment, datetime]]:
    today = now.astimezone(school.zone).date()
    return [
        (moment, at)
        for day in (today - timedelta(days=1), today)
        for moment in MOMENTS
        for at in (_instant(school, day, clock) for clock in moment.at(school))
        if at <= now < at + moment.useful
    ]


def _mark(school: School, moment: Moment, at: datetime) -> Mark:
    local = at.astimezone(school.zone)
    return local.date(), f"{moment.name} {local:%H:%M}"


def _instant(school: School, day: date, at: time) -> datetime:
    return datetime.combine(day, at, school.zone).astimezone(UTC)
