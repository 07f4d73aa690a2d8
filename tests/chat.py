"""Conversations for tests: `await anya.says("Мой день")`, `await anya.presses("Почта проверена")`.

Everything runs as it does for real, from the inbox to the outbox, on a real SQLite file; only the
messenger is in memory.
"""

import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.ingress import Ingress
from bot.worker import Worker
from handlers.messages import Address, FileKind, Happening, Incoming, RemoteFile, Reply
from scheduler import plan
from scheduler.clock import SetClock
from scheduler.delivery import Lane
from scheduler.messenger import ChatClosed, EditRejected, FileRefused, LocalFile, Update
from storage import accounts, people
from storage.accounts import Account
from storage.database import Database
from storage.files import FileStore
from storage.tables.people import persons

MOSCOW = ZoneInfo("Europe/Moscow")
MOST_ROUNDS = 500
_numbers = itertools.count(1)


def moscow(text: str) -> datetime:
    """Read «2026-11-23 07:30» as Moscow time."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC)


@dataclass(frozen=True)
class Sendable:
    """A file a person sends."""

    kind: FileKind
    content: bytes
    name: str = ""
    size: int = 0


def photo(mark: str = "") -> Sendable:
    """A small JPEG; photos of different marks differ."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return Sendable(FileKind.PHOTO, head + (mark or str(next(_numbers))).encode() + b"\xff\xd9")


def voice() -> Sendable:
    """A few bytes of Ogg with Opus."""
    head = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"
    return Sendable(FileKind.VOICE, head + str(next(_numbers)).encode())


def pdf(name: str = "работа.pdf") -> Sendable:
    """A small PDF."""
    return Sendable(FileKind.DOCUMENT, b"%PDF-1.4\n" + str(next(_numbers)).encode(), name)


def sticker() -> Sendable:
    """A sticker, which carries no file for us."""
    return Sendable(FileKind.STICKER, b"")


@dataclass
class Shown:
    """A message as the person sees it now."""

    ref: str
    message: Reply
    files: tuple[LocalFile, ...] = ()
    edited: int = 0


@dataclass
class MemoryMessenger:
    """A messenger in memory: both ends of it."""

    lane: str
    chats: dict[str, list[Shown]] = field(default_factory=dict)
    menus: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    failures: list[Exception] = field(default_factory=list)

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        assert random_id > 0
        if self.failures:
            raise self.failures.pop(0)
        if chat in self.blocked:
            raise ChatClosed("blocked")
        shown = Shown(str(next(_numbers)), message, tuple(files))
        self.chats.setdefault(chat, []).append(shown)
        if message.menu:
            self.menus[chat] = message.menu
        return shown.ref

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        for shown in self.chats.get(chat, []):
            if shown.ref == message_ref:
                shown.message = message
                shown.edited += 1
                return
        raise EditRejected("no such message")

    async def poll(self) -> Sequence[Update]:
        return []

    async def confirm(self) -> None:
        return

    async def acknowledge(self, update: Update) -> None:
        assert update.press

    async def working(self, chat: str) -> None:
        assert chat

    async def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        if file.ref not in self.blobs:
            raise FileRefused("gone")
        yield self.blobs[file.ref]


class House:
    """A school, the bot and its clock."""

    def __init__(self, database: Database, store: FileStore, start: datetime) -> None:
        self.database = database
        self.store = store
        self.clock = SetClock(start)
        self.messengers = {name: MemoryMessenger(name) for name in ("telegram", "vk", "mail")}
        self.worker = Worker(database, self.clock.now)
        self.ingress = {
            name: Ingress(messenger, database, store, self.clock.now)
            for name, messenger in self.messengers.items()
        }
        self.lanes = [
            Lane(messenger, database, store, self.clock.now, keeps_random_id=name == "vk")
            for name, messenger in self.messengers.items()
        ]

    @property
    def letters(self) -> dict[str, list[Shown]]:
        """What was mailed, by address."""
        return self.messengers["mail"].chats

    async def settle(self) -> None:
        """Let everything that is under way come to rest."""
        for _ in range(MOST_ROUNDS):
            done = await self.worker.handle_ready()
            for lane in self.lanes:
                done += await lane.deliver_due()
            if not done:
                return
        raise AssertionError("the house does not come to rest")

    async def until(self, moment: str | datetime) -> None:
        """Go on to an instant (Moscow time as text), visiting everything due on the way."""
        target = moscow(moment) if isinstance(moment, str) else moment
        for _ in range(MOST_ROUNDS):
            due = await plan.next_due(self.database, self.clock.now())
            instant = target if due is None else min(due, target)
            self.clock.set(instant)
            await plan.tick(self.database, instant)
            await self.settle()
            if instant >= target:
                return
        raise AssertionError("too many instants on the way")

    async def chat(self, roster_id: str, messenger: str = "telegram") -> "Chat":
        """Return the bound chat of somebody of the roster: "S701", "P001", "T01"."""
        user = f"{roster_id}-{messenger}"
        async with self.database.write() as tx:
            row = (
                await tx.execute(
                    sa.select(persons.c.id, persons.c.school_id).where(
                        persons.c.roster_key.like(f"%:{roster_id}")
                    )
                )
            ).one()
            person_id, school_id = row
            if await accounts.bound(tx, messenger, user) is None:
                account = Account(0, school_id, person_id, messenger, user, user)
                await accounts.bind(tx, account, self.clock.now())
        return Chat(self, messenger, user, person_id)

    def stranger(self, messenger: str = "telegram", user: str = "") -> "Chat":
        """Return the chat of somebody who is not bound."""
        return Chat(self, messenger, user or f"stranger-{next(_numbers)}", 0)

    async def person(self, roster_id: str) -> people.Person:
        """Return somebody of the roster."""
        async with self.database.read() as tx:
            person_id = await tx.scalar(
                sa.select(persons.c.id).where(persons.c.roster_key.like(f"%:{roster_id}"))
            )
            found = await people.person(tx, person_id or 0)
        assert found is not None
        return found


