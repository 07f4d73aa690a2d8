"""The plan of the school year as it is kept: terms, holidays, days off, quarantines."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from storage.database import Tx
from storage.prepared import Prepared
from storage.tables.timetable import periods


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A span of the school year; `parallels` is a comma list, "" for everybody."""

    kind: str
    name: str
    starts_on: date
    ends_on: date
    parallels: str


_OF_SCHOOL = Prepared(
    sa.select(*(periods.c[name] for name in YearSpan.__slots__))
    .where(periods.c.school_id == sa.bindparam("school"))
    .order_by(periods.c.starts_on)
)


async def periods_of_school(tx: Tx, school_id: int) -> list[YearSpan]:
    """Return the school year: terms, holidays, days off, working days, quarantines."""
    return [YearSpan(*row) for row in await _OF_SCHOOL.rows(tx, school=school_id)]
