"""Puts the sandbox together: one HTTP server for messengers and control, one SMTP server."""

import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aiohttp import web

from bot.sandbox import control, telegram, vk
from bot.sandbox.control import Desk, Feeds
from bot.sandbox.mail import Mailbox
from bot.sandbox.nouns import BotAccount, Messenger
from bot.sandbox.smtp import SmtpServer
from bot.sandbox.telegram import TelegramRules
from bot.sandbox.telegram.rules import UPLOAD_BYTES
from bot.sandbox.vk import VkRules
from bot.sandbox.world import World

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
BODY_BYTES = UPLOAD_BYTES * 3 // 2
"""Above Telegram's upload limit, so that a file as base64 passes the control API, too."""
SHUTDOWN_SECONDS = 0.1

BOTS = (
    BotAccount(Messenger.TELEGRAM, 7000000001, "7000000001:sandbox", "Дежурный", "dezhurny_bot"),
    BotAccount(Messenger.VK, 200000001, "vk1.a.sandbox", "Дежурный", "dezhurny"),
)


class NotLoopbackError(ValueError):
    """The sandbox has no secrets and no locks, so it listens on this machine only."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How strict each messenger is; left out, as strict as the real one."""

    telegram: TelegramRules | None = None
    vk: VkRules | None = None

    @classmethod
    def unhurried(cls) -> Self:
        """Give the rules without limits on how fast a bot sends."""
        return cls(TelegramRules(pace=False), VkRules(pace=False))


class Sandbox:
    """A running sandbox: `async with Sandbox(start) as sandbox: …`.

    `start` is the instant its clock starts at, with a zone; port 0 takes a free one, and a port
    that is taken raises OSError. A host of a page adds its `routes`, which stand behind the same
    check of the name, and `host_news`: what the feed tells of it, as JSON, after any news.
    """

    def __init__(  # noqa: PLR0913 each has a default, and none belongs to another
        self,
        start: datetime,
        *,
        rate: float = 1.0,
        host: str = "127.0.0.1",
        port: int = 0,
        smtp_port: int = 0,
        bots: Sequence[BotAccount] = BOTS,
        rules: Rules | None = None,
        routes: Sequence[web.RouteDef] = (),
        host_news: Callable[[], object] | None = None,
    ) -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise NotLoopbackError(f"the sandbox listens on loopback only, not on {host}")
        self.world = World(start, rate=rate)
        self.mailbox = Mailbox(self.world)
        for bot in bots:
            self.world.add_bot(bot)
        self._host = host
        self._port = port
        self._smtp = SmtpServer(self.mailbox, host, smtp_port)
        self._rules = rules or Rules()
        self._routes = routes
        self._feeds = Feeds(Desk(self.world, self.mailbox), host_news)
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=BODY_BYTES, middlewares=[_own_pages_only(self._host)])
        app.add_routes(telegram.routes(self.world, self._rules.telegram))
        app.add_routes(vk.routes(self.world, self._rules.vk))
        app.add_routes(control.routes(self.world, self.mailbox))
        app.add_routes([web.get("/control/feed", self._feeds.serve), *self._routes])
        app.on_shutdown.append(self._feeds.close)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        try:
            await web.TCPSite(runner, self._host, self._port).start()
            self._port = runner.addresses[0][1]
            await self._running.enter_async_context(self._smtp)
        except BaseException:
            await self._running.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._running.aclose()

    @property
    def url(self) -> str:
        """Where the HTTP server listens."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def telegram_api_url(self) -> str:
        """What DEZHURNY_TELEGRAM_API_URL takes."""
        return f"{self.url}/telegram"

    @property
    def vk_api_url(self) -> str:
        """What DEZHURNY_VK_API_URL takes."""
        return f"{self.url}/vk/method/"

    @property
    def control_url(self) -> str:
        """Where the control API is, for SandboxClient and for the bot's --clock."""
        return f"{self.url}/control"

    @property
    def smtp_url(self) -> str:
        """What DEZHURNY_SMTP_URL takes."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"smtp://{host}:{self._smtp.port}"

    def urls(self) -> dict[str, str]:
        """Tell all of them by name."""
        return {
            "url": self.url,
            "telegram_api_url": self.telegram_api_url,
            "vk_api_url": self.vk_api_url,
            "control_url": self.control_url,
            "smtp_url": self.smtp_url,
        }


def _own_pages_only(host: str) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Refuse what a foreign page sends here: its tokens are no secrets, and it has no locks.

    Such a page may come through a name of its own, with a form or an image. A link to the page
    is welcome from everywhere.
    """
    names = LOOPBACK_NAMES | {f"[{host}]" if ":" in host else host}

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if _name_in(request.host) not in names or _is_foreign(request):
            return web.json_response({"error": "loopback only"}, status=403)
        return await handler(request)

    return guard


def _name_in(host: str) -> str:
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _is_foreign(request: web.Request) -> bool:
    """Say whether a browser tells that another page has asked."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return True
    is_elsewhere = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    return is_elsewhere and request.path != "/"
