"""What a messenger says of itself when the operator asks how things are."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Checkup:
    """A messenger that answered, and knows our token.

    `told_at` is what o'clock it is there, to the second. `webhook` is the address that takes our
    updates away ("" where nobody does), `waiting` how many updates have not been fetched.
    """

    name: str
    told_at: datetime | None
    webhook: str = ""
    waiting: int = 0
