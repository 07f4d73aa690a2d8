"""Activation codes guessed by the million (ASVS 6.4.1, 6.5.1–6.5.5, 6.6.3, 11.5.1): nobody joins.

And the limits that stop the guessers do not become a lock with which they shut a school out.
"""

import hashlib
import math
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.turnstile import Turnstile
from handlers.messages import Address, Incoming
from handlers.texts import Texts
from scheduler.messenger import Update
from school import access, enrolment
from school.enrolment import CODE_LIFE, TRIES_AN_HOUR, TRIES_AN_HOUR_OF_ALL, may_try
from school.rules import codes
from school.rules.codes import ALPHABET, FAMILY_LENGTH, STAFF_LENGTH
from storage import people, schools
from storage.tables.people import accounts, activation_codes, audit, code_tries
from tests.chat import House

pytestmark = pytest.mark.clause("5.4")

MILLION = 1_000_000
GUESSES = MILLION if os.environ.get("SECURITY") == "full" else 1_440
GUESSERS = 60
ROUNDS = 4
AN_HOUR = timedelta(minutes=61)
T = Texts()


def guesses(seed: int, length: int = FAMILY_LENGTH) -> Iterator[str]:
    chance = random.Random(seed)
    while True:
        yield "".join(chance.choices(ALPHABET, k=length))


async def open_codes(house: House) -> list[str]:
    """Issue a code to everybody in the school."""
    async with house.database.write() as tx:
        school = (await schools.every(tx))[0]
        issued = await access.issue_codes(tx, school.id, house.clock.now())
    return [one.code for one in issued]


async def code_for(house: House, roster_id: str) -> str:
    person = await house.person(roster_id)
    async with house.database.write() as tx:
        return await enrolment.issue(tx, person, house.clock.now())


async def count(house: House, *conditions: sa.ColumnElement[bool]) -> int:
    async with house.database.read() as tx:
        table = sa.select(sa.func.count()).select_from(code_tries).where(*conditions)
        return int(await tx.scalar(table) or 0)


async def joined(house: House) -> int:
    async with house.database.read() as tx:
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(accounts)) or 0)


async def typed(house: House, said: Sequence[tuple[str, str]]) -> None:
    """Let (user, text) be said, many at once, and be answered."""
    ingress = house.ingress["telegram"]
    for first in range(0, len(said), 500):
        await ingress.take(
            [
                Update(
                    f"{house.clock.now()} {number}",
                    "{}",
                    Incoming(Address("telegram", user, user), house.clock.now(), text=text),
                )
                for number, (user, text) in enumerate(said[first : first + 500], start=first)
            ]
        )
        while await house.worker.handle_ready():
            pass


def as_number(code: str) -> int:
    number = 0
    for letter in code:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


@pytest.mark.parametrize("length", [FAMILY_LENGTH, STAFF_LENGTH])
async def test_a_million_guesses_hit_none_of_a_schools_codes(length: int, house: House) -> None:
    """As if no limit stood in the way; a code and its number are one and the same guess."""
    issued = await open_codes(house)
    kept = {as_number(code) for code in issued if len(code) == length}
    assert len(kept) > 10
    chance, most = random.Random(length), len(ALPHABET) ** length
    assert not any(chance.randrange(most) in kept for _ in range(MILLION))


def test_the_limits_make_a_million_guesses_of_one_account_take_years() -> None:
    """It guesses every ten seconds of a day, and is heard five times an hour."""
    within_the_hour: list[int] = []
    heard = 0
    for second in range(0, 24 * 3600, 10):
        within_the_hour = [at for at in within_the_hour if at > second - 3600]
        if may_try(len(within_the_hour), len(within_the_hour)):
            within_the_hour.append(second)
            heard += 1
    assert heard == 24 * TRIES_AN_HOUR
    assert MILLION / heard / 365 > 22


@pytest.mark.parametrize("many", [1, 39, 40, 1000, 10_000])
def test_a_million_guesses_of_many_within_an_hour_are_hardly_heard(many: int) -> None:
    own, of_all = [0] * many, 0
    for guess in range(MILLION):
        who = guess % many
        if may_try(own[who], of_all):
            own[who] += 1
            of_all += 1
    assert max(own) <= TRIES_AN_HOUR
    assert of_all == min(many * TRIES_AN_HOUR, max(TRIES_AN_HOUR_OF_ALL, many))


def test_the_chances_are_what_the_decision_says() -> None:
    """docs/decisions/0010: ten thousand accounts, all the life of three thousand codes."""
    made = max(TRIES_AN_HOUR_OF_ALL, 10_000) * (CODE_LIFE / timedelta(hours=1))
    assert made * 3000 / len(ALPHABET) ** FAMILY_LENGTH < 2e-5
    assert made * 300 / len(ALPHABET) ** STAFF_LENGTH < 1e-14


