"""The named points at which a life of the bot is ended: exactly there, by its own hand.

A trap is set in the process of a life: at its point, after so many passes, the process sends
itself SIGKILL. Nothing of Python runs after that, so it is the death that a power cut brings.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Wanted = Callable[[tuple[Any, ...], Any], bool]
"""Says by the arguments and the result (None before the call) whether a pass counts."""


@dataclass(frozen=True)
class Point:
    """Before or after a call of `owner.name`. `wanted` says which calls count; None: all of them.

    `passes` is how many of them a life may see at most before it ends at one.
    """

    owner: str
    name: str
    is_before: bool
    wanted: Wanted | None = None
    passes: int = 8


def _brings_updates(arguments: tuple[Any, ...], _result: Any) -> bool:
    return bool(arguments[1])


def _has_something_to_confirm(arguments: tuple[Any, ...], _result: Any) -> bool:
    source = arguments[0]
    return bool(getattr(source, "_seen", 0) or getattr(source, "_pending", None))


def _has_confirmed(arguments: tuple[Any, ...], _result: Any) -> bool:
    return bool(getattr(arguments[0], "_offset", 1))


def _did_something(_arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(result)


TELEGRAM, VK = "bot.messengers.telegram:Telegram", "bot.messengers.vk:Vk"
COURIERS = (TELEGRAM, VK)
POINTS: dict[str, tuple[Point, ...]] = {
    "batch received, not stored": (
        Point("bot.ingress:Ingress", "take", is_before=True, wanted=_brings_updates),
    ),
    "batch written, not committed": (Point("storage.inbox", "store", is_before=False),),
    "batch stored, before acknowledging": tuple(
        Point(courier, "confirm", is_before=True, wanted=_has_something_to_confirm)
        for courier in COURIERS
    ),
    "press stored, its spinner turning": (
        Point("bot.ingress:Ingress", "_acknowledge", is_before=True),
    ),
    "batch acknowledged": (
        Point(
            "bot.messengers.telegram:Telegram", "confirm", is_before=False, wanted=_has_confirmed
        ),
        Point("bot.messengers.bookmark:FileBookmark", "write", is_before=False),
    ),
    "file on disk, not recorded": (Point("bot.ingress:Ingress", "_one", is_before=False),),
    "handler done, not committed": (
        Point("bot.worker:Worker", "_handle", is_before=False, wanted=_did_something),
    ),
    "after a handler's commit": (
        Point("bot.worker:Worker", "handle_ready", is_before=False, wanted=_did_something),
    ),
    "before a send": tuple(Point(one, "send", is_before=True) for one in COURIERS),
    "after the send, before it is recorded": tuple(
        Point(one, "send", is_before=False) for one in COURIERS
    ),
    "after an edit, before it is recorded": tuple(
        Point(one, "edit", is_before=False) for one in COURIERS
    ),
    "letter sent, before it is recorded": (
        Point("bot.messengers.mail:MailCourier", "send", is_before=False, passes=3),
    ),
}


@dataclass
class Trap:
    """Ends the life at a point once it was passed so many times; put into its process by a call."""

    point: str
    passes: int

    def __call__(self) -> None:
        """Set the trap in this process."""
        for point in POINTS[self.point]:
            owner = _found(point.owner)
            setattr(owner, point.name, self._around(point, getattr(owner, point.name)))

    def _around(
        self, point: Point, whole: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        async def trapped(*arguments: Any, **named: Any) -> Any:
            if point.is_before:
                self._pass(point, arguments, None)
            result = await whole(*arguments, **named)
            if not point.is_before:
                self._pass(point, arguments, result)
            return result

        return trapped

    def _pass(self, point: Point, arguments: tuple[Any, ...], result: Any) -> None:
        if point.wanted is not None and not point.wanted(arguments, result):
            return
        self.passes -= 1
        if self.passes <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def most_passes(point: str) -> int:
    """Say how many passes of a point a life may see at most."""
    return min(one.passes for one in POINTS[point])


def _found(path: str) -> Any:
    """Import what a point names: a module, or `module:Class`."""
    from importlib import import_module  # noqa: PLC0415 in the child, where all is imported

    module, _, name = path.partition(":")
    found = import_module(module)
    return getattr(found, name) if name else found
