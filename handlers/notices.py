"""How a notice reads: the table of all kinds, and the rendering of one for its reader."""

from datetime import datetime

from handlers import answers, day, enrol, family, letters, queue, registration, roles, task_news
from handlers.messages import Reply
from handlers.reader import Reader, texts_for
from handlers.turn import joined
from storage import people, schools
from storage.database import Tx
from storage.outbox import Message

KINDS = joined(
    answers.NOTICES,
    day.NOTICES,
    enrol.NOTICES,
    family.NOTICES,
    letters.NOTICES,
    queue.NOTICES,
    registration.NOTICES,
    roles.NOTICES,
    task_news.NOTICES,
)


async def render(tx: Tx, message: Message, now: datetime) -> Reply | None:
    """Render a notice in its reader's language; None if its reason is gone or the reader is."""
    person = await people.person(tx, message.person_id)
    if person is None or person.left_on is not None:
        return None
    school = await schools.by_id(tx, message.school_id)
    student = await people.student(tx, person.id)
    reader = Reader(
        tx=tx,
        now=now,
        person=person,
        student=student,
        school=school,
        t=texts_for(school, student),
        object=message.object,
        params=message.payload,
    )
    return await KINDS[message.kind].render(reader)