async def test_many_accounts_that_guess_for_hours_are_heard_seldom_and_join_never(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the front door; SECURITY=full makes it a million."""
    monkeypatch.setattr(Turnstile, "AT_ONCE", math.inf)
    await open_codes(house)
    family, staff = guesses(3), guesses(4, STAFF_LENGTH)
    a_round = GUESSES // GUESSERS // ROUNDS
    for _ in range(ROUNDS):
        users = [f"guesser-{number}" for number in range(GUESSERS)]
        kinds = (family, staff)
        said = [(user, next(kinds[turn % 2])) for turn in range(a_round) for user in users]
        before = await count(house)
        await typed(house, said)
        assert await count(house) - before == TRIES_AN_HOUR_OF_ALL
        assert await most_of_one(house) <= TRIES_AN_HOUR
        house.clock.set(house.clock.now() + AN_HOUR)
    assert await joined(house) == 0


async def most_of_one(house: House) -> int:
    hour_ago = house.clock.now() - timedelta(hours=1)
    async with house.database.read() as tx:
        rows = await tx.execute(
            sa.select(sa.func.count())
            .where(code_tries.c.tried_at > hour_ago)
            .group_by(code_tries.c.user_ref)
        )
        return max(row[0] for row in rows)


async def use_up(house: House) -> None:
    """Let an attacker with forty accounts use up what all may try within the hour."""
    guess = guesses(5)
    said = [(f"attacker-{n}", next(guess)) for _ in range(TRIES_AN_HOUR) for n in range(40)]
    await typed(house, said)
    assert await count(house) == TRIES_AN_HOUR_OF_ALL


async def test_an_attack_does_not_keep_a_family_out(house: House) -> None:
    code = await code_for(house, "S701")
    await use_up(house)
    anya = house.stranger()
    await anya.says(code)
    anya.sees("Вы — Соколова Мария")
    await anya.presses("Да, это я")
    assert await joined(house) == 1


async def test_nor_one_who_comes_by_the_link_of_the_slip(house: House) -> None:
    code = await code_for(house, "S701")
    await use_up(house)
    anya = house.stranger("vk")
    await anya.opens(code)
    anya.sees("Вы — Соколова Мария")


async def test_who_mistypes_during_an_attack_is_let_in_within_the_hour(house: House) -> None:
    code = await code_for(house, "S701")
    await use_up(house)
    anya = house.stranger()
    await anya.says("AAAAA-AAAAA")
    anya.sees("Этот код не подошёл")
    await anya.says(code)
    anya.sees("Подождите, пожалуйста, час")
    house.clock.set(house.clock.now() + AN_HOUR)
    await anya.says(code)
    anya.sees("Вы — Соколова Мария")


async def test_an_attacker_is_not_heard_even_with_a_code_that_is_good(house: House) -> None:
    """Or a refusal would tell which code is one."""
    code = await code_for(house, "S701")
    await use_up(house)
    await typed(house, [("attacker-1", code)])
    assert await joined(house) == 0
    async with house.database.read() as tx:
        assert not await tx.scalar(sa.select(sa.func.count(activation_codes.c.used_at)))


async def test_guesses_beyond_the_measure_leave_no_row(house: House) -> None:
    """A disk is not filled by guessing: what is refused is kept nowhere but in the inbox."""
    guess = guesses(6)
    await typed(house, [("one", next(guess)) for _ in range(100)])
    async with house.database.read() as tx:
        whats = Counter(await tx.scalars(sa.select(audit.c.what)))
    assert whats["code.unknown"] == TRIES_AN_HOUR
    assert whats["code.too-many"] == 1
    assert await count(house) == TRIES_AN_HOUR


async def test_that_all_together_guess_too_often_stands_in_the_audit_once(house: House) -> None:
    await use_up(house)
    async with house.database.read() as tx:
        details = await tx.execute(sa.select(audit.c.id).where(audit.c.what == "code.too-many"))
        assert len(details.all()) == 40


async def test_a_code_is_good_for_one_account_however_many_show_it_at_once(house: House) -> None:
    code = await code_for(house, "S701")
    rivals = [house.stranger() for _ in range(10)]
    for rival in rivals:
        await rival.says(code)
    for rival in rivals:
        await rival.presses("Да, это я")
    assert await joined(house) == 1
    assert sum("Готово" in rival.transcript() for rival in rivals) == 1


async def test_nothing_in_the_database_tells_a_code_that_was_issued(house: House) -> None:
    issued = await open_codes(house)
    dump = b"".join(
        path.read_bytes()
        for path in house.database.path.parent.glob(f"{house.database.path.name}*")
        if path.is_file()
    )
    for code in issued:
        for shown in (code, codes.grouped(code)):
            assert shown.encode() not in dump
            assert hashlib.sha256(shown.encode()).hexdigest().encode() not in dump


async def test_a_lost_phone_is_heard_no_more(house: House) -> None:
    anya = await house.chat("S701")
    await anya.says("Мой день")
    async with house.database.write() as tx:
        person = await people.person(tx, anya.person_id)
        assert person is not None
        await access.lost_phone(tx, person, house.clock.now())
    await anya.says("Мой день")
    assert anya.text == T("enrol-hello")
