"""Handing in (П1-1.5): collect photos, files, voice and text, see what is there, send it."""

from collections.abc import Sequence
from dataclasses import replace

from handlers import courtesy, draft_card, menu, phrases
from handlers.contributions import parts_of, word_about_refused
from handlers.draft_card import CARD, collected
from handlers.messages import Button, Reply
from handlers.objects import a_draft_here, a_task_of_ward, whole_number
from handlers.phrases import in_text, label
from handlers.turn import Action, Answer, Handler, Turn
from school import handing_in, rights
from school.handing_in import Receipt, Where
from storage import drafts
from storage.drafts import Draft
from storage.people import Student
from storage.tasks import Task
from storage.works import Part, Work

COLLECT = "hand_in.collect"

Versioned = tuple[Draft, int]
Aimed = tuple[Draft, Student, Task]
Appended = tuple[Draft, int, Work]


async def start(turn: Turn, asked: tuple[Student, Task]) -> Answer:
    """Begin to collect for a task, or go on where it was left."""
    student, task = asked
    handing_in.refuse_elsewhere(task)
    draft = await handing_in.draft_in(turn.tx, turn.speaker, _where(turn))
    if draft is None:
        draft = await handing_in.begin(turn.tx, turn.speaker, _where(turn), turn.now)
    other = await handing_in.target_of(turn.tx, turn.speaker, draft)
    parts = await drafts.parts_of(turn.tx, draft.id)
    if other is not None and other[1].id != task.id and parts:
        return _other_is_open(turn, (draft, student, task), other[1], parts)
    draft = await handing_in.aim(turn.tx, draft, student, task)
    turn.collect(COLLECT)
    return replace(await draft_card.draw(turn, draft), edit=False)


def _other_is_open(turn: Turn, wanted: Aimed, other: Task, parts: Sequence[Part]) -> Reply:
    """Ask what to do with what was collected for another task."""
    draft, student, task = wanted
    t = turn.t
    go_on = t("hand-in-go-on", subject=in_text(other.subject))
    move = t("hand-in-move-here", subject=in_text(task.subject))
    return Reply(
        t("hand-in-other-open", subject=in_text(other.subject), what=collected(t, parts)),
        buttons=(
            (Button(label(go_on), f"hand_in.show:{draft.id}"),),
            (Button(label(move), f"hand_in.aim:{draft.id}:{student.id}:{task.id}"),),
        ),
    )


async def unasked(turn: Turn) -> Answer:
    """Take files that came out of the blue: «К какому заданию?»; a sticker is only answered."""
    return courtesy.answer(turn) or await _take(turn, 0)


async def collect(turn: Turn) -> Answer:
    """Take what comes while a draft is open: all of it is part of the work."""
    return await _take(turn, int(turn.session.data.get("late", 0)))


async def _take(turn: Turn, late: int) -> Answer:
    parts, refused = parts_of(turn), word_about_refused(turn)
    said = [Reply(refused)] if refused else []
    if not parts:
        return said or Reply(turn.t("hand-in-nothing"))
    gone = await _gone_here(turn)
    draft = await handing_in.draft_in(turn.tx, turn.speaker, _where(turn))
    said += [gone] if gone and draft else []
    if draft is None and not turn.incoming.attachments:
        turn.end()
        return await menu.fallback(turn)
    if draft is None:
        source, sent_at = parts[-1].source, turn.incoming.sent_at
        work = await handing_in.just_sent(turn.tx, turn.speaker, sent_at, source)
        late = work.id if work else 0
        draft = await handing_in.begin(turn.tx, turn.speaker, _where(turn), turn.now)
    known = await drafts.parts_of(turn.tx, draft.id)
    draft = await handing_in.collect(turn.tx, draft, parts)
    turn.collect(COLLECT, late=late)
    # The card stands below the whole album already, so its next photo only changes the card.
    is_same_album = bool(turn.incoming.album and known) and known[-1].source == parts[-1].source
    card = await _drawn(turn, draft, late)
    return [*said, replace(card, edit=is_same_album and not said)]


async def _drawn(turn: Turn, draft: Draft, late: int) -> Reply:
    work = None
    if late and draft.task_id is None:
        work = await rights.work_of_family(turn.tx, turn.speaker, late)
    return await draft_card.draw(turn, draft, late_for=work)


async def _gone_here(turn: Turn) -> Reply | None:
    address = turn.incoming.address
    draft = await drafts.in_chat(turn.tx, address.messenger, address.chat)
    is_own = draft is not None and draft.author_id == turn.speaker.id
    return await _gone(turn, draft) if draft is not None and is_own else None


async def _gone(turn: Turn, draft: Draft) -> Reply | None:
    refusal = await handing_in.why_gone(turn.tx, turn.speaker, draft)
    return None if refusal is None else Reply(turn.t(refusal.key, **refusal.params))


