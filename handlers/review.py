"""One work: a teacher looks at it, marks it, says something, sends the answer (П1-2.3, П1-2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import queue
from handlers.cards import placed
from handlers.messages import Attachment, FileKind, FileState, Reply
from handlers.objects import whole_number
from handlers.review_card import card, shown
from handlers.task_draft import aside_in, put_aside
from handlers.teaching import only_teachers
from handlers.turn import Action, Answer, Handler, Turn
from school import review as reviewing
from school import rights
from school.refusals import NotYours
from school.rules.marks import MarkScale
from storage import reviews, works
from storage.reviews import Review
from storage.works import Work

COMMENT = "review.comment"
SPOKEN = frozenset({FileKind.VOICE, FileKind.AUDIO})


@dataclass(frozen=True, slots=True)
class Written:
    """A review a button names, its work, and what else the payload says."""

    review: Review
    work: Work
    rest: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.review.released_at is None

    @property
    def is_as_shown(self) -> bool:
        """Whether the button belongs to what the review says now."""
        return self.rest[:1] == (reviewing.stamp(self.review),)


async def show(turn: Turn, work: Work) -> Answer:
    """Show a work whole, then the card to answer it; from here words and voice go into it."""
    pieces = shown(await works.parts_of(turn.tx, work.id))
    sent = await reviews.released_for(turn.tx, work.id)
    if work.state != works.SENT and sent is not None:
        return [*pieces, await card(turn, work, sent)]
    review = await reviewing.begin(turn.tx, work, turn.speaker.id, turn.now)
    _listen(turn, review)
    return [*pieces, await card(turn, work, review, note=_hint(turn, work))]


async def show_next(turn: Turn, work: Work) -> Answer:
    """Go on to the next work of the queue."""
    following = await reviewing.following(turn.tx, turn.speaker.id, work.id)
    if following is None:
        put_aside(turn)
        return await queue.show(turn, 0)
    return await show(turn, following)


async def mark(turn: Turn, written: Written) -> Answer:
    """Set a mark; pressing it again changes nothing."""
    if not written.is_open:
        return await _sent_before(turn, written)
    code = written.rest[0] if written.rest else ""
    review = await reviewing.mark(turn.tx, written.work, written.review, code)
    _listen(turn, review)
    return await placed(turn, await card(turn, written.work, review))


async def show_scale(turn: Turn, written: Written) -> Answer:
    """Show the marks of the other scale."""
    if not written.is_open:
        return await _sent_before(turn, written)
    if not written.rest or written.rest[0] not in reviewing.scales_of(written.work):
        raise NotYours
    scale = MarkScale(written.rest[0])
    return await placed(turn, await card(turn, written.work, written.review, scale=scale))


async def ask_words(turn: Turn, written: Written) -> Answer:
    """Ask for words or a voice message."""
    if not written.is_open:
        return await _sent_before(turn, written)
    _listen(turn, written.review)
    return Reply(turn.t("review-ask-words", student=written.work.student.person.short_name))


async def take_words(turn: Turn) -> Answer:
    """Take a text as comment and a voice message as audio; the card comes anew below."""
    review_id = int(turn.session.data["review"])
    written = await load_written(turn, [str(review_id)])
    if not written.is_open:
        put_aside(turn)
        return await _sent_before(turn, written)
    review, troubles = written.review, []
    if turn.incoming.text.strip():
        review = await reviewing.comment(turn.tx, review, turn.incoming.text)
    for attachment in turn.incoming.attachments:
        trouble = _trouble(turn, attachment)
        if trouble:
            troubles.append(trouble)
        else:
            review = await reviewing.speak(turn.tx, review, attachment.file_id)
    return await card(turn, written.work, review, note="\n".join(dict.fromkeys(troubles)))


async def clear(turn: Turn, written: Written) -> Answer:
    """Take words and voice back."""
    if not written.is_open:
        return await _sent_before(turn, written)
    if not written.is_as_shown:
        return await _changed_since(turn, written)
    review = await reviewing.clear(turn.tx, written.review)
    _listen(turn, review)
    return await placed(turn, await card(turn, written.work, review))


async def send_back(turn: Turn, written: Written) -> Answer:
    """Choose a return for rework; it needs words, so they are asked for."""
    if not written.is_open:
        return await _sent_before(turn, written)
    if not written.is_as_shown:
        return await _changed_since(turn, written)
    review = await reviewing.send_back(turn.tx, written.review)
    drawn = await placed(turn, await card(turn, written.work, review))
    if review.outcome != reviews.RETURNED or review.comment or review.audio_file_id:
        return drawn
    _listen(turn, review)
    return [drawn, Reply(turn.t("review-ask-rework"))]


async def release(turn: Turn, written: Written) -> Answer:
    """Send the answer to whoever hears for the student; what was shown is what goes."""
    if not written.is_open:
        return await _sent_before(turn, written)
    if not written.is_as_shown:
        return await _changed_since(turn, written)
    is_first = await reviewing.release(
        turn.tx, turn.school, turn.speaker, written.work, written.review, turn.now
    )
    if turn.session.data.get("review") == written.review.id:
        put_aside(turn)
    review = await reviewing.fresh(turn.tx, written.review)
    note = "" if is_first else turn.t("review-sent-before")
    return await placed(turn, await card(turn, written.work, review, note=note))


async def correct(turn: Turn, written: Written) -> Answer:
    """Begin a correction of a sent answer; the sent one stays in the history."""
    newest = await reviews.released_for(turn.tx, written.work.id)
    if newest is None or newest.id != written.review.id:
        return await _changed_since(turn, written)
    review = await reviewing.correct(turn.tx, written.work, turn.speaker.id, turn.now)
    _listen(turn, review)
    drawn = await card(turn, written.work, review, note=turn.t("review-correcting"))
    return await placed(turn, drawn)


async def load_work(turn: Turn, arguments: Sequence[str]) -> Work:
    """Load a work the speaker reviews."""
    only_teachers(turn)
    return await rights.taught_work(turn.tx, turn.speaker, whole_number(arguments, 0))


async def load_written(turn: Turn, arguments: Sequence[str]) -> Written:
    """Load a review through the speaker's rights on its work."""
    only_teachers(turn)
    review = await reviews.by_id(turn.tx, whole_number(arguments, 0))
    if review is None:
        raise NotYours
    work = await rights.taught_work(turn.tx, turn.speaker, review.work_id)
    return Written(review, work, tuple(arguments[1:]))


