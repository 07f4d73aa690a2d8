"""A messenger under watch: what passes through it is counted, and its polls are the pulse."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from bot.meter import Meter
from bot.pulse import UNSTORED, Pulse
from handlers.messages import RemoteFile, Reply
from scheduler.messenger import (
    ChatClosed,
    Courier,
    EditRejected,
    FloodWait,
    LocalFile,
    NotSent,
    OutcomeUnknown,
    PolledElsewhere,
    Rejected,
    Source,
    TokenRefused,
    Update,
)

RESULTS: dict[type[BaseException], str] = {
    ChatClosed: "chat_closed",
    EditRejected: "edit_rejected",
    FloodWait: "flood",
    NotSent: "not_sent",
    OutcomeUnknown: "unknown",
    PolledElsewhere: "polled_elsewhere",
    Rejected: "rejected",
    TokenRefused: "token_refused",
}
SENT, BROKEN = "sent", "broken"


class Messenger(Source, Courier, Protocol):
    """A messenger both ways, which can also introduce itself."""

    async def introduce(
        self, commands: Mapping[str, str], description: str, short_description: str
    ) -> None:
        """Tell the messenger which commands there are and what the bot is."""
        ...


class WatchedCourier:
    """A courier whose every request is counted by its result."""

    def __init__(self, courier: Courier, meter: Meter) -> None:
        self.lane = courier.lane
        self._courier = courier
        self._meter = meter

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        """Send a message."""
        with self._counted("send"):
            return await self._courier.send(chat, message, files, random_id)

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        """Change a message in place."""
        with self._counted("edit"):
            await self._courier.edit(chat, message_ref, message)

    @contextmanager
    def _counted(self, what: str) -> Iterator[None]:
        began, result = time.monotonic(), BROKEN
        try:
            yield
            result = SENT
        except Exception as error:
            result = RESULTS.get(type(error), BROKEN)
            raise
        finally:
            self._meter.sent(self.lane, what, result, time.monotonic() - began)


class WatchedMessenger(WatchedCourier):
    """A messenger whose polls are the pulse: one succeeds once what it brought is stored."""

    def __init__(self, messenger: Messenger, meter: Meter, pulse: Pulse) -> None:
        super().__init__(messenger, meter)
        self._messenger = messenger
        self._pulse = pulse

    async def poll(self) -> Sequence[Update]:
        """Wait for updates."""
        try:
            updates = await self._messenger.poll()
        except Exception as error:
            result = RESULTS.get(type(error), BROKEN)
            self._pulse.polled(self.lane, result)
            self._meter.polled(self.lane, result)
            raise
        self._pulse.polled(self.lane, UNSTORED)
        self._meter.polled(self.lane, "received", len(updates))
        return updates

    async def confirm(self) -> None:
        """Tell the messenger that everything so far is stored."""
        await self._messenger.confirm()
        self._pulse.polled(self.lane)

    async def acknowledge(self, update: Update) -> None:
        """Stop the spinner of a pressed button."""
        await self._messenger.acknowledge(update)

    async def working(self, chat: str) -> None:
        """Show the person that the bot is busy."""
        await self._messenger.working(chat)

    def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        """Stream a file."""
        return self._messenger.download(file)

    async def introduce(
        self, commands: Mapping[str, str], description: str, short_description: str
    ) -> None:
        """Tell the messenger which commands there are and what the bot is."""
        await self._messenger.introduce(commands, description, short_description)
