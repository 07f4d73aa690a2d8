"""5.4: a button's payload is a wish, never a permission.

Every action, step and command of the dispatch tables × everybody × objects of three sides that may
not meet. What is one's own does what it should; what is somebody else's is refused, in the same
words whether it exists or not, and the database is as it was.
"""

from collections.abc import Callable, Iterable

import pytest
import sqlalchemy as sa

from handlers import dispatch
from handlers.messages import Incoming
from handlers.texts import Texts
from storage import sessions
from storage.sessions import UNASKED, Session
from storage.tables.people import classes, guardianships, persons, roles
from tests.chat import House
from tests.handlers.crowd import (
    Said,
    answers_to,
    as_named,
    changed,
    failures,
    pressed,
    rows_of,
    wrote,
)
from tests.handlers.planted import (
    BEFORE,
    FAR,
    LEFT,
    SECRETS,
    TODAY,
    Actor,
    Planted,
)
from tests.handlers.wishes import COMMANDS_THAT_CHANGE, Ask, Held, Wishes

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

HELLO = Texts()("enrol-hello")
OUTSIDE = LEFT | {"stranger"}
GUARDIANS = frozenset({"guardian", "mother", "classmate's mother", "far guardian"})
TOPICS = sorted({action.partition(".")[0] for action in dispatch.ACTIONS})


def actions_of(topic: str) -> list[str]:
    return sorted(action for action in dispatch.ACTIONS if action.partition(".")[0] == topic)


def wishes_of(wishes: Wishes, action: str) -> list[Ask]:
    try:
        return wishes.of(action)
    except KeyError:
        pytest.fail(f"nobody has said whose {action!r} is: add it to tests/handlers/wishes.py")


def held_by(wishes: Wishes, step: str) -> list[Held]:
    try:
        return wishes.held_by(step)
    except KeyError:
        pytest.fail(f"nobody has said what {step!r} remembers: add it to tests/handlers/wishes.py")


def refused(keys: tuple[str, ...], actor: Actor, said: Said) -> bool:
    """Say whether an answer is a refusal and nothing else."""
    if actor.name in OUTSIDE:
        return said.texts == (HELLO,)
    forms = (Texts(informal=informal) for informal in (True, False))
    return said.texts in {(t(key),) for t in forms for key in keys}


def secrets_told(actor: Actor, said: Said) -> list[str]:
    """Return what this actor should not have read."""
    return [
        secret for secret, may in SECRETS.items() if actor.name not in may and secret in said.whole
    ]


async def refuses(house: House, asks: Iterable[tuple[Actor, Ask]]) -> list[str]:
    """Try payloads and return everything that was not a plain refusal."""
    tried = list(asks)
    before = rows_of(house)
    said = await answers_to(house, [pressed(actor, ask.payload) for actor, ask in tried])
    wrong = [
        f"{actor.name} pressed {ask.payload!r} and was told: {answer.whole or 'nothing'}"
        for (actor, ask), answer in zip(tried, said, strict=True)
        if not refused(ask.refusals, actor, answer) or secrets_told(actor, answer)
    ]
    payloads = {ask.payload for _, ask in tried}
    touched = changed(before, rows_of(house))
    wrong += [f"one of {payloads} changed {table}: {rows}" for table, rows in touched.items()]
    return wrong + [f"failed: {failure}" for failure in failures(house)]


@pytest.mark.parametrize("action", sorted(dispatch.ACTIONS))
async def test_no_action_is_missing_from_the_walk(action: str, wishes: Wishes) -> None:
    assert wishes_of(wishes, action)


@pytest.mark.parametrize("topic", TOPICS)
async def test_somebody_elses_is_refused_and_nothing_changes(
    topic: str, crowded: House, school: Planted, wishes: Wishes
) -> None:
    wrong = []
    for action in actions_of(topic):
        tried = [
            (actor, ask)
            for ask in wishes_of(wishes, action)
            for name, actor in school.actors.items()
            if name not in ask.by and (ask.among is None or name in ask.among)
        ]
        wrong += await refuses(crowded, tried)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("action", sorted(dispatch.ACTIONS))
