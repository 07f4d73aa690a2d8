"""A teacher sets a task: for whom → text and files → by when → a last look (П1-2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import deadline, task_card
from handlers.cards import placed
from handlers.messages import Button, Reply
from handlers.objects import whole_number
from handlers.task_draft import (
    CHECK,
    COLLECT,
    DUE,
    TaskDraft,
    draft_in,
    keep,
    put_aside,
    taken,
)
from handlers.teaching import a_page, only_teachers
from handlers.turn import Action, Answer, Handler, Turn
from school import rights, setting
from school.refusals import NotYours, Refusal
from school.setting import Order
from storage.tasks import Channel
from storage.timetable import Teaching


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press at a draft: the draft of this chat, what it is for, and the rest of the payload."""

    draft: TaskDraft
    teaching: Teaching
    is_fresh: bool
    rest: tuple[str, ...]


async def command(turn: Turn) -> Answer:
    """Ask for whom; what was begun and left is offered again."""
    only_teachers(turn)
    put_aside(turn)
    return await task_card.choices(turn, 0)


async def turn_page(turn: Turn, page: int) -> Answer:
    """Show another page of what the teacher teaches."""
    return await task_card.choices(turn, page)


async def begin(turn: Turn, teaching: Teaching) -> Answer:
    """Begin a task for a class and subject."""
    draft = TaskDraft(id=turn.event_id, teaching_id=teaching.id)
    keep(turn, draft, COLLECT)
    return await task_card.collecting(turn, draft, teaching)


async def collect(turn: Turn) -> Answer:
    """Take text and files; the step of the last look takes more of them, too."""
    draft, teaching = await _here(turn)
    changed, troubles = taken(turn, draft)
    keep(turn, changed, COLLECT)
    return await task_card.collecting(turn, changed, teaching, troubles=troubles)


async def type_due(turn: Turn) -> Answer:
    """Take a typed deadline; a file that comes now still belongs to the task."""
    if turn.incoming.attachments:
        return await collect(turn)
    draft, teaching = await _here(turn)
    due_at = deadline.read(turn.incoming.text, turn.now, turn.t)
    if due_at is None:
        keep(turn, draft, DUE)
        return Reply(turn.t("deadline-unclear"))
    return await _due_chosen(turn, draft, teaching, due_at)


async def go_on(turn: Turn, pressed: Pressed) -> Answer:
    """Go on to the deadline."""
    if not pressed.is_fresh:
        return await _fresh(turn, pressed)
    if not pressed.draft.pieces:
        raise Refusal("set-task-empty")
    keep(turn, pressed.draft, DUE)
    return await task_card.asking_due(turn, pressed.draft, pressed.teaching)


async def drop_last(turn: Turn, pressed: Pressed) -> Answer:
    """Take the last piece back."""
    if not pressed.is_fresh:
        return await _fresh(turn, pressed)
    draft = pressed.draft.changed(pieces=pressed.draft.pieces[:-1])
    keep(turn, draft, COLLECT)
    return await task_card.collecting(turn, draft, pressed.teaching)


async def back(turn: Turn, pressed: Pressed) -> Answer:
    """Go back to what is collected: it may change, and so every older button is old."""
    if not pressed.is_fresh:
        return await _fresh(turn, pressed)
    draft = pressed.draft.changed()
    keep(turn, draft, COLLECT)
    return await task_card.collecting(turn, draft, pressed.teaching)


async def choose_due(turn: Turn, pressed: Pressed) -> Answer:
    """Take a deadline from a button: minutes since 1970 UTC, or none to type it."""
    if not pressed.is_fresh:
        return await _fresh(turn, pressed)
    if not pressed.rest:
        keep(turn, pressed.draft, DUE)
        return Reply(turn.t("set-task-type-due"))
    due_at = task_card.minute(pressed.rest, 0)
    return await _due_chosen(turn, pressed.draft, pressed.teaching, due_at)


async def choose_channel(turn: Turn, pressed: Pressed) -> Answer:
    """Choose where works are handed in."""
    try:
        channel = Channel(pressed.rest[0] if pressed.rest else "")
    except ValueError:
        raise NotYours from None
    if not pressed.is_fresh:
        return await _fresh(turn, pressed)
    draft = pressed.draft.changed(channel=channel)
    keep(turn, draft, CHECK)
    return await task_card.last_look(turn, draft, pressed.teaching)


async def toggle_also(turn: Turn, pressed: Pressed) -> Answer:
    """Give the same task to another class of the subject as well, or no longer."""
    asked = whole_number(pressed.rest, 0)
    known = {one.id for one in await setting.companions(turn.tx, pressed.teaching)}
    if asked not in known | {pressed.teaching.id}:
        raise NotYours
    draft = pressed.draft
    if not pressed.is_fresh or draft.due_at is None or asked == pressed.teaching.id:
        return await _fresh(turn, pressed)
    also = [one for one in draft.also if one != asked]
    changed = draft.changed(also=tuple(also if asked in draft.also else [*also, asked]))
    keep(turn, changed, CHECK)
    return await task_card.last_look(turn, changed, pressed.teaching)


