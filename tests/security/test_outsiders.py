"""Forged payloads and broken object rights (ASVS 8.2.1–8.2.3, 8.3.1, 8.4.1): those outside.

Strangers, leavers and another school send thousands of true payloads of this school, cut, swapped,
renumbered and dirtied: not a byte of it is shown to them, and not a row of it changes.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest

from handlers.messages import Happening
from handlers.texts import Texts
from school import enrolment
from storage import people
from tests.chat import House
from tests.handlers.crowd import answers_to, changed, event_of, named, rows_of
from tests.handlers.planted import NOW, Planted
from tests.handlers.wishes import Wishes
from tests.security.forger import OF_EACH, Forger, pester
from tests.security.ownership import circle_of, trespasses, unspeakable_to

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

OUTSIDE = ("stranger", "left teacher", "left guardian")
FAR = ("far student", "far guardian", "far teacher", "far deputy")
OF_OUTSIDE = 800
SEEDS = range(20 if os.environ.get("SECURITY") == "full" else 1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", OUTSIDE)
async def test_who_is_nobody_here_gets_at_nothing_at_all(
    name: str,
    seed: int,
    crowded: House,
    school: Planted,
    wishes: Wishes,
    reached: Counter[str],
) -> None:
    """With codes lying about that might be hit."""
    actor = school.actors[name]
    async with crowded.database.write() as tx:
        for owner in ("student", "group teacher", "far deputy"):
            person = await people.person(tx, school.actors[owner].person_id)
            assert person is not None
            await enrolment.issue(tx, person, NOW)
    forger = Forger(wishes, actor, seed=1000 * seed + OUTSIDE.index(name) + 100)
    forbidden = await unspeakable_to(crowded.database, actor)
    before = rows_of(crowded)
    wrong = await pester(crowded, forger, OF_OUTSIDE, forbidden)
    touched = changed(before, rows_of(crowded), but={"audit", "code_tries"})
    wrong += [f"{table}: {rows}" for table, rows in touched.items()]
    assert not wrong, "\n".join(wrong)
    assert not reached


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FAR)
async def test_another_school_gets_at_nothing_of_this_one(
    name: str,
    seed: int,
    crowded: House,
    school: Planted,
    wishes: Wishes,
    reached: Counter[str],
) -> None:
    actor = school.actors[name]
    forger = Forger(wishes, actor, seed=1000 * seed + FAR.index(name) + 200)
    circle = await circle_of(crowded.database, actor)
    async with crowded.database.read() as tx:
        person = await people.person(tx, actor.person_id)
    assert person is not None
    forbidden = await unspeakable_to(crowded.database, actor)
    before = rows_of(crowded)
    wrong = await pester(crowded, forger, OF_EACH, forbidden, school.files_for(actor))
    wrong += trespasses(actor, circle, person.school_id, before, rows_of(crowded))
    assert not wrong, "\n".join(wrong)
    assert reached.total() >= OF_EACH


async def test_a_code_is_confirmed_only_where_it_was_typed(crowded: House, school: Planted) -> None:
    """A forged «Да, это я» names a code that this chat has never seen."""
    stranger = school.actors["stranger"]
    async with crowded.database.write() as tx:
        person = await people.person(tx, school.actors["deputy head"].person_id)
        assert person is not None
        await enrolment.issue(tx, person, NOW)
    before = rows_of(crowded)
    (code,) = named("activation_codes", before)
    (said,) = await answers_to(
        crowded,
        [event_of(stranger, action=f"enrol.yes:{code['id']}", happening=Happening.PRESS)],
    )
    assert said.texts == (Texts()("enrol-hello"),)
    assert not changed(before, rows_of(crowded))


async def test_the_same_forgeries_are_made_every_time(
    school: Planted, wishes: Wishes, restore: Callable[[], None]
) -> None:
    """A failure can be tried again."""
    restore()
    actor = school.actors["stranger"]
    first, second = Forger(wishes, actor, seed=5), Forger(wishes, actor, seed=5)
    for _ in range(200):
        one, other = first.event(), second.event()
        assert (one.action, one.text) == (other.action, other.text)
