"""What can go wrong with a database, in names that the rest of the house may use."""

import sqlite3
from enum import StrEnum

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

NewerSchema = CommandError
DatabaseFailed = DBAPIError

_TROUBLES_OF_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_TROUBLES_OF_POSTGRESQL = (
    *("080", "28", "3D"),
    *("40001", "40003", "40P01", "53", "55P03", "57P", "58"),
)
"""SQLSTATE: the connection, who may connect and where to; conflicts, resources, a lock, the
operator, the system."""


class Unreachable(ConnectionError):
    """No connection to the database could be had: it is away, or has none to spare."""


class Cause(StrEnum):
    """Why the database failed, as far as an operator can do something about it."""

    LOCKED = "locked"
    CANNOT_OPEN = "cannot-open"
    OTHER = "database"


def cause_of(failure: DBAPIError) -> tuple[Cause, str]:
    """Tell the cause of a failure and the driver's own first line."""
    reason = str(failure.orig)
    if "locked" in reason:
        cause = Cause.LOCKED
    elif "unable to open" in reason:
        cause = Cause.CANNOT_OPEN
    else:
        cause = Cause.OTHER
    return cause, reason.split("\n", maxsplit=1)[0]


def is_in_trouble(failure: BaseException) -> bool:
    """Whether the database itself fails: disk, lock, connection. No statement is to blame then.

    An OSError as such is not its trouble: a file or a messenger may have failed.
    """
    if isinstance(failure, Unreachable):
        return True
    if not isinstance(failure, DBAPIError):
        return isinstance(failure, sqlite3.Error) and _is_trouble_of_sqlite(failure)
    if failure.connection_invalidated:
        return True
    if isinstance(failure.orig, sqlite3.Error):
        return _is_trouble_of_sqlite(failure.orig)
    state = getattr(failure.orig, "sqlstate", None) or ""
    return state.startswith(_TROUBLES_OF_POSTGRESQL)


def _is_trouble_of_sqlite(error: sqlite3.Error) -> bool:
    """Read the code; the upper bytes only say more exactly what the lowest says."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _TROUBLES_OF_SQLITE
