"""How a task stands: who has handed in, whose work waits, who is not asked («Кто не сдал»)."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from school.rules.modes import is_offline
from school.study_modes import modes_of
from storage import tasks, works
from storage.database import Tx
from storage.people import Student
from storage.schools import School
from storage.tasks import Task


class Place(StrEnum):
    """Where one student stands with one task."""

    MISSING = "missing"
    WAITING = "waiting"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    APART = "apart"


_OF_STATE = {
    works.SENT: Place.WAITING,
    works.REVIEWED: Place.REVIEWED,
    works.RETURNED: Place.RETURNED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The addressees of a task by where they stand, each list by name.

    Those who refused (3.6) or have no equipment (3.7) stand apart until they hand something in:
    they are never missing.
    """

    of: dict[Place, tuple[Student, ...]]

    def __getitem__(self, place: Place) -> tuple[Student, ...]:
        return self.of.get(place, ())

    @property
    def addressees(self) -> int:
        """How many students the task is set to."""
        return sum(map(len, self.of.values()))

    @property
    def handed_in(self) -> int:
        """How many have handed something in."""
        return self.addressees - len(self[Place.MISSING]) - len(self[Place.APART])


async def standing_of(tx: Tx, school: School, task: Task) -> Standing:
    """Tell how a task stands now; the newest attempt of each student counts."""
    latest = await works.latest_of(tx, task.id)
    modes = await modes_of(tx, school)
    due_day = school.date_of(task.due_at)
    found: defaultdict[Place, list[Student]] = defaultdict(list)
    for student in await tasks.addressees(tx, task):
        work = latest.get(student.id)
        if work is not None:
            found[_OF_STATE[work.state]].append(student)
        elif is_offline(modes.of(student, due_day, task.subject)):
            found[Place.APART].append(student)
        else:
            found[Place.MISSING].append(student)
    return Standing({place: tuple(students) for place, students in found.items()})
