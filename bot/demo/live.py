"""The demonstration by hand: the sandbox with the page, and behind it a school and its bot.

The page is served before anything else is there; the school and the bot come while it is looked
at.
"""

import asyncio
import errno
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.demo import page_files, routes, views
from bot.demo.backstage import Backstage, backstage, database_url
from bot.demo.house import House, Show
from bot.demo.keeper import BotKeeper
from bot.demo.phones import Phones
from bot.demo.roster import everybody
from bot.sandbox.server import Sandbox
from scheduler.clock import WallClock
from storage import schools
from storage.window import Window

MOST_PORTS = 20
LAST_PORT = 65535


class NoPortError(OSError):
    """None of the ports that were tried is free."""


class Live:
    """What runs, as the routes of the page see it. `house` is None until the school is loaded.

    `group` holds what runs in the background, for as long as the sandbox.
    """

    def __init__(self, show: Show, port: int, folder: Path, group: asyncio.TaskGroup) -> None:
        self.show = show
        self.house: House | None = None
        self.sandbox = Sandbox(
            show.start,
            host=show.host,
            port=port,
            routes=[*page_files.routes(), *routes.routes(self)],
            host_news=lambda: views.news(self),
        )
        self.phones = Phones(self.sandbox.world)
        self.keeper = BotKeeper(self._launch, self._tell, WallClock().now, group)
        self._folder = folder

    async def open(self, window: Window) -> None:
        """Load the school, issue the codes and start the bot; raises StageFailed.

        The bot wakes while the codes are issued: its libraries take seconds to import.
        """
        behind = self._behind()
        now = ("--now", self.show.start.isoformat())
        await behind.command("school", "load", str(self.show.school), *now)
        await self.keeper.start()
        codes = await behind.issue_codes(*now)
        async with window.read() as tx:
            school = (await schools.every(tx))[0]
            self.house = House(await everybody(tx, school), codes, window)
        self._tell()

    def _tell(self) -> None:
        self.sandbox.world.news.tell()

    def _behind(self) -> Backstage:
        return backstage(self.sandbox, self._folder, LOG_FORMAT="json")

    async def _launch(self) -> Process:
        return await self._behind().bot(self.sandbox, stdout=PIPE, stderr=STDOUT)


@asynccontextmanager
async def served(show: Show, folder: Path) -> AsyncIterator[Live]:
    """Serve the page for a block, and prepare the school and the bot meanwhile.

    A port that is taken gives way to the next free one. What goes wrong comes as a group:
    NoPortError, or StageFailed where the school cannot be loaded. The bot is stopped at the end.
    """
    async with (
        asyncio.TaskGroup() as group,
        Window(database_url(folder)) as window,
        AsyncExitStack() as stack,
    ):
        live = await _on_a_port(show, folder, group, stack)
        stack.push_async_callback(live.keeper.stop)
        opening = group.create_task(live.open(window))
        stack.callback(opening.cancel)
        yield live


async def _on_a_port(
    show: Show, folder: Path, group: asyncio.TaskGroup, stack: AsyncExitStack
) -> Live:
    last = min(show.port + MOST_PORTS - 1, LAST_PORT) if show.port else 0
    for port in range(show.port, last + 1):
        live = Live(show, port, folder, group)
        try:
            await stack.enter_async_context(live.sandbox)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return live
    raise NoPortError(errno.EADDRINUSE, f"ports {show.port} to {last} are taken")
