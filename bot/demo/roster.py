"""The people of the school, as the page offers them to play."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from handlers.phrases import in_text
from handlers.texts import Texts
from school.access import row_id_of
from storage import people, roster, timetable
from storage.database import Tx
from storage.people import Person, Role, SchoolClass, Student
from storage.schools import School

MOST_SUBJECTS = 3
STAFF_ROLES = (Role.TEACHER, Role.DEPUTY_HEAD, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a guardian; `relation` is the school's own word (мать, отец, бабушка)."""

    student: Student
    relation: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the roster; `id` is that of the school's sheets, such as S701."""

    id: str
    person: Person
    roles: tuple[Role, ...]
    student: Student | None = None
    children: tuple[Child, ...] = ()
    subjects: tuple[str, ...] = ()
    leads: tuple[SchoolClass, ...] = ()

    @property
    def class_name(self) -> str:
        """The class a student learns in, "" for anybody else."""
        return self.student.school_class.name if self.student else ""


@dataclass(frozen=True, slots=True)
class Everybody:
    """All people of one school, students first."""

    school: School
    by_id: dict[str, Somebody]
    by_number: dict[int, Somebody]
    """By the ids that they have in the database."""

    def scene(self) -> list[tuple[str, str]]:
        """Choose who stands on the page at first, with messengers.

        The eldest child of the largest family, that child's class teacher, and the guardian.
        """
        guardians = [one for one in self.by_id.values() if one.children]
        if not guardians:
            first = next(iter(self.by_id.values()), None)
            return [(first.id, "telegram")] if first else []
        guardian = max(guardians, key=lambda one: len(one.children))
        eldest = max((child.student for child in guardian.children), key=_parallel)
        teacher_id = eldest.school_class.class_teacher_id
        chosen = [
            (self.by_number.get(eldest.id), "telegram"),
            (self.by_number.get(teacher_id or 0), "telegram"),
            (guardian, "vk"),
        ]
        return [(one.id, messenger) for one, messenger in chosen if one is not None]


async def everybody(tx: Tx, school: School) -> Everybody:
    """Read all people of a school."""
    keys = await roster.keys(tx, school.id)
    students = await people.students_of_school(tx, school.id)
    staff = {
        role: await people.people_in_role(tx, school.id, role)
        for role in (*STAFF_ROLES, Role.GUARDIAN)
    }
    leads = defaultdict(list)
    for school_class in await people.classes_of_school(tx, school.id):
        leads[school_class.class_teacher_id].append(school_class)
    children = await _children(tx, school, students)
    by_student = {student.id: student for student in students}
    roles: defaultdict[int, list[Role]] = defaultdict(list)
    persons = {student.id: student.person for student in students}
    for student in students:
        roles[student.id].append(Role.STUDENT)
    for role in (Role.GUARDIAN, *STAFF_ROLES):
        for person in staff[role]:
            persons[person.id] = person
            roles[person.id].append(role)
    row_ids = Counter(row_id_of(keys[number]) for number in persons)
    found = {}
    for number, person in persons.items():
        row_id = row_id_of(keys[number])
        who = Somebody(
            id=row_id if row_ids[row_id] == 1 else keys[number],
            person=person,
            roles=(*roles[number], *([Role.CLASS_TEACHER] if leads.get(number) else [])),
            student=by_student.get(number),
            children=tuple(children.get(number, ())),
            subjects=await _subjects(tx, number) if Role.TEACHER in roles[number] else (),
            leads=tuple(leads.get(number, ())),
        )
        found[who.id] = who
    return Everybody(school, found, {who.person.id: who for who in found.values()})


def about(who: Somebody, t: Texts) -> str:
    """Say in a few words who somebody is: «7Б», «алгебра · классный руководитель: 7Б»."""
    parts = [who.class_name]
    for relation in dict.fromkeys(child.relation for child in who.children):
        named = [
            t(
                "page-about-child",
                name=child.student.person.short_name,
                where=child.student.school_class.name,
            )
            for child in who.children
            if child.relation == relation
        ]
        parts.append(f"{relation or t('page-about-guardian')}: {'; '.join(named)}")
    if Role.DEPUTY_HEAD in who.roles:
        parts.append(t("page-about-deputy"))
    if Role.SUPPORT in who.roles:
        parts.append(t("page-about-support"))
    if who.subjects:
        named = [in_text(subject) for subject in who.subjects[:MOST_SUBJECTS]]
        parts.append(", ".join(named) + ("…" if len(who.subjects) > MOST_SUBJECTS else ""))
    if who.leads:
        classes = ", ".join(one.name for one in who.leads)
        parts.append(t("page-about-leads", classes=classes))
    return " · ".join(filter(None, parts))


async def _children(tx: Tx, school: School, students: list[Student]) -> dict[int, list[Child]]:
    relations = {
        (row["guardian_id"], row["student_id"]): row["relation"]
        for row in await roster.rows(tx, "guardianships", school.id)
    }
    found: defaultdict[int, list[Child]] = defaultdict(list)
    by_student = await people.guardians_in_school(tx, school.id)
    for student in students:
        for guardian in by_student.get(student.id, ()):
            relation = relations.get((guardian.id, student.id), "")
            found[guardian.id].append(Child(student, relation))
    return found


async def _subjects(tx: Tx, teacher_id: int) -> tuple[str, ...]:
    taught = await timetable.teachings_of(tx, teacher_id)
    return tuple(dict.fromkeys(teaching.subject for teaching in taught))


def _parallel(student: Student) -> int:
    return student.school_class.parallel
