"""5.4: what a right comes from is read at every press; once it is gone, so is the right.

A teacher who is moved away from a class is the exception that `school/rights.py` names: whoever has
set a task goes on with it.
"""

from collections.abc import Callable

import pytest

from handlers import dispatch
from tests.chat import House
from tests.handlers.crowd import answers_to, named, pressed, rows_of, wrote
from tests.handlers.judging import (
    as_left,
    as_nobody,
    does,
    only_own,
    refused,
    refuses,
    remember,
    take_away,
)
from tests.handlers.planted import Actor, Planted
from tests.handlers.planting_people import add_teaching
from tests.handlers.wishes import Ask, Wishes

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

TAKEN = ("roles", "left", "guardianship", "teachings")
GUARDIANS = frozenset({"guardian", "mother", "classmate's mother", "far guardian"})
SETTING = tuple(step for step in sorted(dispatch.STEPS) if step.startswith("set-task."))
LOSSES = (
    *((step, taken) for taken in ("roles", "left") for step in sorted(dispatch.STEPS)),
    *((step, "teachings") for step in SETTING),
    ("hand_in.collect", "guardianship"),
)
"""Which step ends when what is taken away; the others do not come from it."""
OF_TASKS_SET = sorted(
    action
    for action in dispatch.ACTIONS
    if action.partition(".")[0] in {"missing", "own-task", "queue", "review"}
)


def loses(actor: Actor, ask: Ask, taken: str) -> bool:
    """Say whether somebody may not do this any more once something was taken away."""
    if taken == "left":
        return True
    if taken == "guardianship" and actor.name not in GUARDIANS:
        return False
    if taken == "teachings":
        return ask.payload.startswith("set-task.") and "set-task.page" not in ask.payload
    return not (ask.personal and ask.payload.endswith(f":{actor.person_id}"))


@pytest.mark.parametrize("taken", TAKEN)
async def test_a_right_that_was_taken_away_is_gone_at_the_next_press(
    taken: str, crowded: House, school: Planted, wishes: Wishes
) -> None:
    await take_away(crowded, taken)
    wrong, count = [], 0
    for action in sorted(dispatch.ACTIONS):
        tried = [
            (as_left(actor) if taken == "left" else as_nobody(actor), ask)
            for ask in wishes.of(action)
            for actor in map(school.actors.__getitem__, sorted(ask.by & (ask.among or ask.by)))
            if loses(actor, ask, taken)
        ]
        wrong += await refuses(crowded, school, tried)
        count += len(tried)
    assert not wrong, "\n".join(wrong)
    assert count > 10


@pytest.mark.parametrize(("step", "taken"), LOSSES)
async def test_a_step_begun_before_a_right_was_taken_away_ends_there(
    step: str,
    taken: str,
    crowded: House,
    restore: Callable[[], None],
    school: Planted,
    wishes: Wishes,
) -> None:
    judged = as_left if taken == "left" else as_nobody
    for held in wishes.held_by(step):
        restore()
        names = held.by & GUARDIANS if taken == "guardianship" else held.by
        tried = [school.actors[name] for name in sorted(names)]
        await remember(crowded, step, held, school, tried)
        await take_away(crowded, taken)
        said = [(judged(one), wrote(one, held.text)) for one in tried]
        await only_own(crowded, school, said, held.own)


@pytest.mark.parametrize("action", OF_TASKS_SET)
async def test_who_teaches_a_class_no_more_goes_on_with_the_tasks_set_there(
    action: str, crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    """Works are handed in to the one who has set the task: somebody has to answer them (П1-2.3).

    A successor does so as well, but is not always there on the day of the move; only a new task
    takes a teaching.
    """
    for ask in wishes.of(action):
        for name in sorted(ask.by & (ask.among or ask.by)):
            restore()
            await take_away(crowded, "teachings")
            await does(crowded, school, school.actors[name], ask)


async def test_a_work_that_comes_after_the_move_reaches_the_old_teacher_and_the_new_one(
    crowded: House, school: Planted
) -> None:
    """Nobody else, and the new one as long as the class is hers."""
    side, student = school.older, school.actors["student"]
    old, new = school.actors["group teacher"], school.actors["other group's teacher"]
    await take_away(crowded, "teachings")
    before = {row["id"] for row in named("works", rows_of(crowded))}
    await answers_to(crowded, [pressed(student, f"hand_in.send:{side.draft}:{side.version}")])
    (work,) = {row["id"] for row in named("works", rows_of(crowded))} - before
    opens = [pressed(old, f"review.open:{work}"), pressed(new, f"review.open:{work}")]
    of_old, of_new = await answers_to(crowded, opens)
    assert side.secret in of_old.whole
    assert {school.files[file] for file in of_old.files} == {side.secret}
    assert refused(("not-yours",), new, of_new)
    async with crowded.database.write() as tx:
        await add_teaching(tx, new.person_id, side.course)
    of_old, of_new = await answers_to(
        crowded, [pressed(old, f"review.open:{work}"), pressed(new, f"review.open:{work}")]
    )
    assert of_new.files == of_old.files
    assert side.secret in of_new.whole
    await take_away(crowded, "teachings")
    (gone,) = await answers_to(crowded, [pressed(new, f"review.open:{work}")])
    assert refused(("not-yours",), new, gone)
