"""Who is it (5.4): only a one-time code from the school binds a chat to a person."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from school.hearing import quiet_of
from school.notices import Notice, announce, readdress
from school.rules import codes
from school.speakers import Speaker
from storage import accounts, outbox, people, schools
from storage.accounts import Account, ActivationCode
from storage.database import Tx
from storage.people import STAFF, Person, Student

CODE_REUSED = "code-reused"
CODE_LIFE = timedelta(days=14)
LINK_LIFE = timedelta(minutes=10)
TRIES_AN_HOUR = 5
TRIES_AN_HOUR_OF_ALL = 200


class CodeFate(StrEnum):
    """What a typed code turned out to be."""

    GOOD = "good"
    UNKNOWN = "unknown"
    SPENT = "spent"
    EXPIRED = "expired"
    REVOKED = "revoked"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Checked:
    """A typed code: what it is, and whose if it is good."""

    fate: CodeFate
    code_id: int = 0
    person: Person | None = None
    student: Student | None = None


def may_try(own: int, of_all: int) -> bool:
    """Say whether a user may try a code, after so many wrong ones within the hour.

    At most 5 of one's own. Once all together have had 200, only those may who have had none: a
    flood of guesses shuts out the guessers, and a family with its slip comes in
    (docs/decisions/0010).
    """
    return own < TRIES_AN_HOUR and (own == 0 or of_all < TRIES_AN_HOUR_OF_ALL)


async def check(tx: Tx, typed: str, messenger: str, user: str, now: datetime) -> Checked:
    """Look a typed code up, if this user may try once more: see `may_try`.

    Every wrong code leaves an audit row, and so does the one that uses a measure up; a try beyond
    it leaves nothing. A spent code is also told to the class teacher, but not at night.
    """
    own, of_all = await _tries(tx, messenger, user, now)
    if not may_try(own, of_all):
        return Checked(CodeFate.TOO_MANY)
    found = await _find(tx, typed)
    fate = _fate(found, now)
    if fate is not CodeFate.GOOD or found is None:
        await accounts.tried(tx, messenger, user, now)
        if own + 1 == TRIES_AN_HOUR or of_all + 1 == TRIES_AN_HOUR_OF_ALL:
            await accounts.record(tx, now, "code.too-many", details={"messenger": messenger})
        await accounts.record(
            tx,
            now,
            f"code.{fate}",
            school_id=found.school_id if found else 0,
            subject=f"code:{found.id}" if found else "",
            details={"messenger": messenger},
        )
        if found is not None and fate is CodeFate.SPENT:
            await _tell_class_teacher(tx, found, now)
        return Checked(fate)
    person = await people.person(tx, found.person_id)
    if person is None or person.left_on is not None:
        return Checked(CodeFate.REVOKED)
    return Checked(fate, found.id, person, await people.student(tx, person.id))


async def is_bound(tx: Tx, messenger: str, user: str) -> bool:
    """Say whether a messenger's user is somebody who belongs to the school now."""
    account = await accounts.bound(tx, messenger, user)
    person = await people.person(tx, account.person_id) if account else None
    return person is not None and person.left_on is None


async def mistyped(tx: Tx, messenger: str, user: str, now: datetime) -> CodeFate:
    """Judge what only resembles a code: it is no guess, but who has to wait is told so."""
    own, of_all = await _tries(tx, messenger, user, now)
    return CodeFate.UNKNOWN if may_try(own, of_all) else CodeFate.TOO_MANY


