"""A sandbox with a person in it and the messenger under test, the same for Telegram and VK."""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.messengers.bookmark import Bookmark, MemoryBookmark
from bot.sandbox.nouns import BotAccount, Chat, FileKind, Messenger
from bot.sandbox.server import Rules, Sandbox
from bot.sandbox.world import MessengerSide
from handlers import messages
from handlers.messages import Incoming, Reply
from scheduler.messenger import LocalFile, Update

if TYPE_CHECKING:
    from bot.messengers.telegram import Telegram
    from bot.messengers.vk import Vk

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+03:00")
TELEGRAM_TOKEN = "7000000001:AA-telegram_s3cr3t"
VK_TOKEN = "vk1.a.vk-s3cr3t"
SECRETS = (TELEGRAM_TOKEN, VK_TOKEN, "s3cr3t")
BOTS = (
    BotAccount(Messenger.TELEGRAM, 7000000001, TELEGRAM_TOKEN, "Дежурный", "dezhurny_bot"),
    BotAccount(Messenger.VK, 200000001, VK_TOKEN, "Дежурный", "dezhurny"),
)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(40)
OGG = b"OggS" + bytes(60)
MP3 = b"ID3" + bytes(60)


def telegram(
    url: str, *, proxy: str = "", token: str = TELEGRAM_TOKEN, wait: int = 0
) -> "Telegram":
    """Make the adapter, importing aiogram only now."""
    module = importlib.import_module("bot.messengers.telegram")
    made: Telegram = module.Telegram(token, url, clock=lambda: MONDAY, proxy=proxy, wait=wait)
    return made


def vk(
    url: str,
    *,
    bookmark: Bookmark | None = None,
    token: str = VK_TOKEN,
    group_id: int = 0,
    clock: Callable[[], datetime] = lambda: MONDAY,
) -> "Vk":
    """Make the adapter, importing vkbottle only now."""
    module = importlib.import_module("bot.messengers.vk")
    made: Vk = module.Vk(token, url, clock=clock, group_id=group_id, bookmark=bookmark, wait=0)
    return made


@dataclass
class Bench:
    """One messenger's side of a sandbox, a person there, and new adapters at will."""

    sandbox: Sandbox
    name: Messenger
    bookmark: MemoryBookmark = field(default_factory=MemoryBookmark)

    def __post_init__(self) -> None:
        self.side: MessengerSide = self.sandbox.world.sides[self.name]
        self.person = self.side.add_user("Аня", "Соколова").id
        self.chat_id = str(self.person)

    @property
    def chat(self) -> Chat:
        return self.sandbox.world.chat(self.sandbox.world.bot(self.name), self.person)

    def adapter(self) -> "Telegram | Vk":
        """Make an adapter as a process has it that has just started."""
        if self.name is Messenger.TELEGRAM:
            return telegram(self.sandbox.telegram_api_url)
        return vk(self.sandbox.vk_api_url, bookmark=self.bookmark)

    def says(self, text: str) -> None:
        self.side.say(self.person, text)

    def shown(self) -> list[str]:
        """Give the bot's texts as the person sees them."""
        return [one.text for one in self.chat.shown() if one.direction == "out"]

    def pass_time(self, **by: float) -> None:
        self.sandbox.world.clock.jump(self.sandbox.world.now() + timedelta(**by))


def events(updates: object) -> list[Incoming]:
    assert isinstance(updates, list)
    told: list[Update] = updates
    assert [one.error for one in told] == [""] * len(told)
    return [one.event for one in told if one.event is not None]


def texts(updates: object) -> list[str]:
    return [one.text for one in events(updates) if one.text]


def local(
    path: Path, kind: FileKind, content: bytes, name: str = "", content_type: str = ""
) -> LocalFile:
    """Put a stored file on the disk."""
    target = path / f"{len(list(path.iterdir()))}"
    target.write_bytes(content)
    return LocalFile(target, messages.FileKind(kind.value), name, content_type, "00")


def with_files(*kinds: messages.FileKind, text: str = "") -> Reply:
    """Say what goes with files."""
    return Reply(text, files=tuple(messages.StoredFile(1, kind) for kind in kinds))


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Run a server on loopback that answers everything by `answer`; gives its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def unhurried() -> Sandbox:
    return Sandbox(MONDAY, bots=BOTS, rules=Rules.unhurried())