async def give(turn: Turn, pressed: Pressed) -> Answer:
    """Set the task; the draft is gone after that, so a second press sets nothing."""
    draft = pressed.draft
    if not pressed.is_fresh or draft.due_at is None:
        return await _fresh(turn, pressed)
    if draft.due_at <= turn.now:
        keep(turn, draft, DUE)
        note = turn.t("set-task-due-past")
        return await task_card.asking_due(turn, draft, pressed.teaching, note=note)
    others = [await rights.teaching_of(turn.tx, turn.speaker, one) for one in draft.also]
    all_given = []
    for teaching in (pressed.teaching, *others):
        order = Order(teaching, draft.text, draft.files, draft.due_at, draft.channel)
        given = await setting.give(turn.tx, turn.school, turn.speaker, order, turn.now)
        all_given.append(given)
    turn.end()
    look = Button(turn.t("set-task-look"), f"own-task.open:{all_given[0].task.id}")
    told = "\n\n".join(task_card.told(turn, given) for given in all_given)
    return await placed(turn, Reply(told, buttons=((look,),), card=task_card.CARD))


async def cancel(turn: Turn, pressed: Pressed) -> Answer:
    """Throw the draft away."""
    del pressed
    turn.end()
    return await placed(turn, Reply(turn.t("set-task-cancelled"), card=task_card.CARD))


async def resume(turn: Turn, pressed: Pressed) -> Answer:
    """Go on with what was begun."""
    keep(turn, pressed.draft, COLLECT)
    return await task_card.collecting(turn, pressed.draft, pressed.teaching)


async def load_draft(turn: Turn, arguments: Sequence[str]) -> Pressed:
    """Load the draft of this chat through the teacher's rights on what it is for."""
    only_teachers(turn)
    draft_id, version = whole_number(arguments, 0), whole_number(arguments, 1)
    draft = draft_in(turn.session)
    if draft is None or draft.id != draft_id:
        raise Refusal("set-task-gone")
    teaching = await rights.teaching_of(turn.tx, turn.speaker, draft.teaching_id)
    return Pressed(draft, teaching, version == draft.version, tuple(arguments[2:]))


async def load_teaching(turn: Turn, arguments: Sequence[str]) -> Teaching:
    """Load one of the things the speaker teaches."""
    return await rights.teaching_of(turn.tx, turn.speaker, whole_number(arguments, 0))


async def _here(turn: Turn) -> tuple[TaskDraft, Teaching]:
    draft = draft_in(turn.session)
    if draft is None:
        raise Refusal("set-task-gone")
    return draft, await rights.teaching_of(turn.tx, turn.speaker, draft.teaching_id)


async def _fresh(turn: Turn, pressed: Pressed) -> Reply:
    """Show the draft as it is now, at the stage where it stands: the button was an old one."""
    stage, draft, teaching = turn.session.step, pressed.draft, pressed.teaching
    note = turn.t("set-task-stale")
    if stage == CHECK and draft.due_at is not None:
        return await task_card.last_look(turn, draft, teaching, note=note)
    if stage == DUE:
        return await task_card.asking_due(turn, draft, teaching, note=note)
    return await task_card.collecting(turn, draft, teaching, troubles=[note])


async def _due_chosen(turn: Turn, draft: TaskDraft, teaching: Teaching, due_at: datetime) -> Answer:
    try:
        setting.refuse_deadline(due_at, turn.now)
    except Refusal as refusal:
        keep(turn, draft, DUE)
        read = turn.t("set-task-due-read", when=turn.t.when(due_at, turn.now))
        note = f"{read} {turn.t(refusal.key)}"
        return await task_card.asking_due(turn, draft, teaching, note=note)
    changed = draft.changed(due_at=due_at)
    keep(turn, changed, CHECK)
    return await task_card.last_look(turn, changed, teaching)


ACTIONS: dict[str, Action] = {
    "set-task.page": Action(turn_page, a_page),
    "set-task.for": Action(begin, load_teaching),
    "set-task.next": Action(go_on, load_draft),
    "set-task.drop": Action(drop_last, load_draft),
    "set-task.back": Action(back, load_draft),
    "set-task.due": Action(choose_due, load_draft),
    "set-task.also": Action(toggle_also, load_draft),
    "set-task.channel": Action(choose_channel, load_draft),
    "set-task.give": Action(give, load_draft),
    "set-task.cancel": Action(cancel, load_draft),
    "set-task.resume": Action(resume, load_draft),
}
COMMANDS: dict[str, Handler] = {"set-task": command}
STEPS: dict[str, Handler] = {
    COLLECT: collect,
    DUE: type_due,
    CHECK: collect,
}
