"""How the letter about a task reads (П1-1.3, П1-2.2)."""

from collections.abc import Sequence

from handlers.albums import stored
from handlers.messages import Reply
from handlers.phrases import course, in_text
from handlers.reader import Kind, Reader
from handlers.texts import Texts
from school import letters
from storage import people, tasks
from storage.people import Student
from storage.tasks import PartFile, Task

MOST_BYTES = 5 * 1024 * 1024


async def render(reader: Reader) -> Reply | None:
    """Write the letter, to a grown-up form whoever reads it.

    None once the task was taken back or its deadline has moved: the newer revision has a letter.
    None either where the address may be told of none of its students any more.
    """
    task = await tasks.by_id(reader.tx, reader.object_id)
    if task is None or task.withdrawn_at is not None or letters.object_of(task) != reader.object:
        return None
    address = reader.params.get("address")
    of_letter = reader.params["students"]
    students = await letters.still_told(reader.tx, task, of_letter, address, reader.today)
    if not students:
        return None
    t = Texts(reader.school.language, informal=False, zone=reader.school.zone)
    files = await tasks.files_of(reader.tx, task.id)
    attached = files if sum(file.size for file in files) <= MOST_BYTES else []
    subject = "letter-task-subject" if task.revision == 1 else "letter-task-moved-subject"
    return Reply(
        "\n".join(await _lines(reader, task, students, t, (files, attached))),
        subject=t(subject, subject=task.subject, due=_due(task, t)),
        files=stored(attached),
    )


async def _lines(
    reader: Reader,
    task: Task,
    students: Sequence[Student],
    t: Texts,
    of_task: tuple[Sequence[PartFile], Sequence[PartFile]],
) -> list[str]:
    files, attached = of_task
    names = ", ".join(student.person.short_name for student in students)
    teacher = await people.person(reader.tx, task.teacher_id)
    lines = [
        t("letter-hello"),
        "",
        t("letter-task-whom", names=names, course=course(task, t)),
        t(
            "letter-task-due",
            day=t.day(task.due_at.astimezone(t.zone).date()),
            due=t.stamp(task.due_at),
        ),
        t("letter-task-channel", channel=task.channel),
    ]
    if task.text:
        lines += ["", task.text]
    if attached:
        lines += ["", t("letter-task-attached", files=t("teacher-files", count=len(attached)))]
    elif files:
        lines += ["", t("letter-task-in-bot", files=t("teacher-files", count=len(files)))]
    name = teacher.polite_name if teacher else ""
    lines += ["", t("letter-sign", teacher=name, subject=in_text(task.subject))]
    return [*lines, reader.school.name, "", t("letter-automatic")]


def _due(task: Task, t: Texts) -> str:
    """«24 ноября, 18:00»: a letter may be read on any day, so no «завтра»."""
    return f"{t.short_day(task.due_at.astimezone(t.zone).date())}, {t.clock(task.due_at)}"


NOTICES: dict[str, Kind] = {letters.KIND: Kind(render, repeats=True, of_several=True)}