async def test_ones_own_does_what_it_should(
    action: str, crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    for ask in wishes_of(wishes, action):
        for name in sorted((ask.by & (ask.among or ask.by)) - FAR):
            restore()
            await does(crowded, school.actors[name], ask)


async def does(house: House, actor: Actor, ask: Ask) -> None:
    before = rows_of(house)
    (said,) = await answers_to(house, [pressed(actor, ask.payload)])
    told = f"{actor.name} pressed {ask.payload!r} and was told: {said.whole or 'nothing'}"
    assert not failures(house), f"{told}\n{failures(house)}"
    assert said.texts, told
    assert not refused(ask.refusals, actor, said), told
    assert not secrets_told(actor, said), told
    assert ask.says in said.whole, f"{told}\n{ask.says!r} is missing"
    if ask.changes:
        assert ask.changes in changed(before, rows_of(house)), told


@pytest.mark.parametrize("taken", ["roles", "left", "guardianship"])
async def test_a_right_that_was_taken_away_is_gone_at_the_next_press(
    taken: str, crowded: House, school: Planted, wishes: Wishes
) -> None:
    await take_away(crowded, taken)
    wrong = []
    for action in sorted(dispatch.ACTIONS):
        tried = [
            (as_left(actor) if taken == "left" else actor, ask)
            for ask in wishes_of(wishes, action)
            for actor in map(school.actors.__getitem__, sorted(ask.by & (ask.among or ask.by)))
            if loses(actor, ask, taken)
        ]
        wrong += await refuses(crowded, tried)
    assert not wrong, "\n".join(wrong)


def loses(actor: Actor, ask: Ask, taken: str) -> bool:
    """Say whether somebody may not do this any more once something was taken away."""
    if taken == "left":
        return True
    if taken == "guardianship" and actor.name not in GUARDIANS:
        return False
    return not (ask.personal and ask.payload.endswith(f":{actor.person_id}"))


def as_left(actor: Actor) -> Actor:
    """Treat somebody as a leaver, whom only the hello answers."""
    return Actor("left teacher", actor.person_id, actor.messenger, actor.user)


async def take_away(house: House, taken: str) -> None:
    """Take from everybody what their rights come from."""
    async with house.database.write() as tx:
        if taken == "left":
            await tx.execute(sa.update(persons).values(left_on=TODAY))
        elif taken == "guardianship":
            await tx.execute(sa.delete(guardianships))
        else:
            await tx.execute(sa.delete(roles))
            await tx.execute(sa.update(classes).values(class_teacher_id=None))


@pytest.mark.parametrize("step", sorted(dispatch.STEPS))
@pytest.mark.parametrize("taken", ["nothing", "roles"])
async def test_a_step_that_remembers_somebody_elses_gives_nothing_away(
    step: str,
    taken: str,
    crowded: House,
    restore: Callable[[], None],
    school: Planted,
    wishes: Wishes,
) -> None:
    for held in held_by(wishes, step):
        restore()
        names = held.by if taken == "roles" else held.tried - held.by
        tried = [school.actors[name] for name in sorted(names)]
        await remember(crowded, step, held, school, tried)
        if taken == "roles":
            await take_away(crowded, taken)
        await only_own(crowded, [(one, wrote(one, held.text)) for one in tried], held.own)


@pytest.mark.parametrize("step", sorted(dispatch.STEPS))
async def test_a_step_that_remembers_ones_own_goes_on(
    step: str, crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    for held in held_by(wishes, step):
        for name in sorted(held.by - FAR):
            actor = school.actors[name]
            restore()
            await remember(crowded, step, held, school, [actor])
            before = rows_of(crowded)
            (said,) = await answers_to(crowded, [wrote(actor, held.text)])
            assert said.texts
            assert not failures(crowded)
            assert not secrets_told(actor, said), said.whole
            assert held.changes in changed(before, rows_of(crowded)), said.whole


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


async def only_own(house: House, tried: list[tuple[Actor, Incoming]], own: Iterable[str]) -> None:
    """Let things be said, and see that only the speakers' own is shown and touched."""
    before = rows_of(house)
    said = await answers_to(house, [event for _, event in tried])
    assert not failures(house)
    for (actor, event), answer in zip(tried, said, strict=True):
        told = f"{actor.name} said {event.text!r} and was told: {answer.whole}"
        assert answer.texts, told
        assert not secrets_told(actor, answer), told
        if actor.name in OUTSIDE:
            assert answer.texts == (HELLO,), told
    assert not changed(before, rows_of(house), but=own)


@pytest.mark.parametrize("command", sorted(dispatch.COMMANDS))
async def test_a_command_shows_and_changes_only_ones_own(
    command: str, crowded: House, restore: Callable[[], None], school: Planted
) -> None:
    word = Texts()(f"menu-{command}")
    everybody = [(actor, wrote(actor, word)) for actor in school.actors.values()]
    own = COMMANDS_THAT_CHANGE.get(command, frozenset())
    await only_own(crowded, everybody, {"sessions", *own})
    restore()
    before, student = rows_of(crowded), school.actors["student"]
    await only_own(crowded, [(student, wrote(student, word))], {"sessions", *own})
    for table, rows in changed(before, rows_of(crowded), but={"sessions", "audit"}).items():
        assert {as_named(table, row)["person_id"] for row in rows} == {student.person_id}
