"""How a task looks while it is put together: for whom, what is collected, by when, a last look."""

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.cards import placed
from handlers.messages import Button, Reply, Rows, parts, rows
from handlers.objects import whole_number
from handlers.pages import page_of
from handlers.phrases import course, label, names
from handlers.task_draft import TaskDraft, content, draft_in
from handlers.turn import Turn
from school import setting
from school.refusals import NotYours
from school.setting import Given
from storage import timetable
from storage.tasks import Channel
from storage.timetable import Teaching

CARD = "set-task"
PAGE = 6
EXCERPT = 1500
MOST_ALSO = 3
MOST_PLACE = 24


def as_minute(moment: datetime) -> int:
    """Write an instant for a payload: minutes since 1970 UTC."""
    return int(moment.timestamp()) // 60


def minute(arguments: Sequence[str], position: int) -> datetime:
    """Read an instant from a payload as `as_minute` wrote it; raises NotYours if it is none."""
    try:
        return datetime.fromtimestamp(whole_number(arguments, position) * 60, UTC)
    except (OverflowError, ValueError, OSError):
        raise NotYours from None


async def choices(turn: Turn, page: int) -> Reply:
    """Ask for whom: what the teacher teaches, today's lessons first."""
    t = turn.t
    teachings = await setting.choices(turn.tx, turn.school, turn.speaker.id, turn.now)
    here = page_of(teachings, page, PAGE)
    buttons = [Button(label(course(one, t)), f"set-task.for:{one.id}") for one in here.shown]
    foot = [Button(t("own-task-button"), "own-task.list:0")]
    if here.count > 1:
        following = (here.number + 1) % here.count
        foot.append(Button(t("set-task-more"), f"set-task.page:{following}"))
    laid: list[tuple[Button, ...]] = [*rows(buttons, 2), tuple(foot)]
    draft = draft_in(turn.session)
    if draft is not None:
        where = await timetable.teaching(turn.tx, draft.teaching_id)
        if where is not None:
            text = label(t("set-task-resume", course=course(where, t)))
            action = f"set-task.resume:{draft.id}:{draft.version}"
            laid.insert(0, (Button(text, action),))
    key = "set-task-for-whom" if teachings else "set-task-no-teachings"
    return await placed(turn, Reply(t(key), buttons=tuple(laid), card=CARD))


async def collecting(
    turn: Turn,
    draft: TaskDraft,
    teaching: Teaching,
    *,
    troubles: Sequence[str] = (),
) -> Reply:
    """Say what is collected so far, or what to send."""
    t, ref = turn.t, f"{draft.id}:{draft.version}"
    has = content(draft, t)
    for_whom = course(teaching, t)
    line = t("set-task-has", course=for_whom, content=has) if has else ""
    lines = [*troubles, line or t("set-task-send", course=for_whom)]
    cancel = Button(t("set-task-cancel"), f"set-task.cancel:{ref}")
    laid: Rows = ((cancel,),)
    if has:
        on = Button(t("set-task-next"), f"set-task.next:{ref}")
        less = Button(t("set-task-drop"), f"set-task.drop:{ref}")
        laid = ((on,), (less, cancel))
    return await _placed(turn, teaching, "\n".join(lines), laid)


async def asking_due(turn: Turn, draft: TaskDraft, teaching: Teaching, *, note: str = "") -> Reply:
    """Ask by when."""
    t, ref = turn.t, f"{draft.id}:{draft.version}"
    laid = [
        *await due_buttons(turn, teaching, f"set-task.due:{ref}"),
        (Button(t("set-task-back"), f"set-task.back:{ref}"),),
    ]
    text = "\n".join(filter(None, [note, t("set-task-when", course=course(teaching, t))]))
    return await _placed(turn, teaching, text, tuple(laid))


async def due_buttons(turn: Turn, teaching: Teaching, action: str) -> list[tuple[Button, ...]]:
    """Offer deadlines as buttons, `action:<minutes>` each; the bare action is for typing one."""
    t = turn.t
    found = await setting.due_choices(turn.tx, turn.school, teaching, turn.now)
    near = []
    for moment in filter(None, (found.today, found.soon)):
        when = t.when(moment, turn.now)
        near.append(Button(label(when[:1].upper() + when[1:]), f"{action}:{as_minute(moment)}"))
    laid: list[tuple[Button, ...]] = [tuple(near)]
    if found.next_lesson is not None:
        when = t.when(found.next_lesson, turn.now)
        text = label(t("set-task-next-lesson", when=when))
        laid.append((Button(text, f"{action}:{as_minute(found.next_lesson)}"),))
    laid.append((Button(t("set-task-other-due"), action),))
    return laid


async def last_look(turn: Turn, draft: TaskDraft, teaching: Teaching, *, note: str = "") -> Reply:
    """Show the whole task before it is set."""
    t, ref = turn.t, f"{draft.id}:{draft.version}"
    due = t.when(draft.due_at, turn.now) if draft.due_at else ""
    lines = [note] if note else []
    lines += [t("set-task-check", course=course(teaching, t), due=due)]
    if draft.text:
        excerpt = parts(draft.text, EXCERPT)
        lines += ["", excerpt[0] + ("…" if len(excerpt) > 1 else "")]
    if draft.files:
        lines += ["", t("teacher-files", count=len(draft.files))]
    channels = tuple(
        Button(
            t(f"set-task-channel-{one}", chosen="yes" if one == draft.channel else "no"),
            f"set-task.channel:{ref}:{one}",
        )
        for one in Channel
    )
    also = tuple(
        Button(
            t("set-task-also", chosen="yes" if one.id in draft.also else "no", course=place(one)),
            f"set-task.also:{ref}:{one.id}",
        )
        for one in (await setting.companions(turn.tx, teaching))[:MOST_ALSO]
    )
    laid = (
        (Button(t("set-task-give"), f"set-task.give:{ref}"),),
        *((also,) if also else ()),
        channels,
        (
            Button(t("set-task-change"), f"set-task.back:{ref}"),
            Button(t("set-task-cancel"), f"set-task.cancel:{ref}"),
        ),
    )
    return await _placed(turn, teaching, "\n".join(lines), laid)


async def _placed(turn: Turn, teaching: Teaching, text: str, buttons: Rows) -> Reply:
    """Place a card of the draft; a newer one below leaves it without its buttons."""
    outdated = f"{course(teaching, turn.t)}. {turn.t('card-below')}"
    return await placed(turn, Reply(text, buttons=buttons, card=CARD, outdated=outdated))


def place(teaching: Teaching) -> str:
    """Name the class, and the group where it is one: «10А», «7Б (2)»."""
    group = f" ({teaching.group})" if teaching.group else ""
    return f"{teaching.school_class.name}{group}"[:MOST_PLACE]


def told(turn: Turn, given: Given) -> str:
    """Say what was done: for how many, how many letters, and who has no address (П1-2.2)."""
    t, task = turn.t, given.task
    lines = [
        t(
            "set-task-done",
            course=course(task, t),
            due=t.when(task.due_at, turn.now),
            students=t("teacher-students", count=given.addressees),
        )
    ]
    if given.unsent:
        lines.append(t("set-task-mail-off"))
    elif given.letters or given.without_address:
        lines.append(t("set-task-letters", count=given.letters))
    if given.without_address:
        without = given.without_address
        lines.append(t("set-task-no-address", count=len(without), names=names(without)))
    return "\n".join(lines)
