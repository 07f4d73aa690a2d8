"""Tasks (П1-1.4): the list by deadline, and one task with its files and the way to hand it in."""

from collections.abc import Sequence

from handlers import menu, phrases
from handlers.albums import albums, stored
from handlers.cards import is_in_place
from handlers.messages import CAPTION_CHARS, Button, Reply, Rows, laid_out, length, parts
from handlers.objects import a_seen_student, a_seen_task
from handlers.pages import page_of
from handlers.turn import Action, Answer, Handler, Turn
from school import homework
from school.homework import Homework, TaskState
from storage import people, reviews, tasks
from storage.people import Student
from storage.tasks import Channel, Task

PAGE = 4


async def my_tasks(turn: Turn) -> Answer:
    """Show the tasks: one's own, or those of the first child, with a way to the others."""
    family = turn.speaker.family
    if not family:
        return Reply(turn.t("tasks-nobody"), menu=menu.of(turn))
    return await _list(turn, family[0], 0)


async def open_list(turn: Turn, asked: tuple[Student, int]) -> Answer:
    """Show a page of a student's tasks."""
    return await _list(turn, *asked)


async def _list(turn: Turn, student: Student, page: int) -> Reply:
    every = await homework.of_student(turn.tx, turn.school, student, turn.now)
    here = page_of(every, page, PAGE)
    card, t = f"tasks:{student.id}", turn.t
    text = "\n".join([_title(turn, every), *(_line(turn, one) for one in here.shown)])
    action = f"tasks.list:{student.id}"
    rows = [
        *([_to_task(turn, one)] for one in here.shown),
        here.pager(action, t),
        phrases.siblings(turn, student, "tasks.list"),
    ]
    return Reply(
        phrases.about(text, turn.speaker.id, student),
        buttons=laid_out(rows),
        card=card,
        edit=await is_in_place(turn, card),
    )


def _to_task(turn: Turn, one: Homework) -> Button:
    said = phrases.task_label(turn.t, one.task, turn.now)
    return Button(said, f"tasks.open:{one.student.id}:{one.task.id}")


def _title(turn: Turn, every: Sequence[Homework]) -> str:
    if not every:
        return turn.t("tasks-none")
    waiting = sum(one.is_open for one in every)
    return turn.t("tasks-open", count=waiting) if waiting else turn.t("tasks-all-in")


def _line(turn: Turn, one: Homework) -> str:
    t, task = turn.t, one.task
    is_past = task.due_at < turn.now
    return t(
        "tasks-line",
        subject=task.subject,
        due=t.when(task.due_at, turn.now) if is_past else phrases.due(t, task.due_at, turn.now),
        state=t(f"tasks-state-{one.state}"),
    )


async def open_task(turn: Turn, asked: tuple[Student, Task]) -> Answer:
    """Show one task whole: what it says, its files, when and where it is handed in."""
    student, task = asked
    one = await homework.one(turn.tx, turn.school, student, task, turn.now)
    files = await tasks.files_of(turn.tx, task.id)
    head = phrases.about(_head(turn, one), turn.speaker.id, student)
    foot = await _foot(turn, one)
    buttons = await _buttons(turn, one)
    text = "\n\n".join(filter(None, [head, task.text, foot]))
    if not files:
        pieces = parts(text)
        return [*map(Reply, pieces[:-1]), Reply(pieces[-1], buttons=buttons)]
    if len(files) == 1 and length(text) <= CAPTION_CHARS:
        return Reply(text, files=stored(files), buttons=buttons)
    whole = parts("\n\n".join(filter(None, [head, task.text])))
    return [*map(Reply, whole), *albums(stored(files)), Reply(foot or head, buttons=buttons)]


def _head(turn: Turn, one: Homework) -> str:
    return turn.t(
        "tasks-head",
        subject=one.task.subject,
        due=phrases.due(turn.t, one.task.due_at, turn.now),
    )


async def _foot(turn: Turn, one: Homework) -> str:
    """Say where the task stands, and where it is handed in if not here."""
    t, task, work = turn.t, one.task, one.work
    if task.channel is Channel.PLATFORM:
        return t("tasks-by-platform")
    if task.channel is Channel.EMAIL:
        teacher = await people.person(turn.tx, task.teacher_id)
        return t("tasks-by-email", address=teacher.email if teacher else "—")
    if work is None:
        return t("tasks-late") if one.state is TaskState.OVERDUE else ""
    if one.state is TaskState.SENT:
        if work.answer_on < turn.today:
            return t("tasks-sent-overdue", number=work.number)
        return t("tasks-sent", number=work.number, day=phrases.by_day(t, work.answer_on))
    return t(f"tasks-{one.state}", number=work.number)


async def _buttons(turn: Turn, one: Homework) -> Rows:
    t, task, student = turn.t, one.task, one.student
    acts = any(ward.id == student.id for ward in turn.speaker.wards)
    rows: list[list[Button]] = [[], []]
    if task.is_handed_in_here and acts:
        key = "tasks-hand-in-again" if one.work else "tasks-hand-in"
        rows[0].append(Button(t(key), f"hand_in.start:{student.id}:{task.id}"))
    if task.channel is Channel.PLATFORM and turn.school.platform_url:
        rows[0].append(Button(t("tasks-platform"), url=turn.school.platform_url))
    if one.work is not None:
        review = await reviews.released_for(turn.tx, one.work.id)
        if review is not None:
            rows[1].append(Button(t("tasks-answer"), f"answers.open:{review.id}"))
    rows[1].append(Button(t("tasks-back"), f"tasks.list:{student.id}"))
    return laid_out(rows)


ACTIONS: dict[str, Action] = {
    "tasks.list": Action(open_list, a_seen_student),
    "tasks.open": Action(open_task, a_seen_task),
}
COMMANDS: dict[str, Handler] = {"tasks": my_tasks}
