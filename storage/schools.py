"""Schools and their settings."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from storage.database import Tx
from storage.prepared import Prepared
from storage.tables.people import schools


@dataclass(frozen=True, slots=True)
class School:
    """A school and its settings; times of day are the school's own."""

    id: int
    name: str
    time_zone: str
    country: str
    morning: time
    mail_check: time
    review_nudges: str
    review_cutoff: time
    digest: time
    quiet_from: time
    quiet_until: time
    platform_url: str
    informal_parallels: str
    language: str
    code_pepper: bytes

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the school counts its days."""
        return ZoneInfo(self.time_zone)

    def date_of(self, instant: datetime) -> date:
        """Return the school's date at an instant."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, at: time) -> datetime:
        """Return the instant, in UTC, at which the school's clock shows a time on a date."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    @property
    def nudge_times(self) -> tuple[time, ...]:
        """When teachers are reminded of works that wait, in order."""
        return tuple(time.fromisoformat(part) for part in self.review_nudges.split(";") if part)

    @property
    def informal(self) -> frozenset[int]:
        """The parallels whose students are addressed as «ты»."""
        return frozenset(int(part) for part in self.informal_parallels.split(",") if part)


_BY_ID = Prepared(sa.select(schools).where(schools.c.id == sa.bindparam("school")))


async def every(tx: Tx) -> list[School]:
    """Return all schools."""
    rows = await tx.execute(sa.select(schools).order_by(schools.c.id))
    return [School(*row) for row in rows]


async def zone(tx: Tx) -> ZoneInfo | None:
    """Return the zone of the first school, None where there is none; works on any schema."""
    name = await tx.scalar(sa.select(schools.c.time_zone).order_by(schools.c.id).limit(1))
    return None if name is None else ZoneInfo(name)


async def by_id(tx: Tx, school_id: int) -> School:
    """Return a school; raises NoResultFound if there is none."""
    row = await _BY_ID.one(tx, school=school_id)
    if row is None:
        raise NoResultFound
    return School(*row)


async def add(tx: Tx, values: dict[str, Any]) -> int:
    """Add a school and return its id."""
    result = await tx.execute(sa.insert(schools).values(values).returning(schools.c.id))
    return int(result.scalar_one())


async def change(tx: Tx, school_id: int, values: dict[str, Any]) -> None:
    """Change a school's settings."""
    await tx.execute(sa.update(schools).where(schools.c.id == school_id).values(values))
