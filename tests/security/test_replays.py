"""Replay (ASVS 2.3.1) and rights that are gone (ASVS 8.3.2): what was once true works once.

The same update, sent again by the messenger or by somebody who has caught it, does nothing again;
the same button, pressed again, neither; and a chat that changes hands takes nothing along.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from handlers import dispatch
from handlers.messages import Happening, Incoming
from handlers.texts import Texts
from scheduler.messenger import Update
from school import access, enrolment
from storage import accounts, people
from storage.accounts import Account
from tests.chat import House
from tests.handlers.crowd import (
    Rows,
    Said,
    answers_to,
    changed,
    event_of,
    failures,
    named,
    pressed,
    rows_of,
    wrote,
)
from tests.handlers.planted import NOW, Actor, Planted
from tests.handlers.wishes import Ask, Wishes

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

HELLO = Texts()("enrol-hello")
COUNTED = ("works", "tasks", "reviews", "day_steps", "registrations", "accounts", "letters")


def sizes(rows: Rows) -> dict[str, int]:
    return {table: len(named(table, rows)) for table in COUNTED}


async def again(house: House, event: Incoming, times: int = 3) -> None:
    """Let the very same update come several times."""
    messenger = event.address.messenger
    for _ in range(times):
        await house.ingress[messenger].take([Update("the same", "{}", event)])
        while await house.worker.handle_ready():
            pass


def own_wishes(school: Planted, wishes: Wishes) -> list[tuple[Actor, Ask]]:
    """Return every payload that changes something, each with one who may send it."""
    return [
        (school.actors[min(ask.by & (ask.among or ask.by))], ask)
        for action in sorted(dispatch.ACTIONS)
        for ask in wishes.of(action)
        if ask.changes and ask.by & (ask.among or ask.by)
    ]


async def test_the_same_update_three_times_has_one_effect(
    crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    tried = own_wishes(school, wishes)
    assert len(tried) > 60
    for actor, ask in tried:
        restore()
        press = pressed(actor, ask.payload)
        await again(crowded, press, times=1)
        once = rows_of(crowded)
        await again(crowded, press, times=2)
        assert not changed(once, rows_of(crowded)), ask.payload
    assert not failures(crowded)


async def test_the_same_press_as_another_update_makes_nothing_twice(
    crowded: House, restore: Callable[[], None], school: Planted, wishes: Wishes
) -> None:
    """Somebody presses three times, or sends again what was caught on the way."""
    before = sizes(rows_of(crowded))
    for actor, ask in own_wishes(school, wishes):
        restore()
        await answers_to(crowded, [pressed(actor, ask.payload)])
        once = sizes(rows_of(crowded))
        await answers_to(crowded, [pressed(actor, ask.payload) for _ in range(2)])
        assert sizes(rows_of(crowded)) == once, ask.payload
        made = {table: once[table] - before[table] for table in COUNTED}
        assert all(count <= 1 for table, count in made.items() if table != "letters"), made
        assert not failures(crowded)


async def test_a_receipt_is_given_once(crowded: House, school: Planted) -> None:
    side, student = school.older, school.actors["student"]
    send = f"hand_in.send:{side.draft}:{side.version}"
    said = await answers_to(crowded, [pressed(student, send) for _ in range(3)])
    assert ["Работа принята" in one.whole for one in said] == [True, False, False]


async def test_a_code_that_was_shown_again_is_good_no_more(crowded: House, school: Planted) -> None:
    first, second = (Actor(name, 0, "telegram", name) for name in ("first", "second"))
    async with crowded.database.write() as tx:
        person = await people.person(tx, school.actors["class teacher"].person_id)
        assert person is not None
        await access.lost_phone(tx, person, NOW)
        code = await enrolment.issue(tx, person, NOW)
    await answers_to(crowded, [wrote(first, code)])
    (number,) = {row["id"] for row in named("activation_codes", rows_of(crowded))}
    yes = f"enrol.yes:{number}"
    await answers_to(crowded, [pressed(first, yes)])
    once = rows_of(crowded)
    said = await answers_to(
        crowded, [wrote(second, code), pressed(second, yes), wrote(second, code)]
    )
    assert said[1].texts == (HELLO,)
    assert not changed(once, rows_of(crowded), but={"audit", "code_tries"})


async def test_an_old_link_to_the_chat_binds_nobody_to_a_bound_chat(
    crowded: House, school: Planted
) -> None:
    """A deep link with a good code, followed by one who is somebody else already."""
    async with crowded.database.write() as tx:
        person = await people.person(tx, school.actors["deputy head"].person_id)
        assert person is not None
        code = await enrolment.issue(tx, person, NOW)
    before = rows_of(crowded)
    student = school.actors["student"]
    (said,) = await answers_to(crowded, [event_of(student, action=f"start:{code}")])
    assert "уже привязан" in said.whole
    assert not changed(before, rows_of(crowded))


async def test_whose_chat_was_unbound_is_a_stranger_at_the_next_event(
    crowded: House, school: Planted, wishes: Wishes
) -> None:
    """With a draft, a step and every button still on the screen."""
    student = school.actors["student"]
    async with crowded.database.write() as tx:
        person = await people.person(tx, student.person_id)
        assert person is not None
        await access.lost_phone(tx, person, NOW)
    before = rows_of(crowded)
    asks = [ask for action in dispatch.ACTIONS for ask in wishes.of(action)]
    events = [pressed(student, ask.payload) for ask in asks] + [wrote(student, "И ещё")]
    said = await answers_to(crowded, events)
    assert set(said) == {Said((HELLO,))}
    assert not changed(before, rows_of(crowded))


async def test_a_chat_that_changes_hands_takes_nothing_along(
    crowded: House, school: Planted, wishes: Wishes
) -> None:
    """A phone is handed down: the buttons of its first owner are nobody's wishes any more."""
    first, heir = school.actors["student"], school.actors["other class"]
    async with crowded.database.write() as tx:
        await accounts.unbind(tx, first.person_id, NOW)
        await accounts.unbind(tx, heir.person_id, NOW)
        person = await people.person(tx, heir.person_id)
        assert person is not None
        handed = Account(0, person.school_id, person.id, "telegram", first.user, first.user)
        await accounts.bind(tx, handed, NOW)
    before = rows_of(crowded)
    asks = [
        ask
        for action in sorted(dispatch.ACTIONS)
        for ask in wishes.of(action)
        if "student" in ask.by and "other class" not in ask.by
    ]
    assert len(asks) > 10
    may_see = school.files_for(heir)
    said = await answers_to(crowded, [pressed(first, ask.payload) for ask in asks])
    for ask, one in zip(asks, said, strict=True):
        assert "тайна-7Б" not in one.whole, ask.payload
        assert "задача-7Б" not in one.whole, ask.payload
        assert "Соколова" not in one.whole, ask.payload
        assert may_see.issuperset(one.files), ask.payload
    assert not changed(before, rows_of(crowded), but={"sessions", "drafts", "draft_parts"})


async def test_a_press_that_comes_a_day_late_is_judged_by_the_rights_of_now(
    crowded: House, school: Planted
) -> None:
    """The rights are read when the press is handled, not when the button was shown."""
    teacher, side = school.actors["group teacher"], school.older
    late = event_of(teacher, action=f"review.open:{side.waiting}", happening=Happening.PRESS)
    async with crowded.database.write() as tx:
        person = await people.person(tx, teacher.person_id)
        assert person is not None
        await access.lost_phone(tx, person, NOW + timedelta(days=1))
    (said,) = await answers_to(crowded, [late])
    assert said.texts == (HELLO,)
