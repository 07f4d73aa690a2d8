"""The running bot's pulse: when it last heard of each messenger, when it last ticked."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic import dataclasses as checked

BEAT_SECONDS = 15.0
UNSTORED = "unstored"
"""The trouble of a poll that brought what the database has not taken, or not yet."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Polls:
    """A messenger's polls, in monotonic seconds: the last that ended, and the last that succeeded.

    `trouble` names why those since then failed, "" while all is well. Until it `is_heard`, both
    are when this life began.
    """

    ended: float
    succeeded: float
    trouble: str = ""
    is_heard: bool = False


class Pulse:
    """What the process knows of its own life; `clock` is monotonic."""

    def __init__(
        self, messengers: Sequence[str] = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._ticked = clock()
        self._polls = {name: Polls(clock(), clock()) for name in messengers}

    def polled(self, messenger: str, trouble: str = "") -> None:
        """Note that a poll has ended, well or with a trouble."""
        now = self._clock()
        polls = self._polls.setdefault(messenger, Polls(now, now))
        polls.ended, polls.trouble = now, trouble
        polls.is_heard = polls.is_heard or trouble in {"", UNSTORED}
        if not trouble:
            polls.succeeded = now

    def ticked(self) -> None:
        """Note that a tick was done, and nothing in it failed."""
        self._ticked = self._clock()

    @property
    def since_tick(self) -> float:
        """How many seconds ago the last tick was done."""
        return self._clock() - self._ticked

    def since_polls(self) -> Mapping[str, Polls]:
        """Return by messenger how many seconds ago a poll ended and succeeded."""
        now = self._clock()
        return {
            name: replace(polls, ended=now - polls.ended, succeeded=now - polls.succeeded)
            for name, polls in self._polls.items()
        }


@checked.dataclass(frozen=True, slots=True)
class LastPoll:
    """A messenger as `run` left it noted."""

    succeeded: AwareDatetime
    trouble: str = ""
    is_heard: bool = True


@checked.dataclass(frozen=True, slots=True)
class Heartbeat:
    """What `run` leaves in a file for whoever looks from outside; instants are of the real clock.

    `stopped` says that it ended as it should.
    """

    pid: int
    at: AwareDatetime
    ticked: AwareDatetime
    polls: dict[str, LastPoll]
    stopped: bool = False


_HEARTBEAT: TypeAdapter[Heartbeat] = TypeAdapter(Heartbeat)


def heartbeat(pulse: Pulse, now: datetime, *, stopped: bool = False) -> Heartbeat:
    """Put a pulse in instants; `now` is the real clock's."""

    def ago(seconds: float) -> datetime:
        return now - timedelta(seconds=seconds)

    polls = {
        name: LastPoll(ago(polls.succeeded), polls.trouble, polls.is_heard)
        for name, polls in pulse.since_polls().items()
    }
    return Heartbeat(os.getpid(), now, ago(pulse.since_tick), polls, stopped)


def read(path: Path) -> Heartbeat | None:
    """Read the file; None where there is none, or none that makes sense."""
    try:
        return _HEARTBEAT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def write(path: Path, beat: Heartbeat) -> None:
    """Replace the file in one step; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(_HEARTBEAT.dump_json(beat))
    fresh.replace(path)


async def beating(path: Path, pulse: Pulse, now: Callable[[], datetime]) -> None:
    """Write the file every quarter of a minute until cancelled, and then that it is over."""
    try:
        while True:
            await asyncio.to_thread(_try, path, heartbeat(pulse, now()))
            await asyncio.sleep(BEAT_SECONDS)
    finally:
        _try(path, heartbeat(pulse, now(), stopped=True))


def _try(path: Path, beat: Heartbeat) -> None:
    try:
        write(path, beat)
    except OSError as error:
        log.error("heartbeat.not_written", reason=error.strerror)  # noqa: TRY400 its words are enough
