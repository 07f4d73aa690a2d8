"""Forged payloads and broken object rights (ASVS 8.2.1–8.2.3, 8.3.1, 8.4.1): those inside.

Everybody of the school sends hundreds of payloads that are true for somebody, or nearly so: what
is shown is theirs to see, and every row that changes is theirs to change.
"""

import os

import pytest

from handlers import dispatch
from storage import people
from tests.chat import House
from tests.handlers.crowd import event_of, rows_of
from tests.handlers.planted import ROSTER, TEACHERS, Actor, Planted
from tests.handlers.wishes import Wishes
from tests.security.forger import Forger, shoot
from tests.security.ownership import circle_of, handed_out, trespasses, unspeakable_to

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

TIMES = 20 if os.environ.get("SECURITY") == "full" else 1
OF_EACH = 285 * TIMES
EVERYBODY = (*ROSTER, "student on vk")
FAMILIES = set(EVERYBODY) - TEACHERS


async def school_of(house: House, actor: Actor) -> int:
    async with house.database.read() as tx:
        person = await people.person(tx, actor.person_id)
    assert person is not None
    return person.school_id


@pytest.mark.parametrize("name", EVERYBODY)
async def test_nobody_gets_at_anything_of_anybody_else(
    name: str, crowded: House, school: Planted, wishes: Wishes
) -> None:
    actor = school.actors[name]
    forger = Forger(wishes, seed=len(name))
    events = [forger.event(actor) for _ in range(OF_EACH)]
    circle = await circle_of(crowded.database, actor)
    forbidden = await unspeakable_to(crowded.database, actor)
    before = rows_of(crowded)
    wrong = await shoot(crowded, events, forbidden)
    after = rows_of(crowded)
    wrong += trespasses(actor, circle, await school_of(crowded, actor), before, after)
    assert not wrong, "\n".join(wrong)
    if name in FAMILIES:
        assert handed_out(before) <= handed_out(after)


async def test_a_number_of_any_length_is_only_a_number_of_nothing(
    crowded: House, school: Planted
) -> None:
    """Python refuses to read more than 4,300 digits, wherever a number is expected."""
    digits = "9" * 5000
    names = ["enrol.yes", "start", *dispatch.ACTIONS]
    events = [
        event_of(school.actors[name], action=f"{action}:{digits}")
        for name in ("stranger", "student", "group teacher")
        for action in names
    ]
    events += [event_of(school.actors["group teacher"], text=f"до {digits}.12")]
    assert not await shoot(crowded, events, set())
