"""Reviews: what a teacher answers to a work, and whether the answer was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.prepared import Prepared
from storage.tables.work import reviews, works
from storage.works import Work, select_works, work_from


@dataclass(frozen=True, slots=True)
class Review:
    """An answer to a work. `outcome` is accepted or returned; not released while being written.

    `mark` is "2"–"5", "зачёт"-like codes "pass"/"fail", or "" without a mark.
    """

    id: int
    work_id: int
    reviewer_id: int
    outcome: str
    mark: str
    comment: str
    audio_file_id: int | None
    released_at: datetime | None
    opened_at: datetime | None
    opened_by: int | None


ACCEPTED, RETURNED = "accepted", "returned"

REVIEW: tuple[Any, ...] = tuple(reviews.c[name] for name in Review.__slots__)


def _with_works() -> sa.Select[Any]:
    return (
        select_works()
        .add_columns(*REVIEW)
        .join(reviews, reviews.c.work_id == works.c.id)
        .where(reviews.c.released_at.is_not(None))
        .order_by(reviews.c.released_at, reviews.c.id)
    )


_UNREAD_BY = Prepared(
    _with_works().where(
        works.c.student_id == sa.bindparam("student"), reviews.c.opened_at.is_(None)
    )
)
_BETWEEN = Prepared(
    _with_works().where(
        works.c.student_id == sa.bindparam("student"),
        reviews.c.released_at > sa.bindparam("after"),
        reviews.c.released_at <= sa.bindparam("until"),
    )
)


async def start(tx: Tx, work_id: int, reviewer_id: int, now: datetime) -> Review:
    """Return the review that is being written for a work, or begin one."""
    row = (
        await tx.execute(
            sa.select(*REVIEW).where(reviews.c.work_id == work_id, reviews.c.released_at.is_(None))
        )
    ).first()
    if row is None:
        row = (
            await tx.execute(
                sa.insert(reviews)
                .values(
                    work_id=work_id,
                    reviewer_id=reviewer_id,
                    outcome=ACCEPTED,
                    mark="",
                    comment="",
                    started_at=now,
                )
                .returning(*REVIEW)
            )
        ).one()
    return Review(*row)


async def change(tx: Tx, review_id: int, **values: Any) -> None:
    """Change a review that is not released yet; one that is stays as it was sent."""
    await tx.execute(
        sa.update(reviews)
        .where(reviews.c.id == review_id, reviews.c.released_at.is_(None))
        .values(**values)
    )


async def release(tx: Tx, review_id: int, now: datetime) -> bool:
    """Release a review to the student; False if it was released before."""
    result = await tx.execute(
        sa.update(reviews)
        .where(reviews.c.id == review_id, reviews.c.released_at.is_(None))
        .values(released_at=now)
    )
    return result.rowcount == 1


async def by_id(tx: Tx, review_id: int) -> Review | None:
    """Return a review."""
    row = (await tx.execute(sa.select(*REVIEW).where(reviews.c.id == review_id))).one_or_none()
    return None if row is None else Review(*row)


async def released_for(tx: Tx, work_id: int) -> Review | None:
    """Return the newest released review of a work."""
    row = (
        await tx.execute(
            sa.select(*REVIEW)
            .where(reviews.c.work_id == work_id, reviews.c.released_at.is_not(None))
            .order_by(reviews.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else Review(*row)


async def unread_by(tx: Tx, student_id: int) -> list[tuple[Review, Work]]:
    """Return released reviews of a student's works that nobody has opened, oldest first."""
    return _read(await _UNREAD_BY.rows(tx, student=student_id))


async def released_between(
    tx: Tx, student_id: int, after: datetime, until: datetime
) -> list[tuple[Review, Work]]:
    """Return the reviews of a student's works released after `after` and not after `until`."""
    return _read(await _BETWEEN.rows(tx, student=student_id, after=after, until=until))


def newest_of_each(found: Sequence[tuple[Review, Work]]) -> list[tuple[Review, Work]]:
    """Keep the newest review of each work, in their order: it stands for those it corrects."""
    newest = {work.id: review.id for review, work in sorted(found, key=lambda one: one[0].id)}
    return [one for one in found if newest[one[1].id] == one[0].id]


async def opened(tx: Tx, review_id: int, reader_id: int, now: datetime) -> None:
    """Note the first opening of an answer: when and by whom."""
    await tx.execute(
        sa.update(reviews)
        .where(reviews.c.id == review_id, reviews.c.opened_at.is_(None))
        .values(opened_at=now, opened_by=reader_id)
    )


def _read(rows: Sequence[Any]) -> list[tuple[Review, Work]]:
    cut = len(REVIEW)
    return [(Review(*row[-cut:]), work_from(row[:-cut])) for row in rows]
