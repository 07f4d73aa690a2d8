"""The people of the demonstration and what they do: write, press, send, wait for an answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.demo.stage import Stage
from bot.demo.transcript import Transcript, heard_in
from bot.sandbox.client import SandboxRefusedError
from bot.sandbox.nouns import FileKind, Messenger, NewFile
from bot.sandbox.wire import CallView

ANSWER_SECONDS = 30.0
QUIET_SECONDS = 0.3


class NotSeen(Exception):
    """A step did not happen: nobody heard what was to be heard in time."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a phone: `roster_id` as in the sample school."""

    roster_id: str
    title: str
    messenger: Messenger
    user_id: int

    @property
    def chat(self) -> str:
        """The private chat with the bot, as the transcript knows it."""
        return f"{self.messenger}:{self.user_id}"


class Troupe:
    """Lets people act on the stage and writes down what comes back."""

    def __init__(self, stage: Stage, transcript: Transcript) -> None:
        self.stage = stage
        self.client = stage.client
        self.transcript = transcript
        self._cursor = 0
        self._letters = 0
        self._fresh: list[CallView] = []

    async def enters(self, roster_id: str, title: str, messenger: Messenger) -> Actor:
        """Bring somebody in with a phone."""
        user = await self.client.add_user(messenger, title)
        actor = Actor(roster_id, title, messenger, user.id)
        self.transcript.names[actor.chat] = title
        return actor

    async def opens_link(self, actor: Actor, payload: str) -> None:
        """Open the bot's deep link, which is on the slip as a QR code."""
        self.transcript.does(actor.title, self.transcript.t("demo-opens-link"))
        await self.client.open_link(actor.messenger, actor.user_id, payload)

    async def says(self, actor: Actor, text: str, shown: str = "") -> None:
        """Write a text; `shown` stands for it in the transcript."""
        self.transcript.does(actor.title, f"«{shown or text}»")
        await self.client.say(actor.messenger, actor.user_id, text)

    async def presses(self, actor: Actor, label: str) -> None:
        """Press a button; it may be on its way still."""
        self.transcript.does(actor.title, f"[{label}]")
        for _ in range(100):
            try:
                await self.client.press(actor.messenger, actor.user_id, label)
            except SandboxRefusedError:
                await asyncio.sleep(0.1)
            else:
                return
        raise NotSeen(f"[{label}]")

    async def sends(self, actor: Actor, files: Sequence[NewFile], caption: str = "") -> None:
        """Send files in one go."""
        count = f"{len(files)} × " if len(files) > 1 else ""
        kind = self.transcript.t(f"demo-{files[0].kind}")
        self.transcript.does(actor.title, f"<{count}{kind}> {caption}".rstrip())
        await self.client.send_files(actor.messenger, actor.user_id, files, caption)

    async def hears(self, actor: Actor, *texts: str, within: float = ANSWER_SECONDS) -> None:
        """Wait until an actor has heard every text since the last step; raises NotSeen."""
        left = list(texts)
        try:
            async with asyncio.timeout(within):
                while True:
                    said = [text for call in self._fresh for text in self._said(call, actor)]
                    left = [text for text in texts if not any(text in one for one in said)]
                    if not left:
                        return
                    await self._listen(wait=1.0)
        except TimeoutError:
            raise NotSeen(f"{actor.title}: «{left[0]}»") from None

    async def letters(self, wait: float = 3.0) -> int:
        """Write down the letters that have come meanwhile and return how many there were."""
        view = await self.client.letters(self._letters, wait=wait)
        if view.letters:
            self._letters = max(letter.seq for letter in view.letters)
        self.transcript.letters(view.letters)
        return len(view.letters)

    async def until(self, moment: datetime) -> None:
        """Let the school's clock jump; the bot visits everything that is due on the way."""
        await self.client.jump(moment, within=120)
        await self._listen(wait=QUIET_SECONDS)

    @asynccontextmanager
    async def step(self, clause: str, name: str) -> AsyncIterator[list[str]]:
        """Play one step; what is put in the yielded list becomes its note in the closing table."""
        title = self.transcript.t(f"demo-step-{name}")
        self.transcript.step(clause, title)
        await self._listen(wait=0)
        self._fresh.clear()
        note: list[str] = []
        try:
            yield note
        except (NotSeen, SandboxRefusedError, TimeoutError) as failure:
            self.transcript.done(clause, title, str(failure), happened=False)
        else:
            await self._listen(wait=QUIET_SECONDS)
            self.transcript.done(clause, title, "; ".join(note), happened=True)

    def _said(self, call: CallView, actor: Actor) -> list[str]:
        return [
            heard.text + "\n" + "\n".join(label for row in heard.buttons for label in row)
            for heard in heard_in(call)
            if f"{call.messenger}:{heard.chat}" == actor.chat
        ]

    async def _listen(self, wait: float) -> None:
        view = await self.client.calls(self._cursor, wait=wait)
        self._cursor = view.last
        for call in view.calls:
            self._fresh.append(call)
            self.transcript.call(call)


def photo(number: int) -> NewFile:
    """A photo of a page: JPEG's first bytes and a number, so that no two are alike."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return NewFile(FileKind.PHOTO, content=head + b"%d" % number + b"\xff\xd9")


def voice(number: int) -> NewFile:
    """A voice note: the first page of an Ogg stream with Opus."""
    head = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"
    return NewFile(FileKind.VOICE, mime="audio/ogg", content=head + b"%d" % number, duration=12)
