"""Who is it (5.4): code → «Вы — …, 7Б?» → bound."""

from datetime import datetime, timedelta

from handlers import menu, registration
from handlers.messages import Button, Reply
from handlers.reader import Kind, Reader, texts_for
from handlers.turn import Answer, Handler, Stranger, Turn
from school import enrolment, speakers
from school.enrolment import Checked, CodeFate
from school.rules import codes
from storage import people
from storage.sessions import Session

YES, NO = "enrol.yes", "enrol.no"
GREETED, GREETING_LASTS = "enrol.greeted", timedelta(minutes=1)


async def meet(stranger: Stranger) -> Answer:
    """Answer somebody who is not bound: only a code opens the door."""
    incoming = stranger.incoming
    name, _, argument = incoming.action.partition(":")
    if name == YES:
        return await _bind(stranger, argument)
    if name == NO:
        return Reply(stranger.t("enrol-not-you"))
    typed = argument if name == "start" else incoming.text
    address = incoming.address
    if name != "start" and codes.resembles_code(typed):
        fate = await enrolment.mistyped(stranger.tx, address.messenger, address.user, stranger.now)
        return Reply(stranger.t(f"enrol-code-{fate}"))
    if not typed or (name != "start" and not codes.looks_like_code(typed)):
        return Reply(stranger.t("enrol-hello"))
    checked = await enrolment.check(
        stranger.tx, typed, address.messenger, address.user, stranger.now
    )
    if checked.fate is not CodeFate.GOOD:
        return Reply(stranger.t(f"enrol-code-{checked.fate}"))
    stranger.ask("enrol.confirm", code=checked.code_id)
    return Reply(
        stranger.t("enrol-is-it-you", who=await _who(stranger, checked)),
        buttons=(
            (
                Button(stranger.t("enrol-yes"), f"{YES}:{checked.code_id}"),
                Button(stranger.t("enrol-no"), NO),
            ),
        ),
    )


async def _bind(stranger: Stranger, argument: str) -> Answer:
    """Bind, if this very chat has shown the code: a forged press names a code it never saw."""
    code_id = stranger.session.data.get("code", 0)
    if stranger.session.step != "enrol.confirm" or argument != str(code_id):
        return Reply(stranger.t("enrol-hello"))
    address = stranger.incoming.address
    checked = await enrolment.bind(
        stranger.tx, code_id, address.messenger, address.user, address.chat, stranger.now
    )
    stranger.end()
    if checked.fate is not CodeFate.GOOD or checked.person is None:
        return Reply(stranger.t(f"enrol-code-{checked.fate}"))
    speaker = await speakers.load(stranger.tx, checked.person.id, stranger.now)
    if speaker is None:
        return Reply(stranger.t("enrol-hello"))
    t = texts_for(speaker.school, speaker.student)
    turn = Turn(stranger.tx, stranger.now, stranger.incoming, speaker, stranger.session, t)
    welcome = t("enrol-welcome", name=_called(turn))
    if await enrolment.has_only_grown(turn.tx, speaker):
        welcome = t("enrol-welcome-grown", name=_called(turn), grown=t("enrol-grown"))
    return [Reply(welcome, menu=menu.of(turn)), *await registration.first_steps(turn)]


async def start(turn: Turn) -> Answer:
    """Answer /start and deep links of somebody who is bound already."""
    code = turn.incoming.action.partition(":")[2]
    if code:
        return menu.already_bound(turn)
    if _is_greeted(turn):
        _forget_greeting(turn)
        return None
    return Reply(turn.t("enrol-again", name=_called(turn)), menu=menu.of(turn))


async def back(turn: Turn) -> Answer:
    """Greet somebody who lets the bot write again; the /start that comes along says no more."""
    session = turn.session
    greeted = {**session.data, GREETED: turn.now.isoformat()}
    turn.next_session = Session(session.step or GREETED, greeted, session.asked)
    return Reply(turn.t("enrol-back", name=_called(turn)), menu=menu.of(turn))


def _forget_greeting(turn: Turn) -> None:
    session = turn.session
    data = {name: value for name, value in session.data.items() if name != GREETED}
    step = "" if session.step == GREETED else session.step
    turn.next_session = Session(step, data, session.asked)


def _is_greeted(turn: Turn) -> bool:
    greeted_at = turn.session.data.get(GREETED)
    if greeted_at is None:
        return False
    return turn.now - datetime.fromisoformat(str(greeted_at)) <= GREETING_LASTS


def _called(turn: Turn) -> str:
    person = turn.speaker.person
    return person.given_name if turn.speaker.student else person.polite_name


async def another_messenger(turn: Turn) -> Answer:
    """Give a code for the next messenger: it lives ten minutes and works once (5.4)."""
    code = await enrolment.issue(turn.tx, turn.speaker.person, turn.now, enrolment.LINK_LIFE)
    return [Reply(turn.t("enrol-another")), Reply(codes.grouped(code))]


async def _who(stranger: Stranger, checked: Checked) -> str:
    person = checked.person
    if person is None:
        return ""
    if checked.student is not None:
        return f"{person.full_name}, {checked.student.school_class.name}"
    speaker = await speakers.load(stranger.tx, person.id, stranger.now)
    if speaker is not None and speaker.children:
        names = ", ".join(
            f"{child.person.given_name} {child.school_class.name}" for child in speaker.children
        )
        return stranger.t("enrol-guardian", name=person.full_name, children=names)
    return person.full_name


async def _code_reused(reader: Reader) -> Reply | None:
    whose = await people.person(reader.tx, reader.params["whose"])
    if whose is None or not await enrolment.leads(reader.tx, reader.person.id, whose):
        return None
    return Reply(reader.t("enrol-code-reused", who=whose.full_name))


COMMANDS: dict[str, Handler] = {"another": another_messenger}
NOTICES: dict[str, Kind] = {enrolment.CODE_REUSED: Kind(_code_reused)}
