"""What is said about a student's day without being asked: the morning card, the mail reminder."""

from collections.abc import Sequence
from datetime import datetime, time

from school import day, registration
from school.day import MAIL, Remote
from school.hearing import Hearing, hearers_among
from school.notices import Notice, announce_all
from school.rules.modes import asks_mail_tick
from school.school_year import year_of
from storage import day_steps, people
from storage.database import Tx
from storage.people import Person
from storage.schools import School

MORNING, MAIL_REMINDER = "morning", "mail-reminder"


async def plan_mornings(tx: Tx, school: School, now: datetime) -> None:
    """Plan the morning cards of everybody who learns at a distance today (П1-1.2).

    For the moment `school.morning`: to the student, in grades 1–4 to the guardians, a card for
    each child. Teachers of these classes who never told about their registration are asked for
    it (П1-2.1). A card is useful until the hour at which the mail is checked.
    """
    today = school.date_of(now)
    remote = await day.at_a_distance(tx, school, today)
    guardians = await people.guardians_in_school(tx, school.id)
    calm = await _hearing(tx, school, remote)
    cards = [
        card
        for one in remote
        for card in _to_hearers(
            calm, one, guardians.get(one.student.id, ()), MORNING, school.mail_check, now
        )
    ]
    await announce_all(tx, school, cards, now)
    if remote:
        classes = {one.student.school_class.id for one in remote}
        await registration.ask_teachers(tx, school, classes, now)


async def plan_mail_reminders(tx: Tx, school: School, now: datetime) -> None:
    """Plan a reminder for everybody whose mail waits for its tick (П1-1.3).

    For the moment `school.mail_check`. Nobody is reminded of a mailbox that does not exist.
    """
    today = school.date_of(now)
    guardians = await people.guardians_in_school(tx, school.id)
    ticked = await day_steps.ticked_on(tx, school.id, today, MAIL)
    remote = await day.at_a_distance(tx, school, today)
    calm = await _hearing(tx, school, remote)
    reminders: list[tuple[Person, Notice]] = []
    for one in remote:
        family = guardians.get(one.student.id, ())
        has_mailbox = any(person.email for person in (one.student.person, *family))
        if asks_mail_tick(one.mode) and has_mailbox and one.student.id not in ticked:
            reminders += _to_hearers(calm, one, family, MAIL_REMINDER, school.quiet_from, now)
    await announce_all(tx, school, reminders, now)


def _to_hearers(
    calm: Hearing, one: Remote, guardians: Sequence[Person], kind: str, until: time, now: datetime
) -> list[tuple[Person, Notice]]:
    school = calm.school
    today = school.date_of(now)
    return [
        (
            hearer,
            Notice(
                kind,
                f"student:{one.student.id}",
                send_after=calm.not_disturbing(one.student, hearer, now),
                useful_until=school.instant(today, until),
                params={"day": today.isoformat()},
            ),
        )
        for hearer in hearers_among(one.student, guardians)
    ]


async def _hearing(tx: Tx, school: School, remote: Sequence[Remote]) -> Hearing:
    lessons = {one.student.id: one.lessons for one in remote}
    return Hearing(school, await year_of(tx, school), lessons)
