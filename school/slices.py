"""Goes through a school class by class, some classes at a time."""

from collections.abc import Sequence

from school.notices import Slice
from storage import learners
from storage.announcements import Announcement
from storage.database import Tx
from storage.people import SchoolClass
from storage.schools import School

CLASSES_AT_ONCE = 160
"""Some 4,000 students: a few queries for all of them, and no long reading."""


async def classes_from(tx: Tx, school: School, after: int) -> list[SchoolClass]:
    """Return the classes of the slice that begins behind a class id (0: the first slice)."""
    return await learners.classes_after(tx, school.id, after, CLASSES_AT_ONCE)


def slice_of(classes: Sequence[SchoolClass], said: Sequence[Announcement]) -> Slice:
    """Give what is said in some classes; where they were as many as go at once, more follow."""
    return Slice(said, classes[-1].id if len(classes) == CLASSES_AT_ONCE else 0)
