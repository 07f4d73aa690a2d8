"""5.4: forged, cut, swapped, replayed and senseless payloads and texts, thousands of them.

Whatever a chat sends: no handler fails, no byte of somebody else's is shown, and no row of
somebody else's changes.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from handlers import dispatch
from handlers.messages import Happening, Incoming
from handlers.texts import Texts, commands
from scheduler.messenger import Update
from school import enrolment
from storage import people
from storage.tables.people import persons
from tests.chat import House
from tests.handlers.crowd import (
    Rows,
    Said,
    answers_to,
    as_named,
    changed,
    event_of,
    failures,
    named,
    rows_of,
)
from tests.handlers.planted import NOW, SECRETS, Actor, Planted
from tests.handlers.wishes import Wishes

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

OF_STUDENT, OF_STRANGER, OF_OTHERS = 500, 800, 150
BATCH = 50
HUGE = (
    "2147483648",
    "9" * 19,
    "9" * 5000,
    "-1",
    "0",
    "00",
    "+1",
    "1e3",
    "1_0",
    "0x1",
    "١٢",
    "²",
    "",
)
ODD = (
    "",
    " ",
    "\x00",
    "\u202e",
    "\u200f",
    "\u2068",
    "\u200b",
    "\ufeff",
    "\n",
    "%",
    "'",
    '"',
    "{ $x }",
)
TEXTS = (
    "' OR 1=1 --",
    "<a href='tg://user?id=1'>Мария</a>",
    "{ $form ->\n *[vy] x\n}",
    "\u202eаботар\u202c",
    "нуль\x00внутри",
    "👩‍👩‍👧‍👦" * 200,
    "я" * 4096,
    "a\n" * 2000,
    "²³ ½ ١٢ 99.99.9999 25:61",
    "27.11 15:00",
    "завтра",
    "/start",
    "/мой_день",
    "@all",
    "ABCDE-23456",
    "ABCD-EFGH-2345-6789",
    "\ufeff",
    " ",
    "",
)


class Forger:
    """Makes payloads out of true ones. The same seed forges the same."""

    def __init__(self, wishes: Wishes, seed: int) -> None:
        self._chance = random.Random(seed)
        true = [ask.payload for action in dispatch.ACTIONS for ask in wishes.of(action)]
        self._true = [*true, "early", "enrol.no", *(f"enrol.yes:{n}" for n in range(6))]
        self._names = [*dispatch.ACTIONS, *dispatch.STEPS, "start", "enrol.yes", "нет такой"]
        self._words = [*commands(), *TEXTS]

    def event(self, actor: Actor) -> Incoming:
        """Forge one event of a chat."""
        how = self._chance.random()
        if how < 0.7:
            return event_of(actor, action=self._payload(), happening=Happening.PRESS)
        if how < 0.75:
            return event_of(actor, action=f"start:{self._piece()}")
        if how < 0.78:
            return event_of(actor, text=self._text(), is_edit=True)
        if how < 0.8:
            return event_of(actor, text=self._text(), is_private=False)
        return event_of(actor, text=self._text())

    def _payload(self) -> str:
        true = self._chance.choice(self._true)
        forge: Callable[[str], str] = self._chance.choice(
            (self._kept, self._cut, self._renumbered, self._swapped, self._grown, self._dirtied)
        )
        return forge(true)

    def _kept(self, payload: str) -> str:
        return payload

    def _cut(self, payload: str) -> str:
        return payload[: self._chance.randrange(len(payload) + 1)]

    def _renumbered(self, payload: str) -> str:
        name, *arguments = payload.split(":")
        return ":".join([name, *(self._number(argument) for argument in arguments)])

    def _number(self, argument: str) -> str:
        if self._chance.random() < 0.3:
            return argument
        return self._chance.choice((str(self._chance.randrange(200)), self._chance.choice(HUGE)))

    def _swapped(self, payload: str) -> str:
        """Give one action the arguments of another, in another order."""
        arguments = payload.split(":")[1:]
        self._chance.shuffle(arguments)
        return ":".join([self._chance.choice(self._names), *arguments])

    def _grown(self, payload: str) -> str:
        return payload + ":".join(["", *(self._piece() for _ in range(self._chance.randrange(4)))])

    def _dirtied(self, payload: str) -> str:
        at = self._chance.randrange(len(payload) + 1)
        return payload[:at] + self._chance.choice(ODD) + payload[at:]

    def _piece(self) -> str:
        return self._chance.choice((*HUGE, *ODD, "x" * 5000, self._chance.choice(self._true)))

    def _text(self) -> str:
        return self._chance.choice(self._words) + self._chance.choice(("", "", *ODD))


async def names_of_others(house: House, person_id: int = 0) -> set[str]:
    """Return the names of everybody else, as the bot writes them.

    To one of the school its staff is no secret; to nobody (0) everybody is.
    """
    async with house.database.read() as tx:
        rows = await tx.execute(sa.select(*people.PERSON).where(persons.c.id != person_id))
        everybody = [people.person_from(row) for row in rows]
        own = await people.person(tx, person_id) if person_id else None
        roles = {one.id: await people.roles_of(tx, one.id) for one in everybody}
    found = {
        name
        for one in everybody
        if not (person_id and roles[one.id] & people.STAFF)
        for name in (one.short_name, one.full_name, one.email)
        if name
    }
    return found - ({own.short_name, own.full_name} if own else set())


def leaks(said: Said, forbidden: Iterable[str]) -> list[str]:
    return [secret for secret in forbidden if secret in said.whole]


async def shoot(house: House, events: Sequence[Incoming], forbidden: set[str]) -> list[str]:
    """Let everything happen and return what was shown of others, and what failed."""
    wrong = []
    for first in range(0, len(events), BATCH):
        some = events[first : first + BATCH]
        for event, said in zip(some, await answers_to(house, some), strict=True):
            wrong += [
                f"{event.action or event.text!r} showed {leak!r}" for leak in leaks(said, forbidden)
            ]
    return wrong + [f"failed: {failure}" for failure in failures(house)]


def own_rows(actor: Actor, before: Rows) -> dict[str, Callable[[Any], bool]]:
    """Say of each table which rows a student may change: all others belong to somebody else."""
    me = actor.person_id
    works_of_others = {row["id"] for row in named("works", before) if row["student_id"] != me}
    drafts_of_others = {row["id"] for row in named("drafts", before) if row["author_id"] != me}
    return {
        "sessions": lambda row: row["chat_ref"] == actor.user,
        "drafts": lambda row: row["chat_ref"] == actor.user,
        "draft_parts": lambda row: row["draft_id"] not in drafts_of_others,
        "works": lambda row: row["student_id"] == me,
        "work_parts": lambda row: row["work_id"] not in works_of_others,
        "work_numbers": lambda _: True,
        "reviews": lambda row: row["work_id"] not in works_of_others,
        "day_steps": lambda row: row["student_id"] == me and row["done_by"] == me,
        "registrations": lambda row: row["person_id"] == me,
        "activation_codes": lambda row: row["person_id"] == me,
        "audit": lambda row: row["object"] == f"person:{me}",
        "outbox": lambda row: row["kind"] == "registration-trouble",
        "accounts": lambda row: row["person_id"] == me,
    }


def handed_out(rows: Rows) -> list[tuple[Any, ...]]:
    """Give what only a teacher may change: the words of reviews, and what became of works."""
    said = ("id", "outcome", "mark", "comment", "released_at", "reviewer_id")
    answers = [tuple(row[name] for name in said) for row in named("reviews", rows)]
    return sorted(answers) + sorted((row["id"], row["state"]) for row in named("works", rows))


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_student_gets_at_nothing_of_anybody_else(
    seed: int, crowded: House, school: Planted, wishes: Wishes
) -> None:
    student = school.actors["student"]
    forger = Forger(wishes, seed)
    events = [forger.event(student) for _ in range(OF_STUDENT)]
    forbidden = await names_of_others(crowded, student.person_id)
    forbidden |= {secret for secret, may in SECRETS.items() if student.name not in may}
    before = rows_of(crowded)
    wrong = await shoot(crowded, events, forbidden)
    after, mine = rows_of(crowded), own_rows(student, before)
    for table, rows in changed(before, after).items():
        is_mine = mine.get(table, lambda _: False)
        touched = [as_named(table, row) for row in rows]
        wrong += [f"{table}: {row}" for row in touched if not is_mine(row)]
    assert not wrong, "\n".join(wrong)
    assert set(handed_out(before)) <= set(handed_out(after))


@pytest.mark.parametrize("name", ["mother", "group teacher", "deputy head"])
async def test_nothing_that_others_send_makes_a_handler_fail(
    name: str, crowded: House, school: Planted, wishes: Wishes
) -> None:
    actor = school.actors[name]
    forger = Forger(wishes, 4)
    events = [forger.event(actor) for _ in range(OF_OTHERS)]
    forbidden = {secret for secret, may in SECRETS.items() if actor.name not in may}
    wrong = await shoot(crowded, events, forbidden)
    assert not wrong, "\n".join(wrong)


async def test_a_stranger_gets_at_nothing_at_all(
    crowded: House, school: Planted, wishes: Wishes
) -> None:
    stranger = school.actors["stranger"]
    async with crowded.database.write() as tx:
        for name in ("student", "group teacher", "far deputy"):
            person = await people.person(tx, school.actors[name].person_id)
            assert person is not None
            await enrolment.issue(tx, person, NOW)
    forger = Forger(wishes, 3)
    events = [forger.event(stranger) for _ in range(OF_STRANGER)]
    forbidden = {*await names_of_others(crowded), *SECRETS}
    before = rows_of(crowded)
    wrong = await shoot(crowded, events, forbidden)
    wrong += [
        f"{table}: {rows}"
        for table, rows in changed(before, rows_of(crowded), but={"audit", "code_tries"}).items()
    ]
    assert not wrong, "\n".join(wrong)


async def test_a_press_that_comes_again_does_nothing_again(crowded: House, school: Planted) -> None:
    """A messenger repeats itself: the same update, three times."""
    side = school.older
    payload = f"hand_in.send:{side.draft}:{side.version}"
    press = event_of(school.actors["student"], action=payload, happening=Happening.PRESS)
    works_before = len(named("works", rows_of(crowded)))
    for _ in range(3):
        await crowded.ingress["telegram"].take([Update("the same", "{}", press)])
        await crowded.worker.handle_ready()
    assert len(named("works", rows_of(crowded))) == works_before + 1


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
