"""What waits is not heard by whom it no longer concerns (ASVS 8.3.2): 5.4, 3.1.

Between the planning of a message and its delivery lie quiet hours, weekends and outages. Meanwhile
a guardianship may end, somebody may leave the school, and a phone may be lost.
"""

import pytest
import sqlalchemy as sa

from handlers import notices
from handlers.texts import Texts
from scheduler import delivery
from scheduler.parcels import marked
from school import answers, family, letters
from school.access import lost_phone
from school.notices import Notice, announce
from storage import accounts, outbox, schools
from storage.outbox import DEAD, DROPPED, PLANNED, SENT
from storage.tables.messages import outbox as outbox_table
from storage.tables.people import persons
from tests.assignments import goes_on, release, set_task, works_of
from tests.chat import Chat, House, moscow
from tests.handlers.teaching import hands_in
from tests.security.taking import (
    Taking,
    away,
    due,
    gone,
    refused,
    rows_to,
    take,
    unguarded,
)
from tests.security.waiting import CASES, CHILD, MOTHER, NO_CHILD_IN_IT, Case, digest, letter

pytestmark = pytest.mark.clause("5.4")

T = Texts()


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lane try all that is due at once, however busy the machine."""
    monkeypatch.setattr(delivery, "RENDER_SECONDS", 60)


def told(house: House, case: Case) -> str:
    """Give everything that the reader of a case has heard so far."""
    heard = house.letters if case.address else house.messengers["telegram"].chats
    shown = heard.get(case.address or f"{case.reader}-telegram", [])
    return "\n".join(one.message.text for one in shown)


async def waits(house: House, case: Case) -> int:
    """Plan a case's notice, let its instant come, and return its row."""
    await house.chat(case.reader)
    await case.plan(house)
    message = (await rows_to(house, case.address or f"{case.reader}-telegram", case.kind))[0]
    assert message.state == PLANNED
    await due(house, message)
    return message.id


async def row(house: House, number: int) -> tuple[str, str]:
    """Return what became of a message, and the words in which it goes out."""
    wanted = sa.select(outbox_table.c.state, outbox_table.c.rendered)
    async with house.database.read() as tx:
        state, rendered = (await tx.execute(wanted.where(outbox_table.c.id == number))).one()
    return state, rendered


def test_every_kind_of_notice_is_tried() -> None:
    assert {case.kind for case in CASES} == set(notices.KINDS)
    bound_to_a_right = {case.kind for case in CASES if case.taken}
    assert bound_to_a_right == set(notices.KINDS) - set(NO_CHILD_IN_IT)


def _named(case: Case) -> str:
    return f"{case.kind}-{case.reader}"


@pytest.mark.parametrize("case", CASES, ids=_named)
async def test_who_has_the_right_hears_it(house: House, case: Case) -> None:
    number = await waits(house, case)
    before = told(house, case).count(case.says)
    await refused(house)
    state, words = await row(house, number)
    assert (state, case.says in words) == (PLANNED, True)
    await house.settle()
    assert (await row(house, number))[0] == SENT
    assert told(house, case).count(case.says) > before


def _taken() -> list[object]:
    return [
        pytest.param(
            case,
            taking,
            was_tried,
            id=f"{_named(case)}-{taking.__name__}{'-tried' if was_tried else ''}",
        )
        for case in CASES
        for number, taking in enumerate(case.ways)
        for was_tried in (False, True)[: 2 if number == 0 else 1]
    ]


@pytest.mark.parametrize(("case", "taking", "was_tried"), _taken())
async def test_who_has_it_no_more_does_not(
    house: House, case: Case, taking: Taking, *, was_tried: bool
) -> None:
    number = await waits(house, case)
    before = told(house, case)
    if was_tried:
        await refused(house)
        assert case.says in (await row(house, number))[1]
    await take(house, taking)
    await house.settle()
    assert told(house, case) == before
    assert (await row(house, number))[0] == DROPPED


