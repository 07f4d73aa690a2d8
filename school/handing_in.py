"""Handing in (П1-1.5): what is collected in a chat becomes a work, and there is a receipt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from school import homework
from school.refusals import NotYours, Refusal
from school.rules import deadlines
from school.school_year import days_of, year_of
from school.speakers import Speaker
from storage import drafts, tasks, works
from storage.database import Tx
from storage.drafts import Draft
from storage.people import Student
from storage.schools import School
from storage.tasks import Task
from storage.works import NewWork, Part, Work

JUST_SENT = timedelta(minutes=2)
MOST_PARTS = 60
TEXT = "text"


class DraftGone(NotYours):
    """The draft was sent or thrown away, or never was this chat's."""

    def __init__(self) -> None:
        super().__init__()
        self.key = "hand-in-draft-gone"


@dataclass(frozen=True, slots=True)
class Where:
    """The chat in which a draft is collected."""

    messenger: str
    chat: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A work that was taken in, with all its parts.

    `is_rework` says that it answers a return for rework.
    """

    work: Work
    parts: tuple[Part, ...]
    is_rework: bool = False


def counted(parts: Sequence[Part]) -> Counter[str]:
    """Count parts by their kinds: "text", "photo", "document" and so on."""
    return Counter(part.kind for part in parts)


async def draft_in(tx: Tx, speaker: Speaker, where: Where) -> Draft | None:
    """Return the draft of a chat; one of somebody else, who used the chat before, is thrown away.

    A draft whose task is gone, or whose student the speaker may no longer act for, forgets them
    and keeps what was collected.
    """
    draft = await drafts.in_chat(tx, where.messenger, where.chat)
    if draft is None:
        return None
    if draft.author_id != speaker.id:
        await drafts.discard(tx, draft.id)
        return None
    if draft.student_id is None or await _aimed(tx, speaker, draft) is not None:
        return draft
    await drafts.unaim(tx, draft.id)
    return await drafts.in_chat(tx, where.messenger, where.chat)


async def begin(tx: Tx, speaker: Speaker, where: Where, now: datetime) -> Draft:
    """Begin a draft in a chat that has none."""
    return await drafts.start(tx, where.messenger, where.chat, speaker.id, now)


async def collect(tx: Tx, draft: Draft, parts: Sequence[Part]) -> Draft:
    """Add parts to a draft in order; refuses more than 60 in all."""
    if len(await drafts.parts_of(tx, draft.id)) + len(parts) > MOST_PARTS:
        raise Refusal("hand-in-too-many", most=MOST_PARTS)
    for part in parts:
        await drafts.add_part(tx, draft.id, part)
    return await _again(tx, draft)


async def drop_last(tx: Tx, draft: Draft) -> Draft:
    """Take the last part back."""
    await drafts.drop_last_part(tx, draft.id)
    return await _again(tx, draft)


async def aim(tx: Tx, draft: Draft, student: Student, task: Task) -> Draft:
    """Say at which task and for whom the draft is; refuses a task that is not handed in here."""
    refuse_elsewhere(task)
    if (draft.student_id, draft.task_id) != (student.id, task.id):
        await drafts.aim(tx, draft.id, student.id, task.id)
    return await _again(tx, draft)


async def target_of(tx: Tx, speaker: Speaker, draft: Draft) -> tuple[Student, Task] | None:
    """Return whose draft it is and at which task; None while that is open or no longer stands."""
    return await _aimed(tx, speaker, draft)


async def why_gone(tx: Tx, speaker: Speaker, draft: Draft) -> Refusal | None:
    """Say why a draft's task no longer stands; None if it does, or if the draft names none."""
    if draft.student_id is None or draft.task_id is None:
        return None
    try:
        await homework.task_for(tx, speaker.ward(draft.student_id), draft.task_id)
    except NotYours:
        return Refusal("hand-in-task-gone")
    except Refusal as withdrawn:
        return withdrawn
    return None


