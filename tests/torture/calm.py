"""A small school at work around one fault: what the tests of faults share."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.sandbox.calls import Call
from tests.torture.checks import Verdict, judge
from tests.torture.field import Field, field_of

SEED = 4
RATE = 200.0
HASTE = 200.0
GATEWAY = 500
SENDING = ("sendMessage", "sendPhoto", "sendDocument", "sendVoice", "sendAudio", "sendMediaGroup")


@asynccontextmanager
async def at_work(
    template: Path, folder: Path, *preparations: Callable[[], None]
) -> AsyncIterator[Field]:
    """Begin a life in a small school, and let it work through the block as `at_work_in` does."""
    async with field_of(template, folder, rate=RATE, seed=SEED, most=1, haste=HASTE) as ground:
        ground.begin(*preparations)
        async with at_work_in(ground):
            yield ground


@asynccontextmanager
async def at_work_in(ground: Field) -> AsyncIterator[None]:
    """Let everybody work through the block, come to rest after it, and judge.

    Nothing may be lost, doubled or out of order, no receipt false; Telegram and the mail repeat
    at most what was on its way without an answer, and no more nudges than that are given up.
    """
    await ground.settle()
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(ground.crowd.work_until(enough))
        yield
        enough.set()
    await ground.stop()
    check(ground, judge(ground))


def check(ground: Field, verdict: Verdict) -> None:
    """Fail where anything is amiss."""
    assert verdict.is_clean, f"{verdict.told()}\n{ground.bot.said()[-2000:]}"
    in_flight, unclear = ground.deaths.in_flight, unclear_sends(ground)
    arrived = sum(isinstance(one.answer, dict) and bool(one.answer.get("ok")) for one in unclear)
    assert verdict.repeats["telegram"] <= in_flight["telegram"] + arrived
    assert verdict.uncertain <= in_flight["telegram"] + len(unclear)
    assert verdict.repeats["mail"] <= in_flight["mail"]
    assert len(ground.crowd.ledger.works) > 0


def unclear_sends(ground: Field) -> Sequence[Call]:
    """Give the messages to Telegram whose sender got no answer, or the page of a gateway."""
    return [
        call
        for call in ground.sandbox.world.calls.after(0)
        if call.method in SENDING and (not call.delivered or call.status >= GATEWAY)
    ]
