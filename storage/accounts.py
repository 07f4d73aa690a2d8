"""Who sits behind a chat: bound accounts, activation codes and the count of wrong tries (5.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import Tx, lanes_off
from storage.prepared import Prepared
from storage.tables.people import accounts, activation_codes, audit, code_tries


@dataclass(frozen=True, slots=True)
class Account:
    """A person on a messenger."""

    id: int
    school_id: int
    person_id: int
    messenger: str
    user: str
    chat: str


@dataclass(frozen=True, slots=True)
class ActivationCode:
    """A one-time code; only its fingerprint is kept."""

    id: int
    school_id: int
    person_id: int
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


ACCOUNT: tuple[Any, ...] = (
    accounts.c.id,
    accounts.c.school_id,
    accounts.c.person_id,
    accounts.c.messenger,
    accounts.c.user_ref,
    accounts.c.chat_ref,
)
CODE: tuple[Any, ...] = tuple(
    activation_codes.c[name]
    for name in ("id", "school_id", "person_id", "expires_at", "used_at", "revoked_at")
)

_BOUND = Prepared(
    sa.select(*ACCOUNT).where(
        accounts.c.messenger == sa.bindparam("messenger"),
        accounts.c.user_ref == sa.bindparam("user"),
        accounts.c.unbound_at.is_(None),
    )
)
_TIES = Prepared(
    sa.select(accounts.c.unbound_at).where(
        accounts.c.person_id == sa.bindparam("person", type_=sa.Integer),
        accounts.c.messenger == sa.bindparam("messenger"),
        accounts.c.chat_ref == sa.bindparam("chat"),
    )
)
_SEEN = Prepared(
    sa.update(accounts)
    .where(accounts.c.id == sa.bindparam("account"))
    .values(last_seen_at=sa.bindparam("now"), blocked_at=None)
)


async def bound(tx: Tx, messenger: str, user: str) -> Account | None:
    """Return the account bound to a messenger's user, if any."""
    row = await _BOUND.one(tx, messenger=messenger, user=user)
    return None if row is None else Account(*row)


async def is_cut_off(tx: Tx, person_id: int, messenger: str, chat: str) -> bool:
    """Say whether a chat was a person's once and is so no more (5.4)."""
    ties = await _TIES.rows(tx, person=person_id, messenger=messenger, chat=chat)
    return bool(ties) and all(tie[0] is not None for tie in ties)


async def reachable(tx: Tx, person_id: int) -> list[Account]:
    """Return the accounts on which a person can be written to here, last used first."""
    rows = await tx.execute(
        sa.select(*ACCOUNT)
        .where(
            accounts.c.person_id == person_id,
            accounts.c.unbound_at.is_(None),
            accounts.c.blocked_at.is_(None),
            _runs(tx),
        )
        .order_by(accounts.c.last_seen_at.desc(), accounts.c.id.desc())
    )
    return [Account(*row) for row in rows]


async def bound_people(tx: Tx, school_id: int) -> set[int]:
    """Return the ids of everyone in a school who has an account bound where a lane runs."""
    rows = await tx.execute(
        sa.select(accounts.c.person_id)
        .where(accounts.c.school_id == school_id, accounts.c.unbound_at.is_(None), _runs(tx))
        .distinct()
    )
    return {row[0] for row in rows}


async def bound_among(tx: Tx, person_ids: Collection[int]) -> set[int]:
    """Return the ids of those of some people who have an account bound where a lane runs."""
    rows = await tx.execute(
        sa.select(accounts.c.person_id)
        .where(accounts.c.person_id.in_(person_ids), accounts.c.unbound_at.is_(None), _runs(tx))
        .distinct()
    )
    return {row[0] for row in rows}


async def bind(tx: Tx, account: Account, now: datetime) -> None:
    """Bind a chat to a person; `account.id` is ignored."""
    await tx.execute(
        sa.insert(accounts).values(
            school_id=account.school_id,
            person_id=account.person_id,
            messenger=account.messenger,
            user_ref=account.user,
            chat_ref=account.chat,
            bound_at=now,
            last_seen_at=now,
        )
    )


