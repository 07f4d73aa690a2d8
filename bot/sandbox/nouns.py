"""What the sandbox's world is made of: people, chats, messages, buttons and files."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any, Literal, TypedDict

CHUNK = 64 * 1024


class Messenger(StrEnum):
    """The messengers that the sandbox plays."""

    TELEGRAM = "telegram"
    VK = "vk"


class FileKind(StrEnum):
    """How a file was sent, which decides its shape in an update."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    STICKER = "sticker"
    VIDEO = "video"


Direction = Literal["in", "out"]
"""As the bot sees it: "in" was written by a person, "out" by the bot."""


@dataclass(frozen=True, slots=True)
class BotAccount:
    """A bot (Telegram) or a community (VK) that the sandbox knows, found by its token."""

    messenger: Messenger
    id: int
    token: str
    name: str
    username: str


@dataclass(slots=True)
class User:
    """A person on one messenger. Whether they blocked a bot is told by the chat with it."""

    messenger: Messenger
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""

    @property
    def name(self) -> str:
        """Tell the whole name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Button:
    """A button as the person sees it; `data` is callback_data or the payload's JSON text."""

    label: str
    data: str | None = None
    kind: str = "callback"
    style: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A keyboard in place of the letters (`Chat.keyboard`) or the one of a message."""

    rows: tuple[tuple[Button, ...], ...]
    one_time: bool = False
    placeholder: str = ""

    def buttons(self) -> Iterator[Button]:
        """Give the buttons row by row."""
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that a person or the bot is about to send.

    Without `content` only `size` is declared: a "25 MB file" then costs nothing, and whoever
    downloads it reads zeros. Sides of pictures in pixels, `duration` in seconds.
    """

    kind: FileKind
    name: str = ""
    mime: str = ""
    content: bytes | None = None
    size: int | None = None
    width: int = 1280
    height: int = 960
    duration: int = 1


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that the messenger keeps. `id` is opaque; `digest` is the SHA-256 of the content."""

    id: str
    kind: FileKind
    name: str
    mime: str
    size: int
    content: bytes | None
    digest: str
    width: int
    height: int
    duration: int

    @classmethod
    def of(cls, file_id: str, new: NewFile) -> "StoredFile":
        """Store `new` under `file_id`; a file without content is told apart by its id."""
        content = new.content
        size = len(content) if content is not None else (new.size or 0)
        told_apart = content if content is not None else file_id.encode()
        return cls(
            id=file_id,
            kind=new.kind,
            name=new.name,
            mime=new.mime,
            size=size,
            content=content,
            digest=hashlib.sha256(told_apart).hexdigest(),
            width=new.width,
            height=new.height,
            duration=new.duration,
        )

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Give the bytes piece by piece, zeros where only a size was declared."""
        stop = self.size if stop is None else min(stop, self.size)
        for begin in range(start, stop, CHUNK):
            end = min(begin + CHUNK, stop)
            yield bytes(end - begin) if self.content is None else self.content[begin:end]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message is to say, before it stands in a chat. `text` is the caption of `files`."""

    text: str = ""
    entities: tuple[dict[str, Any], ...] = ()
    buttons: Keyboard | None = None
    files: tuple[StoredFile, ...] = ()
    album: str | None = None
    reply_to: int | None = None
    random_id: int = 0


@dataclass(slots=True)
class Message:
    """A message in a chat, as the person sees it now.

    `id` is unique for the bot (Telegram message_id, VK id), `number` counts in the chat (VK
    conversation_message_id). `text` is the caption where there are files. `changed` is the count
    of the news that told its last change.
    """

    id: int
    number: int
    direction: Direction
    sender_id: int
    text: str
    at: datetime
    buttons: Keyboard | None = None
    files: tuple[StoredFile, ...] = ()
    album: str | None = None
    reply_to: int | None = None
    entities: tuple[dict[str, Any], ...] = ()
    edited_at: datetime | None = None
    deleted: bool = False
    random_id: int = 0
    changed: int = 0


@dataclass(slots=True)
class Chat:
    """One bot's chat with one person (its id is the person's) or with a group.

    `started` says that the bot may write: the person wrote first, or allowed it. `unread` counts
    the bot's messages since the person last wrote, pressed or looked. `typing_until` is an instant
    of `time.monotonic()`: how long «печатает…» is shown depends on no clock of a school.

    Only the World changes what a chat and its messages say, because it marks each as `changed`.
    """

    bot: BotAccount
    id: int
    title: str = ""
    members: set[int] = field(default_factory=set)
    is_group: bool = False
    started: bool = False
    blocked: bool = False
    unread: int = 0
    typing_until: float | None = None
    keyboard: Keyboard | None = None
    messages: list[Message] = field(default_factory=list)
    changed: int = 0
    by_change: dict[int, Message] = field(default_factory=dict)
    """The messages by their ids, the one that changed last at the end."""
    deleted: int = 0
    """How many of the messages the person does not see any more."""

    @property
    def total(self) -> int:
        """Count what the person sees."""
        return len(self.messages) - self.deleted

    def message(self, message_id: int) -> Message | None:
        """Find a message that is still there by its `id`."""
        for message in reversed(self.messages):
            if message.id == message_id:
                return None if message.deleted else message
        return None

    def shown(self) -> list[Message]:
        """Give what the person sees, oldest first."""
        return [message for message in self.messages if not message.deleted]

    def latest(self, most: int, before: int | None = None) -> list[Message]:
        """Give the last `most` of what the person sees, or of what stands before that id."""
        end = len(self.messages)
        if before is not None:
            end = bisect_left(self.messages, before, key=lambda message: message.id)
        earlier = (self.messages[place] for place in range(end - 1, -1, -1))
        found = list(islice((one for one in earlier if not one.deleted), most))
        found.reverse()
        return found

    def changed_after(self, news: int) -> list[Message]:
        """Give what was written, edited or deleted after that count of news, in order."""
        recent = takewhile(lambda one: one.changed > news, reversed(self.by_change.values()))
        return sorted(recent, key=lambda message: message.id)


class ChatChange(TypedDict, total=False):
    """What may change of a chat."""

    started: bool
    blocked: bool
    unread: int
    typing_until: float | None
    keyboard: Keyboard | None


class MessageChange(TypedDict, total=False):
    """What may change of a message."""

    text: str
    entities: tuple[dict[str, Any], ...]
    buttons: Keyboard | None
    files: tuple[StoredFile, ...]
    edited_at: datetime | None
    deleted: bool


@dataclass(slots=True)
class Press:
    """A press of an inline button, which waits for the bot to answer it.

    `at` is by the school's clock, `pressed_at` by `SandboxClock.steady`, which ages it.
    """

    id: str
    bot_id: int
    user_id: int
    chat_id: int
    message_id: int
    label: str
    data: str
    at: datetime
    pressed_at: float
    answered_at: datetime | None = None
    answer: str = ""
    alert: bool = False
