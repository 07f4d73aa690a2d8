"""How a table as a roster wants it differs from the table as it is."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from school.loading.records import Record
from storage.roster import Key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored:
    """A record that is in the database, with its primary key."""

    key: Key
    record: Record


@dataclass(frozen=True, slots=True)
class Differs:
    """A stored record, what the roster wants in its place, and the columns that differ."""

    stored: Stored
    wanted: Record
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one table lacks, has otherwise, has no longer in the roster, and has as wanted."""

    added: list[Record] = field(default_factory=list)
    changed: list[Differs] = field(default_factory=list)
    gone: list[Stored] = field(default_factory=list)
    unchanged: list[Stored] = field(default_factory=list)


def difference(
    wanted: Iterable[Record], stored: Iterable[Stored], identity: Callable[[Record], Hashable]
) -> Difference:
    """Compare records of one identity; of several alike the first meets the first, and so on."""
    found = Difference()
    left = {name: row for row, name in _numbered(stored, lambda row: identity(row.record))}
    for record, name in _numbered(wanted, identity):
        row = left.pop(name, None)
        if row is None:
            found.added.append(record)
            continue
        columns = tuple(column for column in record if record[column] != row.record[column])
        if columns:
            found.changed.append(Differs(row, record, columns))
        else:
            found.unchanged.append(row)
    found.gone.extend(left.values())
    return found


def _numbered(rows: Iterable[T], identity: Callable[[T], Hashable]) -> Iterator[tuple[T, Hashable]]:
    seen: Counter[Hashable] = Counter()
    for row in rows:
        name = identity(row)
        seen[name] += 1
        yield row, (name, seen[name])
