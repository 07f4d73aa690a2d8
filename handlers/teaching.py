"""What the teacher's topics share: who may use them, how a class and a subject are written."""

from collections.abc import Iterable, Sequence

from handlers.messages import LABEL_CHARS, Button
from handlers.objects import whole_number
from handlers.texts import Texts
from handlers.turn import Turn
from school.refusals import NotYours
from storage.people import Person, Role, Student
from storage.tasks import Task
from storage.timetable import Teaching

MOST_NAMES = 40


def only_teachers(turn: Turn) -> None:
    """Refuse everybody who is not a teacher."""
    if not turn.speaker.is_any(Role.TEACHER):
        raise NotYours


async def a_page(turn: Turn, arguments: Sequence[str]) -> int:
    """Load a page of one of the teacher's own lists."""
    only_teachers(turn)
    return whole_number(arguments, 0)


def course(of: Task | Teaching, t: Texts) -> str:
    """«7Б, геометрия» or «7Б, английский язык, группа 1»."""
    named = f"{of.school_class.name}, {in_text(of.subject)}"
    return f"{named}, {t('teacher-group', group=of.group)}" if of.group_id else named


def in_text(subject: str) -> str:
    """Write a subject in the middle of a sentence; abbreviations (ОБЗР) stay as they are."""
    is_abbreviation = subject[1:2].isupper()
    return subject if is_abbreviation else subject[:1].lower() + subject[1:]


def label(text: str) -> str:
    """Cut a label to what every messenger shows on a button."""
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1].rstrip() + "…"


def names(students: Iterable[Student]) -> str:
    """List students by name: «Ершов Тимофей, Зимина Арина»."""
    listed = [student.person.short_name for student in students]
    return ", ".join(listed[:MOST_NAMES]) + ("…" if len(listed) > MOST_NAMES else "")


def with_initials(person: Person) -> str:
    """«Кузнецова И. П.», as a list of the staff has it."""
    initials = [f"{name[0]}." for name in (person.given_name, person.patronymic) if name]
    return " ".join([person.surname, *initials])


def pager(action: str, page: int, pages: int, t: Texts) -> list[Button]:
    """Give the buttons to the pages around this one; none where there is one page."""
    found = []
    if page > 0:
        found.append(Button(t("teacher-earlier"), f"{action}:{page - 1}"))
    if page + 1 < pages:
        found.append(Button(t("teacher-later"), f"{action}:{page + 1}"))
    return found


def pages_of(count: int, size: int) -> int:
    """Count the pages of a list; an empty one has a page too."""
    return max(1, -(-count // size))
