"""Puts one announcement to any number of people in the outbox, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, bring, insertion, lanes_off
from storage.outbox import ANY_LANE, DEAD, NOT_BOUND, PLANNED, notices_on
from storage.tables.messages import outbox
from storage.tables.people import accounts


@dataclass(frozen=True, slots=True)
class Announcement:
    """Notices that differ only in who hears them and what they are about.

    `told` are (key, person, object).
    """

    school_id: int
    kind: str
    payload: dict[str, Any]
    send_after: datetime
    useful_until: datetime | None
    told: Sequence[tuple[str, int, str]]


async def plan(tx: Tx, said: Announcement, now: datetime) -> int:
    """Plan an announcement unless its keys are there already; return how many were new.

    Each notice goes to the chat that its person used last, of those whose lane runs. Where none
    does it waits for the lane: that may be off by mistake. Without a chat it is born dead.
    """
    values = {name: getattr(said, name) for name in Announcement.__slots__}
    insert = _insertion(tx.dialect.name, lanes_off(tx))
    bring(tx, notices_on(ANY_LANE))
    return (await tx.execute(insert, {**values, "created_at": now})).rowcount


@cache
def _insertion(dialect: str, off: frozenset[str]) -> sa.Insert:
    """Word the statement; its parameters are an announcement's fields and `created_at`."""
    told = _told(dialect)
    last_used = accounts.c.id == _last_used_by(told.c.person_id, off)
    is_bound = accounts.c.id.is_not(None)
    values: dict[str, Any] = {
        "school_id": _given("school_id"),
        "key": told.c.key,
        "kind": _given("kind"),
        "object": told.c.object,
        "person_id": told.c.person_id,
        "lane": sa.func.coalesce(accounts.c.messenger, ""),
        "address": sa.func.coalesce(accounts.c.chat_ref, ""),
        "is_reply": sa.false(),
        "card": sa.literal(""),
        "payload": _given("payload"),
        "rendered": sa.literal(""),
        "created_at": _given("created_at"),
        "send_after": _given("send_after"),
        "useful_until": _given("useful_until"),
        "state": sa.case((is_bound, PLANNED), else_=DEAD),
        "attempts": sa.literal(0),
        "message_ref": sa.literal(""),
        "error": sa.case((is_bound, ""), else_=NOT_BOUND),
    }
    chosen = (
        sa.select(*values.values())
        .select_from(told.outerjoin(accounts, last_used))
        # Without a WHERE, SQLite takes ON CONFLICT for the condition of the join.
        .where(told.c.person_id.is_not(None))
    )
    insert = insertion(dialect, outbox).from_select(list(values), chosen)
    only_new: sa.Insert = insert.on_conflict_do_nothing()
    return only_new


def _told(dialect: str) -> sa.Subquery:
    """Give who is told what as a table; whatever their number it is one parameter."""
    unfold = sa.func.json_each if dialect == "sqlite" else sa.func.json_array_elements
    told = sa.bindparam("told", type_=sa.JSON)
    one = unfold(told).table_valued(sa.column("value", sa.JSON)).c.value
    return sa.select(
        one[0].as_string().label("key"),
        one[1].as_integer().label("person_id"),
        one[2].as_string().label("object"),
    ).subquery("told")


def _last_used_by(person_id: sa.ColumnElement[int], off: frozenset[str]) -> sa.ScalarSelect[int]:
    one = accounts.alias("one")
    is_off = [one.c.messenger.in_(sorted(off))] if off else []
    return (
        sa.select(one.c.id)
        .where(
            one.c.person_id == person_id,
            one.c.unbound_at.is_(None),
            one.c.blocked_at.is_(None),
        )
        .order_by(*is_off, one.c.last_seen_at.desc(), one.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _given(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=outbox.c[name].type)
