"""The plan of the school year as it is kept: terms, holidays, days off, quarantines."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from storage.database import Tx
from storage.tables.timetable import periods


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A span of the school year; `parallels` is a comma list, "" for everybody."""

    kind: str
    name: str
    starts_on: date
    ends_on: date
    parallels: str


async def periods_of_school(tx: Tx, school_id: int) -> list[YearSpan]:
    """Return the school year: terms, holidays, days off, working days, quarantines."""
    columns = (
        periods.c.kind,
        periods.c.name,
        periods.c.starts_on,
        periods.c.ends_on,
        periods.c.parallels,
    )
    rows = await tx.execute(
        sa.select(*columns).where(periods.c.school_id == school_id).order_by(periods.c.starts_on)
    )
    return [YearSpan(*row) for row in rows]
