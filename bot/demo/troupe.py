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
from bot.sandbox.wire import CallView, ChatView, LetterView

ANSWER_SECONDS = 30.0
PATIENCE = 200
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
        await self._answered(actor)

    async def says(self, actor: Actor, text: str) -> None:
        """Write a text and wait for the answer."""
        self.transcript.does(actor.title, f"«{text}»")
        await self.client.say(actor.messenger, actor.user_id, text)
        await self._answered(actor)

    async def presses(self, actor: Actor, fragment: str) -> None:
        """Press the newest button whose label has the fragment, and wait for the answer."""
        for _ in range(PATIENCE):
            chat = await self.client.chat(actor.messenger, actor.user_id)
            label = _label_with(chat, fragment)
            if label:
                self.transcript.does(actor.title, f"[{label}]")
                await self.client.press(actor.messenger, actor.user_id, label)
                await self._answered(actor)
                return
            await asyncio.sleep(0.1)
        raise NotSeen(f"{actor.title}: [{fragment}]")

    async def sends(self, actor: Actor, files: Sequence[NewFile], caption: str = "") -> None:
        """Send files in one go."""
        count = f"{len(files)} × " if len(files) > 1 else ""
        kind = self.transcript.t(f"demo-{files[0].kind}")
        self.transcript.does(actor.title, f"<{count}{kind}> {caption}".rstrip())
        await self.client.send_files(actor.messenger, actor.user_id, files, caption)
        await self._answered(actor)

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

    def heard_nothing(self, actor: Actor) -> None:
        """Check that nothing was said to an actor since the step began; raises NotSeen."""
        said = [text for call in self._fresh for text in self._said(call, actor)]
        if said:
            raise NotSeen(f"{actor.title}: «{said[0]}»")

    async def _answered(self, actor: Actor) -> None:
        """Wait until the bot has said something to an actor, and a moment for the rest of it."""
        before = len(self._fresh)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while not any(self._said(call, actor) for call in self._fresh[before:]):
                    await self._listen(wait=1.0)
        except TimeoutError:
            raise NotSeen(f"{actor.title}: …") from None
        while await self._listen(wait=QUIET_SECONDS):
            pass

    async def letters(self, wait: float = 1.5) -> int:
        """Write down the letters that have come meanwhile and return how many there were."""
        found: list[LetterView] = []
        while fresh := (await self.client.letters(self._letters, wait=wait)).letters:
            self._letters = max(letter.seq for letter in fresh)
            found += fresh
        self.transcript.letters(found)
        return len(found)

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

    async def _listen(self, wait: float) -> bool:
        """Write down what the sandbox has received since and tell whether it was anything."""
        view = await self.client.calls(self._cursor, wait=wait)
        self._cursor = view.last
        for call in view.calls:
            self._fresh.append(call)
            self.transcript.call(call)
        return bool(view.calls)


def _label_with(chat: ChatView, fragment: str) -> str:
    """Find a button from the newest message up, then on the keyboard; an exact label wins."""
    boards = [message.buttons for message in reversed(chat.messages) if message.buttons]
    for board in (*boards, *([chat.keyboard] if chat.keyboard else [])):
        labels = [button.label for row in board.rows for button in row if button.url is None]
        for label in (*(one for one in labels if one == fragment), *labels):
            if fragment.casefold() in label.casefold():
                return label
    return ""


def photo(number: int) -> NewFile:
    """Make a photo of a page: JPEG's first bytes and a number, so that no two are alike."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return NewFile(FileKind.PHOTO, content=head + b"%d" % number + b"\xff\xd9")


def voice(number: int) -> NewFile:
    """Make a voice note: the first page of an Ogg stream with Opus."""
    head = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"
    return NewFile(FileKind.VOICE, mime="audio/ogg", content=head + b"%d" % number, duration=12)
