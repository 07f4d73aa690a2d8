"""«Кто не сдал»: how a teacher's recent tasks stand, by name."""

from handlers.cards import placed
from handlers.messages import Button, Reply, rows
from handlers.pages import page_of
from handlers.phrases import course, label, names, reach
from handlers.task_draft import put_aside
from handlers.teaching import a_page, a_taught_task, only_teachers
from handlers.turn import Action, Answer, Handler, Turn
from school.standing import Place, Standing, standing_of
from storage import tasks
from storage.tasks import Task

CARD = "missing"
PAGE = 5


async def command(turn: Turn) -> Answer:
    """List the teacher's recent tasks with how many have handed in."""
    only_teachers(turn)
    put_aside(turn)
    return await show_list(turn, 0)


async def show_list(turn: Turn, page: int) -> Answer:
    """Show a page of the tasks, the latest deadline first."""
    t = turn.t
    own = await tasks.of_teacher(turn.tx, turn.speaker.id)
    if not own:
        return await placed(turn, Reply(t("missing-none", reach=reach(turn.speaker)), card=CARD))
    here = page_of(own, page, PAGE)
    lines, buttons = [t("missing-title")], []
    for task in here.shown:
        stands = await standing_of(turn.tx, turn.school, task)
        lines.append("• " + _line(turn, task, stands))
        buttons.append(Button(label(_button(turn, task)), f"missing.open:{task.id}"))
    foot = here.pager("missing.page", t)
    laid = (*rows(buttons), foot) if foot else rows(buttons)
    return await placed(turn, Reply("\n".join(lines), buttons=laid, card=CARD))


async def show(turn: Turn, task: Task) -> Answer:
    """Show who has not handed a task in, whose work waits, and who is not asked here."""
    t = turn.t
    lines = [t("missing-task", course=course(task, t), due=t.when(task.due_at, turn.now))]
    stands = await standing_of(turn.tx, turn.school, task)
    if task.withdrawn_at is not None:
        lines.append(t("own-task-withdrawn"))
    elif task.is_handed_in_here:
        lines += _lists(turn, task, stands)
    else:
        lines.append(t(f"own-task-channel-{task.channel}"))
    buttons = [Button(t("missing-back"), "missing.page:0")]
    if stands[Place.WAITING]:
        buttons.insert(0, Button(t("queue-open"), "queue.page:0"))
    laid = rows(buttons, width=2)
    return await placed(turn, Reply("\n".join(lines), buttons=laid, card=CARD))


def _lists(turn: Turn, task: Task, stands: Standing) -> list[str]:
    t = turn.t
    still = "yes" if task.due_at > turn.now else "no"
    missing = stands[Place.MISSING]
    lines = [t("missing-all-in")]
    if missing:
        lines = [t("missing-missing", still=still, count=len(missing), names=names(missing))]
    for place in (Place.RETURNED, Place.WAITING, Place.REVIEWED, Place.APART):
        students = stands[place]
        if students:
            lines.append(t(f"missing-{place}", count=len(students), names=names(students)))
    return lines


def _line(turn: Turn, task: Task, stands: Standing) -> str:
    t = turn.t
    line = t("missing-line", course=course(task, t), due=t.when(task.due_at, turn.now))
    if not task.is_handed_in_here:
        return line + t(f"missing-line-{task.channel}")
    return line + t("missing-line-count", handed=stands.handed_in, all=stands.addressees)


def _button(turn: Turn, task: Task) -> str:
    due = turn.t.when(task.due_at, turn.now)
    return f"{task.school_class.name} {task.subject} — {due}"


ACTIONS: dict[str, Action] = {
    "missing.page": Action(show_list, a_page),
    "missing.open": Action(show, a_taught_task),
}
COMMANDS: dict[str, Handler] = {"missing": command}
