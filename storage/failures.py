"""What can go wrong with a database, in names that the rest of the house may use."""

from enum import StrEnum

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

NewerSchema = CommandError
DatabaseFailed = DBAPIError


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
