"""Judges what became of presses and words: refused and without a trace, or done as it should be."""

from collections.abc import Iterable

import sqlalchemy as sa

from handlers.messages import Incoming
from handlers.texts import Texts
from storage import sessions
from storage.sessions import UNASKED, Session
from storage.tables.people import classes, guardianships, persons, roles
from storage.tables.timetable import teachings
from tests.chat import House
from tests.handlers.crowd import Said, answers_to, changed, failures, pressed, rows_of
from tests.handlers.hearers import misdirected
from tests.handlers.planted import BEFORE, LEFT, SECRETS, TODAY, Actor, Planted
from tests.handlers.wishes import Ask, Held

HELLO = Texts()("enrol-hello")
OUTSIDE = LEFT | {"stranger"}


def refused(keys: tuple[str, ...], actor: Actor, said: Said) -> bool:
    """Say whether an answer is a refusal and nothing else."""
    if said.files:
        return False
    if actor.name in OUTSIDE:
        return said.texts == (HELLO,)
    forms = (Texts(informal=informal) for informal in (True, False))
    return said.texts in {(t(key),) for t in forms for key in keys}


def secrets_told(school: Planted, actor: Actor, said: Said) -> list[str]:
    """Return what this actor should not have read, seen or heard."""
    words = [
        secret for secret, may in SECRETS.items() if actor.name not in may and secret in said.whole
    ]
    strange = set(said.files) - school.files_for(actor)
    return words + [f"a file of {school.files.get(one, 'nobody')!r}" for one in strange]


async def refuses(house: House, school: Planted, asks: Iterable[tuple[Actor, Ask]]) -> list[str]:
    """Try payloads and return everything that was not a plain refusal."""
    tried = list(asks)
    before = rows_of(house)
    said = await answers_to(house, [pressed(actor, ask.payload) for actor, ask in tried])
    wrong = [
        f"{actor.name} pressed {ask.payload!r} and was told: {answer.whole or 'nothing'}"
        for (actor, ask), answer in zip(tried, said, strict=True)
        if not refused(ask.refusals, actor, answer) or secrets_told(school, actor, answer)
    ]
    payloads = {ask.payload for _, ask in tried}
    touched = changed(before, rows_of(house))
    wrong += [f"one of {payloads} changed {table}: {rows}" for table, rows in touched.items()]
    return wrong + [f"failed: {failure}" for failure in failures(house)]


async def does(house: House, school: Planted, actor: Actor, ask: Ask) -> Said:
    """Let somebody do what they may, and see that others hear only what concerns them."""
    before = rows_of(house)
    (said,) = await answers_to(house, [pressed(actor, ask.payload)])
    after = rows_of(house)
    told = f"{actor.name} pressed {ask.payload!r} and was told: {said.whole or 'nothing'}"
    assert not failures(house), f"{told}\n{failures(house)}"
    assert said.texts, told
    assert not refused(ask.refusals, actor, said), told
    assert not secrets_told(school, actor, said), told
    assert ask.says in said.whole, f"{told}\n{ask.says!r} is missing"
    assert not misdirected(before, after), "\n".join(misdirected(before, after))
    if ask.changes:
        assert ask.changes in changed(before, after), told
    return said


def as_left(actor: Actor) -> Actor:
    """Treat somebody as a leaver, whom only the hello answers."""
    return Actor("left teacher", actor.person_id, actor.messenger, actor.user)


def as_nobody(actor: Actor) -> Actor:
    """Treat somebody as one who may be told no secret any more."""
    return Actor("nobody", actor.person_id, actor.messenger, actor.user)


async def take_away(house: House, taken: str) -> None:
    """Take from everybody what their rights come from."""
    async with house.database.write() as tx:
        if taken == "left":
            await tx.execute(sa.update(persons).values(left_on=TODAY))
        elif taken == "guardianship":
            await tx.execute(sa.delete(guardianships))
        elif taken == "teachings":
            await tx.execute(sa.delete(teachings))
        else:
            await tx.execute(sa.delete(roles))
            await tx.execute(sa.update(classes).values(class_teacher_id=None))


async def remember(
    house: House, step: str, held: Held, school: Planted, actors: Iterable[Actor]
) -> None:
    """Open a step as it is opened for real, and put what it remembers into these chats."""
    owner = school.actors[min(held.by)]
    await answers_to(house, [pressed(owner, held.opens)])
    async with house.database.write() as tx:
        opened = await sessions.load(tx, owner.messenger, owner.user)
        assert opened.step == step, f"{held.opens!r} does not open {step!r}"
        session = Session(step, opened.data | held.also, UNASKED)
        for actor in actors:
            await sessions.save(tx, actor.messenger, actor.user, session, BEFORE)


async def only_own(
    house: House, school: Planted, tried: list[tuple[Actor, Incoming]], own: Iterable[str]
) -> None:
    """Let things be said, and see that only the speakers' own is shown and touched."""
    before = rows_of(house)
    said = await answers_to(house, [event for _, event in tried])
    assert not failures(house)
    for (actor, event), answer in zip(tried, said, strict=True):
        told = f"{actor.name} said {event.text!r} and was told: {answer.whole}"
        assert answer.texts, told
        assert not secrets_told(school, actor, answer), told
        if actor.name in OUTSIDE:
            assert answer.texts == (HELLO,), told
    assert not changed(before, rows_of(house), but=own)
