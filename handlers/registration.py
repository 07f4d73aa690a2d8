"""Registration on the school's platform (П1-1.1, П1-2.1): asked for, told, and helped with."""

from collections.abc import Sequence

from handlers.cards import is_in_place
from handlers.day_buttons import registration_buttons
from handlers.day_card import draw, name_of, show
from handlers.messages import Reply, Rows, rows
from handlers.objects import whole_number
from handlers.reader import Kind, Reader
from handlers.texts import Texts
from handlers.turn import Action, Answer, Turn
from school import day as days
from school import registration
from school.day import Shape
from school.registration import ASK, TROUBLE_TOLD, State
from storage import day_steps, people
from storage.database import Tx
from storage.people import Person, Role
from storage.schools import School

PAIR = 2


async def first_steps(turn: Turn) -> list[Reply]:
    """Say what comes first for somebody who has just been bound: today's cards, registration.

    Where the day is not at a distance yet, but the next one will be, only registration is asked.
    """
    replies = []
    for ward in turn.speaker.wards:
        day = await days.of_student(turn.tx, turn.school, ward, turn.now)
        if day.shape is Shape.REMOTE:
            replies.append(await show(turn.tx, turn.speaker, turn.t, ward, turn.now))
        elif not day.is_registered and await days.goes_remote(turn.tx, ward, day):
            replies.append(question(ward.person, turn.school, turn.t))
    if turn.speaker.is_any(Role.TEACHER):
        await registration.ask_newcomer(turn.tx, turn.school, turn.speaker.person, turn.now)
    return replies


def question(person: Person, school: School, t: Texts, *, is_teacher: bool = False) -> Reply:
    """Ask whether somebody is registered on the platform; its address is a button."""
    text = t("registration-teacher" if is_teacher else "registration-ask", name=person.given_name)
    if not school.platform_url:
        text += "\n" + t("registration-no-address", whose="teacher" if is_teacher else "student")
    buttons = registration_buttons(person.id, school.platform_url, t)
    return Reply(text, buttons=rows(buttons), card=f"registration:{person.id}")


async def done(turn: Turn, person: Person) -> Answer:
    """Take «Получилось»."""
    return await _tell(turn, person, State.DONE)


async def trouble(turn: Turn, person: Person) -> Answer:
    """Take «Не получается»: somebody who can help hears of it."""
    return await _tell(turn, person, State.TROUBLE)


async def _tell(turn: Turn, person: Person, state: State) -> Answer:
    await registration.tell(turn.tx, turn.school, person, state, turn.speaker.person, turn.now)
    ward = next((one for one in turn.speaker.wards if one.id == person.id), None)
    if ward is not None:
        day = await days.of_student(turn.tx, turn.school, ward, turn.now)
        if day.shape is Shape.REMOTE:
            in_place = await is_in_place(turn, name_of(day))
            return draw(day, turn.speaker, turn.t, turn.now, edit=in_place)
    buttons: Rows = ()
    text = turn.t("registration-thanks")
    if state is State.TROUBLE:
        told = await day_steps.registration_of(turn.tx, person.id)
        is_heard = await registration.is_heard(turn.tx, told)
        key = "registration-helped" if is_heard else "registration-unheard"
        text = turn.t(key, whose="student" if ward else "teacher")
        left = registration_buttons(person.id, turn.school.platform_url, turn.t, told=state.value)
        buttons = rows(left, PAIR)
    card = f"registration:{person.id}"
    in_place = await is_in_place(turn, card)
    return Reply(text, buttons=buttons, card=card, edit=in_place)


async def _load_own(turn: Turn, arguments: Sequence[str]) -> Person:
    """Load oneself, or a child for whom one acts."""
    person_id = whole_number(arguments, 0)
    if person_id == turn.speaker.id:
        return turn.speaker.person
    return turn.speaker.ward(person_id).person


async def _ask(reader: Reader) -> Reply | None:
    """Ask a teacher; None once it was told."""
    told = await day_steps.registration_of(reader.tx, reader.person.id)
    return None if told else question(reader.person, reader.school, reader.t, is_teacher=True)


async def _trouble_told(reader: Reader) -> Reply | None:
    """Tell a helper who cannot register; None once it worked out, or is no business of theirs."""
    person = await people.person(reader.tx, reader.object_id)
    told = await day_steps.registration_of(reader.tx, reader.object_id)
    if person is None or told is None or told.state != State.TROUBLE:
        return None
    if not await registration.still_helps(reader.tx, reader.person, person):
        return None
    return Reply(reader.t("registration-someone", who=await _named(reader.tx, person)))


async def _named(tx: Tx, person: Person) -> str:
    student = await people.student(tx, person.id)
    if student is None:
        return person.full_name
    return f"{person.short_name}, {student.school_class.name}"


ACTIONS: dict[str, Action] = {
    "registration.done": Action(done, _load_own),
    "registration.trouble": Action(trouble, _load_own),
}
NOTICES: dict[str, Kind] = {ASK: Kind(_ask), TROUBLE_TOLD: Kind(_trouble_told)}
