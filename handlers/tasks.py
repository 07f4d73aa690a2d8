"""Tasks (П1-1.4): the list by deadline, and one task with its files and the way to hand it in."""

from collections.abc import Sequence

from handlers import menu, phrases
from handlers.messages import ALBUM_FILES, CAPTION_CHARS, Button, FileKind, Reply, StoredFile, parts
from handlers.objects import a_seen_student, a_seen_task
from handlers.teaching import pager, pages_of
from handlers.turn import Action, Answer, Handler, Turn
from school import homework
from school.homework import Homework, TaskState
from storage import people, reviews, tasks
from storage.people import Student
from storage.tasks import Channel, PartFile, Task

PAGE = 4

Rows = list[list[Button]]


async def my_tasks(turn: Turn) -> Answer:
    """Show the tasks: one's own, or those of the first child, with a way to the others."""
    family = phrases.family(turn.speaker)
    if not family:
        return Reply(turn.t("tasks-nobody"), menu=menu.of(turn))
    return await _list(turn, family[0], 0)


async def open_list(turn: Turn, asked: tuple[Student, int]) -> Answer:
    """Show a page of a student's tasks."""
    return await _list(turn, *asked)


async def _list(turn: Turn, student: Student, page: int) -> Reply:
    every = await homework.of_student(turn.tx, turn.school, student, turn.now)
    pages = pages_of(len(every), PAGE)
    page = min(page, pages - 1)
    shown = every[page * PAGE : (page + 1) * PAGE]
    card, t = f"tasks:{student.id}", turn.t
    text = "\n".join([_title(turn, every), *(_line(turn, one) for one in shown)])
    action = f"tasks.list:{student.id}"
    rows: Rows = [
        [
            Button(
                phrases.task_label(t, one.task, turn.now), f"tasks.open:{student.id}:{one.task.id}"
            )
        ]
        for one in shown
    ]
    rows += [pager(action, page, pages, t), phrases.siblings(turn, student, "tasks.list")]
    return Reply(
        phrases.about(text, turn.speaker.id, student),
        buttons=_laid(rows),
        card=card,
        edit=await phrases.is_in_place(turn, card),
    )


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
    if len(files) == 1 and len(text) <= CAPTION_CHARS:
        return Reply(text, files=(_file(files[0]),), buttons=buttons)
    whole = parts("\n\n".join(filter(None, [head, task.text])))
    return [*map(Reply, whole), *shown(files), Reply(foot or head, buttons=buttons)]


def shown(files: Sequence[PartFile]) -> list[Reply]:
    """Show files in order: photos that follow one another as an album, each other file alone."""
    replies: list[Reply] = []
    album: list[StoredFile] = []
    for file in map(_file, files):
        is_photo = file.kind is FileKind.PHOTO
        if album and (not is_photo or len(album) == ALBUM_FILES):
            replies.append(Reply(files=tuple(album)))
            album = []
        if is_photo:
            album.append(file)
        else:
            replies.append(Reply(files=(file,)))
    return [*replies, Reply(files=tuple(album))] if album else replies


def _file(part: PartFile) -> StoredFile:
    return StoredFile(part.file_id, FileKind(part.kind), part.name)


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
        return t("tasks-sent", number=work.number, day=t.day_in(work.answer_on))
    return t(f"tasks-{one.state}", number=work.number)


async def _buttons(turn: Turn, one: Homework) -> tuple[tuple[Button, ...], ...]:
    t, task, student = turn.t, one.task, one.student
    acts = any(ward.id == student.id for ward in turn.speaker.wards)
    rows: Rows = [[], []]
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
    return _laid(rows)


def _laid(rows: Rows) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(row) for row in rows if row)


ACTIONS: dict[str, Action] = {
    "tasks.list": Action(open_list, a_seen_student),
    "tasks.open": Action(open_task, a_seen_task),
}
COMMANDS: dict[str, Handler] = {"tasks": my_tasks}
STEPS: dict[str, Handler] = {}
