"""5.4: a button's payload is a wish, never a permission.

Every action, step and command of the dispatch tables × everybody × objects of three sides that may
not meet. What is one's own does what it should, and only those hear of it whom it concerns; what is
somebody else's is refused, in the same words whether it exists or not, and the database is as it
was. What becomes of rights that are taken away is tried in `test_rights_taken.py`.
"""

from collections.abc import Callable

import pytest

from handlers import dispatch
from handlers.texts import Texts
from tests.chat import House
from tests.handlers.crowd import answers_to, as_named, changed, failures, pressed, rows_of, wrote
from tests.handlers.judging import does, only_own, refuses, remember, secrets_told
from tests.handlers.planted import Planted
from tests.handlers.wishes import COMMANDS_THAT_CHANGE, Ask, Held, Wishes

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

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
        wrong += await refuses(crowded, school, tried)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("action", sorted(dispatch.ACTIONS))
async def test_ones_own_does_what_it_should(
    action: str, crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    for ask in wishes_of(wishes, action):
        for name in sorted(ask.by & (ask.among or ask.by)):
            restore()
            await does(crowded, school, school.actors[name], ask)


async def test_photos_and_voices_are_shown_to_those_who_may_see_them(
    crowded: House, school: Planted
) -> None:
    """So that «no file of somebody else's» is not said of a house that shows no files at all."""
    for side in school.sides:
        student, teacher = school.actors[side.student], school.actors[side.teacher]
        events = [
            pressed(student, f"tasks.open:{side.student_id}:{side.task}"),
            pressed(student, f"answers.open:{side.answer}"),
            pressed(teacher, f"review.open:{side.waiting}"),
        ]
        said = await answers_to(crowded, events)
        told, secret = side.secret.replace("тайна", "задача"), side.secret
        shown = [[school.files[file] for file in one.files] for one in said]
        assert shown == [[told, told], [secret], [secret, secret]]


@pytest.mark.parametrize("step", sorted(dispatch.STEPS))
async def test_a_step_that_remembers_somebody_elses_gives_nothing_away(
    step: str, crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    for held in held_by(wishes, step):
        restore()
        tried = [actor for name, actor in sorted(school.actors.items()) if name not in held.by]
        await remember(crowded, step, held, school, tried)
        said = [(one, wrote(one, held.text)) for one in tried]
        await only_own(crowded, school, said, held.own)


@pytest.mark.parametrize("step", sorted(dispatch.STEPS))
async def test_a_step_that_remembers_ones_own_goes_on(
    step: str, crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    for held in held_by(wishes, step):
        for name in sorted(held.by):
            actor = school.actors[name]
            restore()
            await remember(crowded, step, held, school, [actor])
            before = rows_of(crowded)
            (said,) = await answers_to(crowded, [wrote(actor, held.text)])
            assert said.texts
            assert not failures(crowded)
            assert not secrets_told(school, actor, said), said.whole
            assert held.changes in changed(before, rows_of(crowded)), said.whole


@pytest.mark.parametrize("command", sorted(dispatch.COMMANDS))
async def test_a_command_shows_and_changes_only_ones_own(
    command: str, crowded: House, restore: Callable[[], None], school: Planted
) -> None:
    word = Texts()(f"menu-{command}")
    everybody = [(actor, wrote(actor, word)) for actor in school.actors.values()]
    own = COMMANDS_THAT_CHANGE.get(command, frozenset())
    await only_own(crowded, school, everybody, {"sessions", *own})
    restore()
    before, student = rows_of(crowded), school.actors["student"]
    await only_own(crowded, school, [(student, wrote(student, word))], {"sessions", *own})
    for table, rows in changed(before, rows_of(crowded), but={"sessions", "audit"}).items():
        assert {as_named(table, row)["person_id"] for row in rows} == {student.person_id}
