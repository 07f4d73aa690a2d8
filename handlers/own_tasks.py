"""«Мои задания»: a teacher looks at a task, moves its deadline, takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import deadline
from handlers.cards import placed
from handlers.messages import Button, Reply, Rows, parts, rows
from handlers.objects import whole_number
from handlers.pages import page_of
from handlers.phrases import course, due_briefly, label, names, reach
from handlers.task_card import due_buttons, minute
from handlers.task_draft import aside_in, put_aside
from handlers.teaching import a_page, a_taught_task
from handlers.turn import Action, Answer, Handler, Turn
from school import letters, rights, setting, standing
from school.letters import TaskPost
from school.refusals import Refusal
from storage import tasks
from storage.tasks import Task

CARD = "own-tasks"
PAGE = 5
EXCERPT = 600
MOVE = "own-task.move"


@dataclass(frozen=True, slots=True)
class Named:
    """A task a button names, whether the button saw its newest revision, and what else it says."""

    task: Task
    is_fresh: bool
    rest: tuple[str, ...]


async def show_list(turn: Turn, page: int) -> Answer:
    """List the teacher's tasks, the latest deadline first."""
    t = turn.t
    own = await tasks.of_teacher(turn.tx, turn.speaker.id)
    here = page_of(own, page, PAGE)
    buttons = [Button(label(_title(turn, task)), f"own-task.open:{task.id}") for task in here.shown]
    foot = here.pager("own-task.list", t)
    laid = (*rows(buttons), foot) if foot else rows(buttons)
    text = t("own-task-list") if own else t("own-task-none", reach=reach(turn.speaker))
    return await placed(turn, Reply(text, buttons=laid, card=CARD))


async def show(turn: Turn, task: Task) -> Answer:
    """Open a task; who was typing its new deadline has thought better of it."""
    if turn.session.step == MOVE:
        put_aside(turn)
    return await _card(turn, task)


async def ask_move(turn: Turn, named: Named) -> Answer:
    """Ask for a new deadline."""
    if not named.is_fresh:
        return await _card(turn, named.task, note=turn.t("own-task-stale"))
    task = named.task
    _wait_for_due(turn, task)
    return await _asking(turn, task)


async def choose_due(turn: Turn, named: Named) -> Answer:
    """Move the deadline to that of a button, or wait for a typed one."""
    task = named.task
    if not named.is_fresh:
        return await _card(turn, task, note=turn.t("own-task-stale"))
    if not named.rest:
        _wait_for_due(turn, task)
        return Reply(turn.t("set-task-type-due"))
    return await _moved(turn, task, minute(named.rest, 0))


async def type_due(turn: Turn) -> Answer:
    """Move the deadline to a typed one."""
    data = turn.session.data
    task = await rights.taught_task(turn.tx, turn.speaker, data["moving"])
    if task.revision != data["revision"] or task.withdrawn_at is not None:
        put_aside(turn)
        return await _card(turn, task, note=turn.t("own-task-stale"))
    due_at = deadline.read(turn.incoming.text, turn.now, turn.t)
    if due_at is None:
        _wait_for_due(turn, task)
        return Reply(turn.t("deadline-unclear"))
    return await _moved(turn, task, due_at)


async def ask_withdraw(turn: Turn, named: Named) -> Answer:
    """Ask once more before a task is taken back."""
    task, t = named.task, turn.t
    if not named.is_fresh:
        return await _card(turn, task, note=t("own-task-stale"))
    stands = await standing.standing_of(turn.tx, turn.school, task)
    ref = f"{task.id}:{task.revision}"
    sure = t("own-task-sure", course=course(task, t), handed=stands.handed_in)
    buttons = (
        (Button(t("own-task-withdraw-yes"), f"own-task.withdrawn:{ref}"),),
        (Button(t("own-task-keep"), f"own-task.open:{task.id}"),),
    )
    return await placed(turn, Reply(sure, buttons=buttons, card=CARD))


async def withdraw(turn: Turn, named: Named) -> Answer:
    """Take a task back."""
    if not named.is_fresh:
        return await _card(turn, named.task, note=turn.t("own-task-stale"))
    await setting.take_back(turn.tx, named.task, turn.now)
    return await _card(turn, await rights.taught_task(turn.tx, turn.speaker, named.task.id))


