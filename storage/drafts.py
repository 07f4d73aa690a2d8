"""Drafts: a work being collected in a chat, before it is sent. One a chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx
from storage.tables.work import draft_parts, drafts, files
from storage.works import Part


@dataclass(frozen=True, slots=True)
class Draft:
    """A work being collected. `version` grows with every change, so an old button is recognised.

    `student_id` and `task_id` are None until they are known (a photo may come first).
    """

    id: int
    messenger: str
    chat: str
    author_id: int
    student_id: int | None
    task_id: int | None
    version: int
    started_at: datetime


DRAFT: tuple[Any, ...] = (
    drafts.c.id,
    drafts.c.messenger,
    drafts.c.chat_ref,
    drafts.c.author_id,
    drafts.c.student_id,
    drafts.c.task_id,
    drafts.c.version,
    drafts.c.started_at,
)


async def in_chat(tx: Tx, messenger: str, chat: str) -> Draft | None:
    """Return the chat's draft."""
    row = (
        await tx.execute(
            sa.select(*DRAFT).where(drafts.c.messenger == messenger, drafts.c.chat_ref == chat)
        )
    ).one_or_none()
    return None if row is None else Draft(*row)


async def aimed_at(tx: Tx, student_id: int, task_id: int) -> bool:
    """Say whether something is collected for a task and not sent yet, in any chat."""
    filled = sa.exists().where(draft_parts.c.draft_id == drafts.c.id)
    return bool(
        await tx.scalar(
            sa.select(
                sa.exists().where(
                    drafts.c.student_id == student_id, drafts.c.task_id == task_id, filled
                )
            )
        )
    )


async def start(tx: Tx, messenger: str, chat: str, author_id: int, now: datetime) -> Draft:
    """Begin a draft in a chat that has none; whose work it is and at which task, `aim` says."""
    row = (
        await tx.execute(
            sa.insert(drafts)
            .values(
                messenger=messenger,
                chat_ref=chat,
                author_id=author_id,
                student_id=None,
                task_id=None,
                version=1,
                started_at=now,
            )
            .returning(*DRAFT)
        )
    ).one()
    return Draft(*row)


async def aim(tx: Tx, draft_id: int, student_id: int, task_id: int | None) -> None:
    """Say whose work it is and at which task."""
    await tx.execute(
        sa.update(drafts)
        .where(drafts.c.id == draft_id)
        .values(student_id=student_id, task_id=task_id, version=drafts.c.version + 1)
    )


async def unaim(tx: Tx, draft_id: int) -> None:
    """Forget whose work it is and at which task; what was collected stays."""
    await tx.execute(
        sa.update(drafts)
        .where(drafts.c.id == draft_id)
        .values(student_id=None, task_id=None, version=drafts.c.version + 1)
    )


async def add_part(tx: Tx, draft_id: int, part: Part) -> None:
    """Append a piece."""
    await tx.execute(
        sa.insert(draft_parts).values(
            draft_id=draft_id,
            kind=part.kind,
            text=part.text,
            file_id=part.file_id,
            name=part.name,
            source=part.source,
        )
    )
    await _grow(tx, draft_id)


async def drop_last_part(tx: Tx, draft_id: int) -> bool:
    """Take the last piece back; False if there was none."""
    last = await tx.scalar(
        sa.select(sa.func.max(draft_parts.c.id)).where(draft_parts.c.draft_id == draft_id)
    )
    if last is None:
        return False
    await tx.execute(sa.delete(draft_parts).where(draft_parts.c.id == last))
    await _grow(tx, draft_id)
    return True


async def parts_of(tx: Tx, draft_id: int) -> list[Part]:
    """Return a draft's pieces in the order in which they came."""
    rows = await tx.execute(
        sa.select(
            draft_parts.c.kind,
            draft_parts.c.text,
            draft_parts.c.file_id,
            draft_parts.c.name,
            draft_parts.c.source,
            sa.func.coalesce(files.c.size, 0),
            sa.func.coalesce(files.c.sha256, ""),
        )
        .outerjoin(files, files.c.id == draft_parts.c.file_id)
        .where(draft_parts.c.draft_id == draft_id)
        .order_by(draft_parts.c.id)
    )
    return [Part(*row) for row in rows]


async def discard(tx: Tx, draft_id: int) -> None:
    """End a draft: it was sent or thrown away."""
    await tx.execute(sa.delete(draft_parts).where(draft_parts.c.draft_id == draft_id))
    await tx.execute(sa.delete(drafts).where(drafts.c.id == draft_id))


async def _grow(tx: Tx, draft_id: int) -> None:
    await tx.execute(
        sa.update(drafts).where(drafts.c.id == draft_id).values(version=drafts.c.version + 1)
    )
