"""Who reads a notice, and what a kind of notice is made of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.messages import Reply
from handlers.texts import Texts
from storage.database import Tx
from storage.people import Person, Student
from storage.schools import School


@dataclass(frozen=True, slots=True)
class Reader:
    """The person a notice is rendered for, at the moment it is first sent.

    `params` are what was stored with the notice, `object` is what it is about ("work:12").
    """

    tx: Tx
    now: datetime
    person: Person
    student: Student | None
    school: School
    t: Texts
    object: str
    params: dict[str, Any]

    @property
    def object_id(self) -> int:
        """The number in `object`: 12 of "work:12" and of "task:12:3"."""
        return int(self.object.split(":")[1])

    @property
    def today(self) -> date:
        """Today's date at the school."""
        return self.school.date_of(self.now)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of notice reads.

    `render` gives None when the reason of the notice is gone: it is dropped then. `repeats` says
    whether it is sent again when nobody can know if it arrived (Telegram after a time-out):
    an answer to a work is, a nudge is not. `has_letter` says that a letter tells the same anyway:
    it is not mailed where no chat is left. `of_several` says that it may name several children: it
    is worded anew whenever it is tried again, as one of them may be the reader's no more.
    """

    render: Callable[[Reader], Awaitable[Reply | None]]
    repeats: bool = False
    has_letter: bool = False
    of_several: bool = False


def texts_for(school: School, student: Student | None) -> Texts:
    """Return texts in the school's language and in the form of address the reader is due."""
    informal = student is not None and student.school_class.parallel in school.informal
    return Texts(school.language, informal=informal, zone=school.zone)
