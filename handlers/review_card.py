"""How a work looks to its teacher: its parts in order, then a card with what is being answered."""

from collections.abc import Iterable
from itertools import groupby
from textwrap import shorten

from handlers.albums import albums, stored
from handlers.messages import (
    Button,
    Reply,
    Rows,
    parts,
)
from handlers.phrases import course, label
from handlers.texts import Texts
from handlers.turn import Turn
from school import review as reviewing
from school.hearing import hearers_of
from school.review import stamp
from school.rules.marks import MarkScale, allowed
from storage import people, reviews, works
from storage.reviews import RETURNED, Review
from storage.works import Part, Work

COMMENT_SHOWN = 1500
BEFORE_SHOWN = 150
_LETTERED = {"pass", "fail"}


def shown(pieces: Iterable[Part]) -> list[Reply]:
    """Show the parts of a work in order: photos as albums of ten, texts whole, the rest singly."""
    replies = []
    for is_text, run in groupby(pieces, key=lambda piece: not piece.file_id):
        if is_text:
            replies += [Reply(text) for piece in run for text in parts(piece.text)]
        else:
            replies += albums(stored(run))
    return replies


def name_of(work: Work) -> str:
    """Name the card: one a work."""
    return f"review:{work.id}"


async def card(
    turn: Turn, work: Work, review: Review, *, note: str = "", scale: MarkScale | None = None
) -> Reply:
    """Draw the card of a work whose review is being written, or has been sent."""
    is_sent = review.released_at is not None
    hearers = await hearers_of(turn.tx, work.student)
    parents = sum(one.id != work.student.id for one in hearers)
    lines = [note] if note else []
    lines += [*await _who(turn, work), *_said(review, turn.t)]
    if is_sent:
        t = turn.t
        lines.append(t("review-sent-family", count=parents) if parents else t("review-sent"))
        buttons = await _after(turn, work, review)
    else:
        buttons = _while_writing(turn, work, review, scale, parents)
    return Reply("\n".join(lines), buttons=buttons, card=name_of(work))


async def _who(turn: Turn, work: Work) -> list[str]:
    """Say whose work it is, which attempt, when it came and when it is to be reviewed."""
    t = turn.t
    every = await works.attempts(turn.tx, work.task.id, work.student.id)
    lines = [
        t(
            "review-who",
            student=work.student.person.short_name,
            course=course(work.task, t),
            number=work.number,
        ),
        t(
            "review-when",
            when=t.when(work.sent_at, turn.now),
            late="yes" if work.is_late else "no",
        ),
    ]
    if work.author_id != work.student.id:
        author = await people.person(turn.tx, work.author_id)
        if author is not None:
            lines.append(t("review-by-guardian", name=author.polite_name))
    if len(every) > 1:
        lines.append(t("review-attempt", attempt=work.attempt, all=len(every)))
    earlier = [one for one in every if one.attempt < work.attempt]
    before = await reviews.released_for(turn.tx, earlier[-1].id) if earlier else None
    if before is not None:
        said = "; ".join(line.rstrip(".") for line in _said(before, t))
        lines.append(t("review-before", said=shorten(said, BEFORE_SHOWN, placeholder="…")))
    return lines


def _said(review: Review, t: Texts) -> list[str]:
    lines = []
    if review.outcome == RETURNED:
        lines.append(t("review-returned"))
    if review.mark:
        lines.append(t("review-mark", mark=review.mark))
    if review.comment:
        shown_part = parts(review.comment, COMMENT_SHOWN)
        more = "…" if len(shown_part) > 1 else ""
        lines.append(t("review-comment", comment=shown_part[0] + more))
    if review.audio_file_id:
        lines.append(t("review-audio"))
    return lines


def _while_writing(
    turn: Turn, work: Work, review: Review, scale: MarkScale | None, parents: int
) -> Rows:
    t, has_words = turn.t, bool(review.comment or review.audio_file_id)
    words = [Button(t("review-say"), f"review.comment:{review.id}")]
    if has_words:
        words.append(Button(t("review-clear"), f"review.clear:{review.id}:{stamp(review)}"))
    chosen = "yes" if review.outcome == RETURNED else "no"
    back = Button(t("review-return", chosen=chosen), f"review.return:{review.id}:{stamp(review)}")
    send = t("review-release-family", count=parents) if parents else t("review-release")
    done = Button(send, f"review.release:{review.id}:{stamp(review)}")
    following = Button(t("review-next"), f"review.next:{work.id}")
    marks = _marks(work, review, t, scale)
    return tuple(filter(None, (marks, tuple(words), (back,), (done,), (following,))))


def _marks(work: Work, review: Review, t: Texts, scale: MarkScale | None) -> tuple[Button, ...]:
    """Offer the marks of a scale, the chosen one ticked, and the way to the other scale."""
    scales = reviewing.scales_of(work)
    if not scales:
        return ()
    is_lettered = review.mark in _LETTERED
    here = scale or (MarkScale.PASS_FAIL if is_lettered else MarkScale.NUMERIC)
    buttons = []
    for mark in allowed(work.task.school_class.parallel, here):
        key = "review-mark-chosen" if mark == review.mark else "review-mark-button"
        buttons.append(Button(t(key, mark=mark.value), f"review.mark:{review.id}:{mark.value}"))
    for other in scales:
        if other is not here:
            text = t("review-scale", scale=other.value)
            buttons.append(Button(text, f"review.scale:{review.id}:{other.value}"))
    return tuple(buttons)


async def _after(turn: Turn, work: Work, review: Review) -> Rows:
    t = turn.t
    newest = await reviews.released_for(turn.tx, work.id)
    laid = []
    if newest is not None and newest.id == review.id:
        laid.append((Button(t("review-correct"), f"review.correct:{work.id}:{review.id}"),))
    following = await reviewing.following(turn.tx, turn.speaker.id, work.id)
    if following is not None:
        text = t(
            "review-next-named",
            student=following.student.person.short_name,
            class_=following.task.school_class.name,
        )
        laid.append((Button(label(text), f"review.next:{work.id}"),))
    return tuple(laid)
