"""The verbs of the stage: calls, faults, the clock, mail and starting over."""

from aiohttp import web

from bot.sandbox.calls import Call
from bot.sandbox.clock import ClockState
from bot.sandbox.control.desk import Desk, messenger_of, number, read, wait_seconds
from bot.sandbox.wire import (
    CallsView,
    CallView,
    ClockView,
    FaultView,
    LettersView,
    LetterView,
    MailFaultView,
    SetClock,
    SetFault,
    SetMailFault,
    Visit,
)

POLLS = frozenset({"getUpdates", "getupdates", "a_check"})
"""Calls that only wait for news; they are told when asked for with `polls=1`."""


async def calls(desk: Desk, request: web.Request) -> CallsView:
    """GET /control/calls: after `after`; with `wait`, when there are some."""
    after = number(request, "after") or 0
    without = frozenset() if request.query.get("polls") == "1" else POLLS
    messenger = messenger_of(request)
    method = request.query.get("method", "").lower()

    def fresh() -> list[Call]:
        return [
            call
            for call in desk.world.calls.after(after, without)
            if (messenger is None or call.messenger == messenger)
            and (not method or call.method.lower() == method)
        ]

    await desk.world.news.until(lambda: bool(fresh()), wait_seconds(request))
    return CallsView(
        calls=[CallView.model_validate(call) for call in fresh()], last=desk.world.calls.last
    )


async def faults(desk: Desk, _request: web.Request) -> list[FaultView]:
    """GET /control/faults."""
    return [FaultView.model_validate(fault) for fault in desk.world.faults.on()]


async def set_fault(desk: Desk, request: web.Request) -> FaultView:
    """POST /control/faults."""
    asked = await read(request, SetFault)
    fault = desk.world.faults.set(
        asked.kind,
        messenger=asked.messenger,
        methods=frozenset(asked.methods),
        count=asked.count,
        status=asked.status,
        seconds=asked.seconds,
    )
    return FaultView.model_validate(fault)


async def clear_faults(desk: Desk, request: web.Request) -> list[FaultView]:
    """DELETE /control/faults: one by `id`, a messenger's, or all."""
    desk.world.faults.clear(number(request, "id"), messenger_of(request))
    return await faults(desk, request)


async def clock(desk: Desk, request: web.Request) -> ClockView:
    """GET /control/clock: a follower asks with `seen`, a watcher with `after` or `followed=1`.

    All of them `wait` for what they ask about: another version, or a follower.
    """
    told, wait = desk.world.clock, wait_seconds(request)
    seen, after = number(request, "seen"), number(request, "after")
    if seen is not None:
        return _told(await told.follow(seen, wait))
    if request.query.get("followed") == "1":
        await desk.world.news.until(told.followed, wait)
    elif after is not None:
        await desk.world.news.until(lambda: told.state().version != after, wait)
    return _told(told.state())


async def set_clock(desk: Desk, request: web.Request) -> ClockView:
    """POST /control/clock: refused with 409 backwards, 504 where nobody followed in time."""
    asked = await read(request, SetClock)
    turned = desk.world.clock
    if asked.land:
        turned.land()
    if asked.rate is not None:
        turned.set_rate(asked.rate)
    if asked.to is not None:
        turned.jump(asked.to)
        if asked.wait and not await desk.world.news.until(turned.landed, asked.within):
            raise TimeoutError("the follower has not visited everything on the way yet")
    return _told(turned.state())


async def visit(desk: Desk, request: web.Request) -> ClockView:
    """POST /control/clock/at: the follower tells which instant of the jump it visits."""
    asked = await read(request, Visit)
    desk.world.clock.visit(asked.now, asked.version)
    return _told(desk.world.clock.state())


async def mail(desk: Desk, request: web.Request) -> LettersView:
    """GET /control/mail: after `after`; with `wait`, when there are some."""
    after = number(request, "after") or 0
    await desk.world.news.until(lambda: bool(desk.mailbox.after(after)), wait_seconds(request))
    letters = [LetterView.model_validate(letter) for letter in desk.mailbox.after(after)]
    return LettersView(letters=letters, news=desk.world.news.count)


async def mail_faults(desk: Desk, _request: web.Request) -> list[MailFaultView]:
    """GET /control/mail/faults."""
    return [MailFaultView.model_validate(fault) for fault in desk.mailbox.faults()]


async def set_mail_fault(desk: Desk, request: web.Request) -> MailFaultView:
    """POST /control/mail/faults."""
    asked = await read(request, SetMailFault)
    fault = desk.mailbox.set_fault(asked.kind, asked.address, asked.count)
    return MailFaultView.model_validate(fault)


async def clear_mail_faults(desk: Desk, request: web.Request) -> list[MailFaultView]:
    """DELETE /control/mail/faults."""
    desk.mailbox.clear_faults()
    return await mail_faults(desk, request)


async def news(desk: Desk, request: web.Request) -> dict[str, int]:
    """GET /control/news: the count of news; with `after` and `wait`, when it is another."""
    told, after = desk.world.news, number(request, "after")
    await told.until(lambda: told.count != after, wait_seconds(request))
    return {"news": told.count}


async def reset(desk: Desk, _request: web.Request) -> dict[str, bool]:
    """POST /control/reset: everything but the bots and the clock."""
    desk.mailbox.clear()
    desk.world.reset()
    return {"ok": True}


def _told(state: ClockState) -> ClockView:
    return ClockView.model_validate(state)
