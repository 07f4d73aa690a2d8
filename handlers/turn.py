"""Who speaks, in which step, and to whom the answer goes: what a handler is given."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from handlers.messages import Incoming, Reply
from handlers.texts import Texts
from school.speakers import Speaker
from storage.database import Tx
from storage.schools import School
from storage.sessions import UNASKED, Session

Answer = Reply | Sequence[Reply] | None


@dataclass(slots=True)
class Turn:
    """One event being answered. The speaker's roles and children are read fresh for it."""

    tx: Tx
    now: datetime
    incoming: Incoming
    speaker: Speaker
    session: Session
    t: Texts
    event_id: int = 0
    next_session: Session | None = field(default=None, init=False)

    @property
    def school(self) -> School:
        """The speaker's school."""
        return self.speaker.school

    @property
    def today(self) -> date:
        """Today's date at the school."""
        return self.school.date_of(self.now)

    def ask(self, step: str, **data: Any) -> None:
        """Wait for an answer: the next message of this chat goes to `step` with `data`."""
        self.next_session = Session(step, data)

    def collect(self, step: str, **data: Any) -> None:
        """Let every next message go to `step`: nothing was asked, so none can come too early."""
        self.next_session = Session(step, data, UNASKED)

    def end(self) -> None:
        """Wait for nothing."""
        self.next_session = Session()


@dataclass(slots=True)
class Stranger:
    """A turn of somebody who is not bound yet."""

    tx: Tx
    now: datetime
    incoming: Incoming
    session: Session
    t: Texts
    next_session: Session | None = field(default=None, init=False)

    def ask(self, step: str, **data: Any) -> None:
        """Wait for an answer."""
        self.next_session = Session(step, data)

    def end(self) -> None:
        """Wait for nothing."""
        self.next_session = Session()


T = TypeVar("T")


def joined(*tables: Mapping[str, T]) -> dict[str, T]:
    """Join the tables of several topics; a name that two of them claim raises ValueError."""
    whole: dict[str, T] = {}
    for table in tables:
        twice = whole.keys() & table.keys()
        if twice:
            raise ValueError(f"two topics claim {sorted(twice)}")
        whole |= table
    return whole


Handler = Callable[[Turn], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Action:
    """A button's handler and the loader of what the button names.

    The loader turns the payload's arguments into an object *through the speaker's rights* and
    raises NotYours otherwise: a payload is a wish, never a permission.
    """

    handler: Callable[[Turn, Any], Awaitable[Answer]]
    load: Callable[[Turn, Sequence[str]], Awaitable[Any]]