async def unbind(tx: Tx, person_id: int, now: datetime, messenger: str = "") -> int:
    """Cut a person's accounts off (on one messenger or all) and return how many there were."""
    statement = sa.update(accounts).where(
        accounts.c.person_id == person_id, accounts.c.unbound_at.is_(None)
    )
    if messenger:
        statement = statement.where(accounts.c.messenger == messenger)
    return (await tx.execute(statement.values(unbound_at=now))).rowcount


async def seen(tx: Tx, account_id: int, now: datetime) -> None:
    """Note that a person used this account: it is not blocked, and it is the one to write to."""
    await _SEEN.change(tx, account=account_id, now=now)


async def blocked(tx: Tx, messenger: str, chat: str, now: datetime) -> None:
    """Note that a chat no longer takes messages."""
    await tx.execute(
        sa.update(accounts)
        .where(
            accounts.c.messenger == messenger,
            accounts.c.chat_ref == chat,
            accounts.c.unbound_at.is_(None),
        )
        .values(blocked_at=now)
    )


async def issue_code(
    tx: Tx, school_id: int, person_id: int, fingerprint: str, now: datetime, expires_at: datetime
) -> None:
    """Keep a new code's fingerprint; codes the person had before stop working."""
    await revoke_codes(tx, person_id, now)
    await tx.execute(
        sa.insert(activation_codes).values(
            school_id=school_id,
            person_id=person_id,
            fingerprint=fingerprint,
            issued_at=now,
            expires_at=expires_at,
        )
    )


async def revoke_codes(tx: Tx, person_id: int, now: datetime) -> None:
    """Make a person's unused codes worthless."""
    await tx.execute(
        sa.update(activation_codes)
        .where(
            activation_codes.c.person_id == person_id,
            activation_codes.c.used_at.is_(None),
            activation_codes.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


async def live_codes(tx: Tx, school_id: int, now: datetime) -> set[int]:
    """Return the ids of people who hold a code that would work now."""
    rows = await tx.execute(
        sa.select(activation_codes.c.person_id).where(
            activation_codes.c.school_id == school_id,
            activation_codes.c.used_at.is_(None),
            activation_codes.c.revoked_at.is_(None),
            activation_codes.c.expires_at > now,
        )
    )
    return {row[0] for row in rows}


async def code(tx: Tx, fingerprints: list[str]) -> ActivationCode | None:
    """Return the code with one of these fingerprints, spent and revoked ones included."""
    row = (
        await tx.execute(sa.select(*CODE).where(activation_codes.c.fingerprint.in_(fingerprints)))
    ).one_or_none()
    return None if row is None else ActivationCode(*row)


async def code_by_id(tx: Tx, code_id: int) -> ActivationCode | None:
    """Return a code by its id."""
    row = (await tx.execute(sa.select(*CODE).where(activation_codes.c.id == code_id))).one_or_none()
    return None if row is None else ActivationCode(*row)


async def spend_code(tx: Tx, code_id: int, now: datetime) -> bool:
    """Use a code up; False if somebody else did so first."""
    result = await tx.execute(
        sa.update(activation_codes)
        .where(activation_codes.c.id == code_id, activation_codes.c.used_at.is_(None))
        .values(used_at=now)
    )
    return result.rowcount == 1


async def tried(tx: Tx, messenger: str, user: str, now: datetime) -> None:
    """Count a wrong code."""
    await tx.execute(sa.insert(code_tries).values(messenger=messenger, user_ref=user, tried_at=now))


async def tries_since(tx: Tx, since: datetime, messenger: str = "", user: str = "") -> int:
    """Count wrong codes since an instant: of one user, or of everybody."""
    statement = sa.select(sa.func.count()).where(code_tries.c.tried_at > since)
    if user:
        statement = statement.where(
            code_tries.c.messenger == messenger, code_tries.c.user_ref == user
        )
    return int(await tx.scalar(statement) or 0)


async def record(
    tx: Tx,
    now: datetime,
    what: str,
    *,
    school_id: int = 0,
    actor_id: int | None = None,
    subject: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Write an audit row; it outlives whatever it tells of."""
    await tx.execute(
        sa.insert(audit).values(
            school_id=school_id,
            at=now,
            actor_id=actor_id,
            what=what,
            object=subject,
            details=details or {},
        )
    )


def _runs(tx: Tx) -> sa.ColumnElement[bool]:
    """Say that the messenger of an account is on."""
    return accounts.c.messenger.not_in(sorted(lanes_off(tx)))
