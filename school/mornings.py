"""What is said about a student's day without being asked: the morning card, the mail reminder."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from school import day, registration
from school.day import MAIL, Circle
from school.hearing import Hearing
from school.notices import Notice, Slice, announcement, gathered
from school.rules.modes import asks_mail_tick
from school.school_year import year_of
from school.slices import classes_from, slice_of
from storage import day_steps, learners
from storage.announcements import Announcement
from storage.database import Tx
from storage.people import GUARDED_PARALLELS
from storage.schools import School

MORNING, MAIL_REMINDER = "morning", "mail-reminder"


async def morning_cards(tx: Tx, school: School, now: datetime, after: int = 0) -> Slice:
    """Say the morning cards of everybody who learns at a distance today (П1-1.2).

    For the moment `school.morning`: to the student, in grades 1–4 to the guardians, a card for
    each child. Teachers of these classes who never told about their registration are asked for
    it (П1-2.1). A card is useful until the hour at which the mail is checked.
    """
    classes = await classes_from(tx, school, after)
    circles = await day.at_a_distance(tx, school, classes, school.date_of(now))
    young = [one.id for one in classes if one.parallel <= GUARDED_PARALLELS]
    guardians = await learners.guardians_of(tx, young)
    cards = await _to_hearers(tx, school, circles, guardians, (MORNING, school.mail_check, now))
    remote = {circle.one.school_class.id for circle in circles}
    asked = await registration.asked(tx, school, remote, now)
    return slice_of(classes, [*cards, *gathered(school, asked, now)])


async def mail_reminders(tx: Tx, school: School, now: datetime, after: int = 0) -> Slice:
    """Say a reminder to everybody whose mail waits for its tick (П1-1.3).

    For the moment `school.mail_check`. Nobody is reminded of a mailbox that does not exist.
    """
    today = school.date_of(now)
    classes = await classes_from(tx, school, after)
    ids = [one.id for one in classes]
    young = [one.id for one in classes if one.parallel <= GUARDED_PARALLELS]
    guardians = await learners.guardians_of(tx, young)
    asked = await learners.with_mailbox(tx, ids) - await day_steps.ticked_on(tx, ids, today, MAIL)
    waiting = [
        replace(circle, student_ids=[one for one in circle.student_ids if one in asked])
        for circle in await day.at_a_distance(tx, school, classes, today)
        if asks_mail_tick(circle.mode)
    ]
    what = (MAIL_REMINDER, school.quiet_from, now)
    return slice_of(classes, await _to_hearers(tx, school, waiting, guardians, what))


async def _to_hearers(
    tx: Tx,
    school: School,
    circles: Sequence[Circle],
    guardians: Mapping[int, Sequence[int]],
    what: tuple[str, time, datetime],
) -> list[Announcement]:
    """Say one kind of notice, useful until an hour of today, to who hears for these students.

    `guardians` are those of the students in grades 1–4, for whom they hear (see `hearers_among`).
    """
    kind, until, now = what
    today = school.date_of(now)
    calm = Hearing(
        school, await year_of(tx, school), {circle.one.id: circle.lessons for circle in circles}
    )
    to_guardians = calm.not_disturbing_others(now)
    told: defaultdict[datetime, list[tuple[int, str]]] = defaultdict(list)
    for circle in circles:
        to_students = calm.not_disturbing(circle.one, circle.one.id, now)
        for student_id in circle.student_ids:
            about = f"student:{student_id}"
            hearers = guardians.get(student_id)
            if hearers:
                told[to_guardians] += [(hearer, about) for hearer in hearers]
            else:
                told[to_students].append((student_id, about))
    params, useful_until = {"day": today.isoformat()}, school.instant(today, until)
    return [
        announcement(school, Notice(kind, "", params, at, useful_until), hearers, now)
        for at, hearers in told.items()
        if hearers
    ]
