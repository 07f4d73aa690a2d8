"""«Списки»: who is not bound here and not registered on the platform (П1-1.1, П1-2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers import menu
from handlers.cards import is_in_place
from handlers.messages import Button, Reply, laid_out, rows
from handlers.objects import whole_number
from handlers.pages import page_of
from handlers.texts import Texts
from handlers.turn import Action, Answer, Handler, Turn
from school import lists
from school.lists import ClassList, StaffList
from school.refusals import NotYours
from storage.people import Person, Role, SchoolClass

CLASSES_A_PAGE = 6
NAMES_A_PAGE = 20
THREE = 3
CARD = "lists"


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A page of one class's lists."""

    school_class: SchoolClass
    page: int


async def overview(turn: Turn) -> Answer:
    """Open the lists: the classes with their counts; a teacher of one class sees it at once."""
    classes = await lists.classes_seen(turn.tx, turn.speaker)
    if not classes:
        return Reply(turn.t("lists-nobody"), menu=menu.of(turn))
    if len(classes) == 1 and not turn.speaker.is_any(Role.DEPUTY_HEAD):
        return await _class_page(turn, ClassPage(classes[0], 0), edit=False)
    return await _classes(turn, classes, 0, edit=False)


async def turn_overview(turn: Turn, page: int) -> Answer:
    """Turn the pages of the overview."""
    classes = await lists.classes_seen(turn.tx, turn.speaker)
    return await _classes(turn, classes, page, edit=await is_in_place(turn, CARD))


async def open_class(turn: Turn, wanted: ClassPage) -> Answer:
    """Show who of a class is not in yet, by name."""
    return await _class_page(turn, wanted, edit=await is_in_place(turn, CARD))


async def open_staff(turn: Turn, wanted: tuple[StaffList, int]) -> Answer:
    """Show which teachers are not in yet, by name."""
    staff, page = wanted
    heading = turn.t("lists-staff", size=staff.size)
    reply = _page(heading, _names(staff, turn.t), page, "lists.staff", turn.t)
    return replace(reply, edit=await is_in_place(turn, CARD))


async def _classes(turn: Turn, classes: Sequence[SchoolClass], page: int, *, edit: bool) -> Reply:
    t = turn.t
    here = page_of(classes, page, CLASSES_A_PAGE)
    lines = [
        t(
            "lists-class-line",
            name=one.school_class.name,
            size=one.size,
            unbound=len(one.unbound),
            unregistered=len(one.unregistered) + len(one.troubled),
        )
        for one in await lists.of_classes(turn.tx, turn.speaker, here.shown, turn.now)
    ]
    buttons = [Button(one.name, f"lists.class:{one.id}:0") for one in here.shown]
    laid = [*rows(buttons, THREE)]
    if turn.speaker.is_any(Role.DEPUTY_HEAD):
        laid.append((Button(t("lists-button-staff"), "lists.staff:0"),))
    laid.append(here.pager("lists.all", t))
    text = "\n".join((t("lists-title"), *lines))
    return Reply(text, buttons=laid_out(laid), card=CARD, edit=edit)


async def _class_page(turn: Turn, wanted: ClassPage, *, edit: bool) -> Reply:
    found = await lists.of_classes(turn.tx, turn.speaker, [wanted.school_class], turn.now)
    one = found[0]
    heading = turn.t("lists-class", name=one.school_class.name, size=one.size)
    action = f"lists.class:{one.school_class.id}"
    reply = _page(heading, _names(one, turn.t), wanted.page, action, turn.t)
    seen = await lists.classes_seen(turn.tx, turn.speaker)
    buttons = reply.buttons[:-1] if len(seen) == 1 else reply.buttons
    return replace(reply, buttons=buttons, edit=edit)


def _names(one: ClassList | StaffList, t: Texts) -> list[tuple[str, str]]:
    """List who is not in yet, each under the heading of the reason."""
    sections: tuple[tuple[str, tuple[Person, ...]], ...] = (
        ("troubled", one.troubled),
        ("unbound", one.unbound),
        ("unregistered", one.unregistered),
    )
    return [
        (t(f"lists-{section}", count=len(persons)), t("lists-person", name=_called(person, one)))
        for section, persons in sections
        for person in persons
    ]


def _called(person: Person, one: ClassList | StaffList) -> str:
    """Name a student as a class list does, a teacher in full, and namesakes by what they teach."""
    if isinstance(one, ClassList):
        return person.short_name
    subjects = one.subjects.get(person.id, ())
    return f"{person.full_name} ({', '.join(subjects)})" if subjects else person.full_name


def _page(title: str, names: list[tuple[str, str]], page: int, action: str, t: Texts) -> Reply:
    """Show one page; a section that goes on from the page before begins with its heading again."""
    here = page_of(names, page, NAMES_A_PAGE)
    lines = [title] if names else [title, t("lists-all-in")]
    for heading, name in here.shown:
        if heading not in lines:
            lines.append(heading)
        lines.append(name)
    around = here.pager(action, t)
    back = (Button(t("lists-back"), "lists.all:0"),)
    return Reply("\n".join(lines), buttons=(around, back) if around else (back,), card=CARD)


async def _load_page(turn: Turn, arguments: Sequence[str]) -> int:
    if not await lists.classes_seen(turn.tx, turn.speaker):
        raise NotYours
    return whole_number(arguments, 0)


async def _load_class(turn: Turn, arguments: Sequence[str]) -> ClassPage:
    wanted = await lists.class_seen(turn.tx, turn.speaker, whole_number(arguments, 0))
    return ClassPage(wanted, whole_number(arguments, 1))


async def _load_staff(turn: Turn, arguments: Sequence[str]) -> tuple[StaffList, int]:
    return await lists.of_staff(turn.tx, turn.speaker), whole_number(arguments, 0)


ACTIONS: dict[str, Action] = {
    "lists.all": Action(turn_overview, _load_page),
    "lists.class": Action(open_class, _load_class),
    "lists.staff": Action(open_staff, _load_staff),
}
COMMANDS: dict[str, Handler] = {"lists": overview}