async def load_sent(turn: Turn, arguments: Sequence[str]) -> Written:
    """Load a work and one of its sent reviews."""
    work = await load_work(turn, arguments)
    written = await load_written(turn, arguments[1:])
    if written.work.id != work.id or written.is_open:
        raise NotYours
    return written


def _listen(turn: Turn, review: Review) -> None:
    """Let words and voice go into the review last touched."""
    turn.collect(COMMENT, review=review.id, **aside_in(turn))


async def _sent_before(turn: Turn, written: Written) -> Reply:
    note = turn.t("review-sent-before")
    return await placed(turn, await card(turn, written.work, written.review, note=note))


async def _changed_since(turn: Turn, written: Written) -> Reply:
    """Show the review as it is now, anew: the button belonged to an older state."""
    newest = await reviews.released_for(turn.tx, written.work.id)
    review = newest if newest is not None and not written.is_open else written.review
    return await card(turn, written.work, review, note=turn.t("review-stale"))


def _trouble(turn: Turn, attachment: Attachment) -> str:
    if attachment.kind not in SPOKEN or attachment.state is FileState.UNSUPPORTED:
        return turn.t("review-voice-only")
    if attachment.state is FileState.STORED:
        return ""
    return turn.t(f"review-voice-{'long' if attachment.state is FileState.TOO_BIG else 'missing'}")


def _hint(turn: Turn, work: Work) -> str:
    return turn.t("review-hint" if reviewing.scales_of(work) else "review-hint-first")


ACTIONS: dict[str, Action] = {
    "review.open": Action(show, load_work),
    "review.next": Action(show_next, load_work),
    "review.mark": Action(mark, load_written),
    "review.scale": Action(show_scale, load_written),
    "review.comment": Action(ask_words, load_written),
    "review.clear": Action(clear, load_written),
    "review.return": Action(send_back, load_written),
    "review.release": Action(release, load_written),
    "review.correct": Action(correct, load_sent),
}
STEPS: dict[str, Handler] = {COMMENT: take_words}