async def test_a_mark_of_friday_evening_is_not_told_on_monday_to_who_was_a_guardian(
    house: House,
) -> None:
    former, present = await house.chat(MOTHER), await house.chat("P016")
    house.clock.set(moscow("2026-11-27 16:00"))
    task = await set_task(house, "2026-12-01 15:00", "Математика", of_class=3)
    await hands_in(house, MOTHER, task, text="Готово", student=CHILD)
    house.clock.set(moscow("2026-11-27 22:30"))
    await release(house, (await works_of(house, CHILD))[-1], mark="5")
    former.forget()
    await take(house, unguarded(MOTHER, CHILD))
    await goes_on(house, "2026-11-30 08:00")
    assert former.is_silent()
    assert [one.state for one in await rows_to(house, former.user, answers.KIND)] == [DROPPED]
    present.sees("Захар. Есть ответ учителя")


@pytest.mark.parametrize("was_tried", [False, True])
async def test_of_two_children_a_letter_names_the_one_that_is_left(
    house: House, *, was_tried: bool
) -> None:
    ids = [(await house.person(one)).id for one in ("P015", "P029")]
    async with house.database.write() as tx:
        shared = sa.update(persons).where(persons.c.id.in_(ids)).values(email="dom@dom.example")
        await tx.execute(shared)
    await letter(house)
    if was_tried:
        await refused(house)
        assert "Мухин" in (await rows_to(house, "dom@dom.example", letters.KIND))[0].rendered
    async with house.database.write() as tx:
        await tx.execute(sa.update(persons).where(persons.c.id == ids[1]).values(email=""))
    await house.settle()
    (shown,) = house.letters["dom@dom.example"]
    assert "Носков Захар, 3Б" in shown.message.text
    assert "Мухин" not in shown.message.text


@pytest.mark.parametrize("was_tried", [False, True])
async def test_of_two_children_the_digest_tells_the_one_that_is_left(
    house: House, *, was_tried: bool
) -> None:
    mother = await house.chat("P010")
    await digest(house)
    if was_tried:
        await refused(house)
        assert "Лев" in (await rows_to(house, mother.user, family.DIGEST))[0].rendered
    await take(house, unguarded("P010", "S302"))
    await house.settle()
    mother.sees("Арина, 7Б")
    mother.sees_not("Лев")


async def test_a_repeat_that_is_worded_anew_still_says_that_it_is_one(house: House) -> None:
    await letter(house)
    await refused(house)
    (message,) = await rows_to(house, "olga.noskova@pochta.example", letters.KIND)
    async with house.database.write() as tx:
        await outbox.reword(tx, message.id, marked(message.rendered))
    await house.settle()
    (shown,) = house.letters["olga.noskova@pochta.example"]
    assert shown.message.text.startswith(T("repeat-mark"))
    assert "Носков Захар" in shown.message.text


async def test_a_letter_of_an_earlier_version_is_sent(house: House) -> None:
    await letter(house)
    async with house.database.write() as tx:
        wanted = sa.select(outbox_table.c.id, outbox_table.c.payload)
        found = (await tx.execute(wanted.where(outbox_table.c.kind == letters.KIND))).all()
        for number, payload in found:
            earlier = {"students": payload["students"]}
            change = sa.update(outbox_table).where(outbox_table.c.id == number)
            await tx.execute(change.values(payload=earlier))
    await house.settle()
    assert "Носков Захар" in house.letters["olga.noskova@pochta.example"][0].message.text


async def loses(house: House, chat: Chat, messenger: str = "") -> None:
    """Let the school's office cut a lost phone off."""
    async with house.database.write() as tx:
        person = await house.person("S701")
        assert person.id == chat.person_id
        await lost_phone(tx, person, house.clock.now(), messenger)


@pytest.mark.parametrize("messenger", ["", "telegram"])
async def test_a_code_asked_for_with_the_phone_in_hand_is_worth_nothing_afterwards(
    house: House, messenger: str
) -> None:
    masha, thief = await house.chat("S701"), house.stranger("vk")
    await masha.says("Ещё мессенджер")
    code = masha.text
    await loses(house, masha, messenger)
    await thief.says(code)
    assert thief.text == T("enrol-code-revoked")


