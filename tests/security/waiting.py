"""Every kind of notice, planned as the product plans it, with the rights that its reader needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from school import (
    answers,
    enrolment,
    family,
    homework,
    letters,
    loading,
    mornings,
    nudges,
    registration,
    reminders,
    wide_roles,
)
from school.rules.names import ClassName
from storage import schools
from storage.people import Role
from storage.works import Work
from tests.assignments import move, release, set_task, works_of
from tests.chat import House, moscow
from tests.handlers.moments import carried_out
from tests.handlers.teaching import hands_in
from tests.security.taking import (
    ROSTER,
    Taking,
    away,
    gone,
    key_of,
    led_by_another,
    taught_by_another,
    unguarded,
    without_role,
)

DUE = "2026-11-24 15:00"
MOTHER, CHILD = "P015", "S303"
"""Носкова Ольга and her Захар of 3Б, for whom she hears."""
MOTHERS = (unguarded(MOTHER, CHILD), gone(CHILD))
SEVENTH = ClassName(7, "Б")


@dataclass(frozen=True)
class Case:
    """A notice that waits for a reader, and what of it only who has the right may read.

    `taken` are the ways in which the right ends, beside that the reader leaves. The reader reads
    on Telegram, or the mail of `address`.
    """

    kind: str
    reader: str
    says: str
    plan: Callable[[House], Awaitable[None]]
    taken: tuple[Taking, ...] = field(default=())
    address: str = ""

    @property
    def ways(self) -> tuple[Taking, ...]:
        """Every way in which the reader loses the right."""
        return (*self.taken, gone(self.reader))


async def _work(house: House, who: str, parallel: int, subject: str, student: str) -> Work:
    task = await set_task(house, DUE, subject, of_class=parallel)
    await hands_in(house, who, task, text="Готово", student=student)
    return (await works_of(house, student))[-1]


async def answer_to_mother(house: House) -> None:
    house.clock.set(moscow("2026-11-23 16:00"))
    work = await _work(house, MOTHER, 3, "Математика", CHILD)
    with away(house):
        await release(house, work, mark="5", comment="Ровные цифры")


async def answer_to_student(house: House) -> None:
    house.clock.set(moscow("2026-11-23 16:00"))
    work = await _work(house, "S701", 7, "Геометрия", "S701")
    with away(house):
        await release(house, work, mark="5")


async def morning(house: House) -> None:
    house.clock.set(moscow("2026-11-23 07:30"))
    await carried_out(house, mornings.morning_cards)


async def mail_reminder(house: House) -> None:
    house.clock.set(moscow("2026-11-23 15:00"))
    await carried_out(house, mornings.mail_reminders)


async def digest(house: House) -> None:
    house.clock.set(moscow("2026-11-23 18:30"))
    await carried_out(house, family.evening_digests)


async def task_set(house: House) -> None:
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, DUE, "Математика", of_class=3, quietly=False)


async def task_set_to_student(house: House) -> None:
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, DUE, quietly=False)


async def task_moved(house: House) -> None:
    house.clock.set(moscow("2026-11-23 14:00"))
    task = await set_task(house, DUE, "Математика", of_class=3)
    await move(house, task, "2026-11-26 18:00")


async def deadline(house: House) -> None:
    house.clock.set(moscow("2026-11-23 14:00"))
    await set_task(house, DUE, "Математика", of_class=3)
    await carried_out(house, reminders.near_reminders)


async def letter(house: House) -> None:
    house.clock.set(moscow("2026-11-23 14:00"))
    task = await set_task(house, DUE, "Математика", of_class=3)
    async with house.database.write() as tx:
        school = await schools.by_id(tx, task.school_id)
        await letters.duplicate(tx, school, task, house.clock.now())


async def nudge(house: House) -> None:
    await _work(house, MOTHER, 3, "Математика", CHILD)
    house.clock.set(moscow("2026-11-23 15:00"))
    await carried_out(house, nudges.review_nudges)


async def summary(house: House) -> None:
    await _work(house, MOTHER, 3, "Математика", CHILD)
    house.clock.set(moscow("2026-11-24 07:45"))
    await carried_out(house, nudges.deputy_summary)


async def trouble(house: House) -> None:
    house.clock.set(moscow("2026-11-23 10:00"))
    person = await house.person("S701")
    async with house.database.write() as tx:
        school = await schools.by_id(tx, person.school_id)
        state = registration.State.TROUBLE
        await registration.tell(tx, school, person, state, person, house.clock.now())


async def code_reused(house: House) -> None:
    house.clock.set(moscow("2026-11-23 10:00"))
    person = await house.person("S701")
    async with house.database.write() as tx:
        code = await enrolment.issue(tx, person, house.clock.now(), timedelta(days=14))
    first, second = house.stranger(), house.stranger()
    await first.says(code)
    await first.presses("Да, это я")
    with away(house):
        await second.says(code)


async def role_granted(house: House) -> None:
    house.clock.set(moscow("2026-11-23 10:00"))
    wider = tuple(
        replace(one, roles=one.roles | {Role.SUPPORT}) if one.key == key_of("T05") else one
        for one in ROSTER.people
    )
    async with house.database.write() as tx:
        now = house.clock.now()
        await loading.apply(tx, replace(ROSTER, people=wider), now, granted=("T05",))


CASES = (
    Case(answers.KIND, MOTHER, "Захар", answer_to_mother, MOTHERS),
    Case(answers.KIND, "S701", "Есть ответ учителя", answer_to_student),
    Case(mornings.MORNING, MOTHER, "Захар", morning, MOTHERS),
    Case(mornings.MORNING, "S701", "Доброе утро", morning),
    Case(mornings.MAIL_REMINDER, MOTHER, "Захар", mail_reminder, MOTHERS),
    Case(mornings.MAIL_REMINDER, "S701", "Почта сегодня", mail_reminder),
    Case(family.DIGEST, MOTHER, "Захар", digest, MOTHERS),
    Case(homework.SET, MOTHER, "Захар", task_set, MOTHERS),
    Case(homework.SET, "S701", "Новое задание", task_set_to_student),
    Case(homework.MOVED, MOTHER, "Захар", task_moved, MOTHERS),
    Case(reminders.KIND, MOTHER, "Захар", deadline, MOTHERS),
    Case(
        letters.KIND,
        MOTHER,
        "Носков Захар",
        letter,
        MOTHERS,
        address="olga.noskova@pochta.example",
    ),
    Case(nudges.NUDGE, "T03", "3Б", nudge, (taught_by_another("T03"),)),
    Case(
        nudges.SUMMARY,
        "T14",
        "не проверено в свой день",
        summary,
        (without_role("T14", Role.DEPUTY_HEAD),),
    ),
    Case(registration.ASK, "T01", "По регламенту учитель", morning),
    Case(
        registration.TROUBLE_TOLD,
        "T01",
        "Соколова Мария",
        trouble,
        (led_by_another(SEVENTH), gone("S701")),
    ),
    Case(
        registration.TROUBLE_TOLD,
        "T14",
        "Соколова Мария",
        trouble,
        (without_role("T14", Role.DEPUTY_HEAD), gone("S701")),
    ),
    Case(
        enrolment.CODE_REUSED,
        "T01",
        "Соколова Мария",
        code_reused,
        (led_by_another(SEVENTH), gone("S701")),
    ),
    Case(wide_roles.ROLE_GRANTED, "T14", "Смирнова", role_granted),
)

NO_CHILD_IN_IT = {
    registration.ASK: "asks teachers about themselves",
    wide_roles.ROLE_GRANTED: (
        "names a colleague to the deputy heads of before, whoever loses the role at the same load "
        "included: somebody who makes oneself the only one must not do it unseen"
    ),
}
"""Kinds that need no right to a child, and why: only who leaves the school hears them no more."""
