"""What is shown: a school once it is loaded, and the host of it with its phones and its bot."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.demo.keeper import BotKeeper
from bot.demo.phones import Phones
from bot.demo.roster import Everybody
from bot.sandbox.server import Sandbox
from storage.window import Window


@dataclass(frozen=True, slots=True)
class Show:
    """What is shown: which school, from which instant on, and where.

    `language` "" leaves the page's language to the browser.
    """

    school: Path
    start: datetime
    host: str = "127.0.0.1"
    port: int = 8080
    language: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """A school that is loaded: its people, its slips by roster id, and the window into it."""

    everybody: Everybody
    codes: dict[str, str]
    window: Window


class Host(Protocol):
    """Who runs the demonstration; `house` is None until the school is loaded."""

    show: Show
    house: House | None
    sandbox: Sandbox
    phones: Phones
    keeper: BotKeeper
