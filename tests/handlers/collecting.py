"""What the tests of handing in share: a draft begun, a photo sent, what is in a work."""

import sqlalchemy as sa

from handlers.messages import FileKind, Incoming, RemoteFile
from storage import drafts, works
from storage.tables.people import classes, students
from tests.chat import Chat, House, photo


async def kinds_of(house: House, work: works.Work) -> list[str]:
    async with house.database.read() as tx:
        return [part.kind for part in await works.parts_of(tx, work.id)]


async def texts_of(house: House, work: works.Work) -> list[str]:
    async with house.database.read() as tx:
        return [part.text for part in await works.parts_of(tx, work.id) if part.kind == "text"]


async def draft_of(chat: Chat) -> drafts.Draft | None:
    async with chat.house.database.read() as tx:
        return await drafts.in_chat(tx, chat.messenger.lane, chat.user)


async def begins(house: House, roster_id: str = "S701", messenger: str = "telegram") -> Chat:
    """Open the draft of the geometry task from the list of tasks."""
    chat = await house.chat(roster_id, messenger)
    await chat.says("Задания")
    await chat.presses("Геометрия")
    await chat.presses("Сдать")
    return chat


async def sends_photo_for(chat: Chat, subject: str) -> None:
    await chat.sends(photo())
    if "К другому заданию" in chat.buttons:
        await chat.presses("К другому заданию")
    await chat.presses(subject)
    await chat.presses("Отправить")


async def moves_to(house: House, chat: Chat, parallel: int) -> None:
    async with house.database.write() as tx:
        class_id = await tx.scalar(sa.select(classes.c.id).where(classes.c.parallel == parallel))
        await tx.execute(
            sa.update(students)
            .where(students.c.person_id == chat.person_id)
            .values(class_id=class_id)
        )


def part_of_album(chat: Chat, mark: str) -> Incoming:
    """One photo of the album «a1»: a messenger sends each as an event of its own."""
    chat.messenger.blobs[mark] = photo(mark).content
    now = chat.house.clock.now().replace(microsecond=0)
    remote = (RemoteFile(FileKind.PHOTO, mark),)
    return Incoming(chat.address, now, message_ref=mark, album="a1", remote=remote)
