"""Who speaks: a person with the roles and children of this very moment."""

from dataclasses import dataclass
from datetime import datetime

from school.refusals import NotYours
from school.rules.ages import is_adult
from storage import people, schools
from storage.database import Tx
from storage.people import Person, Role, Student
from storage.schools import School


@dataclass(frozen=True)
class Speaker:
    """A person of the school, with everything that decides what they may see."""

    person: Person
    school: School
    roles: frozenset[Role]
    student: Student | None
    children: tuple[Student, ...]

    @property
    def id(self) -> int:
        """The person's id."""
        return self.person.id

    @property
    def wards(self) -> tuple[Student, ...]:
        """Those whose school day this person walks: oneself, and one's children in grades 1–4."""
        own: tuple[Student, ...] = (self.student,) if self.student else ()
        return (*own, *(child for child in self.children if child.needs_guardian))

    @property
    def family(self) -> tuple[Student, ...]:
        """Those whose homework this person may see: first those for whom one acts."""
        wards = self.wards
        acting = {student.id for student in wards}
        return (*wards, *(child for child in self.children if child.id not in acting))

    def is_any(self, *roles: Role) -> bool:
        """Say whether the person holds one of these roles."""
        return not self.roles.isdisjoint(roles)

    def ward(self, student_id: int) -> Student:
        """Return a student for whom this person may act; raises NotYours for anyone else."""
        for student in self.wards:
            if student.id == student_id:
                return student
        raise NotYours

    def visible_student(self, student_id: int) -> Student:
        """Return oneself or one's child of any age; raises NotYours for anyone else."""
        own: tuple[Student, ...] = (self.student,) if self.student else ()
        for student in (*own, *self.children):
            if student.id == student_id:
                return student
        raise NotYours


async def load(tx: Tx, person_id: int, now: datetime) -> Speaker | None:
    """Read a person afresh; None for one who has left the school.

    A child of 18 is not among the children: from that day on the student decides who may look, and
    that decision is not asked for here yet.
    """
    person = await people.person(tx, person_id)
    if person is None or person.left_on is not None:
        return None
    roles = await people.roles_of(tx, person_id)
    school = await schools.by_id(tx, person.school_id)
    today = school.date_of(now)
    children = await people.children_of(tx, person_id) if Role.GUARDIAN in roles else []
    return Speaker(
        person=person,
        school=school,
        roles=roles,
        student=await people.student(tx, person_id) if Role.STUDENT in roles else None,
        children=tuple(child for child in children if not is_adult(child.person.birth_date, today)),
    )
