"""Short ways for storage tests to find people of the sample school and to put things in."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import outbox, queue, tasks
from storage.database import Database
from storage.outbox import Message, NewMessage
from storage.tables import messages
from storage.tables.people import classes, persons
from storage.tables.timetable import subjects


class Rows:
    """Rows of one database. `now` is the instant at which everything is put in."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    async def person(self, roster_id: str) -> int:
        """Return the id of somebody of the roster: "S701", "T01"."""
        wanted = sa.select(persons.c.id).where(persons.c.roster_key.like(f"%:{roster_id}"))
        async with self.database.read() as tx:
            return int((await tx.execute(wanted)).scalar_one())

    async def school(self) -> int:
        """Return the sample school's id."""
        async with self.database.read() as tx:
            return int(await tx.scalar(sa.select(sa.func.min(persons.c.school_id))) or 0)

    async def school_class(self, parallel: int, letter: str) -> int:
        """Return a class's id."""
        wanted = sa.select(classes.c.id).where(
            classes.c.parallel == parallel, classes.c.letter == letter
        )
        async with self.database.read() as tx:
            return int((await tx.execute(wanted)).scalar_one())

    async def task(self, *, due: timedelta = timedelta(hours=10)) -> int:
        """Set a task for 7Б and return its id."""
        school_id, teacher_id = await self.school(), await self.person("T01")
        class_id = await self.school_class(7, "Б")
        async with self.database.write() as tx:
            subject_id = int(
                (
                    await tx.execute(sa.select(subjects.c.id).order_by(subjects.c.id).limit(1))
                ).scalar_one()
            )
            return await tasks.add(
                tx,
                tasks.NewTask(
                    school_id=school_id,
                    teacher_id=teacher_id,
                    class_id=class_id,
                    group_id=None,
                    subject_id=subject_id,
                    text="№ 12, № 14",
                    set_at=self.now,
                    due_at=self.now + due,
                ),
                [],
            )

    async def plan(self, *messages: NewMessage) -> int:
        """Put messages in the outbox; return how many were new."""
        async with self.database.write() as tx:
            return await outbox.plan(tx, messages, self.now)

    async def due(
        self, lane: str = "telegram", after: timedelta = timedelta(0), limit: int = 10
    ) -> list[str]:
        """Return the keys of what a lane may send."""
        async with self.database.read() as tx:
            found = await queue.due(tx, lane, self.now + after, limit)
        return [message.key for message in found]

    async def message(self, key: str) -> Message:
        """Return a message of the outbox."""
        wanted = sa.select(*outbox.MESSAGE).where(messages.outbox.c.key == key)
        async with self.database.read() as tx:
            return Message(*(await tx.execute(wanted)).one())

    def notice(self, key: str, chat: str = "anya", **values: object) -> NewMessage:
        """Make a notice to a chat on Telegram."""
        fields = {"lane": "telegram", "address": chat, "kind": "nudge", "payload": {}}
        return NewMessage(**{"key": key, "send_after": self.now, **fields, **values})  # type: ignore[arg-type]

    def reply(self, key: str, chat: str = "anya", **values: object) -> NewMessage:
        """Make a reply to a chat on Telegram."""
        return self.notice(key, chat, **{"kind": "reply", "is_reply": True, **values})