async def load_named(turn: Turn, arguments: Sequence[str]) -> Named:
    """Load a task the speaker teaches, with the revision the button saw."""
    task = await a_taught_task(turn, arguments)
    is_fresh = whole_number(arguments, 1) == task.revision and task.withdrawn_at is None
    return Named(task, is_fresh, tuple(arguments[2:]))


async def _moved(turn: Turn, task: Task, due_at: datetime) -> Answer:
    try:
        moved = await setting.move(turn.tx, turn.school, task, due_at, turn.now)
    except Refusal as refusal:
        _wait_for_due(turn, task)
        read = turn.t("set-task-due-read", when=turn.t.when(due_at, turn.now))
        return await _asking(turn, task, note=f"{read} {turn.t(refusal.key)}")
    put_aside(turn)
    is_new = moved.task.revision != task.revision
    note = turn.t("own-task-moved", told=moved.told) if is_new else ""
    return await _card(turn, moved.task, note=note)


def _wait_for_due(turn: Turn, task: Task) -> None:
    turn.ask(MOVE, moving=task.id, revision=task.revision, **aside_in(turn))


async def _asking(turn: Turn, task: Task, *, note: str = "") -> Reply:
    t, ref = turn.t, f"{task.id}:{task.revision}"
    laid = [
        *await due_buttons(turn, setting.taught_in(task), f"own-task.to:{ref}"),
        (Button(t("own-task-keep"), f"own-task.open:{task.id}"),),
    ]
    now = t("own-task-now", course=course(task, t), due=t.when(task.due_at, turn.now))
    text = "\n".join(filter(None, [note, now]))
    return await placed(turn, Reply(text, buttons=tuple(laid), card=CARD))


async def _card(turn: Turn, task: Task, *, note: str = "") -> Reply:
    t = turn.t
    stands = await standing.standing_of(turn.tx, turn.school, task)
    post = await letters.post_of(turn.tx, turn.school, task, turn.now)
    lines = [note] if note else []
    lines += [f"{course(task, t)}. {t('own-task-due', due=t.when(task.due_at, turn.now))}"]
    if task.withdrawn_at is not None:
        lines += [t("own-task-withdrawn")]
    elif task.is_handed_in_here:
        lines += [t("own-task-handed", handed=stands.handed_in, all=stands.addressees)]
    else:
        lines += [t(f"own-task-channel-{task.channel}")]
    lines += _mailed(turn, post)
    if task.text:
        excerpt = parts(task.text, EXCERPT)
        lines += ["", excerpt[0] + ("…" if len(excerpt) > 1 else "")]
    card = Reply("\n".join(lines), buttons=_buttons(turn, task), card=CARD)
    return await placed(turn, card)


def _buttons(turn: Turn, task: Task) -> Rows:
    t, ref = turn.t, f"{task.id}:{task.revision}"
    back = (Button(t("own-task-all"), "own-task.list:0"),)
    if task.withdrawn_at is not None:
        return (back,)
    return (
        (Button(t("own-task-missing"), f"missing.open:{task.id}"),),
        (
            Button(t("own-task-move"), f"own-task.move:{ref}"),
            Button(t("own-task-withdraw"), f"own-task.withdraw:{ref}"),
        ),
        back,
    )


def _mailed(turn: Turn, post: TaskPost) -> list[str]:
    """Tell the post of a task: delivered, failed, not sent at all, without address (П1-2.2)."""
    t, lines = turn.t, []
    if post.written:
        line = t("own-task-letters", delivered=len(post.delivered), all=post.written)
        lines.append(line)
    if post.failed:
        lines.append(t("own-task-failed", count=len(post.failed), names=names(post.failed)))
    if post.unsent and post.written:
        unsent = post.unsent
        lines.append(t("own-task-unsent", count=len(unsent), names=names(unsent)))
    elif post.unsent:
        lines.append(t("set-task-mail-off"))
    if post.without_address:
        without = post.without_address
        lines.append(t("set-task-no-address", count=len(without), names=names(without)))
    return lines


def _title(turn: Turn, task: Task) -> str:
    return f"{course(task, turn.t)} · {due_briefly(turn.t, task.due_at, turn.now)}"


ACTIONS: dict[str, Action] = {
    "own-task.list": Action(show_list, a_page),
    "own-task.open": Action(show, a_taught_task),
    "own-task.move": Action(ask_move, load_named),
    "own-task.to": Action(choose_due, load_named),
    "own-task.withdraw": Action(ask_withdraw, load_named),
    "own-task.withdrawn": Action(withdraw, load_named),
}
STEPS: dict[str, Handler] = {MOVE: type_due}