async def bind(
    tx: Tx, code_id: int, messenger: str, user: str, chat: str, now: datetime
) -> Checked:
    """Spend a confirmed code and bind the chat; the code is judged again, time has passed."""
    code = await accounts.code_by_id(tx, code_id)
    fate = _fate(code, now)
    if code is None or fate is not CodeFate.GOOD or not await accounts.spend_code(tx, code_id, now):
        return Checked(fate if fate is not CodeFate.GOOD else CodeFate.SPENT)
    before = await accounts.reachable(tx, code.person_id)
    await accounts.unbind(tx, code.person_id, now, messenger)
    account = Account(0, code.school_id, code.person_id, messenger, user, chat)
    await accounts.bind(tx, account, now)
    await outbox.revive(tx, code.person_id, messenger, chat, now)
    for cut_off in before:
        if cut_off.messenger == messenger:
            await readdress(tx, cut_off)
    await accounts.record(
        tx,
        now,
        "account.bound",
        school_id=code.school_id,
        actor_id=code.person_id,
        subject=f"code:{code_id}",
        details={"messenger": messenger},
    )
    person = await people.person(tx, code.person_id)
    return Checked(CodeFate.GOOD, code_id, person, await people.student(tx, code.person_id))


async def has_only_grown(tx: Tx, speaker: Speaker) -> bool:
    """Say whether somebody is here for children alone, and all of them are 18 or older."""
    if speaker.student or speaker.children or speaker.is_any(*STAFF):
        return False
    return bool(await people.children_of(tx, speaker.id))


async def issue(tx: Tx, person: Person, now: datetime, life: timedelta = CODE_LIFE) -> str:
    """Issue a one-time code for a person and return it: it is shown now and never again.

    10 characters, 16 for staff; codes the person had before stop working.
    """
    is_staff = not STAFF.isdisjoint(await people.roles_of(tx, person.id))
    length = codes.STAFF_LENGTH if is_staff else codes.FAMILY_LENGTH
    code = codes.generate(secrets.choice, length)
    school = await schools.by_id(tx, person.school_id)
    await accounts.issue_code(
        tx, school.id, person.id, codes.fingerprint(code, school.code_pepper), now, now + life
    )
    await accounts.record(
        tx, now, "code.issued", school_id=school.id, subject=f"person:{person.id}"
    )
    return code


async def _tries(tx: Tx, messenger: str, user: str, now: datetime) -> tuple[int, int]:
    """Count the wrong codes of the last hour: this user's, and everybody's."""
    hour_ago = now - timedelta(hours=1)
    own = await accounts.tries_since(tx, hour_ago, messenger, user)
    return own, await accounts.tries_since(tx, hour_ago)


async def _find(tx: Tx, typed: str) -> ActivationCode | None:
    if not codes.looks_like_code(typed):
        return None
    everywhere = await schools.every(tx)
    return await accounts.code(
        tx, [codes.fingerprint(typed, school.code_pepper) for school in everywhere]
    )


def _fate(code: ActivationCode | None, now: datetime) -> CodeFate:
    if code is None:
        return CodeFate.UNKNOWN
    if code.used_at is not None:
        return CodeFate.SPENT
    if code.revoked_at is not None:
        return CodeFate.REVOKED
    return CodeFate.EXPIRED if code.expires_at <= now else CodeFate.GOOD


async def _tell_class_teacher(tx: Tx, code: ActivationCode, now: datetime) -> None:
    wards = await _students_behind(tx, code.person_id)
    for student in wards:
        teacher_id = student.school_class.class_teacher_id
        teacher = await people.person(tx, teacher_id) if teacher_id else None
        if teacher is not None:
            school = await schools.by_id(tx, code.school_id)
            waking = quiet_of(school).ends_after(now, school.zone)
            whose = {"whose": code.person_id}
            notice = Notice(CODE_REUSED, f"code:{code.id}", whose, send_after=waking)
            await announce(tx, school, teacher, notice, now)


async def leads(tx: Tx, teacher_id: int, person: Person) -> bool:
    """Say whether a teacher leads the class of a person, or of a child of theirs, now."""
    wards = await _students_behind(tx, person.id) if person.left_on is None else []
    return any(ward.school_class.class_teacher_id == teacher_id for ward in wards)


async def _students_behind(tx: Tx, person_id: int) -> list[Student]:
    own = await people.student(tx, person_id)
    return [own] if own else await people.children_of(tx, person_id)
