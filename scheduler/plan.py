"""What falls due: idempotent functions of `now`, called at every tick.

What downtime missed is planned late, but only while it is still useful, and never twice: a moment
of a day is noted when it is planned, in the transaction of its notices.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog

from school.family import plan_digests
from school.mornings import plan_mail_reminders, plan_mornings
from school.nudges import plan_deputy_summary, plan_review_nudges
from school.reminders import plan_deadline_reminders
from storage import moments, outbox, schools
from storage.database import Database, Tx
from storage.schools import School

DEPUTY = time(7, 45)

log = structlog.get_logger(__name__)

Planner = Callable[[Tx, School, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something planned once a day: when, by the school's clock, and for how long it is useful."""

    name: str
    at: Callable[[School], tuple[time, ...]]
    useful: timedelta
    plan: Planner


MOMENTS = (
    Moment("morning", lambda school: (school.morning,), timedelta(hours=7), plan_mornings),
    Moment("deputy", lambda _: (DEPUTY,), timedelta(hours=4), plan_deputy_summary),
    Moment("mail", lambda school: (school.mail_check,), timedelta(hours=5), plan_mail_reminders),
    Moment("review", lambda school: school.nudge_times, timedelta(hours=3), plan_review_nudges),
    Moment("digest", lambda school: (school.digest,), timedelta(hours=2), plan_digests),
)
CONTINUAL: tuple[Planner, ...] = (plan_deadline_reminders,)


async def tick(database: Database, now: datetime) -> None:
    """Plan everything that is due at `now`, one transaction a moment.

    A moment that fails leaves nothing behind, is tried again at the next tick, and stops no other.
    """
    async with database.read() as tx:
        all_schools = await schools.every(tx)
        open_moments = [
            (school, moment, at)
            for school in all_schools
            for moment, at in _due_moments(school, now)
            if not await moments.is_planned(tx, school.id, *_name(school, moment, at))
        ]
    for school, moment, at in open_moments:
        try:
            async with database.write() as tx:
                if await moments.mark(tx, school.id, *_name(school, moment, at), now):
                    await moment.plan(tx, school, now)
        except Exception:
            log.exception("moment.failed", moment=moment.name, school=school.id)
    for school in all_schools:
        for planner in CONTINUAL:
            try:
                async with database.write() as tx:
                    await planner(tx, school, now)
            except Exception:
                log.exception("moment.failed", moment="continual", school=school.id)


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


def _due_moments(school: School, now: datetime) -> list[tuple[Moment, datetime]]:
    today = now.astimezone(school.zone).date()
    return [
        (moment, at)
        for day in (today - timedelta(days=1), today)
        for moment in MOMENTS
        for at in (_instant(school, day, clock) for clock in moment.at(school))
        if at <= now < at + moment.useful
    ]


def _name(school: School, moment: Moment, at: datetime) -> tuple[date, str]:
    local = at.astimezone(school.zone)
    return local.date(), f"{moment.name} {local:%H:%M}"


def _instant(school: School, day: date, at: time) -> datetime:
    return datetime.combine(day, at, school.zone).astimezone(UTC)