def refuse_elsewhere(task: Task) -> None:
    """Refuse a task whose works the teacher takes on the platform or by e-mail."""
    if not task.is_handed_in_here:
        raise Refusal(f"hand-in-by-{task.channel}", subject=task.subject)


async def hand_in(
    tx: Tx, school: School, speaker: Speaker, draft: Draft, sent_at: datetime, now: datetime
) -> Receipt:
    """Make a draft a work; reminders of its task fall silent by themselves.

    `sent_at` is when the person pressed, as far as the messenger tells: by it a work is late. What
    answers a return for rework is late only if the returned work was. Refuses an empty draft, and a
    task that was taken back or is not the student's any more.
    """
    aimed = await _aimed(tx, speaker, draft)
    if aimed is None:
        raise await why_gone(tx, speaker, draft) or Refusal("hand-in-task-gone")
    student, task = aimed
    refuse_elsewhere(task)
    parts = await drafts.parts_of(tx, draft.id)
    if not parts:
        raise Refusal("hand-in-empty")
    sent_at = min(sent_at, now)
    before = (await works.latest_at(tx, student.id, [task.id])).get(task.id)
    is_rework = before is not None and before.state == works.RETURNED
    is_late = deadlines.is_late(sent_at, task.due_at)
    if is_rework and before is not None:
        is_late = is_late and before.is_late
    days = days_of(await year_of(tx, school), student.school_class)
    new = NewWork(
        school_id=school.id,
        task_id=task.id,
        student_id=student.id,
        author_id=speaker.id,
        sent_at=sent_at,
        received_at=now,
        is_late=is_late,
        review_due_on=deadlines.review_due(now, school.review_cutoff, school.zone, days).day,
        answer_on=deadlines.answer_on(now, school.review_cutoff, school.zone, days),
    )
    school_class = student.school_class
    work_id = await works.add(tx, new, school_class.id, school_class.name, parts)
    await drafts.discard(tx, draft.id)
    return await _receipt(tx, work_id, is_rework=is_rework)


async def just_sent(tx: Tx, speaker: Speaker, sent_at: datetime, source: str) -> Work | None:
    """Return the work to which a file that comes late may belong, while nobody has reviewed it.

    It is the last work the person sent: two minutes ago at most, or from the same album.
    """
    work = await works.newest_by(tx, speaker.id)
    if work is None or work.state != works.SENT:
        return None
    if all(student.id != work.student.id for student in speaker.wards):
        return None
    if sent_at <= work.received_at + JUST_SENT:
        return work
    sources = {part.source for part in await works.parts_of(tx, work.id)}
    return work if source.startswith("album:") and source in sources else None


async def append(tx: Tx, draft: Draft, work: Work) -> Receipt:
    """Add what came late to the work just sent; refuses a work that was reviewed meanwhile."""
    parts = await drafts.parts_of(tx, draft.id)
    if work.state != works.SENT:
        raise Refusal("hand-in-reviewed", number=work.number)
    await works.add_parts(tx, work.id, parts)
    await drafts.discard(tx, draft.id)
    return await _receipt(tx, work.id, is_rework=False)


async def _receipt(tx: Tx, work_id: int, *, is_rework: bool) -> Receipt:
    work = await works.by_id(tx, work_id)
    if work is None:
        raise LookupError(work_id)
    return Receipt(work, tuple(await works.parts_of(tx, work_id)), is_rework)


async def _aimed(tx: Tx, speaker: Speaker, draft: Draft) -> tuple[Student, Task] | None:
    for student in speaker.wards:
        if student.id == draft.student_id and draft.task_id is not None:
            task = await tasks.for_student(tx, student, draft.task_id)
            return None if task is None else (student, task)
    return None


async def _again(tx: Tx, draft: Draft) -> Draft:
    fresh = await drafts.in_chat(tx, draft.messenger, draft.chat)
    if fresh is None:
        raise DraftGone
    return fresh
