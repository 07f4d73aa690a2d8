"""Keeps the bot's process: starts it, kills it, notices when it dies, and hears what it says."""

import asyncio
import json
import signal
from asyncio.subprocess import Process
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.logs import redacted

STOP_SECONDS = 15.0
LOG_LINES = 40
LINE_CHARS = 400
READ_CHARS = 10 * LINE_CHARS
"""As much of a line is looked through for secrets, of which a part is shown."""
CHUNK = 64 * 1024
RUNNING = "running"
"""What the bot logs once it serves the messengers."""

DULL = frozenset({"event", "level", "logger", "timestamp"})


class Life(StrEnum):
    """How the bot is."""

    STARTING = "starting"
    RUNNING = "running"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class BotState:
    """What a page is told: `kills` counts its own kills, `since` is in real time."""

    state: Life
    pid: int | None
    kills: int
    since: datetime
    log: tuple[str, ...]


class BotKeeper:
    """Keeps one bot, which counts as starting until it has been started.

    `launch` starts its process, whose output is one pipe of JSON lines. `tell` is called whenever
    the state changes, `clock` gives the real time. What it starts it watches in `group`, which
    ends no sooner than the bot.
    """

    def __init__(
        self,
        launch: Callable[[], Awaitable[Process]],
        tell: Callable[[], None],
        clock: Callable[[], datetime],
        group: asyncio.TaskGroup,
    ) -> None:
        self._launch = launch
        self._tell = tell
        self._clock = clock
        self._group = group
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._ended = asyncio.Event()
        self._life = Life.STARTING
        self._since = clock()
        self._kills = 0
        self._log: deque[str] = deque(maxlen=LOG_LINES)

    def state(self) -> BotState:
        """Tell how the bot is and what it said last."""
        pid = self._process.pid if self._process and self._life is not Life.DEAD else None
        return BotState(self._life, pid, self._kills, self._since, tuple(self._log))

    async def start(self) -> None:
        """Start the bot; one that lives already is left alone."""
        async with self._turn:
            if self._process is not None and self._life is not Life.DEAD:
                return
            self._ended.clear()
            self._process = await self._launch()
            self._become(Life.STARTING)
            self._group.create_task(self._watch(self._process))

    async def kill(self) -> None:
        """Kill the bot with SIGKILL, as a power cut would; a dead one stays dead."""
        async with self._turn:
            if self._process is None or self._life is Life.DEAD:
                return
            self._kills += 1
            _signal(self._process, signal.SIGKILL)
            await self._ended.wait()

    async def stop(self) -> None:
        """Stop the bot politely; where it does not stop in time, kill it."""
        async with self._turn:
            if self._process is None or self._life is Life.DEAD:
                return
            _signal(self._process, signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._ended.wait()
            except TimeoutError:
                _signal(self._process, signal.SIGKILL)
                await self._ended.wait()

    async def _watch(self, process: Process) -> None:
        try:
            await self._hear(process)
            await process.wait()
        finally:
            _signal(process, signal.SIGKILL)  # where the watching itself was cut short
            self._become(Life.DEAD)
            self._ended.set()

    async def _hear(self, process: Process) -> None:
        if process.stdout is None:
            raise ValueError("the bot's output is to be a pipe")
        rest = b""
        while chunk := await process.stdout.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._note(line.decode(errors="replace"))
            rest = rest[:CHUNK]
            self._tell()
        if rest:
            self._note(rest.decode(errors="replace"))

    def _note(self, line: str) -> None:
        event, said = _read(line)
        if said:
            self._log.append(redacted(said[:READ_CHARS])[:LINE_CHARS])
        if event == RUNNING:
            self._become(Life.RUNNING)

    def _become(self, life: Life) -> None:
        self._life, self._since = life, self._clock()
        self._tell()


def _signal(process: Process, number: signal.Signals) -> None:
    """Send a signal to a process, which may have ended in the meantime."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.send_signal(number)


def _read(line: str) -> tuple[str, str]:
    """Give the event of a log line, and the line for the eye."""
    try:
        fields = json.loads(line)
        event = str(fields["event"])
    except (ValueError, KeyError, TypeError):
        return "", line.rstrip()
    at = str(fields.get("timestamp", ""))[11:19]
    rest = [f"{name}={value}" for name, value in fields.items() if name not in DULL]
    return event, " ".join(filter(None, [at, str(fields.get("level", "")), event, *rest]))
