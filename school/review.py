"""A teacher answers a work: a mark, words or voice, or a return for rework (П1-2.3, П1-2.4)."""

import zlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from school import answers, reminders
from school.refusals import NotYours, Refusal
from school.rules.marks import MarkScale, allowed
from school.speakers import Speaker
from storage import reviews, works
from storage.database import Tx
from storage.reviews import ACCEPTED, RETURNED, Review
from storage.schools import School
from storage.works import Work

MOST_COMMENT = 6000


async def queue_of(tx: Tx, teacher_id: int) -> list[Work]:
    """Return the works that wait for a teacher, the one that falls due first at the head."""
    return await works.waiting_for(tx, teacher_id)


def by_class(waiting: Iterable[Work]) -> list[tuple[str, int]]:
    """Count works by class, youngest class first."""
    counted = Counter(
        (one.parallel, one.letter, one.name) for one in (work.task.school_class for work in waiting)
    )
    return [(name, count) for (_, _, name), count in sorted(counted.items())]


async def following(tx: Tx, teacher_id: int, work_id: int) -> Work | None:
    """Return the work to take next: the one after this in the queue, else the first."""
    waiting = await queue_of(tx, teacher_id)
    places = [place for place, work in enumerate(waiting) if work.id == work_id]
    rest = [*waiting[places[0] + 1 :], *waiting[: places[0]]] if places else waiting
    return rest[0] if rest else None


async def begin(tx: Tx, work: Work, reviewer_id: int, now: datetime) -> Review:
    """Return the review being written for a work, or begin one."""
    return await reviews.start(tx, work.id, reviewer_id, now)


async def correct(tx: Tx, work: Work, reviewer_id: int, now: datetime) -> Review:
    """Begin a new review that starts from the one sent last; that one stays as it was."""
    sent = await reviews.released_for(tx, work.id)
    review = await reviews.start(tx, work.id, reviewer_id, now)
    is_untouched = not (review.mark or review.comment or review.audio_file_id)
    if sent is None or not is_untouched:
        return review
    await reviews.change(
        tx,
        review.id,
        outcome=sent.outcome,
        mark=sent.mark,
        comment=sent.comment,
        audio_file_id=sent.audio_file_id,
    )
    return await fresh(tx, review)


async def fresh(tx: Tx, review: Review) -> Review:
    """Read a review again."""
    found = await reviews.by_id(tx, review.id)
    if found is None:
        raise LookupError(review.id)
    return found


def stamp(review: Review) -> str:
    """Give a short print of what is about to be sent, so that a button of another state is old."""
    said = f"{review.outcome}|{review.mark}|{review.comment}|{review.audio_file_id}"
    return f"{zlib.crc32(said.encode()):08x}"


async def mark(tx: Tx, work: Work, review: Review, code: str) -> Review:
    """Set a mark of the grade's scale; a work that is marked is not returned."""
    parallel = work.task.school_class.parallel
    if not any(code in allowed(parallel, scale) for scale in MarkScale):
        raise NotYours
    await reviews.change(tx, review.id, mark=code, outcome=ACCEPTED)
    return await fresh(tx, review)


def scales_of(work: Work) -> tuple[MarkScale, ...]:
    """Return the scales a teacher may use here; none in grade 1."""
    parallel = work.task.school_class.parallel
    return tuple(scale for scale in MarkScale if allowed(parallel, scale))


async def comment(tx: Tx, review: Review, text: str) -> Review:
    """Add words to a review, a paragraph a message; refuses more than 6,000 characters."""
    whole = f"{review.comment}\n{text}" if review.comment else text
    if len(whole) > MOST_COMMENT:
        raise Refusal("review-comment-long", most=str(MOST_COMMENT))
    await reviews.change(tx, review.id, comment=whole)
    return await fresh(tx, review)


async def speak(tx: Tx, review: Review, file_id: int) -> Review:
    """Make a voice message the audio of a review; a newer one takes its place."""
    await reviews.change(tx, review.id, audio_file_id=file_id)
    return await fresh(tx, review)


async def clear(tx: Tx, review: Review) -> Review:
    """Take words and voice back before they are sent."""
    await reviews.change(tx, review.id, comment="", audio_file_id=None)
    return await fresh(tx, review)


async def send_back(tx: Tx, review: Review) -> Review:
    """Choose a return for rework, or take that choice back; it goes without a mark."""
    outcome = ACCEPTED if review.outcome == RETURNED else RETURNED
    await reviews.change(tx, review.id, outcome=outcome, mark="")
    return await fresh(tx, review)


async def release(
    tx: Tx, school: School, teacher: Speaker, work: Work, review: Review, now: datetime
) -> bool:
    """Send a review to the student; False if it was sent before.

    Refuses a return without a word of what to do, and an answer that says nothing at all.
    """
    has_words = bool(review.comment or review.audio_file_id)
    if review.outcome == RETURNED and not has_words:
        raise Refusal("review-return-needs-words")
    if not has_words and not review.mark:
        raise Refusal("review-empty" if scales_of(work) else "review-empty-first")
    await reviews.change(tx, review.id, reviewer_id=teacher.id)
    if not await reviews.release(tx, review.id, now):
        return False
    state = works.RETURNED if review.outcome == RETURNED else works.REVIEWED
    await works.set_state(tx, work.id, state)
    if state == works.RETURNED:
        await reminders.plan_for_returned(tx, school, work.student, work.task, now)
    await answers.announce_answer(tx, school, work, await fresh(tx, review), now)
    return True
