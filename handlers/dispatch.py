"""Finds the handler of an event: action, then command, then step, then fallback."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import (
    answers,
    day,
    enrol,
    family,
    hand_in,
    lists,
    menu,
    missing,
    own_tasks,
    queue,
    registration,
    review,
    set_task,
    tasks,
)
from handlers.messages import Button, Happening, Incoming, Reply
from handlers.reader import texts_for
from handlers.texts import Texts, commands, spoken
from handlers.turn import Action, Answer, Stranger, Turn, joined
from school import speakers
from school.refusals import Refusal
from storage import accounts, outbox, sessions
from storage.database import Tx
from storage.sessions import UNASKED, Session

CLOCK_SKEW = timedelta(seconds=2)

ACTIONS = joined(
    answers.ACTIONS,
    day.ACTIONS,
    hand_in.ACTIONS,
    lists.ACTIONS,
    missing.ACTIONS,
    own_tasks.ACTIONS,
    queue.ACTIONS,
    registration.ACTIONS,
    review.ACTIONS,
    set_task.ACTIONS,
    tasks.ACTIONS,
)
COMMANDS = joined(
    answers.COMMANDS,
    day.COMMANDS,
    enrol.COMMANDS,
    family.COMMANDS,
    lists.COMMANDS,
    menu.COMMANDS,
    missing.COMMANDS,
    queue.COMMANDS,
    set_task.COMMANDS,
    tasks.COMMANDS,
)
STEPS = joined(
    hand_in.STEPS,
    own_tasks.STEPS,
    review.STEPS,
    set_task.STEPS,
)


class Refused(Exception):
    """The speaker was refused: `reply` says so, and nothing else of the event may remain."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


async def answer(
    tx: Tx, incoming: Incoming, now: datetime, event_id: int
) -> tuple[list[Reply], int, int]:
    """Answer one event; returns the replies, the speaker's id and the school's (0 for a stranger).

    Raises Refused, after which the caller rolls the event back and keeps only the refusal.
    """
    address = incoming.address
    if not incoming.is_private:
        return _in_public(incoming), 0, 0
    is_hurried = incoming.happening is Happening.HURRIED
    session = await sessions.load(tx, address.messenger, address.chat)
    account = await accounts.bound(tx, address.messenger, address.user)
    speaker = await speakers.load(tx, account.person_id, now) if account else None
    if account is None or speaker is None:
        if incoming.happening in (Happening.BLOCKED, Happening.ALLOWED):
            return [], 0, 0
        stranger = Stranger(tx, now, incoming, session, Texts())
        replies = _listed(await (_hurried(stranger) if is_hurried else enrol.meet(stranger)))
        await _keep(stranger, replies, event_id)
        return replies, 0, 0
    if incoming.happening is Happening.BLOCKED:
        await accounts.blocked(tx, address.messenger, address.chat, now)
        return [], speaker.id, speaker.school.id
    is_allowed = incoming.happening is Happening.ALLOWED
    was_here = is_allowed and account in await accounts.reachable(tx, speaker.id)
    await accounts.seen(tx, account.id, now)
    if was_here:
        return [], speaker.id, speaker.school.id
    t = texts_for(speaker.school, speaker.student)
    turn = Turn(tx, now, incoming, speaker, session, t, event_id)
    handle = enrol.back if is_allowed else _hurried if is_hurried else _handle
    try:
        replies = _listed(await handle(turn))
    except Refusal as refusal:
        raise Refused(Reply(t(refusal.key, **refusal.params))) from refusal
    await _keep(turn, replies, event_id)
    return replies, speaker.id, speaker.school.id


async def _hurried(turn: Turn | Stranger) -> Answer:
    """Ask whoever sent more than can be read to wait."""
    return Reply(turn.t("too-hurried"))


async def _handle(turn: Turn) -> Answer:
    if turn.incoming.action:
        return await _pressed(turn)
    if turn.incoming.is_edit:
        return Reply(turn.t("edit-unseen"))
    command = None if turn.incoming.attachments else COMMANDS.get(_command_in(turn.incoming.text))
    if command is not None:
        turn.end()
        return await command(turn)
    step = STEPS.get(turn.session.step)
    if step is None:
        is_a_work = turn.incoming.attachments and turn.speaker.wards
        return await (hand_in.unasked(turn) if is_a_work else menu.fallback(turn))
    if await _came_too_early(turn):
        return _is_it_the_answer(turn)
    return await step(turn)


async def _pressed(turn: Turn) -> Answer:
    if turn.incoming.action.startswith("start:"):
        return await enrol.start(turn)
    name, *arguments = turn.incoming.action.split(":")
    action = ACTIONS.get(name)
    if action is None:
        return Reply(turn.t("button-unknown"), menu=menu.of(turn))
    return await action.handler(turn, await action.load(turn, arguments))


def _command_in(text: str) -> str:
    return commands().get(spoken(text), "")


async def _came_too_early(turn: Turn) -> bool:
    """Say whether the message was written before the question reached the person."""
    if turn.session.asked in {"", UNASKED} or turn.incoming.attachments:
        return False
    asked_at = await outbox.sent_at(turn.tx, turn.session.asked)
    if asked_at is None:
        return await outbox.is_on_its_way(turn.tx, turn.session.asked)
    return turn.incoming.sent_at < asked_at.replace(microsecond=0) - CLOCK_SKEW


def _is_it_the_answer(turn: Turn) -> Reply:
    """Ask whether a text that crossed with the question is meant as its answer."""
    text = turn.incoming.text
    turn.next_session = Session(
        turn.session.step, {**turn.session.data, "early": text}, turn.session.asked
    )
    return Reply(
        turn.t("early-answer", text=text[:200]),
        buttons=((Button(turn.t("early-yes"), "early"),),),
    )


async def early(turn: Turn, _: None) -> Answer:
    """Take the text that came before the question as the answer to it."""
    step = STEPS.get(turn.session.step)
    text = turn.session.data.get("early")
    if step is None or not text:
        return Reply(turn.t("button-old"))
    turn.incoming = replace(turn.incoming, text=str(text), action="")
    return await step(turn)


ACTIONS["early"] = Action(early, menu.nothing)


def _in_public(incoming: Incoming) -> list[Reply]:
    """In a group chat the bot only says where to find it, and only when it is called."""
    is_called = incoming.text.startswith("/") or "@" in incoming.text or incoming.action
    return [Reply(Texts()("write-in-private"))] if is_called else []


def _listed(answer: Answer) -> list[Reply]:
    if answer is None:
        return []
    return [answer] if isinstance(answer, Reply) else list(answer)


async def _keep(turn: Turn | Stranger, replies: Sequence[Reply], event_id: int) -> None:
    """Keep where the conversation stands; the last reply is the question that was asked."""
    session = turn.next_session
    if session is None or not (session.step or turn.session.step):
        return
    if not session.asked and replies:
        session = replace(session, asked=reply_key(event_id, len(replies) - 1))
    address = turn.incoming.address
    await sessions.save(turn.tx, address.messenger, address.chat, session, turn.now)


def reply_key(event_id: int, position: int) -> str:
    """Return the outbox key of an event's reply."""
    return f"reply|{event_id}|{position}"
