"""News about tasks (П1-1.4): a new one, a deadline that has moved, deadlines that come near."""

from collections.abc import Sequence
from datetime import datetime

from handlers import phrases
from handlers.messages import Button, Reply, rows
from handlers.phrases import in_text
from handlers.reader import Kind, Reader
from school import homework, reminders
from school.rules.deadlines import ReminderKind
from school.speakers import load
from storage import drafts, people, tasks
from storage.people import Student
from storage.tasks import Task
from storage.works import RETURNED

MOST_NAMED = 5


async def _set(reader: Reader) -> Reply | None:
    """Tell of a new task, unless it was taken back or handed in before anybody heard of it."""
    found = await _unfinished(reader)
    if found is None:
        return None
    student, task = found
    key = "news-set" if task.text else "news-set-files"
    text = reader.t(key, task=_named(reader, task), text=phrases.excerpt(task))
    return await _with_ways(reader, student, [task], text)


async def _moved(reader: Reader) -> Reply | None:
    """Tell that a deadline has moved, once a revision; a newer revision speaks for itself."""
    found = await _unfinished(reader)
    if found is None or found[1].revision != reader.params["revision"]:
        return None
    student, task = found
    was = datetime.fromisoformat(reader.params["was"])
    if was == task.due_at:
        return None
    key = "news-moved-earlier" if task.due_at < was else "news-moved-later"
    text = reader.t(
        key,
        subject=in_text(task.subject),
        due=phrases.due(reader.t, task.due_at, reader.now),
        was=reader.t.when(was, reader.now),
    )
    return await _with_ways(reader, student, [task], text)


async def _deadlines(reader: Reader) -> Reply | None:
    """Recall what is still undone of what was to be recalled now."""
    student = await people.student(reader.tx, reader.object_id)
    if student is None or not await _speaks_for(reader, student):
        return None
    reminder = reminders.read(reader.object)
    due = await reminders.due_then(reader.tx, reader.school, student, reminder, reader.now)
    if not due:
        return None
    is_near = reminder.kind is ReminderKind.TWO_HOURS
    lines = [reader.t("news-near" if is_near else "news-evening", count=len(due))]
    for task in due:
        aimed = await drafts.aimed_at(reader.tx, student.id, task.id)
        mark = reader.t("news-draft") if aimed else ""
        elsewhere = "" if task.is_handed_in_here else reader.t("news-elsewhere")
        lines.append("• " + _named(reader, task) + mark + elsewhere)
    return await _with_ways(reader, student, due, "\n".join(lines))


async def _unfinished(reader: Reader) -> tuple[Student, Task] | None:
    """Return the student and the task a notice is about, while there is something to be done."""
    student = await people.student(reader.tx, reader.params["student"])
    if student is None or not await _speaks_for(reader, student):
        return None
    task = await tasks.for_student(reader.tx, student, reader.object_id)
    if task is None:
        return None
    one = await homework.one(reader.tx, reader.school, student, task, reader.now)
    return (student, task) if one.work is None or one.work.state == RETURNED else None


async def _speaks_for(reader: Reader, student: Student) -> bool:
    speaker = await load(reader.tx, reader.person.id, reader.now)
    return speaker is not None and any(ward.id == student.id for ward in speaker.wards)


def _named(reader: Reader, task: Task) -> str:
    return reader.t(
        "news-task",
        subject=in_text(task.subject),
        due=phrases.due(reader.t, task.due_at, reader.now),
    )


async def _with_ways(reader: Reader, student: Student, due: Sequence[Task], text: str) -> Reply:
    t = reader.t
    if len(due) == 1:
        task = due[0]
        ref = f"{student.id}:{task.id}"
        buttons = [Button(t("news-open"), f"tasks.open:{ref}")]
        if task.is_handed_in_here:
            buttons.insert(0, Button(t("tasks-hand-in"), f"hand_in.start:{ref}"))
        laid = rows(buttons, width=2)
    else:
        laid = rows(
            Button(phrases.task_label(t, task, reader.now), f"tasks.open:{student.id}:{task.id}")
            for task in due[:MOST_NAMED]
        )
    return Reply(phrases.about(text, reader.person.id, student), buttons=laid)


NOTICES: dict[str, Kind] = {
    homework.SET: Kind(_set, has_letter=True),
    homework.MOVED: Kind(_moved, repeats=True, has_letter=True),
    reminders.KIND: Kind(_deadlines),
}