async def send(turn: Turn, asked: Versioned) -> Answer:
    """Hand in what was collected, and give the receipt."""
    draft, version = asked
    if version != draft.version:
        fresh = await draft_card.draw(turn, draft)
        return [Reply(turn.t("hand-in-files-added")), replace(fresh, edit=False)]
    if gone := await _gone(turn, draft):
        turn.collect(COLLECT)
        return [gone, replace(await draft_card.choose(turn, draft, 0), edit=False)]
    if draft.task_id is None:
        return await draft_card.draw(turn, draft)
    receipt = await handing_in.hand_in(
        turn.tx, turn.school, turn.speaker, draft, turn.incoming.sent_at, turn.now
    )
    return await _done(turn, receipt, _receipt(turn, receipt))


async def append(turn: Turn, asked: Appended) -> Answer:
    """Add what came late to the work just sent."""
    draft, version, work = asked
    if version != draft.version:
        fresh = await draft_card.draw(turn, draft, late_for=work)
        return [Reply(turn.t("hand-in-files-added")), replace(fresh, edit=False)]
    receipt = await handing_in.append(turn.tx, draft, work)
    text = turn.t("hand-in-added", number=work.number, what=collected(turn.t, receipt.parts))
    return await _done(turn, receipt, phrases.about(text, turn.speaker.id, work.student))


async def _done(turn: Turn, receipt: Receipt, text: str) -> Answer:
    _stop_collecting(turn)
    t, student = turn.t, receipt.work.student
    what = collected(t, receipt.parts)
    sent = Reply(t("hand-in-was-sent", what=what), card=CARD, edit=True)
    button = Button(t("tasks-back"), f"tasks.list:{student.id}")
    return [sent, Reply(text, buttons=((button,),))]


def _receipt(turn: Turn, receipt: Receipt) -> str:
    """Write the receipt: what was taken, the server's time, the number, when the answer comes."""
    t, work = turn.t, receipt.work
    lines = [
        t(
            "hand-in-receipt",
            subject=in_text(work.task.subject),
            what=collected(t, receipt.parts),
            stamp=t.stamp(work.received_at),
            number=work.number,
        )
    ]
    if work.attempt > 1:
        lines.append(t("hand-in-attempt", attempt=work.attempt))
    if work.is_late:
        lines.append(t("hand-in-late"))
    lines.append(t("hand-in-answer-by", day=phrases.by_day(t, work.answer_on)))
    return phrases.about("\n".join(lines), turn.speaker.id, work.student)


async def drop(turn: Turn, asked: Versioned) -> Answer:
    """Take the last part back."""
    draft, version = asked
    if version != draft.version:
        return await _changed(turn, draft)
    return await draft_card.draw(turn, await handing_in.drop_last(turn.tx, draft))


async def cancel(turn: Turn, asked: Versioned) -> Answer:
    """Throw the draft away."""
    draft, version = asked
    if version != draft.version:
        return await _changed(turn, draft)
    await drafts.discard(turn.tx, draft.id)
    _stop_collecting(turn)
    return Reply(turn.t("hand-in-cancelled"), card=CARD, edit=True)


async def aim(turn: Turn, asked: Aimed) -> Answer:
    """Take the answer to «К какому заданию?»."""
    draft, student, task = asked
    draft = await handing_in.aim(turn.tx, draft, student, task)
    turn.collect(COLLECT)
    return await draft_card.draw(turn, draft)


async def choose(turn: Turn, asked: Versioned) -> Answer:
    """Ask again for which task it is, or show a further page of the tasks."""
    draft, page = asked
    turn.collect(COLLECT)
    return await draft_card.choose(turn, draft, page)


async def show(turn: Turn, draft: Draft) -> Answer:
    """Show the draft anew and go on collecting."""
    turn.collect(COLLECT)
    return replace(await draft_card.draw(turn, draft), edit=False)


async def _changed(turn: Turn, draft: Draft) -> Answer:
    fresh = await draft_card.draw(turn, draft)
    return [Reply(turn.t("hand-in-changed")), replace(fresh, edit=False)]


def _stop_collecting(turn: Turn) -> None:
    if turn.session.step == COLLECT:
        turn.end()


def _where(turn: Turn) -> Where:
    address = turn.incoming.address
    return Where(address.messenger, address.chat)


async def _load_versioned(turn: Turn, arguments: Sequence[str]) -> Versioned:
    return await a_draft_here(turn, arguments), whole_number(arguments, 1)


async def _load_aimed(turn: Turn, arguments: Sequence[str]) -> Aimed:
    draft = await a_draft_here(turn, arguments)
    return (draft, *await a_task_of_ward(turn, arguments[1:]))


async def _load_appended(turn: Turn, arguments: Sequence[str]) -> Appended:
    draft = await a_draft_here(turn, arguments)
    work = await rights.work_of_family(turn.tx, turn.speaker, whole_number(arguments, 2))
    turn.speaker.ward(work.student.id)
    return draft, whole_number(arguments, 1), work


ACTIONS: dict[str, Action] = {
    "hand_in.start": Action(start, a_task_of_ward),
    "hand_in.send": Action(send, _load_versioned),
    "hand_in.append": Action(append, _load_appended),
    "hand_in.drop": Action(drop, _load_versioned),
    "hand_in.cancel": Action(cancel, _load_versioned),
    "hand_in.aim": Action(aim, _load_aimed),
    "hand_in.choose": Action(choose, _load_versioned),
    "hand_in.show": Action(show, a_draft_here),
}
STEPS: dict[str, Handler] = {COLLECT: collect}
