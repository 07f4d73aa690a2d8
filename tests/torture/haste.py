"""What a torture changes in a life of the bot: no limits on how much and how fast, short pauses."""

from dataclasses import dataclass

UNHURRIED = 1000.0
"""Calls a second."""
PLENTY = 10**12


@dataclass(frozen=True)
class Haste:
    """Lets a life send as fast as it can, and pause `times` shorter where a messenger is away."""

    times: float = 1.0

    def __call__(self) -> None:
        """Change the numbers in this process."""
        from bot import app, ingress  # noqa: PLC0415 in the child, where all is imported
        from bot.messengers import vk, vk_errors  # noqa: PLC0415
        from scheduler.lanes import Backoff  # noqa: PLC0415

        app.TELEGRAM_PER_SECOND = app.VK_PER_SECOND = app.MAIL_PER_SECOND = UNHURRIED
        vk.CALLS_A_SECOND = int(UNHURRIED)
        ingress.FILES_AN_HOUR, ingress.BYTES_AN_HOUR = PLENTY, PLENTY
        Backoff.FIRST /= self.times
        Backoff.LONGEST /= self.times
        Backoff.LONGEST_OF_LANE /= self.times
        ingress.FIRST_PAUSE /= self.times
        ingress.LONGEST_PAUSE /= self.times
        for code, seconds in vk_errors._WAITS.items():  # noqa: SLF001 VK names no time itself
            vk_errors._WAITS[code] = seconds / self.times  # noqa: SLF001


@dataclass(frozen=True)
class ShortWaits:
    """Lets a life wait for a locked database for `seconds` only."""

    seconds: float = 0.3

    def __call__(self) -> None:
        """Change the number in this process."""
        from storage import database  # noqa: PLC0415 in the child, where all is imported

        database.BUSY_SECONDS = self.seconds  # type: ignore[assignment]


@dataclass(frozen=True)
class Jumping:
    """Lets the wall clock of a life jump: an hour forward at SIGUSR1, an hour back at SIGUSR2."""

    def __call__(self) -> None:
        """Put another clock on the wall of this process."""
        import signal  # noqa: PLC0415
        from datetime import datetime, timedelta  # noqa: PLC0415

        from scheduler.clock import WallClock  # noqa: PLC0415

        real, shift = WallClock.now, [timedelta(0)]

        def jump(hours: int) -> None:
            shift[0] += timedelta(hours=hours)

        def now(clock: WallClock) -> datetime:
            return real(clock) + shift[0]

        signal.signal(signal.SIGUSR1, lambda *_: jump(1))
        signal.signal(signal.SIGUSR2, lambda *_: jump(-1))
        setattr(WallClock, real.__name__, now)
