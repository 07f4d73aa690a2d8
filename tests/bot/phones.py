"""Phones: what a person does with the bot and sees of it, in memory or over the sandbox's HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.nouns import Chat as SandboxChat
from bot.sandbox.nouns import FileKind, Message, Messenger, NewFile
from bot.sandbox.server import Sandbox
from tests.chat import Chat, Sendable

PATIENCE = 60.0
"""How long a person waits for an answer, in real seconds."""


@dataclass(frozen=True)
class Seen:
    """A message on the screen: its text, the labels under it, its files as (kind, content)."""

    text: str
    buttons: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]


class Phone(Protocol):
    """One person's chat with the bot."""

    async def says(self, text: str) -> None:
        """Write a text."""

    async def presses(self, label: str) -> None:
        """Press the newest button whose label begins so; one in place of the letters is said."""

    async def sends(self, *files: Sendable, text: str = "") -> None:
        """Send files in one go."""

    async def opens(self, payload: str) -> None:
        """Follow a deep link, or press «Начать»."""

    async def sees(self, *texts: str) -> None:
        """Check that each text came, on a message or a button, since the person's last act."""

    def screen(self) -> Sequence[Seen]:
        """Give everything the bot has said here, as it looks now."""


@dataclass
class MemoryPhone:
    """A phone on the messenger in memory."""

    chat: Chat

    async def says(self, text: str) -> None:
        await self.chat.says(text)

    async def presses(self, label: str) -> None:
        await self.chat.presses(label)

    async def sends(self, *files: Sendable, text: str = "") -> None:
        await self.chat.sends(*files, text=text)

    async def opens(self, payload: str) -> None:
        await self.chat.opens(payload)

    async def sees(self, *texts: str) -> None:
        self.chat.sees(*texts)

    def screen(self) -> Sequence[Seen]:
        return [
            Seen(
                shown.message.text,
                tuple(button.label for row in shown.message.buttons for button in row),
                tuple((file.kind.value, file.path.read_bytes()) for file in shown.files),
            )
            for shown in self.chat.messages
        ]


MIMES = {
    FileKind.PHOTO: "image/jpeg",
    FileKind.VOICE: "audio/ogg",
    FileKind.STICKER: "image/webp",
}


class SandboxPhone:
    """A phone in the sandbox, whose bot is another process; waits as a person does."""

    def __init__(self, sandbox: Sandbox, messenger: Messenger, first_name: str) -> None:
        self.world = sandbox.world
        self.messenger = messenger
        self.side = sandbox.world.sides[messenger]
        self.id = self.side.add_user(first_name).id
        self._before: dict[int, tuple[str, str]] = {}

    @property
    def chat(self) -> SandboxChat:
        return self.world.chat(self.world.bot(self.messenger), self.id)

    @property
    def told(self) -> list[Message]:
        """What the bot has said, as it looks now."""
        return [message for message in self.chat.shown() if message.direction == "out"]

    @property
    def news(self) -> list[Message]:
        """What the bot has said or changed since the person's last act."""
        return [one for one in self.told if self._before.get(one.id) != _looks(one)]

    def forget(self) -> None:
        """Look only at what comes from here on."""
        self._before = {message.id: _looks(message) for message in self.told}

    async def says(self, text: str) -> None:
        self.forget()
        self.side.say(self.id, text)

    async def presses(self, label: str) -> None:
        await self.until(lambda: self._aim(label) is not None, f"a button {label!r}")
        aimed = self._aim(label)
        assert aimed is not None
        message_id, whole = aimed
        self.forget()
        self.side.press(self.id, label=whole, message_id=message_id)

    async def sends(self, *files: Sendable, text: str = "") -> None:
        self.forget()
        self.side.send_files(self.id, [as_sent(file) for file in files], text)

    async def opens(self, payload: str) -> None:
        self.forget()
        self.side.open_link(self.id, payload)

    async def sees(self, *texts: str, within: float = PATIENCE) -> None:
        def came() -> bool:
            said = "\n".join(written(message) for message in self.news)
            return all(text in said for text in texts)

        await self.until(came, " and ".join(map(repr, texts)), within)

    def screen(self) -> Sequence[Seen]:
        return [
            Seen(
                message.text,
                _labels(message),
                tuple((file.kind.value, b"".join(file.chunks())) for file in message.files),
            )
            for message in self.told
        ]

    async def until(self, ready: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something is there; AssertionError with the chat where it does not come."""
        if not await self.world.news.until(ready, seconds):
            raise AssertionError(f"{what} did not come:\n{self.transcript()}")

    def transcript(self) -> str:
        """The chat as text, for a failing test and for the eye."""
        return "\n\n".join(
            written(one) if one.direction == "out" else f"> {one.text or _files(one)}"
            for one in self.chat.shown()
        )

    def _aim(self, label: str) -> tuple[int | None, str] | None:
        """Find the newest button whose label begins so: (its message, its whole label)."""
        for message in reversed(self.told):
            for whole in _labels(message):
                if whole.startswith(label):
                    return message.id, whole
        return None


Act = Callable[[], Awaitable[None]]


def as_sent(file: Sendable) -> NewFile:
    """Give a file as the messenger's app sends it."""
    kind = FileKind(file.kind.value)
    mime = MIMES.get(kind, "application/pdf" if file.name.endswith(".pdf") else "")
    content = None if file.size or not file.content else file.content
    size = None if content else file.size or 512
    return NewFile(kind, file.name, mime, content, size)


def _labels(message: Message) -> tuple[str, ...]:
    if message.buttons is None:
        return ()
    return tuple(button.label for button in message.buttons.buttons())


def _looks(message: Message) -> tuple[str, str]:
    return message.text, "|".join(_labels(message))


def _files(message: Message) -> str:
    return " ".join(f"<{file.kind} {file.name}>" for file in message.files)


def written(message: Message) -> str:
    buttons = " ".join(f"[{label}]" for label in _labels(message))
    return "\n".join(filter(None, [message.text, _files(message), buttons]))
