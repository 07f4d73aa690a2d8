"""The teacher's answers as a student finds them (П1-1.6): heard, listed, opened."""

from datetime import date, datetime, timedelta

from school.hearing import hearers_of, hearing_on
from school.mornings import MORNING
from school.notices import Notice, announce, key_of
from school.refusals import NotYours
from school.rights import work_of_family
from school.speakers import Speaker
from storage import outbox, reviews
from storage.database import Tx
from storage.people import Student
from storage.reviews import Review
from storage.schools import School
from storage.works import Work

KIND = "answer"
SHOWN = timedelta(days=60)


async def announce_answer(tx: Tx, school: School, work: Work, review: Review, now: datetime) -> int:
    """Tell the student, in grades 1–4 the guardians, that a review was released.

    Not at night, not in lessons, not on a day off. Returns how many will hear.
    """
    today = school.date_of(now)
    hearing = await hearing_on(tx, school, [work.student], today)
    heard = 0
    for hearer in await hearers_of(tx, work.student):
        at = hearing.news(work.student, hearer, now)
        params = {"student": work.student.id}
        notice = Notice(KIND, f"review:{review.id}", params, at)
        heard += await announce(tx, school, hearer, notice, now)
    return heard


async def unread(tx: Tx, student_id: int) -> list[tuple[Review, Work]]:
    """Return the answers nobody has opened yet, oldest first: they stay until they are opened."""
    return reviews.newest_of_each(await reviews.unread_by(tx, student_id))


async def unread_count(tx: Tx, student_id: int) -> int:
    """Count the answers nobody has opened yet."""
    return len(await unread(tx, student_id))


async def of_student(tx: Tx, student: Student, now: datetime) -> list[tuple[Review, Work]]:
    """Return a student's answers: unopened ones, oldest first, then opened ones, newest first.

    Of the opened ones those of the last 60 days. A corrected review stands for the one it corrects.
    """
    waiting = await unread(tx, student.id)
    known = await reviews.released_between(tx, student.id, now - SHOWN, now)
    newest = reviews.newest_of_each(known)
    return waiting + [one for one in reversed(newest) if one[0].opened_at is not None]


async def answer_for(tx: Tx, speaker: Speaker, review_id: int) -> tuple[Review, Work]:
    """Return a released review of a work of oneself or of one's child; NotYours for any other."""
    review = await reviews.by_id(tx, review_id)
    if review is None or review.released_at is None:
        raise NotYours
    return review, await work_of_family(tx, speaker, review.work_id)


def is_older_than_morning(school: School, review: Review, today: date) -> bool:
    """Say whether a review was released before the moment of today's morning card."""
    moment = school.instant(today, school.morning)
    return review.released_at is not None and review.released_at < moment


async def was_in_morning_card(tx: Tx, student_id: int, hearer_id: int, today: date) -> bool:
    """Say whether this person got a morning card today: it lists the student's answers."""
    return await outbox.exists(tx, key_of(MORNING, hearer_id, f"student:{student_id}", today))


async def is_correction(tx: Tx, review: Review, work: Work) -> bool:
    """Say whether a released review takes the place of one that the student had before."""
    if review.released_at is None:
        return False
    found = await reviews.released_between(
        tx, work.student.id, work.received_at, review.released_at
    )
    return any(of_work.id == work.id and one.id < review.id for one, of_work in found)


async def open_by(tx: Tx, speaker: Speaker, review: Review, work: Work, now: datetime) -> None:
    """Note the first opening, and with it that of the reviews which this one corrects.

    A guardian who only looks on does not open it for the student.
    """
    if all(student.id != work.student.id for student in speaker.wards):
        return
    await reviews.opened(tx, review.id, speaker.id, now)
    for earlier, of_work in await reviews.unread_by(tx, work.student.id):
        if of_work.id == work.id and earlier.id < review.id:
            await reviews.opened(tx, earlier.id, speaker.id, now)