async def test_nor_is_one_that_was_typed_already_and_waits_for_a_yes(house: House) -> None:
    masha, thief = await house.chat("S701"), house.stranger("vk")
    await masha.says("Ещё мессенджер")
    await thief.says(masha.text)
    thief.sees("Вы — Соколова Мария")
    await loses(house, masha)
    await thief.presses("Да, это я")
    assert thief.text == T("enrol-code-revoked")
    async with house.database.read() as tx:
        assert await accounts.bound(tx, "vk", thief.user) is None


async def test_answers_that_wait_do_not_go_to_a_lost_phone(house: House) -> None:
    masha = await house.chat("S701")
    with away(house):
        for said in ("Мой день", "Ответы учителей", "Ещё мессенджер"):
            await masha.says(said)
    masha.forget()
    await loses(house, masha)
    await house.settle()
    assert masha.is_silent()
    waited = await rows_to(house, masha.user, "reply")
    assert [one.state for one in waited] == [DROPPED] * 4


async def on_its_way(house: House, chat: Chat, kind: str) -> int:
    """Let a message be on its way at this very moment."""
    (message,) = await rows_to(house, chat.user, kind)
    async with house.database.write() as tx:
        assert await outbox.sending(tx, message, '{"text":"Доброе утро, Мария!"}')
    return message.id


async def comes_back(house: House, number: int) -> None:
    """Let a message that was on its way turn out not to have arrived."""
    async with house.database.write() as tx:
        assert await outbox.again(tx, number, "NotSent", by="telegram")
    await house.settle()


async def test_an_answer_that_was_on_its_way_to_a_lost_phone_is_not_tried_again(
    house: House,
) -> None:
    masha = await house.chat("S701")
    with away(house):
        await masha.says("Мой день")
    number = await on_its_way(house, masha, "reply")
    await loses(house, masha)
    await comes_back(house, number)
    assert not masha.messages
    assert (await row(house, number))[0] == DROPPED


@pytest.mark.parametrize(("left", "state"), [(True, SENT), (False, DEAD)])
async def test_a_notice_that_was_on_its_way_goes_to_the_messenger_that_is_left(
    house: House, *, left: bool, state: str
) -> None:
    vk = await house.chat("S701", "vk") if left else None
    house.clock.set(moscow("2026-11-23 14:00"))
    masha = await house.chat("S701")
    await announced(house)
    number = await on_its_way(house, masha, "task-set")
    await loses(house, masha, "telegram")
    await comes_back(house, number)
    assert not masha.messages
    assert (await row(house, number))[0] == state
    if vk:
        vk.sees("Новое задание")


async def announced(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", quietly=False)


async def test_a_lost_phone_that_had_blocked_the_bot_hears_nothing_either(house: House) -> None:
    """Whoever holds it may block the bot, wait, and let it write again."""
    house.clock.set(moscow("2026-11-23 14:00"))
    masha = await house.chat("S701")
    await announced(house)
    async with house.database.write() as tx:
        await accounts.blocked(tx, "telegram", masha.user, house.clock.now())
    await loses(house, masha)
    await house.settle()
    assert not masha.messages


async def test_what_waits_for_a_leaver_is_not_sent(house: House) -> None:
    masha = await house.chat("S701")
    await masha.says("Мой день")
    with away(house):
        await masha.says("Ответы учителей")
    async with house.database.write() as tx:
        school = await schools.by_id(tx, 1)
        person = await house.person("S701")
        notice = Notice("morning", f"student:{person.id}", {"day": "2026-11-23"})
        await announce(tx, school, person, notice, house.clock.now())
    masha.forget()
    await take(house, gone("S701"))
    await house.settle()
    assert masha.is_silent()
    kinds = ("reply", "morning")
    ends = [(await rows_to(house, masha.user, kind))[-1].state for kind in kinds]
    assert ends == [DROPPED] * 2


async def test_the_outbox_says_why(house: House) -> None:
    masha = await house.chat("S701")
    with away(house):
        await masha.says("Мой день")
    await loses(house, masha)
    async with house.database.read() as tx:
        wanted = sa.select(outbox_table.c.error).where(outbox_table.c.address == masha.user)
        assert list(await tx.scalars(wanted)) == [outbox.CUT_OFF]
