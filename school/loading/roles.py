"""Which roles that see beyond one's own classes a roster gives and takes."""

from collections.abc import Iterable, Mapping, Sequence

from school.loading.labels import person_label
from school.loading.records import Record
from school.wide_roles import WIDE, RoleChanges, WideRole
from storage.people import Role

Pair = tuple[str, Role]
"""A roster key and a role."""


def role_changes(
    wanted: Mapping[str, Sequence[Record]], stored: Mapping[str, Sequence[Record]]
) -> RoleChanges:
    """Compare persons and roles as wanted with those that are in force: leavers hold none."""
    labels = {
        record["roster_key"]: person_label(record)
        for record in (*stored["persons"], *wanted["persons"])
    }
    here = {record["roster_key"] for record in stored["persons"] if record["left_on"] is None}
    listed = {record["roster_key"] for record in wanted["persons"]}
    before = {(key, role) for key, role in _wide(stored["roles"]) if key in here}
    after = _wide(wanted["roles"])

    def told(pairs: Iterable[Pair]) -> tuple[WideRole, ...]:
        return tuple(WideRole(key, labels[key], role) for key, role in sorted(pairs))

    return RoleChanges(
        before=told(before),
        granted=told(after - before),
        withdrawn=told(pair for pair in before - after if pair[0] in listed),
        leaving=told(pair for pair in before if pair[0] not in listed),
        is_first=not stored["persons"],
    )


def _wide(roles: Iterable[Record]) -> set[Pair]:
    return {(row["person_id"], Role(row["role"])) for row in roles if row["role"] in WIDE}
