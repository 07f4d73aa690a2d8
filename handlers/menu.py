"""What is always at hand: the menu of a role, and a kind word when nothing else fits."""

from collections.abc import Sequence

from handlers import courtesy
from handlers.messages import Menu, Reply
from handlers.turn import Answer, Handler, Turn
from school.rules import codes
from storage.people import Role


async def nothing(turn: Turn, arguments: Sequence[str]) -> None:
    """Load nothing: the button stands for itself."""
    del turn, arguments


def of(turn: Turn) -> Menu:
    """Return the keyboard of a person's roles; a person with several sees all of it."""
    speaker = turn.speaker
    names: list[tuple[str, ...]] = []
    if speaker.wards:
        names += [("day", "tasks"), ("answers",)]
    if speaker.children or speaker.is_any(Role.GUARDIAN):
        names += [("children",)]
    if speaker.is_any(Role.TEACHER):
        names += [("queue", "set-task"), ("missing",)]
    if speaker.is_any(Role.CLASS_TEACHER, Role.DEPUTY_HEAD):
        names += [("lists",)]
    return tuple(tuple(turn.t(f"menu-{name}") for name in row) for row in names)


async def fallback(turn: Turn) -> Answer:
    """Answer what nobody asked for: a courtesy in kind, else say what can be done here."""
    said = turn.incoming.text
    if codes.looks_like_code(said) or codes.resembles_code(said):
        return already_bound(turn)
    return courtesy.answer(turn) or Reply(turn.t("not-understood"), menu=of(turn))


def already_bound(turn: Turn) -> Reply:
    """Answer a code in a chat that is bound: whose code it is, is not even looked up."""
    return Reply(turn.t("enrol-already", who=turn.speaker.person.full_name), menu=of(turn))


async def explain(turn: Turn) -> Answer:
    """Answer «Помощь»: what is here, and how to have it on another messenger, too."""
    return Reply(turn.t("help"), menu=of(turn))


COMMANDS: dict[str, Handler] = {"help": explain}
