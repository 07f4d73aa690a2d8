"""Roles that see beyond one's own classes: who newly gets or loses one, and who is told (3.1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from school.hearing import quiet_of
from school.notices import Notice, announce_all
from storage import accounts, roster
from storage.database import Tx
from storage.people import Role
from storage.schools import School

WIDE = frozenset({Role.DEPUTY_HEAD, Role.SUPPORT})
ROLE_GRANTED = "role-granted"


@dataclass(frozen=True, slots=True)
class WideRole:
    """One person's role: `key` is the roster's ("teachers:T14"), `label` the name with the id."""

    key: str
    label: str
    role: Role

    @property
    def row_id(self) -> str:
        """The id that the school's own sheet has: T14."""
        return self.key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class RoleChanges:
    """What a load does to wide roles.

    `leaving` are held by people who are no longer in the roster: they lose them only if leavers
    are cut off. Somebody who comes back with a role is granted it anew. `is_first` says that the
    school had nobody yet: its first roster grants whatever it says.
    """

    before: tuple[WideRole, ...] = ()
    granted: tuple[WideRole, ...] = ()
    withdrawn: tuple[WideRole, ...] = ()
    leaving: tuple[WideRole, ...] = ()
    is_first: bool = False

    def lost(self, *, leavers: bool) -> tuple[WideRole, ...]:
        """Give the roles that end, with or without cutting off the leavers."""
        return (*self.withdrawn, *self.leaving) if leavers else self.withdrawn

    def unnamed(self, named: Collection[str]) -> tuple[WideRole, ...]:
        """Give what is granted to people whom the operator has not named by their roster ids."""
        if self.is_first:
            return ()
        return tuple(one for one in self.granted if not {one.key, one.row_id} & set(named))


async def keep(
    tx: Tx, school: School, changes: RoleChanges, now: datetime, *, leavers: bool
) -> None:
    """Leave an audit row for every role given and taken, and tell the deputy heads of before.

    Each of them hears of each grant, whoever loses the role at the same load included; at night
    only when the school's quiet hours are over.
    """
    lost = changes.lost(leavers=leavers)
    if not changes.granted and not lost:
        return
    ids = {key: number for number, key in (await roster.keys(tx, school.id)).items()}
    for what, changed in (("role.granted", changes.granted), ("role.withdrawn", lost)):
        for one in changed:
            await accounts.record(
                tx,
                now,
                what,
                school_id=school.id,
                subject=f"person:{ids[one.key]}",
                details={"role": one.role.value},
            )
    deputies = [ids[one.key] for one in changes.before if one.role is Role.DEPUTY_HEAD]
    waking = quiet_of(school).ends_after(now, school.zone)
    said = [
        (deputy, _notice(ids[one.key], one.role, now, waking))
        for one in changes.granted
        for deputy in deputies
    ]
    await announce_all(tx, school, said, now)


def _notice(person_id: int, role: Role, now: datetime, send_after: datetime) -> Notice:
    """Make a notice; given again on the same day, a role is told again: the instant is its key."""
    about = f"person:{person_id}:{role}:{now.timestamp():.0f}"
    return Notice(ROLE_GRANTED, about, {"role": role.value}, send_after=send_after)
