"""«Мой день» (П1-1.2, П1-1.3): the morning card, its ticks, and the reminder of the mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers import menu
from handlers.cards import is_in_place
from handlers.day_buttons import may_tick_mail
from handlers.day_card import draw, mail_lines, name_of, show
from handlers.messages import Button, Reply
from handlers.objects import a_date, whole_number
from handlers.phrases import child_label
from handlers.reader import Kind, Reader
from handlers.turn import Action, Answer, Handler, Turn
from school import day as days
from school import speakers
from school.day import MAIL, PLATFORM, Day, Shape
from school.mornings import MAIL_REMINDER, MORNING
from school.post import post_of
from school.refusals import NotYours
from school.speakers import Speaker
from storage.people import Student


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick names: the day as it stands today, and the date that the button was made for."""

    day: Day
    on: date


async def my_day(turn: Turn) -> Answer:
    """Show today's card: one's own, or that of a child in grades 1–4, with a way to the others."""
    wards = turn.speaker.wards
    if not wards:
        return Reply(turn.t("day-nobody"), menu=menu.of(turn))
    return await show(turn.tx, turn.speaker, turn.t, wards[0], turn.now)


async def open_card(turn: Turn, student: Student) -> Answer:
    """Show the card of one child."""
    return await show(turn.tx, turn.speaker, turn.t, student, turn.now)


async def tick_platform(turn: Turn, ticked: Ticked) -> Answer:
    """Tick «Кабинет открыт» (П1-1.2)."""
    return await _tick(turn, ticked, PLATFORM)


async def tick_mail(turn: Turn, ticked: Ticked) -> Answer:
    """Tick «Почта проверена» (П1-1.3)."""
    return await _tick(turn, ticked, MAIL)


async def _tick(turn: Turn, ticked: Ticked, step: str) -> Answer:
    student = ticked.day.student
    if ticked.on != ticked.day.on:
        fresh = await show(turn.tx, turn.speaker, turn.t, student, turn.now)
        return [Reply(turn.t("day-old")), fresh]
    in_place = await is_in_place(turn, name_of(ticked.day))
    await days.tick(turn.tx, ticked.day, step, turn.speaker.id, turn.now)
    return await show(turn.tx, turn.speaker, turn.t, student, turn.now, edit=in_place)


async def _load_seen(turn: Turn, arguments: Sequence[str]) -> Student:
    """Load oneself, or one's child who is not of age yet."""
    return turn.speaker.visible_student(whole_number(arguments, 0))


async def _load_walked(turn: Turn, arguments: Sequence[str]) -> Ticked:
    """Load the day of a student whose day the speaker walks."""
    student = turn.speaker.ward(whole_number(arguments, 0))
    on = a_date(arguments, 1)
    return Ticked(await days.of_student(turn.tx, turn.school, student, turn.now), on)


async def _load_mailbox(turn: Turn, arguments: Sequence[str]) -> Ticked:
    """Load the day whose mail the speaker may tick: that of a ward, or a letter's own addressee."""
    student = await _load_seen(turn, arguments)
    on = a_date(arguments, 1)
    day = await days.of_student(turn.tx, turn.school, student, turn.now)
    of_then = replace(day, post=await post_of(turn.tx, student, on))
    if not may_tick_mail(of_then, turn.speaker):
        raise NotYours
    return Ticked(day, on)


async def _morning(reader: Reader) -> Reply | None:
    """Greet with the card of today; None where the day turned out to be another one."""
    found = await _still_remote(reader)
    if found is None:
        return None
    day, speaker = found
    is_own = day.student.id == speaker.id
    name = speaker.person.given_name if is_own else speaker.person.polite_name
    return draw(day, speaker, reader.t, reader.now, greeting=reader.t("day-morning", name=name))


async def _mail_reminder(reader: Reader) -> Reply | None:
    """Recall the mail while it is not ticked; a press turns this message into the card."""
    found = await _still_remote(reader)
    if found is None or MAIL not in found[0].open_steps:
        return None
    day, speaker = found
    t = reader.t
    whose = "" if day.student.id == speaker.id else f"{child_label(day.student, t)}. "
    action = f"day.mail:{day.student.id}:{day.on.isoformat()}"
    return Reply(
        "\n".join((whose + t("day-mail-reminder"), *mail_lines(day, speaker, t))),
        buttons=((Button(t("day-button-mail"), action),),),
        card=name_of(day),
    )


async def _still_remote(reader: Reader) -> tuple[Day, Speaker] | None:
    """Read the day a notice is about, if it is today and still one at a distance."""
    speaker = await speakers.load(reader.tx, reader.person.id, reader.now)
    if speaker is None or reader.params["day"] != reader.today.isoformat():
        return None
    student = next((ward for ward in speaker.wards if ward.id == reader.object_id), None)
    if student is None:
        return None
    day = await days.of_student(reader.tx, reader.school, student, reader.now)
    return (day, speaker) if day.shape is Shape.REMOTE else None


ACTIONS: dict[str, Action] = {
    "day.show": Action(open_card, _load_seen),
    "day.platform": Action(tick_platform, _load_walked),
    "day.mail": Action(tick_mail, _load_mailbox),
}
COMMANDS: dict[str, Handler] = {"day": my_day}
NOTICES: dict[str, Kind] = {MORNING: Kind(_morning), MAIL_REMINDER: Kind(_mail_reminder)}
