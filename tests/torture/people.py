"""People with phones who act, wait for the answer as long as a person would, and note both."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.sandbox.nouns import Chat, Message, Press
from tests.bot.phones import SandboxPhone, as_sent, written
from tests.chat import Sendable
from tests.torture.ledger import Ledger

LONG = 60.0
"""After so many seconds without any answer a person tries once more."""
GLANCE = 0.02
"""Seconds between two looks at the phone: the news of all wake nobody for the news of one."""


class Pace:
    """Lets through so many events a second, all people taken together."""

    def __init__(self, per_second: float) -> None:
        self._step = 1 / per_second
        self._free_at = 0.0

    async def wait(self, events: int) -> None:
        """Wait for the turn of an act that is so many events."""
        now = time.monotonic()
        start = max(now, self._free_at)
        self._free_at = start + events * self._step
        await asyncio.sleep(start - now)


@dataclass
class Person:
    """Somebody of the roster with a phone."""

    name: str
    phone: SandboxPhone
    chance: random.Random
    ledger: Ledger
    pace: Pace
    _since: int = 0

    @property
    def sender(self) -> str:
        """How the inbox names this person."""
        return f"{self.phone.messenger.value}:{self.phone.id}"

    @property
    def chat(self) -> Chat:
        return self.phone.chat

    async def says(self, text: str, *expected: str) -> str:
        """Write, and wait for one of these texts."""
        return await self._does(lambda: self.phone.side.say(self.phone.id, text), 1, expected)

    async def sends(self, files: Sequence[Sendable], *expected: str) -> str:
        """Send files in one go, and wait for one of these texts; for nothing if there are none."""
        ready = [as_sent(file) for file in files]
        return await self._does(
            lambda: self.phone.side.send_files(self.phone.id, ready), len(files), expected
        )

    async def presses(self, label: str, *expected: str, under: str = "") -> str:
        """Press the newest button of that label on a message with the text `under`, and wait."""

        def act() -> list[Press | Message]:
            message_id, whole = self.button(label, under)
            return [self.phone.side.press(self.phone.id, label=whole, message_id=message_id)]

        return await self._does(act, 1, expected)

    def begins_anew(self) -> None:
        """Look only at what the bot says or changes from here on."""
        self._since = self.phone.world.news.count

    async def sees(self, text: str) -> None:
        """Wait until a message with this text is there."""
        if not await self._until(lambda: any(text in one.text for one in self._told())):
            raise AssertionError(f"{self.name} does not see {text!r}:\n{self.screen()}")

    def button(self, label: str, under: str = "") -> tuple[int, str]:
        """Find the newest button that begins so, or has the mark « · » where that is asked for."""
        for message in reversed(self._told()):
            labels = [one.label for one in message.buttons.buttons()] if message.buttons else []
            for whole in labels:
                if (whole.startswith(label) or label == " · " in whole) and under in message.text:
                    return message.id, whole
        raise AssertionError(f"{self.name}: no button {label!r}:\n{self.screen()}")

    def screen(self) -> str:
        """The end of the chat, for the one who looks for the cause."""
        return "\n\n".join(self.phone.transcript().split("\n\n")[-6:])

    async def _does(
        self, act: Callable[[], Sequence[Press | Message]], events: int, expected: Sequence[str]
    ) -> str:
        await self.pace.wait(events)
        known = self.phone.world.news.count
        began_at = time.monotonic()
        self.ledger.took(self.sender, act())
        if not expected:
            return ""
        found: list[str] = []

        def answered() -> bool:
            said = map(written, self._told(known))
            found[:] = [one for one in said if any(text in one for text in expected)]
            return bool(found)

        if not await self._until(answered):
            self.ledger.unanswered.append(f"{self.name} waited for {expected}:\n{self.screen()}")
            self.ledger.took(self.sender, act())
            if not await self._until(answered):
                raise AssertionError(f"{self.name}: none of {expected}:\n{self.screen()}")
        self.ledger.waits.append(time.monotonic() - began_at)
        return found[-1]

    def _told(self, since: int | None = None) -> list[Message]:
        """Give what the bot said or changed after that count of news, oldest first."""
        changed = self.chat.changed_after(self._since if since is None else since)
        return [one for one in changed if one.direction == "out" and not one.deleted]

    async def _until(self, ready: Callable[[], bool]) -> bool:
        """Look at the phone whenever something changed on it, for as long as a person waits."""
        deadline = time.monotonic() + LONG
        seen = -1
        while time.monotonic() < deadline:
            if self.chat.changed != seen:
                seen = self.chat.changed
                if ready():
                    return True
            await asyncio.sleep(GLANCE)
        return False
