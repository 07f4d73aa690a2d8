"""One person's day behind the glass: the steps by clause, and a sentence about the day."""

from dataclasses import dataclass

from bot.demo import staff_steps, steps
from bot.demo.roster import Somebody
from bot.demo.steps import Asking, State, Step
from school import day
from school.day import Shape
from school.family import children_seen
from storage import glass
from storage.people import Role, Student


@dataclass(frozen=True, slots=True)
class PersonDay:
    """A person's day; `enrolled` says that a chat is bound (5.4)."""

    steps: list[Step]
    enrolled: bool
    about: str


async def day_of(ask: Asking, who: Somebody) -> PersonDay:
    """See somebody's day as it stands in the database."""
    bound_at = await glass.bound_since(ask.tx, who.person.id)
    found = [
        Step(
            "5.4",
            ask.t("page-step-enrol"),
            State.DONE if bound_at else State.OPEN,
            ask.local(bound_at),
        )
    ]
    said = []
    if who.student is not None:
        found += await steps.of_student(ask, who.student)
        said.append(await _of_student(ask, who.student))
    if who.children:
        found += await steps.of_children(ask, (child.student for child in who.children))
        said.append(await _of_guardian(ask, who))
    if Role.TEACHER in who.roles:
        found += await staff_steps.of_teacher(ask, who)
        lessons = await staff_steps.lessons_of(ask, who)
        said.append(ask.t("page-today-lessons", count=str(len(lessons))))
    if who.leads:
        found += await staff_steps.of_class_teacher(ask, who)
    if Role.DEPUTY_HEAD in who.roles:
        found += await staff_steps.of_deputy(ask)
        said.append(ask.t("page-today-deputy"))
    return PersonDay(found, bound_at is not None, " ".join(said))


async def _of_student(ask: Asking, student: Student) -> str:
    today = await day.of_student(ask.tx, ask.school, student, ask.now)
    remote = sum(one.is_remote and one.slot.takes_place for one in today.lessons)
    if today.shape is Shape.REMOTE:
        return ask.t("page-today-remote", count=str(remote))
    return ask.t(f"page-today-{today.shape}")


async def _of_guardian(ask: Asking, who: Somebody) -> str:
    seen = children_seen([child.student for child in who.children], ask.school.date_of(ask.now))
    shapes = [(await day.of_student(ask.tx, ask.school, child, ask.now)).shape for child in seen]
    remote = sum(shape is Shape.REMOTE for shape in shapes)
    return ask.t("page-today-children", count=str(remote), total=str(len(shapes)))