class Chat:
    """One person's chat with the bot."""

    def __init__(self, house: House, messenger: str, user: str, person_id: int) -> None:
        self.house = house
        self.messenger = house.messengers[messenger]
        self.user = user
        self.person_id = person_id
        self._mark = 0

    @property
    def address(self) -> Address:
        return Address(self.messenger.lane, self.user, self.user)

    @property
    def messages(self) -> list[Shown]:
        """Everything the bot has said here, as it looks now."""
        return self.messenger.chats.get(self.user, [])

    @property
    def last(self) -> Shown:
        """The newest message."""
        return self.messages[-1]

    @property
    def text(self) -> str:
        """The text of the newest message."""
        return self.last.message.text

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message."""
        return [button.label for row in self.last.message.buttons for button in row]

    @property
    def menu(self) -> list[str]:
        """The labels of the keyboard under the input."""
        return [label for row in self.messenger.menus.get(self.user, ()) for label in row]

    @property
    def news(self) -> list[Shown]:
        """What was said since the person's last act."""
        return self.messages[self._mark :]

    async def says(self, text: str, *, sent_at: datetime | None = None) -> None:
        await self.happens(self.event(text=text, sent_at=sent_at))

    async def opens(self, payload: str = "") -> None:
        """Follow a deep link, or press «Начать»."""
        await self.happens(self.event(action=f"start:{payload}"))

    async def sends(self, *files: Sendable, text: str = "") -> None:
        """Send files: one message each, tied together as an album if there are several."""
        album = f"album-{next(_numbers)}" if len(files) > 1 else ""
        self._mark = len(self.messages)
        for position, file in enumerate(files):
            ref = f"blob-{next(_numbers)}" if file.kind is not FileKind.STICKER else ""
            if not file.size:
                self.messenger.blobs[ref] = file.content
            remote = RemoteFile(file.kind, ref, file.name, file.size or len(file.content))
            event = self.event(text=text if position == 0 else "", album=album, remote=(remote,))
            await self._take(event)
        await self.house.settle()

    async def presses(self, label: str) -> None:
        """Press the newest button whose label begins so."""
        for shown in reversed(self.messages):
            for row in shown.message.buttons:
                for button in row:
                    if button.label.startswith(label) and button.action:
                        await self.acts(button.action, shown.ref)
                        return
        raise AssertionError(f"no button {label!r} here:\n{self.transcript()}")

    async def acts(self, action: str, message_ref: str = "") -> None:
        """Send a payload, whether or not a button carries it."""
        await self.happens(
            self.event(action=action, message_ref=message_ref, happening=Happening.PRESS)
        )

    async def happens(self, event: Incoming) -> None:
        """Let an event reach the bot, and wait for the answer."""
        self._mark = len(self.messages)
        await self._take(event)
        await self.house.settle()

    async def _take(self, event: Incoming) -> None:
        ingress = self.house.ingress[self.messenger.lane]
        press = "spinner" if event.happening is Happening.PRESS else ""
        ref = str(next(_numbers))
        await ingress.take([Update(ref, "{}", event, press=press)])
        if event.remote:
            await ingress.fetch_waiting()

    def event(self, *, sent_at: datetime | None = None, **values: object) -> Incoming:
        moment = (sent_at or self.house.clock.now()).replace(microsecond=0)
        event = Incoming(self.address, moment, message_ref=str(next(_numbers)))
        return _replaced(event, values)

    def sees(self, *texts: str) -> None:
        """Check that each text stands in what was said since the person's last act."""
        said = "\n".join(_written(shown) for shown in self._recent())
        for text in texts:
            assert text in said, f"{text!r} was not said:\n{said}"

    def sees_not(self, *texts: str) -> None:
        """Check that none of these was said since the person's last act."""
        said = "\n".join(_written(shown) for shown in self._recent())
        for text in texts:
            assert text not in said, f"{text!r} was said:\n{said}"

    def is_silent(self) -> bool:
        """Say whether nothing new was said since the person's last act."""
        return not self.news

    def forget(self) -> None:
        """Look only at what comes from here on."""
        self._mark = len(self.messages)

    def _recent(self) -> list[Shown]:
        changed = [shown for shown in self.messages[: self._mark] if shown.edited]
        return [*changed, *self.news]

    def transcript(self) -> str:
        """The chat as text, for a failing test and for the eye."""
        return "\n\n".join(map(_written, self.messages)) or "(nothing was said)"


def _replaced(event: Incoming, values: dict[str, object]) -> Incoming:
    fields = {name: getattr(event, name) for name in event.__slots__} | values
    return Incoming(**fields)


def _written(shown: Shown) -> str:
    rows = [" ".join(f"[{button.label}]" for button in row) for row in shown.message.buttons]
    files = [f"<{file.kind} {file.name}>" for file in shown.message.files]
    return "\n".join(filter(None, [shown.message.text, *files, *rows]))
