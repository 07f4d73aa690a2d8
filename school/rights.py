"""Whose is it: an object a button names is loaded through the speaker's rights, or not at all."""

from school.refusals import NotYours
from school.speakers import Speaker
from storage import drafts, tasks, timetable, works
from storage.database import Tx
from storage.drafts import Draft
from storage.people import Role
from storage.tasks import Task
from storage.timetable import Teaching
from storage.works import Work


async def work_of_family(tx: Tx, speaker: Speaker, work_id: int) -> Work:
    """Return a work of the speaker or of the speaker's child, of any age (3.1)."""
    work = await works.by_id(tx, work_id)
    if work is None:
        raise NotYours
    speaker.visible_student(work.student.id)
    return work


async def draft_here(tx: Tx, speaker: Speaker, messenger: str, chat: str, draft_id: int) -> Draft:
    """Return the draft of this very chat, if the speaker is its author."""
    draft = await drafts.in_chat(tx, messenger, chat)
    if draft is None or draft.id != draft_id or draft.author_id != speaker.id:
        raise NotYours
    if draft.student_id is not None:
        speaker.ward(draft.student_id)
    return draft


async def teaching_of(tx: Tx, speaker: Speaker, teaching_id: int) -> Teaching:
    """Return one of the things the speaker teaches."""
    teaching = await timetable.teaching(tx, teaching_id)
    if teaching is None or teaching.teacher_id != speaker.id or not speaker.is_any(Role.TEACHER):
        raise NotYours
    return teaching


async def taught_task(tx: Tx, speaker: Speaker, task_id: int) -> Task:
    """Return a task that the speaker has set, or of a subject the speaker teaches there."""
    task = await tasks.by_id(tx, task_id)
    if task is None or not await _teaches(tx, speaker, task):
        raise NotYours
    return task


async def taught_work(tx: Tx, speaker: Speaker, work_id: int) -> Work:
    """Return a work at a task that the speaker teaches."""
    work = await works.by_id(tx, work_id)
    if work is None or not await _teaches(tx, speaker, work.task):
        raise NotYours
    return work


async def _teaches(tx: Tx, speaker: Speaker, task: Task) -> bool:
    if not speaker.is_any(Role.TEACHER) or task.school_id != speaker.school.id:
        return False
    if task.teacher_id == speaker.id:
        return True
    return any(
        teaching.school_class.id == task.school_class.id
        and teaching.subject_id == task.subject_id
        and teaching.group_id in (None, task.group_id)
        for teaching in await timetable.teachings_of(tx, speaker.id)
    )
